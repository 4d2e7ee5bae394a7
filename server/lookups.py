"""What pages show, read from a snapshot in a worker process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions

import ontology
from kg.errors import UsageError
from kg.facts import Facts, Named, Source
from kg.found import Found, find
from kg.paths import shortest
from kg.rdf import vocabulary as v
from kg.rdf.article import Shape
from kg.search.hits import Search
from kg.store.base import Store
from kg.store.ledger import Digests
from server.engine.messages import Failure, Lookup
from server.pages import ArticlePage, EntityPage, Pages, Shown, Step, Surroundings
from server.reading import Kind

DECISIONS = "decisions"
NEWS = "news"
RECONCILE = "reconcile"
REVIEW = "review"
SCHEMA = "schema"
_NAMED = 5
"""Among so many that fit a name, the best known is meant."""
_PATHS = 5
_KNOWN = 12


@dataclass(frozen=True, slots=True)
class Moved:
    """The entity has another IRI now."""

    iri: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How much is in the graph: entities by type, articles, statements, and the articles that came out last.

    `known` are the entities that most articles mention, and how many do, and `questions` are about them.
    """

    entities: tuple[tuple[Named, int], ...]
    articles: int
    statements: int
    triples: int
    newest: tuple[Source, ...]
    known: tuple[tuple[Named, Kind, int], ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """The entities at the two ends with their classes, None where there is no such one, and the ways between them."""

    start: tuple[Named, Kind] | None
    end: tuple[Named, Kind] | None
    paths: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True, slots=True)
class Partitions:
    """How many triples there are, of which subjects and objects, and how many of each class and of each property."""

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: tuple[tuple[str, int], ...]
    properties: tuple[tuple[str, int], ...]


def run(job: Lookup, store: Store, search: Search) -> object:
    """The result of the function that `job` names."""
    found = ontology.load()
    ledger = Digests(Path(job.ledger)) if Path(job.ledger).exists() else None
    try:
        redirect = ledger.redirect if ledger is not None else _nowhere
        facts = Facts(store, Shape(job.base, found), found, redirect)
        if job.function == "search":
            return _search(facts, search, *job.arguments)
        if job.function == DECISIONS:
            return _decisions(store, Shape(job.base, found))
        if job.function == "path":
            return _path(facts, store, search, *map(str, job.arguments))
        if job.function == "compare":
            return Pages(facts, store).compare(_known(facts, search, str(name)) for name in job.arguments)
        if job.function == "chronicle":
            first, last, page, *names = job.arguments
            iris = [_known(facts, search, str(name)) for name in names]
            return Pages(facts, store).chronicle(iris, int(first), int(last), int(page))
        if job.function == RECONCILE:
            return _reconcile(facts, store, search, job)
        if job.function == REVIEW:
            return _review(facts, store, search, *job.arguments)
        if job.function == SCHEMA:
            return _schema(facts, store, search, job)
        if job.function == "ask":
            return _asked(facts, store, search, job)
        if job.function == NEWS:
            return _news(facts, store, search, ledger, job)
        return _FUNCTIONS[job.function](facts, store, *job.arguments)
    finally:
        if ledger is not None:
            ledger.close()


def _nowhere(_: str) -> None:
    return None


def entity(facts: Facts, store: Store, iri: str, relation: str, page: int) -> EntityPage | Moved | None:
    found = Pages(facts, store).entity(iri, relation, page)
    if found is not None:
        return found
    moved = facts.moved(iri)
    return None if moved is None else Moved(moved)


def around(facts: Facts, store: Store, iri: str, relation: str, most: int) -> Surroundings | None:
    return Pages(facts, store).around(iri, relation, most)


def article(facts: Facts, store: Store, iri: str) -> ArticlePage | None:
    return Pages(facts, store).article(iri)


def statement(facts: Facts, store: Store, iri: str) -> Shown | None:
    found = facts.statement(iri)
    return None if found is None else Shown(found, found.object, Pages(facts, store).marked(found))


def has_graph(_: Facts, store: Store, iri: str) -> bool:
    return store.has_graph(NamedNode(iri))


def overview(facts: Facts, store: Store) -> Overview:
    rows = _rows(store, "SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type", union=False)
    counts = {row[0]: int(row[1]) for row in rows}
    types = ontology.load().types.values()
    newest = _rows(
        store,
        "SELECT ?article { ?article a schema:NewsArticle OPTIONAL { ?article schema:datePublished ?day } }"
        " ORDER BY DESC(?day) ?article LIMIT 5",
    )
    # Most workers never need it.
    from server import questions

    pages = Pages(facts, store)
    known = [
        (facts.named(NamedNode(iri)), pages.kind(iri), int(number)) for iri, number in _most_mentioned(store)
    ]  # fmt: skip
    (articles,) = _rows(store, "SELECT (COUNT(*) AS ?n) { ?article a schema:NewsArticle }")
    return Overview(
        tuple(
            (Named(found.iri, found.label if number == 1 else found.plural), number)
            for found in types
            if (number := counts.get(found.iri))
        ),
        int(articles[0]),
        counts.get(v.STATEMENT.value, 0),
        _triples(store),
        tuple(facts.source(NamedNode(row[0])) for row in newest),
        tuple(known),
        questions.examples(facts, store, (named for named, _, _ in known)),
    )


def _most_mentioned(store: Store) -> list[list[str]]:
    """The entities that most articles mention, and how many do."""
    counts = "SELECT ?entity (COUNT(*) AS ?n) { ?article schema:mentions ?entity } GROUP BY ?entity"
    order = f"LIMIT {_KNOWN}"
    # To sort all entities by their IRIs, too, takes a hundred times as long as to count their articles.
    least = [row[1] for row in _rows(store, f"{counts} ORDER BY DESC(?n) {order}")]
    return _rows(store, f"{counts} HAVING (COUNT(*) >= {least[-1]}) ORDER BY DESC(?n) ?entity {order}") if least else []


def terms(_: Facts, store: Store) -> dict[str, int]:
    """How many entities there are of each class, and how many statements of each relation and with each qualifier."""
    rows = _rows(store, "SELECT ?class (COUNT(*) AS ?n) { ?s a ?class } GROUP BY ?class", union=False)
    rows += _rows(store, "SELECT ?p (COUNT(*) AS ?n) { ?s rdf:predicate ?p } GROUP BY ?p", union=False)
    for found in ontology.load().qualifiers.values():
        ((number,),) = _rows(store, f"SELECT (COUNT(*) AS ?n) {{ ?s <{found.iri}> ?value }}", union=False)
        rows.append([found.iri, number])
    return {iri: int(number) for iri, number in rows}


def partitions(facts: Facts, store: Store) -> Partitions:
    """The counts that VoID gives."""

    def counts(query: str) -> tuple[tuple[str, int], ...]:
        return tuple((row[0], int(row[1])) for row in _rows(store, query))

    def count(query: str) -> int:
        ((number,),) = _rows(store, query)
        return int(number)

    return Partitions(
        _triples(store),
        count("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?type }"),
        count("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        count("SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        counts("SELECT ?type (COUNT(?s) AS ?n) { ?s a ?type } GROUP BY ?type ORDER BY DESC(?n) ?type"),
        counts("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p"),
    )


def _search(facts: Facts, search: Search, *arguments: str | int) -> tuple[Found, ...]:
    """What fits the words, of which the last one may not be written to its end, and the limit of results."""
    words, limit = arguments
    return find(facts, search, str(words), int(limit), typing=True)


def _decisions(store: Store, shape: Shape) -> object:
    """What people decided, the oldest first."""
    # Most workers never need it.
    from kg.deciding import Deciding
    from kg.store.articles import Articles

    return Deciding(Articles(store, shape), shape, ontology.load()).all()


def _known(facts: Facts, search: Search, name: str) -> str | None:
    """The IRI of the best known entity of a name; None if there is none."""
    named = facts.find(name) or [found.iri for found in find(facts, search, name, _NAMED, typing=True)]
    return min(((-brief[2], iri) for iri in named if (brief := facts.brief(iri)) is not None), default=(0, None))[1]


def _path(facts: Facts, store: Store, search: Search, start: str, end: str) -> Connection:
    """How the best known entities of these names are connected."""
    pages = Pages(facts, store)
    iris = [_known(facts, search, name) for name in (start, end)]
    ends = [None if iri is None else (facts.named(NamedNode(iri)), pages.kind(iri)) for iri in iris]
    nodes = [NamedNode(iri) for iri in iris if iri is not None]
    found = shortest(store, nodes[0], nodes[1], _PATHS) if len(nodes) == len(ends) else ()
    return Connection(ends[0], ends[1], tuple(tuple(pages.steps(path)) for path in found))


def _asked(facts: Facts, store: Store, search: Search, job: Lookup) -> object:
    """The reply to a question."""
    # Most workers never need it.
    from server import questions

    return questions.ask(facts, store, search, job.base, *map(str, job.arguments))


def _reconcile(facts: Facts, store: Store, search: Search, job: Lookup) -> object:
    """What the method of `kg.reconcile.service.Service` gives that the first argument names, for the others."""
    # Most workers never need it.
    from kg.reconcile.model import TooManyError
    from kg.reconcile.service import Service

    service = Service(store, job.base, ontology.load(), search, facts.moved)
    method, *arguments = job.arguments
    try:
        return getattr(service, str(method))(*arguments)
    except UsageError as error:
        return Failure("too large" if isinstance(error, TooManyError) else "malformed", str(error))


def _review(facts: Facts, store: Store, search: Search, what: str | int, *arguments: str | int) -> object:
    """A page of facts to be reviewed, or what may be decided about an entity."""
    # Most workers never need it.
    from server.reviewing import Reviewing, Wanted

    reviewing = Reviewing(facts, store)
    if what == "queue":
        *wanted, page = arguments
        return reviewing.queue(Wanted(*map(str, wanted)), int(page))
    (name,) = map(str, arguments)
    iri = facts.moved(name) or _known(facts, search, name)
    return None if iri is None else reviewing.entity(iri, search)


def _schema(facts: Facts, store: Store, search: Search, job: Lookup) -> object:
    """What programs are told of an entity, an article or a statement; None if there is none."""
    from kg.reconcile.service import Service
    from server.schema import Schema

    service = Service(store, job.base, ontology.load(), search, facts.moved)
    return Schema(facts, store, service.preview).of(*map(str, job.arguments))


def _news(facts: Facts, store: Store, search: Search, ledger: Digests | None, job: Lookup) -> object:
    """What came last; None if there is no such entity."""
    from server.feeds import Newest

    entity, relation, page = job.arguments
    iri = _known(facts, search, str(entity)) if entity else None
    if entity and iri is None:
        return None
    return Newest(facts, store, ledger, job.base).page(iri, str(relation), int(page))


def _triples(store: Store) -> int:
    ((number,),) = _rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return int(number)


def _rows(store: Store, query: str, *, union: bool = True) -> list[list[str]]:
    found = store.query(query, base="http://localhost/", prefixes=v.PREFIXES, union=union)
    assert isinstance(found, QuerySolutions)
    return [["" if value is None else value.value for value in row] for row in found]


_FUNCTIONS: dict[str, Callable[..., object]] = {
    function.__name__: function
    for function in (entity, around, article, statement, has_graph, overview, partitions, terms)
}
