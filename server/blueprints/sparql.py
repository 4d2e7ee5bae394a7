"""`/sparql`: the SPARQL Protocol's query operation, the service's description, and a page to write queries on."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request, url_for

from kg.rdf.vocabulary import PREFIXES
from server import description, examples, formats
from server.answers import query
from server.app import departure, engine, settings
from server.engine.engine import Dataset
from server.engine.messages import Whole
from server.errors import BadRequest, Interrupted, NotAcceptable, Problem, TooLarge, Unsupported
from server.parameters import FORM, body, dataset, one

blueprint = Blueprint("sparql", __name__)

_QUERY = "application/sparql-query"
_DATA = (*formats.RESULTS.values(), *formats.GRAPHS.values())
_GRAPHS = tuple(formats.GRAPHS.values())
_PAGE = 2_000_000
"""The most bytes of an answer that are shown as a page."""


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
    if _is_page(wanted):
        return _page(text, graphs)
    return query(text, graphs, wanted)


def _is_page(wanted: str | None) -> bool:
    if wanted:
        return wanted == formats.HTML.key
    return formats.best(request.headers.get("Accept", ""), (*_DATA, formats.HTML)) is formats.HTML


def _describe(wanted: str | None) -> Response:
    """The service description, or for a browser the page."""
    offered = (*_GRAPHS, formats.HTML)
    found = formats.named(wanted, offered) if wanted else formats.best(request.headers.get("Accept", ""), offered)
    if found is formats.HTML:
        return _form("")
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


def _page(text: str, graphs: Dataset | None) -> Response:
    """The answer as a page: a table, yes or no, or Turtle."""
    try:
        answer = engine().query(text, results="json", graph="ttl", dataset=graphs, departure=departure(), size=_PAGE)
        content = b"".join(answer)
    except (TooLarge, Interrupted) as error:
        return _form(text, problem=f"{error} Add a LIMIT, or have the answer as CSV or JSON.")
    except Problem as problem:
        return _form(text, problem=str(problem), status=problem.status)
    hint = answer.hint if isinstance(answer, Whole) else ""
    if answer.kind == "graph":
        return _form(text, turtle=content.decode(), hint=hint)
    return _form(text, result=json.loads(content), hint=hint)


def _form(text: str, *, status: int = 200, **found: object) -> Response:
    page = render_template(
        "sparql.html", query=text, examples=examples.QUERIES, results=formats.RESULTS.values(),
        graphs=formats.GRAPHS.values(), default_graph=settings().default_graph, prefixes=PREFIXES, **found,
    )  # fmt: skip
    response = Response(page, status, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response
