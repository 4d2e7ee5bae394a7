"""news.ttl is valid OWL 2 DL, and consistent. (OWL 2 Structural Specification, W3C 2012.)"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef

import ontology
from kg.errors import OntologyError
from kg.rdf import vocabulary
from ontology import reasoning

NG = Namespace(ontology.NAMESPACE)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
TRAITS = (OWL.FunctionalProperty, OWL.SymmetricProperty)
RESERVED = tuple(str(namespace) for namespace in (RDF, RDFS, XSD, OWL))
MAY_BE_ANNOTATION = (RDFS.label, RDFS.comment)
DATATYPES = (RDFS.Literal, XSD.decimal, XSD.integer, XSD.string, XSD.anyURI)

needs_java = pytest.mark.skipif(reasoning.missing() is not None, reason=str(reasoning.missing()))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(ontology.FILE, format="turtle")


@pytest.fixture(scope="module")
def kinds(graph: Graph) -> dict[URIRef, set[URIRef]]:
    """Every declared term, and what it is declared to be."""
    found: dict[URIRef, set[URIRef]] = {}
    for kind in KINDS:
        for term in graph.subjects(RDF.type, kind):
            if isinstance(term, URIRef):
                found.setdefault(term, set()).add(kind)
    return found


def test_every_term_is_of_one_kind(kinds: dict[URIRef, set[URIRef]]) -> None:
    assert {term: found for term, found in kinds.items() if len(found) > 1} == {}


def test_no_term_is_taken_from_the_reserved_vocabulary(kinds: dict[URIRef, set[URIRef]]) -> None:
    assert [term for term in kinds if str(term).startswith(RESERVED) and term not in MAY_BE_ANNOTATION] == []


def test_every_property_in_use_is_declared(graph: Graph, kinds: dict[URIRef, set[URIRef]]) -> None:
    used = {term for term in graph.predicates() if not str(term).startswith(RESERVED)}
    assert used - set(kinds) == set()


def test_properties_in_use_are_annotations(graph: Graph, kinds: dict[URIRef, set[URIRef]]) -> None:
    used = {URIRef(str(term)) for term in graph.predicates()}
    assert {term for term in used & set(kinds) if kinds[term] != {OWL.AnnotationProperty}} == set()


def test_every_class_in_use_is_declared(graph: Graph, kinds: dict[URIRef, set[URIRef]]) -> None:
    used = set(graph.objects(None, RDFS.subClassOf)) | set(graph.objects(None, OWL.allValuesFrom))
    for predicate in (OWL.unionOf, OWL.members):
        for node in graph.objects(None, predicate):
            used |= set(graph.items(node))
    assert {term for term in used if isinstance(term, URIRef) and kinds.get(term) != {OWL.Class}} == set()


def test_ranges_are_classes_of_object_properties_and_datatypes_of_the_others(
    graph: Graph, kinds: dict[URIRef, set[URIRef]]
) -> None:
    for term, (kind,) in ((term, tuple(found)) for term, found in kinds.items()):
        for target in graph.objects(term, RDFS.range):
            if kind == OWL.ObjectProperty:
                assert isinstance(target, BNode) or kinds[URIRef(str(target))] == {OWL.Class}, term
            else:
                assert kind == OWL.DatatypeProperty, term
                assert target in DATATYPES, term
        for source in graph.objects(term, RDFS.domain):
            assert isinstance(source, BNode) or kinds[URIRef(str(source))] == {OWL.Class}, term


def test_only_object_properties_are_symmetric_and_no_annotation_is_functional(
    graph: Graph, kinds: dict[URIRef, set[URIRef]]
) -> None:
    for term in graph.subjects(RDF.type, OWL.SymmetricProperty):
        assert kinds[URIRef(str(term))] == {OWL.ObjectProperty}
    for term in graph.subjects(RDF.type, OWL.FunctionalProperty):
        assert kinds[URIRef(str(term))] <= {OWL.ObjectProperty, OWL.DatatypeProperty}


def test_every_type_is_one_of_owl(graph: Graph) -> None:
    allowed = {*KINDS, *TRAITS, OWL.Ontology, OWL.AllDisjointClasses, OWL.Restriction}
    assert set(graph.objects(None, RDF.type)) <= allowed


def test_unnamed_nodes_are_unions_disjointness_restrictions_and_lists(graph: Graph) -> None:
    lists = {node for node in graph.subjects(RDF.rest) if isinstance(node, BNode)}
    for node in {term for term in graph.subjects() if isinstance(term, BNode)} - lists:
        parts = set(graph.predicates(node)) - {RDF.type}
        assert parts in ({OWL.unionOf}, {OWL.members}, {OWL.onProperty, OWL.allValuesFrom})
        assert len(list(graph.subjects(None, node))) <= 1


def test_there_is_one_ontology_with_a_version(graph: Graph) -> None:
    (found,) = graph.subjects(RDF.type, OWL.Ontology)
    assert isinstance(graph.value(found, OWL.versionInfo), Literal)


def test_every_term_that_the_graph_is_written_in_is_declared(kinds: dict[URIRef, set[URIRef]]) -> None:
    written = [value for value in vars(vocabulary).values() if isinstance(value, ox.NamedNode)]
    written += [*vocabulary.KINDS.values()]
    missing = {term.value for term in written if not term.value.startswith(RESERVED)} - {str(term) for term in kinds}
    assert missing == set()


def test_a_type_is_a_class_of_the_ontology(kinds: dict[URIRef, set[URIRef]]) -> None:
    for found in ontology.load().types.values():
        assert kinds[URIRef(found.iri)] == {OWL.Class}


@needs_java
def test_the_reasoner_finds_it_consistent_and_every_class_possible() -> None:
    found = reasoning.classify()
    assert found.consistent
    assert found.unsatisfiable == ()
    assert dict(found.parents)[str(NG.Person)] == (str(NG.Entity),)


@needs_java
def test_the_reasoner_finds_the_type_of_what_has_a_relation_consistent_with_it() -> None:
    works = ox.Triple(ox.NamedNode("http://x/a"), ox.NamedNode(NG.employer), ox.NamedNode("http://x/b"))
    person = ox.Triple(ox.NamedNode("http://x/a"), ox.NamedNode(RDF.type), ox.NamedNode(NG.Person))
    place = ox.Triple(ox.NamedNode("http://x/a"), ox.NamedNode(RDF.type), ox.NamedNode(NG.Place))
    assert reasoning.classify(facts=[works, person]).consistent
    assert not reasoning.classify(facts=[works, place]).consistent


@needs_java
def test_the_reasoner_names_a_class_that_nothing_can_be(tmp_path: Path) -> None:
    path = tmp_path / "news.ttl"
    odd = "\nng:City a owl:Class ; rdfs:subClassOf ng:Person , ng:Place .\n"
    path.write_text(ontology.FILE.read_text(encoding="utf-8") + odd, encoding="utf-8")
    assert reasoning.classify(path).unsatisfiable == (str(NG.City),)


def test_a_missing_java_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OntologyError, match="apt-get install default-jre-headless"):
        reasoning.classify()
