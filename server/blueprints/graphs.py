"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by `?graph=` (`?default` for the default graph), or it is the resource itself: `/graphs/…`.
"""

from __future__ import annotations

import secrets
from typing import Literal
from urllib.parse import quote

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from server import formats
from server.answers import author, resource
from server.app import departure, engine, settings
from server.engine.messages import Part, Write
from server.errors import BadRequest, NotAcceptable, NotFound, Unsupported
from server.parameters import data, one

blueprint = Blueprint("graphs", __name__)

_OFFERED = tuple(formats.GRAPHS.values())
_MULTIPART = "multipart/form-data"
_METHODS = ("GET", "PUT", "POST", "DELETE")


@blueprint.route("/graphs", methods=_METHODS, strict_slashes=False)
@blueprint.route("/graphs/<path:name>", methods=_METHODS)
def graphs(name: str | None = None) -> Response:
    """Read, replace, extend or delete a graph."""
    if request.method in ("GET", "HEAD"):
        return _read(_graph(name))
    who = author()
    if request.method == "POST" and name is None and "graph" not in request.args and "default" not in request.args:
        return _create(who)
    graph = _graph(name)
    if request.method == "DELETE":
        written = engine().write(Write("delete", graph, (), who, settings().base))
        if not written.existed:
            raise _missing(graph)
        return Response(status=204)
    action: Literal["replace", "add"] = "replace" if request.method == "PUT" else "add"
    written = engine().write(Write(action, graph, _parts(graph or settings().base), who, settings().base))
    return Response(status=204 if written.existed else 201)


def _read(graph: str | None) -> Response:
    found = formats.best(request.headers.get("Accept", ""), _OFFERED)
    if found is None:
        raise NotAcceptable(f"On offer are {formats.listing(_OFFERED)}.")
    if graph is None:
        return resource("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", found, "default", union=False)
    node = NamedNode(graph)
    if not engine().look_up("has_graph", graph, departure=departure()):
        raise _missing(graph)
    return resource(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {node} {{ ?s ?p ?o }} }}", found, "graph")


def _create(who: str) -> Response:
    graph = f"{settings().base}graphs/{secrets.token_hex(10)}"
    engine().write(Write("replace", graph, _parts(graph), who, settings().base))
    return Response(status=201, headers={"Location": graph})


def _parts(base: str) -> tuple[Part, ...]:
    """What is sent, in one format or as the files of a form. Raises Unsupported."""
    if request.mimetype != _MULTIPART:
        return (Part(data(), _format(request.mimetype), base),)
    files = request.files.items(multi=True)
    return tuple(Part(file.read(), _format(file.mimetype), base) for _, file in files)


def _format(media_type: str) -> str:
    found = formats.named(media_type, _OFFERED) if media_type else None
    if found is None:
        raise Unsupported(f"Send one of {formats.listing(_OFFERED)}, not {media_type or 'data of no type'}.")
    return found.key


def _graph(name: str | None) -> str | None:
    """The IRI of the graph that the request names; None for the default graph. Raises BadRequest."""
    graph = one("graph")
    given = [name is not None, graph is not None, "default" in request.args]
    if sum(given) != 1:
        raise BadRequest("Name one graph: ?graph=IRI, or ?default for the default graph.")
    if given[2]:
        return None
    try:
        return NamedNode(f"{settings().base}graphs/{quote(name, safe='/:')}" if graph is None else graph).value  # type: ignore[arg-type]
    except ValueError as error:
        raise BadRequest(f"The graph {graph!r} is not an absolute IRI.") from error


def _missing(graph: str | None) -> NotFound:
    return NotFound(f"There is no graph <{graph}>.")
