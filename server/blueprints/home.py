"""`/`: what this is, how much there is, and where to go."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for

from server import formats, signposts
from server.app import departure, engine, settings
from server.schema import CONTEXT
from server.signposts import About, Link

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """The first page."""
    overview = engine().kept("overview", departure())
    about = _about()
    page = render_template(
        "home.html",
        about=about,
        overview=overview,
        graphs=formats.GRAPHS.values(),
        writable=settings().writable,
    )
    response = Response(page, content_type=formats.HTML.content_type)
    for link in about.links:
        response.headers.add("Link", str(link))
    return response


def _about() -> About:
    """What programs are told of the graph as a whole."""
    title = "newsgraph"
    text = (
        "A knowledge graph of people, organizations and software, in which every fact cites its sentence in the news."
    )
    search = url_for("search.search", _external=True) + "?q={words}"
    schema = {
        "@context": CONTEXT,
        "@id": settings().base,
        "@type": "WebSite",
        "name": title,
        "description": text,
        "url": url_for("home.home", _external=True),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
        "mainEntity": {
            "@type": "Dataset",
            "name": title,
            "description": text,
            "url": url_for("home.home", _external=True),
            **({"license": settings().license} if settings().license else {}),
        },
    }
    described = url_for("void.void")
    links = [Link("describedby", described, found.media_type) for found in formats.GRAPHS.values()]
    links += [Link("item", url_for("sitemap.index"), "application/xml")]
    return About(title, text, settings().base, "website", schema, (*links, *signposts.of_all()))
