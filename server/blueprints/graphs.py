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
from server.answers import author, resource, resource_tag
from server.app import departure, engine, settings
from server.engine.messages import Part, Write
from server.errors import BadRequest, NotAcceptable, NotFound, Unmet, Unsupported
from server.parameters import check_charset, data, one

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
    existed, version = _condition(graph)
    if request.method == "DELETE":
        written = engine().write(Write("delete", graph, (), who, settings().base, existed, version))
        if not written.existed:
            raise _missing(graph)
        return Response(status=204)
    action: Literal["replace", "add"] = "replace" if request.method == "PUT" else "add"
    if "Content-Range" in request.headers:
        raise BadRequest("A graph is sent whole, not in parts (Content-Range).")
    parts = _parts(graph or settings().base)
    written = engine().write(Write(action, graph, parts, who, settings().base, existed, version))
    return Response(status=204 if written.existed else 201)


def _read(graph: str | None) -> Response:
    found = formats.best(request.headers.get("Accept", ""), _OFFERED)
    if found is None:
        raise NotAcceptable(f"On offer are {formats.listing(_OFFERED)}.")
    if graph is None:
        return resource(_query(graph), found, "default", union=False)
    if not engine().look_up("has_graph", graph, departure=departure()):
        raise _missing(graph)
    return resource(_query(graph), found, "graph")


def _query(graph: str | None) -> str:
    """What asks for the triples of a graph."""
    pattern = "?s ?p ?o" if graph is None else f"GRAPH {NamedNode(graph)} {{ ?s ?p ?o }}"
    return f"CONSTRUCT {{ ?s ?p ?o }} {{ {pattern} }}"


def _condition(graph: str | None) -> tuple[bool | None, int | None]:
    """Whether the graph must be there before it is changed, and which version it must have; None where it is all one.

    RFC 9110, section 13.1. Tags are compared weakly: none of them is strong, and two versions never have the same.
    Raises Unmet.
    """
    wanted, unwanted = request.if_match, request.if_none_match
    if not wanted and not unwanted:
        return None, None
    version = engine().version
    tags = [tag for found in _OFFERED if (tag := resource_tag(_query(graph), found)) is not None]
    if any(not unwanted.star_tag and unwanted.contains_weak(tag) for tag in tags):
        raise Unmet("The graph is just what it should not be (If-None-Match).")
    if not wanted:
        return (False, None) if unwanted.star_tag else (None, version)
    if wanted.star_tag:
        return True, None
    if not any(wanted.contains_weak(tag) for tag in tags):
        raise Unmet("The graph has changed since it was read (If-Match). Read it again.")
    return True, version


def _create(who: str) -> Response:
    graph = f"{settings().base}graphs/{secrets.token_hex(10)}"
    engine().write(Write("replace", graph, _parts(graph), who, settings().base))
    return Response(status=201, headers={"Location": graph})


def _parts(base: str) -> tuple[Part, ...]:
    """What is sent, in one format or as the files of a form. Raises Unsupported."""
    if request.mimetype != _MULTIPART:
        return (Part(data(), _format(request.mimetype), base),)
    files = list(request.files.items(multi=True))
    if not files:
        raise BadRequest("The form has no files.")
    for _, file in files:
        check_charset(file.mimetype_params)
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
        return NamedNode(f"{settings().base}graphs/{quote(name or '', safe='/:')}" if graph is None else graph).value
    except ValueError as error:
        raise BadRequest(f"The graph {graph!r} is not an absolute IRI.") from error


def _missing(graph: str | None) -> NotFound:
    return NotFound(f"There is no graph <{graph}>.")
