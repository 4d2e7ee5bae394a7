"""`/sparql`: the SPARQL Protocol's query operation, and a page to write queries on."""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from server import examples, formats
from server.answers import only, query
from server.app import departure, engine, settings
from server.engine.engine import Dataset
from server.errors import BadRequest, Problem, Unsupported

blueprint = Blueprint("sparql", __name__)

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_PAGE = 2_000_000
"""The most bytes of an answer that are shown as a page."""


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query: `?query=`, a form, or a body of application/sparql-query."""
    parameters = request.args
    if request.method == "GET":
        text = only(parameters.getlist("query"), "query")
        if text is None:
            return _no_query()
    elif request.mimetype == _FORM:
        parameters = request.form
        text = only(parameters.getlist("query"), "query")
    elif request.mimetype == _QUERY:
        text = body()
        if "query" in parameters:
            raise BadRequest("The query is in the body; there must be no parameter 'query' beside it.")
    else:
        raise Unsupported(f"A query is sent as {_FORM} or as {_QUERY}, not as {request.mimetype or 'nothing'}.")
    if text is None:
        raise BadRequest(
            "The parameter 'query' is missing." + (" Updates are sent to /update." if "update" in parameters else "")
        )
    wanted = only(parameters.getlist("format"), "format")
    dataset = named_dataset(parameters.getlist("default-graph-uri"), parameters.getlist("named-graph-uri"))
    if _is_page(wanted):
        return _page(text, dataset)
    return query(text, dataset, wanted or None)


def body() -> str:
    """The body of the request as text. Raises BadRequest or Unsupported."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Unsupported(f"The character set is {charset}; it must be UTF-8.")
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from error


def named_dataset(default: list[str], named: list[str]) -> Dataset | None:
    """The dataset that a request names; None if it names none. Raises BadRequest where an IRI is not one."""
    for iri in (*default, *named):
        if ":" not in iri or any(character in iri for character in ' <>"{}|\\^`'):
            raise BadRequest(f"The graph {iri!r} is not an absolute IRI.")
    return (tuple(default), tuple(named)) if default or named else None


def _is_page(wanted: str | None) -> bool:
    if wanted:
        return wanted == formats.HTML.key
    data = (*formats.RESULTS.values(), *formats.GRAPHS.values())
    return formats.best(request.headers.get("Accept", ""), (*data, formats.HTML)) is formats.HTML


def _no_query() -> Response:
    if _is_page(request.args.get("format")) or "Accept" not in request.headers:
        return _form("")
    if "update" in request.args:
        raise BadRequest("Updates are sent to /update, by POST.")
    raise BadRequest("The parameter 'query' is missing.")


def _page(text: str, dataset: Dataset | None) -> Response:
    """The answer as a page: a table, yes or no, or Turtle."""
    try:
        answer = engine().query(text, results="json", graph="ttl", dataset=dataset, departure=departure())
        content = b""
        try:
            for piece in answer:
                content += piece
                if len(content) > _PAGE:
                    return _form(text, too_long=True)
        finally:
            answer.close()
    except Problem as problem:
        return _form(text, problem=str(problem), status=problem.status)
    if answer.kind == "graph":
        return _form(text, turtle=content.decode())
    return _form(text, result=json.loads(content))


def _form(text: str, *, status: int = 200, **found: object) -> Response:
    page = render_template(
        "sparql.html", query=text, examples=examples.QUERIES, results=formats.RESULTS.values(),
        graphs=formats.GRAPHS.values(), default_graph=settings().default_graph, **found,
    )  # fmt: skip
    response = Response(page, status, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response
