"""`/ontology`: the classes, relations and qualifiers, as a page and as triples."""

from __future__ import annotations

import functools
import re

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

import ontology
from kg.rdf import vocabulary as v
from server import formats, jsonld
from server.app import departure, engine
from server.errors import NotAcceptable, NotFound

blueprint = Blueprint("ontology", __name__)

_OFFERED = (formats.HTML, *formats.GRAPHS.values())
_SLOT = re.compile(r"\{([^{}]*)\}")


@blueprint.app_template_filter()
def short(iri: str) -> str:
    """An IRI by its prefix; as it is where it has none."""
    found = next((name for name, space in v.PREFIXES.items() if iri.startswith(space)), None)
    return iri if found is None else f"{found}:{iri.removeprefix(v.PREFIXES[found])}"


@blueprint.app_template_filter()
def slots(sentence: str) -> list[tuple[str, bool]]:
    """A sentence of `ng:example` in pieces, and which of them are marked."""
    return [
        (piece.partition(":")[2].partition("=")[0] if number % 2 else piece, bool(number % 2))
        for number, piece in enumerate(_SLOT.split(sentence))
        if piece
    ]


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def show(suffix: str | None = None) -> Response:
    """The ontology in the format of the suffix, or in the one that the request accepts."""
    if suffix is None:
        chosen = formats.best(request.headers.get("Accept", ""), _OFFERED)
    else:
        chosen = next((one for one in _OFFERED if one.key == suffix), None)
        if chosen is None:
            raise NotFound(f"The ontology is not there as .{suffix}: {', '.join(one.key for one in _OFFERED)}.")
    if chosen is None:
        raise NotAcceptable(f"On offer are {formats.listing(_OFFERED)}.")
    if chosen is formats.HTML:
        counts = engine().kept("terms", departure())
        body: str | bytes = render_template(
            "ontology.html", ontology=ontology.load(), counts=counts, graphs=formats.GRAPHS.values()
        )
    else:
        body = _triples(chosen.key)
    response = Response(body, content_type=chosen.content_type)
    response.vary.add("Accept")
    return response


@blueprint.get("/ontology/context.jsonld")
def context() -> Response:
    """The JSON-LD context, which the graph's JSON-LD comes with."""
    return Response(jsonld.context_document(), content_type="application/ld+json")


@functools.cache
def _triples(key: str) -> bytes:
    content = ontology.FILE.read_bytes()
    if key == "ttl":
        return content
    quads = ox.parse(content, ox.RdfFormat.TURTLE, base_iri=ontology.NAMESPACE)
    rdf = formats.GRAPHS[key].engine
    assert isinstance(rdf, ox.RdfFormat)
    found = ox.serialize((quad.triple for quad in quads), format=rdf, prefixes=dict(v.PREFIXES))
    assert found is not None
    return found
