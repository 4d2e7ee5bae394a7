"""`/feed.atom`: the facts that came into the graph last, as an Atom feed (RFC 4287) in pages (RFC 5005)."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

import ontology
from kg.export.formats import NOT_IN_XML
from server import formats, inputs, signposts
from server.app import departure, engine, settings
from server.errors import NotFound
from server.feeds import News
from server.lookups import NEWS
from server.signposts import ATOM, Link

blueprint = Blueprint("feeds", __name__)

_NEVER = "1970-01-01T00:00:00Z"
"""When a feed was updated that has no facts yet."""


@blueprint.get("/feed.atom")
def show() -> Response:
    """New facts: of `?entity=` (an IRI or a name), of `?relation=` (its key in IRIs, such as `employer`), or all."""
    entity, relation, page = request.args.get("entity", ""), request.args.get("relation", ""), inputs.number("page", 1)
    known = {found.iri for found in ontology.load().relations.values()}
    iri = ontology.NAMESPACE + relation if relation else ""
    if iri and iri not in known:
        raise NotFound(f"There is no relation {relation!r}; /ontology has them all.")
    if page < 1:
        raise NotFound("The pages of a feed begin with 1.")
    tag = engine().tag("feed", entity, relation, page, request.host_url)
    if tag is not None and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        found = engine().look_up(NEWS, entity, iri, page, departure=departure())
        if found is None:
            raise NotFound(f"Nothing in this graph is called {entity!r}.")
        assert isinstance(found, News)
        response = _feed(found, relation, page)
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True
    return response


def _feed(found: News, relation: str, page: int) -> Response:
    about = {"entity": found.entity.iri or "" if found.entity else "", "relation": relation}
    about = {name: value for name, value in about.items() if value}
    parts = [one.label for one in (found.entity, found.relation) if one is not None]
    text = render_template(
        "feed.xml",
        title=f"newsgraph: {', '.join(parts) or 'new facts'}",
        id=f"{settings().base}feed.atom" + (f"?{urlencode(about)}" if about else ""),
        updated=max((one.last for one in found.found), default=_NEVER),
        version=version("newsgraph"),
        links=tuple(_links(found, about, page)),
        news=found,
    )
    return Response(NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text), content_type=f"{ATOM}; charset=utf-8")


def _links(found: News, about: dict[str, str], page: int) -> list[Link]:
    def at(number: int) -> str:
        number_there = {"page": str(number)} if number > 1 else {}
        return url_for("feeds.show", _external=True, **about, **number_there)

    shown = found.entity or found.relation
    alternate = settings().base if shown is None else shown.iri or ""
    links = [Link("self", at(page), ATOM), Link("alternate", alternate, formats.HTML.media_type)]
    links += [Link("previous", at(page - 1), ATOM)] if page > 1 else []
    links += [Link("next", at(page + 1), ATOM)] if found.has_more else []
    links += [Link("first", at(1), ATOM)]
    return links + [one for one in signposts.of_all() if one.rel == "license"]
