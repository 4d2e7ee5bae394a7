"""`/graphs`: the Graph Store Protocol, with the graph's IRI as `?graph=`, or `?default`."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.errors import UsageError
from kg.rdf.terms import absolute
from server import formats
from server.answers import author, only, resource
from server.app import departure, engine, settings
from server.engine.messages import Write
from server.errors import BadRequest, NotFound, Unsupported

blueprint = Blueprint("graphs", __name__)

_FORMATS = tuple(formats.GRAPHS.values())


@blueprint.get("/graphs")
def read() -> Response:
    """The triples of a graph."""
    graph = _graph()
    found = formats.best(request.headers.get("Accept", ""), _FORMATS)
    if found is None:
        found = _FORMATS[0]
    if graph is None:
        return resource("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", found, "default")
    if not _exists(graph):
        raise NotFound(f"There is no graph <{graph}>.")
    return resource(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", found, "graph")


def _exists(graph: str) -> bool:
    ask = f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    answer = engine().query(ask, results="csv", graph=None, dataset=None, departure=departure())
    return b"true" in b"".join(answer)


@blueprint.put("/graphs")
def replace() -> Response:
    """Let the graph hold just what is sent."""
    return _write("replace")


@blueprint.post("/graphs")
def add() -> Response:
    """Let the graph hold what is sent, too."""
    return _write("add")


@blueprint.delete("/graphs")
def delete() -> Response:
    """Remove the graph."""
    name = author()
    graph = _graph()
    written = engine().write(Write("delete", graph, b"", "", settings().base, name))
    if not written.existed:
        raise NotFound(f"There is no graph <{graph}>.")
    return Response(status=204)


def _write(action: str) -> Response:
    name = author()
    graph = _graph()
    found = formats.named(request.mimetype, _FORMATS)
    if found is None:
        raise Unsupported(f"Send one of {formats.listing(_FORMATS)}, not {request.mimetype or 'nothing'}.")
    assert action in ("replace", "add")
    base = graph or settings().base
    written = engine().write(Write(action, graph, request.get_data(), found.key, base, name))  # type: ignore[arg-type]
    return Response(status=204 if written.existed else 201)


def _graph() -> str | None:
    """The graph that the request names; None for the default graph. Raises BadRequest."""
    graph = only(request.args.getlist("graph"), "graph")
    if ("default" in request.args) == (graph is not None):
        raise BadRequest("Name one graph: ?graph=IRI, or ?default for the default graph.")
    if graph is None:
        return None
    try:
        return absolute(settings().base, graph).value
    except UsageError as error:
        raise BadRequest(str(error)) from error
