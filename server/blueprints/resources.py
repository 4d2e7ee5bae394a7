"""`/entity/…`, `/article/…`, `/statement/…`: everything that the graph names, as a page, as triples and as a table.

The format is the one that the suffix names (`.ttl`), or else the one that the request accepts.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kg.rdf import vocabulary as v
from server import drawing, formats
from server.answers import resource
from server.app import departure, engine, settings
from server.errors import BadRequest, NotAcceptable, NotFound
from server.lookups import Moved
from server.pages import EntityPage

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
    name, chosen = _split(name)
    chosen = chosen or formats.best(request.headers.get("Accept", ""), _OFFERED)
    if chosen is None:
        raise NotAcceptable(f"On offer are {formats.listing(_OFFERED)}.")
    iri = f"{settings().base}{kind}/{quote(name)}"
    found = engine().look_up(kind, iri, *(_place() if kind == _ENTITY else ()), departure=departure())
    if found is None:
        raise NotFound(f"This graph has no {kind} {name!r}.")
    if isinstance(found, Moved):
        path = quote(found.iri.removeprefix(settings().base))
        return redirect(f"{request.script_root}/{path}", 301)
    response = _page(kind, name, found) if chosen is formats.HTML else _triples(kind, name, iri, chosen)
    response.vary.add("Accept")
    for other in _OFFERED:
        target = f"{request.script_root}/{kind}/{quote(name)}.{other.key}"
        response.headers.add("Link", f'<{target}>; rel="alternate"; type="{other.media_type}"')
    return response


def _place() -> tuple[str, int]:
    """Of which relation an entity's page is to show facts, and which page of them."""
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 7):
        raise BadRequest(f"The parameter 'page' is {number!r}; it must be a whole number.")
    return request.args.get("relation", ""), int(number)


def _split(name: str) -> tuple[str, formats.Format | None]:
    """A name without its suffix, and the format that the suffix means."""
    stem, _, suffix = name.rpartition(".")
    found = next((one for one in _OFFERED if one.key == suffix), None)
    return (stem, found) if stem and found is not None else (name, None)


def _page(kind: str, name: str, found: object) -> Response:
    pictures: dict[str, object] = {}
    if isinstance(found, EntityPage):
        pictures = {"around": drawing.neighbourhood(found.neighbours), "timeline": drawing.timeline(found.dated)}
    page = render_template(f"{kind}.html", shown=found, kind=kind, name=name, formats=_OFFERED[1:], **pictures)
    return Response(page, content_type=formats.HTML.content_type)


def _triples(kind: str, name: str, iri: str, chosen: formats.Format) -> Response:
    query = _TABLE.replace("$facts", _FACTS[kind]) if chosen is _CSV else _QUERIES[kind]
    union = True if chosen is _CSV else None
    return resource(query.replace("$this", str(NamedNode(iri))), chosen, name, union=union)
