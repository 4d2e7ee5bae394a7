"""`/.well-known/void`: what is in the graph, for programs."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from server import description, formats
from server.app import departure, engine, settings
from server.errors import NotAcceptable
from server.lookups import Partitions

blueprint = Blueprint("void", __name__)

_OFFERED = tuple(formats.GRAPHS.values())


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The VoID description, with a partition for each class and each property."""
    found = formats.best(request.headers.get("Accept", ""), _OFFERED)
    if found is None:
        raise NotAcceptable(f"On offer are {formats.listing(_OFFERED)}.")
    tag = engine().tag("void", found.key)
    if tag is not None and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        partitions = engine().kept("partitions", departure())
        assert isinstance(partitions, Partitions)
        triples = description.void(
            partitions, settings(), request.base_url, url_for("sparql.sparql", _external=True),
            url_for("home.home", _external=True),
        )  # fmt: skip
        response = Response(description.serialize(triples, found), content_type=found.content_type)
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response
