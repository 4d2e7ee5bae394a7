"""`/sparql`: the SPARQL Protocol's query operation, the service's description, and a page to write queries on."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, Response, request, url_for

from server import description, editor, formats
from server.answers import query
from server.app import settings
from server.config import DefaultGraph
from server.errors import BadRequest, NotAcceptable, Unsupported
from server.parameters import FORM, body, dataset, one

blueprint = Blueprint("sparql", __name__)

_QUERY = "application/sparql-query"
_GRAPHS = tuple(formats.GRAPHS.values())


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a query: `?query=`, a form, or a body of application/sparql-query."""
    if request.method == "POST" and request.mimetype == _QUERY:
        text: str | None = body()
        if one("query") is not None:
            raise BadRequest("The query is in the body; there must be no parameter 'query' beside it.")
    elif request.method == "POST" and request.mimetype != FORM:
        raise Unsupported(f"A query is sent as {FORM} or as {_QUERY}, not as {request.mimetype or 'nothing'}.")
    else:
        text = one("query")
    wanted = one("format") or None
    if one("update") is not None:
        raise BadRequest("Updates are sent to /update, by POST, and queries here; a request has one of them.")
    if text is None:
        if request.method == "POST":
            raise BadRequest("The parameter 'query' is missing.")
        return _describe(wanted)
    graphs = dataset("default-graph-uri", "named-graph-uri")
    if editor.is_wanted(wanted):
        return editor.answer(editor.NEWS, text, text, graphs, is_patient=wanted is not None)
    return query(text, graphs, wanted, union=_is_union())


def _is_union() -> bool | None:
    """What the default graph is to be; None for what it is here. Raises BadRequest."""
    given = one("default-graph")
    if given not in (None, *get_args(DefaultGraph)):
        raise BadRequest(f"'default-graph' is one of {', '.join(get_args(DefaultGraph))}, not {given!r}.")
    return None if given is None else given == "union"


@blueprint.get("/sparql/terms")
def terms() -> Response:
    """What an editor completes."""
    return editor.told(editor.NEWS)


@blueprint.get("/sparql/check")
def check() -> Response:
    """What is wrong with `?query=`, which is not answered."""
    return editor.checked(editor.NEWS, one("query") or "")


def _describe(wanted: str | None) -> Response:
    """The service description, or for a browser the page."""
    offered = (*_GRAPHS, formats.HTML)
    found = formats.named(wanted, offered) if wanted else formats.best(request.headers.get("Accept", ""), offered)
    if found is formats.HTML:
        return editor.form(editor.NEWS)
    if found is None:
        raise NotAcceptable(
            f"Without a query, this is the service description, as {formats.listing(offered)}. "
            "To ask, add the parameter 'query'."
        )
    void = url_for("void.void", _external=True)
    triples = description.service(settings(), request.base_url, void)
    response = Response(description.serialize(triples, found), content_type=found.content_type)
    response.vary.add("Accept")
    return response
