"""What adding, correcting and forgetting articles does to the graph."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, DefaultGraph, QuerySolutions

from kg.graph import Graph
from kg.model import ArticleFacts
from tests.store.making import Stated, article

BASE = "http://localhost:8000/"
PERSON, ORGANIZATION, SOFTWARE = "Person", "Organization", "Software"


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph.open() as graph:
        yield graph


def rows(graph: Graph, query: str) -> list[tuple[str, ...]]:
    """The rows of an answer, sorted, with IRIs below the base shortened."""
    found = graph.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple(str(term.value).removeprefix(BASE) for term in row) for row in found)


def exported(graph: Graph) -> str:
    file = io.BytesIO()
    graph.export(file, "nquads")
    return file.getvalue().decode()


def test_a_fact_is_an_edge_and_a_statement_that_cites_a_sentence_of_an_article(graph: Graph) -> None:
    graph.add_facts(
        [article(1, [("Grace Lin", PERSON), ("Acme", ORGANIZATION)], [(0, "employer", 1, {"end": "2025-11-17"})])]
    )
    assert rows(graph, "SELECT ?s ?o { ?s ng:employer ?o }") == [("entity/grace-lin", "entity/acme")]
    query = """
        SELECT ?end ?text ?article ?confidence ?title {
          ?statement a ng:Statement ; rdf:subject <entity/grace-lin> ; rdf:predicate ng:employer ;
                     rdf:object <entity/acme> ; ng:end ?end ; prov:wasDerivedFrom ?reference .
          GRAPH ?article { ?reference ng:sentence/nif:anchorOf ?text ; ng:confidence ?confidence }
          ?article dct:title ?title }"""
    expected = ("2025-11-17", "Alpha beta gamma delta.", "article/0000000000000001", "0.9", "A title")
    assert rows(graph, query) == [expected]


def test_an_article_has_its_text_in_which_each_mention_stands_where_its_iri_says(graph: Graph) -> None:
    found = article(1, [("Grace Lin", PERSON)])
    line_ends = replace(found, document=replace(found.document, text='A\n\nGrace\tLin \U0001f600 \ud800 "x\\'))
    graph.add_facts([line_ends])
    found_texts = graph.query("SELECT ?text { GRAPH ?article { ?article a schema:NewsArticle ; nif:isString ?text } }")
    assert isinstance(found_texts, QuerySolutions)
    ((text,),) = found_texts
    assert text.value == 'A\n\nGrace\tLin \U0001f600 \ufffd "x\\'
    assert len(text.value) == len(line_ends.document.text)
    graph.add_facts([replace(found, document=replace(found.document, keeps_text=False))])
    assert rows(graph, "SELECT ?text { ?article nif:isString ?text }") == []


def test_each_triple_stands_in_one_graph_and_none_has_a_blank_node(graph: Graph) -> None:
    facts: list[Stated] = [(0, "employer", 1, {"start": "2001"}), (0, "alias", "G. Lin", {})]
    graph.add_facts([article(n, [("Grace Lin", PERSON), ("Acme", ORGANIZATION)], facts) for n in range(3)])
    quads = list(graph.quads())
    assert max(Counter(quad.triple for quad in quads).values()) == 1
    assert not any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object))
    graphs = {str(quad.graph_name) for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}
    assert graphs == {f"<{BASE}article/{n:016x}>" for n in range(3)}


def test_two_articles_with_one_fact_give_one_statement_with_two_references(graph: Graph) -> None:
    graph.add_facts(
        [article(n, [("Acme", ORGANIZATION), ("Grace Lin", PERSON)], [(0, "founded_by", 1, {})]) for n in (1, 2)]
    )
    assert rows(graph, "SELECT (COUNT(*) AS ?n) { ?s a ng:Statement }") == [("1",)]
    assert rows(graph, "SELECT (COUNT(*) AS ?n) { ?s prov:wasDerivedFrom ?r }") == [("2",)]


def test_the_precision_of_a_date_is_its_datatype(graph: Graph) -> None:
    dates = ["1998", "1998-02", "1998-02-11"]
    graph.add_facts([article(1, [("Acme", ORGANIZATION)], [(0, "inception", date, {}) for date in dates])])
    found = rows(graph, "SELECT ?d (DATATYPE(?d) AS ?t) { <entity/acme> ng:inception ?d }")
    types = ["gYear", "gYearMonth", "date"]
    assert found == [
        (date, f"http://www.w3.org/2001/XMLSchema#{kind}") for date, kind in zip(dates, types, strict=True)
    ]


def test_a_version_stays_as_it_is_written(graph: Graph) -> None:
    graph.add_facts([article(1, [("Jet", SOFTWARE)], [(0, "version", "1.10", {})])])
    assert rows(graph, "SELECT ?v { <entity/jet> ng:version ?v }") == [("1.10",)]


def test_names_become_labels_and_pronouns_do_not(graph: Graph) -> None:
    graph.add_facts([article(1, [("Grace Lin", PERSON)], others=[("Lin", "LIN")], pronouns=[0])])
    assert rows(graph, "SELECT ?n { <entity/grace-lin> rdfs:label ?n }") == [("Grace Lin",)]
    assert rows(graph, "SELECT ?n { <entity/grace-lin> skos:altLabel ?n }") == [("LIN",), ("Lin",)]
    assert rows(graph, "SELECT ?m { ?m a ng:Pronoun ; nif:anchorOf 'it' }")


def test_the_best_written_name_is_the_label_whichever_came_first(graph: Graph) -> None:
    names = ["PYTORCH", "Pytorch", "PyTorch", "pytorch"]
    graph.add_facts(article(n, [(name, SOFTWARE)]) for n, name in enumerate(names))
    assert rows(graph, "SELECT ?n { <entity/pytorch> rdfs:label ?n }") == [("PyTorch",)]
    graph.forget(f"{2:016x}")
    assert rows(graph, "SELECT ?n { <entity/pytorch> rdfs:label ?n }") == [("Pytorch",)]


def test_an_alias_that_an_article_states_is_another_name(graph: Graph) -> None:
    graph.add_facts([article(1, [("Meta", ORGANIZATION)], [(0, "alias", "Facebook", {})])])
    assert rows(graph, "SELECT ?n { <entity/meta> skos:altLabel ?n }") == [("Facebook",)]
    assert rows(graph, "SELECT ?n { <entity/meta> ng:alias ?n }") == []
    assert rows(graph, "SELECT ?n { ?s rdf:predicate ng:alias ; rdf:object ?n }") == [("Facebook",)]


def test_a_wikidata_link_lasts_as_long_as_an_article_links(graph: Graph) -> None:
    graph.add_facts([article(1, [("Meta", ORGANIZATION)], qids=["Q380"]), article(2, [("Meta", ORGANIZATION)])])
    query = "SELECT ?i { <entity/meta> owl:sameAs ?i }"
    assert rows(graph, query) == [("http://www.wikidata.org/entity/Q380",)]
    graph.forget(f"{1:016x}")
    assert rows(graph, query) == []


def test_forgetting_leaves_what_another_article_says_and_nothing_else(graph: Graph) -> None:
    lasting = article(1, [("Acme", ORGANIZATION), ("Grace Lin", PERSON)], [(0, "founded_by", 1, {})])
    graph.add_facts([lasting])
    before = exported(graph)
    graph.add_facts(
        [article(2, [("Acme", ORGANIZATION), ("Bo Dahl", PERSON)], [(0, "founded_by", 1, {"point_in_time": "1999"})])]
    )
    graph.forget(f"{BASE}article/{2:016x}")
    assert exported(graph) == before
    graph.forget(f"{1:016x}")
    assert exported(graph) == ""


def test_an_edge_lasts_as_long_as_a_statement_says_it(graph: Graph) -> None:
    entities = [("Grace Lin", PERSON), ("Acme", ORGANIZATION)]
    graph.add_facts([article(1, entities, [(0, "employer", 1, {"start": "2001"}), (0, "employer", 1, {})])])
    graph.add_facts([article(1, entities, [(0, "employer", 1, {})])])
    assert rows(graph, "SELECT ?o { <entity/grace-lin> ng:employer ?o }") == [("entity/acme",)]
    graph.add_facts([article(1, entities)])
    assert rows(graph, "SELECT ?o { <entity/grace-lin> ng:employer ?o }") == []


def test_correcting_an_article_retracts_what_it_no_longer_says(graph: Graph) -> None:
    wrong = article(1, [("Acme", ORGANIZATION), ("Bo Dahl", PERSON)], [(0, "founded_by", 1, {})])
    right = article(1, [("Acme", ORGANIZATION), ("Grace Lin", PERSON)], [(0, "founded_by", 1, {})])
    assert graph.add_facts([wrong]).added == 1
    assert graph.add_facts([right]).corrected == 1
    assert graph.add_facts([right]).unchanged == 1
    assert rows(graph, "SELECT ?p { ?p a ng:Person }") == [("entity/grace-lin",)]


def test_homonyms_of_two_types_get_their_type_as_a_suffix(graph: Graph) -> None:
    graph.add_facts([article(1, [("Python", SOFTWARE), ("Jet", SOFTWARE)], [(1, "programming_language", 0, {})])])
    alone = exported(graph)
    assert rows(graph, "SELECT ?e { ?e rdfs:label 'Python'@en }") == [("entity/python",)]
    graph.add_facts([article(2, [("Python", PERSON)])])
    both = [("entity/python_person",), ("entity/python_software",)]
    assert rows(graph, "SELECT ?e { ?e rdfs:label 'Python'@en }") == both
    query = """SELECT ?o { <entity/jet> ng:programmingLanguage ?o .
        ?s rdf:object ?o ; prov:wasDerivedFrom/ng:sentence ?x }"""
    assert rows(graph, query) == [("entity/python_software",)]
    assert "entity/python>" not in exported(graph)
    graph.forget(f"{2:016x}")
    assert exported(graph) == alone


def test_an_entity_that_was_renamed_is_found_by_its_old_iri(graph: Graph) -> None:
    graph.add_facts([article(1, [("Python", SOFTWARE)])])
    assert graph.facts.moved(f"{BASE}entity/python") is None
    graph.add_facts([article(2, [("Python", PERSON)])])
    assert graph.facts.moved(f"{BASE}entity/python") == f"{BASE}entity/python_software"
    assert graph.facts.moved(f"{BASE}entity/python_person") is None
    graph.forget(f"{2:016x}")
    assert graph.facts.moved(f"{BASE}entity/python_software") == f"{BASE}entity/python"
    assert graph.facts.moved(f"{BASE}entity/python") is None
    assert "redirect" not in exported(graph)


def test_no_name_takes_the_iri_of_a_homonym(graph: Graph) -> None:
    names = [("Jet", SOFTWARE), ("Jet", PERSON), ("Jet Software", ORGANIZATION), ("Jet_Software", PERSON)]
    graph.add_facts(article(n, [entity]) for n, entity in enumerate(names))
    assert len(rows(graph, "SELECT DISTINCT ?e { ?e rdfs:label ?n }")) == 4


def test_two_entities_of_one_article_with_one_name_and_type_are_one(graph: Graph) -> None:
    graph.add_facts([article(1, [("Acme", ORGANIZATION), ("ACME", ORGANIZATION)])])
    assert rows(graph, "SELECT ?e { ?e a ng:Organization }") == [("entity/acme",)]


def test_what_is_written_between_articles_does_not_stay_half_done(graph: Graph) -> None:
    def broken() -> Iterator[ArticleFacts]:
        yield article(1, [("Acme", ORGANIZATION)])
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        graph.add_facts(broken())
    assert exported(graph) == ""
    graph.add_facts([article(1, [("Acme", ORGANIZATION)])])
    assert rows(graph, "SELECT ?e { ?e a ng:Organization }") == [("entity/acme",)]
