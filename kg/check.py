"""Is the graph as the ontology says? SHACL shapes over what it holds, and the reasoner over its facts.

The articles that newsgraph reads are checked before they are stored (`kg.statements`), so what is found here came in
by `kg load` or by an update, or is a contradiction between articles.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

import ontology
from kg.rdf import vocabulary as v
from ontology.shapes import NAMESPACE as SHAPES
from ontology.shapes import shapes

if TYPE_CHECKING:
    import rdflib

    from kg.graph import Graph

_SH = "http://www.w3.org/ns/shacl#"

# All but the mentions, of which there are far more than of anything else, and which no shape is about.
_CHECKED = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER NOT EXISTS {{ ?s <{v.IDENTIFIES.value}> ?mentioned }} }}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the article that it stands in: its IRI, and its title where it has one."""

    article: str
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the ontology does not allow.

    `about` is the IRI of an entity, a statement, a reference or a sentence, and `label` its name, if it has one.
    `value` is what is wrong there, if it is one value. `sentences` state it.
    """

    about: str
    label: str
    message: str
    value: str | None
    sentences: tuple[Sentence, ...]


def check(graph: Graph) -> tuple[Problem, ...]:
    """What in the graph does not fit the shapes of the ontology, sorted."""
    import pyshacl
    import rdflib

    with _quiet():
        data = rdflib.Graph().parse(data=_known(graph), format="nt")
        rules = rdflib.Graph().parse(data=shapes(ontology.load()), format="turtle")
        _, report, _ = pyshacl.validate(data, shacl_graph=rules, advanced=True, inplace=True)
    assert isinstance(report, rdflib.Graph)
    found = {_problem(result, report, data) for result in report.objects(None, rdflib.URIRef(_SH + "result"))}
    return tuple(sorted(found, key=lambda p: (p.label, p.about, p.message, p.value or "")))


def _known(graph: Graph) -> bytes:
    """What is checked, as N-Triples. (A function of its own: pySHACL keeps its caller's frame, the answer the store.)"""
    answer = graph.query(_CHECKED)
    assert isinstance(answer, ox.QueryTriples)
    triples = answer.serialize(format=ox.RdfFormat.N_TRIPLES)
    assert triples is not None
    return triples


def facts(graph: Graph) -> Iterator[ox.Triple]:
    """The types of entities and the relations between them, for `ontology.reasoning.classify`."""
    known = ontology.load()
    types = {found.iri for found in known.types.values()}
    for quad in graph.store.match(None, v.TYPE, None):
        if isinstance(quad.object, ox.NamedNode) and quad.object.value in types:
            yield quad.triple
    for relation in known.relations.values():
        if relation.literal_type is None:
            yield from (quad.triple for quad in graph.store.match(None, ox.NamedNode(relation.iri), None))


def _problem(result: rdflib.term.Node, report: rdflib.Graph, data: rdflib.Graph) -> Problem:
    import rdflib

    def one(name: str) -> rdflib.term.Node | None:
        return report.value(result, rdflib.URIRef(_SH + name))

    about, value = one("focusNode"), one("value")
    assert about is not None
    relation = one("resultPath") or rdflib.URIRef(str(one("sourceShape")).partition("-")[0].replace(SHAPES, v.NG))
    statements = [about]
    for statement in data.subjects(rdflib.RDF.subject, about):
        if (statement, rdflib.RDF.predicate, relation) in data and (
            value in (None, about) or (statement, rdflib.RDF.object, value) in data
        ):
            statements.append(statement)
    sentences = {sentence for statement in statements for sentence in _sentences(statement, data)}
    return Problem(
        str(about),
        _label(about, data),
        str(one("resultMessage")),
        None if value in (None, about) else _label(value, data),
        tuple(sorted(sentences, key=lambda s: (s.article, s.text))),
    )


def _sentences(node: rdflib.term.Node, data: rdflib.Graph) -> Iterator[Sentence]:
    """The sentences that a statement or a reference cites."""
    import rdflib

    for reference in (node, *data.objects(node, rdflib.URIRef(v.DERIVED_FROM.value))):
        for sentence in (node, *data.objects(reference, rdflib.URIRef(v.SENTENCE.value))):
            article = data.value(sentence, rdflib.URIRef(v.CONTEXT.value))
            text = data.value(sentence, rdflib.URIRef(v.ANCHOR.value))
            if article is not None and text is not None:
                title = data.value(article, rdflib.URIRef(v.TITLE.value))
                yield Sentence(str(article), None if title is None else str(title), str(text))


def _label(node: rdflib.term.Node | None, data: rdflib.Graph) -> str:
    """The name of an entity, or of a statement its three parts; the IRI of anything else, and a literal's text."""
    import rdflib

    if node is None or isinstance(node, rdflib.Literal):
        return str(node)
    label = data.value(node, rdflib.RDFS.label)
    if label is not None:
        return str(label)
    parts = [data.value(node, each) for each in (rdflib.RDF.subject, rdflib.RDF.predicate, rdflib.RDF.object)]
    if all(part is not None and part != node for part in parts):
        subject, predicate, value = parts
        return f"{_label(subject, data)} – {str(predicate).removeprefix(v.NG)} – {_label(value, data)}"
    return str(node)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without rdflib's log of dates that can't be: the shapes find them."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
