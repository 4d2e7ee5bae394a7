"""`/entity/…`, `/article/…`, `/statement/…`: everything that the graph names, as a page, as triples and as a table.

The format is the one that the suffix names (`.ttl`), or else the one that the request accepts.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kg.rdf import vocabulary as v
from server import drawing, formats, inputs, signposts
from server.answers import resource
from server.app import departure, engine, settings
from server.errors import NotAcceptable, NotFound
from server.lookups import SCHEMA, Moved
from server.pages import EntityPage
from server.signposts import About

blueprint = Blueprint("resources", __name__)

_ENTITY = "entity"
_CSV = formats.RESULTS["csv"]
_OFFERED = (formats.HTML, *formats.GRAPHS.values(), _CSV)

_QUERIES = {
    "entity": f"""CONSTRUCT {{ ?s ?p ?o }} {{
        {{ VALUES ?s {{ $this }} ?s ?p ?o }}
        UNION {{ ?s {v.SUBJECT} $this ; ?p ?o }} UNION {{ ?s {v.OBJECT} $this ; ?p ?o }} }}""",
    "article": "CONSTRUCT { ?s ?p ?o } { GRAPH $this { ?s ?p ?o } }",
    "statement": f"""CONSTRUCT {{ ?s ?p ?o }} {{
        {{ VALUES ?s {{ $this }} ?s ?p ?o }}
        UNION {{ $this {v.DERIVED_FROM} ?s . ?s ?p ?o }}
        UNION {{ $this {v.DERIVED_FROM}/{v.SENTENCE} ?s . ?s ?p ?o }} }}""",
}

_FACTS = {
    "entity": f"{{ ?statement {v.SUBJECT} $this }} UNION {{ ?statement {v.OBJECT} $this }}",
    "article": f"GRAPH $this {{ ?statement {v.DERIVED_FROM} ?reference }}",
    "statement": "VALUES ?statement { $this }",
}
_TABLE = f"""SELECT DISTINCT ?subject ?relation ?object ?subjectName ?relationName ?objectName
        ?sentence ?confidence ?article ?statement {{
    $facts
    ?statement {v.SUBJECT} ?subject ; {v.PREDICATE} ?relation ; {v.OBJECT} ?object .
    GRAPH ?article {{ ?statement {v.DERIVED_FROM} ?reference .
        ?reference {v.CONFIDENCE} ?confidence ; {v.SENTENCE} ?place . ?place {v.ANCHOR} ?sentence }}
    OPTIONAL {{ ?subject {v.LABEL} ?subjectName }}
    OPTIONAL {{ ?object {v.LABEL} ?label }}
    BIND (COALESCE(?label, STR(?object)) AS ?objectName)
    BIND (STRAFTER(STR(?relation), "#") AS ?relationName)
}} ORDER BY ?relation ?subjectName ?objectName ?article ?sentence"""


@blueprint.get("/<any(entity, article, statement):kind>/<name>")
def show(kind: str, name: str) -> BaseResponse:
    """An entity with its facts, an article with what it states, or a fact with the sentences that say so."""
    name, named = _split(name)
    chosen = named or formats.best(request.headers.get("Accept", ""), _OFFERED)
    if chosen is None:
        raise NotAcceptable(f"On offer are {formats.listing(_OFFERED)}.")
    iri = f"{settings().base}{kind}/{quote(name)}"
    found = engine().look_up(kind, iri, *(_place() if kind == _ENTITY else ()), departure=departure())
    if found is None:
        raise NotFound(f"This graph has no {kind} {name!r}.")
    if isinstance(found, Moved):
        path = quote(found.iri.removeprefix(settings().base))
        suffix = "" if named is None else f".{named.key}"
        # Not for good: what people merged they may part again, and a homonym may go.
        return redirect(f"{request.script_root}/{path}{suffix}", 302)
    if chosen is formats.HTML:
        about = _about(kind, name, iri)
        response, links = _page(kind, name, found, about), about.links
    else:
        response = _triples(kind, name, iri, chosen)
        links = tuple(signposts.of_data(kind, name, chosen, _OFFERED))
    response.vary.add("Accept")
    for link in links:
        response.headers.add("Link", str(link))
    return response


def _about(kind: str, name: str, iri: str) -> About:
    """What programs are told of a page."""
    schema = engine().look_up(SCHEMA, kind, iri, departure=departure())
    assert isinstance(schema, dict)
    title = str(schema.get("name") or schema.get("headline") or "An article")
    links = [*signposts.of_page(kind, name, iri, schema, _CSV)]
    if kind == _ENTITY:
        links.append(signposts.feed(f"New facts of {title}", entity=iri))
    is_article = kind == "article"
    return About(
        title, schema.get("description", title), iri, "article" if is_article else "website", schema, tuple(links)
    )


def _place() -> tuple[str, int]:
    """Of which relation an entity's page is to show facts, and which page of them."""
    return request.args.get("relation", ""), inputs.number("page", 1)


def _split(name: str) -> tuple[str, formats.Format | None]:
    """A name without its suffix, and the format that the suffix means."""
    stem, _, suffix = name.rpartition(".")
    found = next((one for one in _OFFERED if one.key == suffix), None)
    return (stem, found) if stem and found is not None else (name, None)


def _page(kind: str, name: str, found: object, about: About) -> Response:
    pictures: dict[str, object] = {}
    if isinstance(found, EntityPage):
        pictures = {"around": drawing.neighbourhood(found.neighbours), "timeline": drawing.timeline(found.dated)}
    page = render_template(
        f"{kind}.html", shown=found, kind=kind, name=name, formats=_OFFERED[1:], about=about, **pictures
    )
    return Response(page, content_type=formats.HTML.content_type)


def _triples(kind: str, name: str, iri: str, chosen: formats.Format) -> Response:
    query = _TABLE.replace("$facts", _FACTS[kind]) if chosen is _CSV else _QUERIES[kind]
    union = True if chosen is _CSV else None
    return resource(query.replace("$this", str(NamedNode(iri))), chosen, name, union=union)
