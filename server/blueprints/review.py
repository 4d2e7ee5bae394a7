"""`/review`: what was read, to be accepted, rejected and corrected by a person, on pages that work without a script.

Every form is made into the request that `/decisions` takes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

import ontology
from kg.deciding import Told
from server import formats, inputs, reviewing, session
from server.app import departure, engine, settings
from server.engine.messages import Decide
from server.errors import BadRequest
from server.lookups import DECISIONS, REVIEW
from server.reviewing import Queue, Reviewed, Wanted
from server.tokens import name_of

blueprint = Blueprint("review", __name__, url_prefix="/review")

_STATES = {reviewing.OPEN: "not reviewed", reviewing.ACCEPTED: "accepted", reviewing.ALL: "all"}
_LISTS = ("articles",)
"""What a decision has several of."""
_ABOUT_THE_FORM = ("key", "back", "next")
_FILTERS = (*(field.name for field in dataclasses.fields(Wanted)), "name")
"""What an address says of what its page shows."""
_DECISIONS = 50


@blueprint.get("")
def show() -> BaseResponse:
    """The facts, the least sure first."""
    if session.reviewer() is None:
        return _sign_in()
    wanted = _wanted()
    page = inputs.number("page", 1)
    found = engine().look_up(REVIEW, "queue", *dataclasses.astuple(wanted), page, departure=departure())
    assert isinstance(found, Queue)
    relations, kinds = reviewing.labels()
    return _page(
        "queue", found=found, wanted=wanted, states=_STATES, relations=relations, kinds=kinds,
        place=lambda page: url_for("review.show", **{**_filters(), "page": page}),
    )  # fmt: skip


@blueprint.get("/entity")
def entity() -> BaseResponse:
    """What may be decided about an entity, by its `?name=` or IRI: links, merging, splitting."""
    if session.reviewer() is None:
        return _sign_in()
    name = inputs.name("name")
    found = engine().look_up(REVIEW, "entity", name, departure=departure()) if name else None
    assert found is None or isinstance(found, Reviewed)
    return _page("entity", found=found, name=name)


@blueprint.get("/decisions")
def decisions() -> BaseResponse:
    """What was decided, the newest first."""
    if session.reviewer() is None:
        return _sign_in()
    told = _told()[::-1]
    pages = max(1, -(-len(told) // _DECISIONS))
    page = min(max(inputs.number("page", 1), 1), pages)
    shown = told[(page - 1) * _DECISIONS : page * _DECISIONS]
    return _page(
        "decisions", told=shown, page=page, pages=pages, place=lambda page: url_for("review.decisions", page=page)
    )


@blueprint.post("/decide")
def decide() -> BaseResponse:
    """Make the decision that a form describes, or undo some, and go back to where the form was."""
    author = session.author()
    asked: dict[str, object] = {
        name: values if name in _LISTS else values[0]
        for name, values in request.form.lists()
        if name not in _ABOUT_THE_FORM and any(values)
    }
    if asked.get("decide") == "undo":
        # One correction is two decisions.
        requests = [{**asked, "decision": one} for one in request.form.getlist("decision")]
    else:
        requests = [asked]
    made = [one for each in requests for one in _make(each, author)]
    done = [("undone" if asked.get("decide") == "undo" else "done", one) for one in made]
    return redirect(f"{_back()}{urlencode(done)}{_anchor()}", 303)


@blueprint.post("/session")
def sign_in() -> BaseResponse:
    """Sign in with the token of the form."""
    session.reviewer()
    token = request.form.get("token", "").strip()
    if name_of(token, settings().tokens) is None:
        return _sign_in("This is not the token of this server.", 403)
    response = redirect(_back().rstrip("?&"), 303)
    session.keep(response, token)
    return response


@blueprint.post("/leave")
def sign_out() -> BaseResponse:
    """Forget the token."""
    session.author()
    response = redirect(url_for("review.show"), 303)
    session.drop(response)
    return response


def _make(asked: dict[str, object], author: str) -> Iterator[str]:
    told = engine().write(Decide(json.dumps(asked), settings().base, author)).told
    return (one["id"] for one in json.loads(told))


def _wanted() -> Wanted:
    """Which facts the address asks for."""
    known = ontology.load()
    relations = {one.iri for one in known.relations.values()}
    kinds = {one.iri for one in known.types.values()}
    found = Wanted(
        _named("relation", relations), _named("kind", kinds), _of_graph("article"), _of_graph("statement"),
        request.args.get("state") or reviewing.OPEN,
    )  # fmt: skip
    if found.state not in _STATES:
        raise BadRequest(f"The parameter 'state' is {found.state!r}; it must be one of {', '.join(_STATES)}.")
    return found


def _named(parameter: str, known: set[str]) -> str:
    iri = request.args.get(parameter, "")
    if iri and iri not in known:
        raise BadRequest(f"The parameter {parameter!r} is {iri!r}, which the ontology does not have.")
    return iri


def _of_graph(kind: str) -> str:
    iri, space = request.args.get(kind, "").strip(), f"{settings().base}{kind}/"
    if iri and not (iri.startswith(space) and iri.removeprefix(space).isalnum()):
        raise BadRequest(f"The parameter {kind!r} is {iri!r}; it must be the IRI of one in this graph.")
    return iri


def _filters() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name in _FILTERS and value}


def _told() -> list[Told]:
    found = engine().look_up(DECISIONS, departure=departure())
    assert isinstance(found, tuple)
    return list(found)


def _back() -> str:
    """Where a form was sent from, so that a parameter can be added: a page of these, wherever the form says it was."""
    path, _, query = request.form.get("back", "").partition("?")
    pages = [url_for(f"review.{name}") for name in ("show", "entity", "decisions")]
    kept = urlencode(parse_qsl(query, keep_blank_values=True))
    return f"{path if path in pages else pages[0]}?{kept + '&' if kept else ''}"


def _anchor() -> str:
    """The fact that comes next."""
    found = request.form.get("next", "")
    return f"#{found}" if found.isalnum() else ""


def _sign_in(problem: str = "", status: int = 200) -> Response:
    back = request.form.get("back") or f"{request.path}?{request.query_string.decode()}"
    return _finished(render_template("review/sign_in.html", problem=problem, back=back), status)


def _page(template: str, **shown: object) -> Response:
    done = request.args.getlist("done")
    told = [one for one in _told() if one.id in done] if done else []
    page = render_template(
        f"review/{template}.html",
        key=session.form_key(),
        back=f"{request.path}?{urlencode({**_filters(), 'page': inputs.number('page', 1)})}",
        reviewer=session.reviewer(),
        done=told,
        is_undone="undone" in request.args,
        **shown,
    )
    return _finished(page, 200)


def _finished(page: str, status: int) -> Response:
    response = Response(page, status, content_type=formats.HTML.content_type)
    response.cache_control.no_store = True
    return response
