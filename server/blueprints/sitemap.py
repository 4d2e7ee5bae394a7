"""`/sitemap.xml`, `/robots.txt`: what search engines may read. https://www.sitemaps.org/protocol.html, RFC 9309."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

import ontology
from kg.rdf import vocabulary as v
from server.app import departure, engine, settings, url_of
from server.errors import NotFound

blueprint = Blueprint("sitemap", __name__)

_REFUSED = (
    "sparql",
    "wikidata/",
    "search",
    "graphs",
    "metrics",
    "reconcile",
    "review",
    "neighbours",
    "path",
    "compare",
    "timeline",
)
_PAGES = ("home.home", "ontology.show")
"""The pages that are no page of something in the graph."""
_MOST = 50_000 - len(_PAGES)
"""How many pages of a graph one sitemap has; the protocol allows 50,000."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Pages may be read by robots; they ask no queries."""
    refused = "".join(f"Disallow: /{path}\n" for path in _REFUSED)
    text = f"User-agent: *\n{refused}\nSitemap: {url_for('sitemap.index', _external=True)}\n"
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """Which sitemaps there are."""
    (number,) = _column("(COUNT(DISTINCT ?page) AS ?number)", "")
    numbers = range(1, max(1, -(-int(number) // _MOST)) + 1)
    return _map(True, [url_for("sitemap.one", number=one, _external=True) for one in numbers])


@blueprint.get("/sitemap-<int(max=99999):number>.xml")
def one(number: int) -> Response:
    """One of them: entities and articles."""
    # In the engine's own order, which is the same until the graph changes: to sort IRIs takes it a minute.
    iris = _column("DISTINCT ?page", f"LIMIT {_MOST} OFFSET {(number - 1) * _MOST}") if number else []
    if not iris and number != 1:
        raise NotFound(f"There is no sitemap {number}; {url_for('sitemap.index')} has them all.")
    pages = [url_for(page, _external=True) for page in _PAGES] if number == 1 else []
    return _map(False, pages + [url_of(iri.strip("<>")) for iri in iris])


def _column(what: str, order: str) -> list[str]:
    """The values of a query about all pages. The engine keeps its answer until the graph changes."""
    types = " ".join([f"<{found.iri}>" for found in ontology.load().types.values()] + [str(v.ARTICLE)])
    query = f"""SELECT {what} {{ VALUES ?type {{ {types} }} ?page a ?type
        FILTER STRSTARTS(STR(?page), "{settings().base}") }} {order}"""
    answer = engine().query(query, results="tsv", graph=None, departure=departure(), union=True)
    return b"".join(answer).decode().split("\n")[1:-1]


def _map(is_index: bool, urls: list[str]) -> Response:
    tag = engine().tag("sitemap", request.url)
    response = Response(
        render_template("sitemap.xml", is_index=is_index, urls=urls), content_type="application/xml; charset=utf-8"
    )
    if tag is not None:
        response.set_etag(tag, weak=True)
        response.make_conditional(request)
    response.cache_control.no_cache = True
    return response
