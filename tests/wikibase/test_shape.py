"""The graph in Wikibase's form."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg.export
from kg.errors import UsageError
from kg.graph import Graph
from kg.wikibase.vocabulary import prefixes
from tests.wikibase.making import articles
from tests.wikibase.making import graph as made


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with made() as found:
        yield found


def ask(graph: Graph, query: str) -> list[list[str]]:
    answer = graph.query(query, shape="wikibase")
    assert isinstance(answer, ox.QuerySolutions)
    return [["" if term is None else str(term) for term in row] for row in answer]


def holds(graph: Graph, pattern: str) -> bool:
    return bool(graph.query(f"ASK {{ {pattern} }}", shape="wikibase"))


def exported(graph: Graph, name: str) -> bytes:
    file = io.BytesIO()
    graph.export(file, name, shape="wikibase")
    return file.getvalue()


def test_only_what_is_linked_is_in_wikidatas_namespace(graph: Graph) -> None:
    known = {"Q95", "Q20800404", "Q15733006", "Q9001", "Q9002", "Q22661306", "Q37227", "Q13785927", "Q8673"}
    classes = {"Q5", "Q43229", "Q7397", "Q2424752", "Q17334923", "Q79719", "Q618779"}
    found = {item.removesuffix(">").rpartition("/")[2] for (item,) in ask(
        graph, "SELECT ?item { ?item a wikibase:Item FILTER(STRSTARTS(STR(?item), STR(wd:))) }"
    )}  # fmt: skip
    assert found == known | classes
    others = ask(graph, "SELECT ?item { ?item a wikibase:Item FILTER(!STRSTARTS(STR(?item), STR(wd:))) }")
    assert {item for (item,) in others} == {
        f"<{graph.base}entity/{name}>" for name in ("kaggle", "acme-robotics", "grace-lin", "chen-wei", "jet")
    }


def test_an_item_has_its_names_three_times_and_its_aliases_once(graph: Graph) -> None:
    assert holds(graph, 'entity:jet rdfs:label "Jet"@en ; skos:prefLabel "Jet"@en ; schema:name "Jet"@en')
    assert holds(graph, 'entity:jet skos:altLabel "Jet Engine"@en ; schema:description "software"@en')
    assert not holds(graph, 'entity:jet skos:altLabel "Jet"@en')


def test_a_statement_has_its_rank_its_value_and_its_qualifiers(graph: Graph) -> None:
    assert holds(
        graph,
        """wd:Q95 p:P169 ?st ; wdt:P169 wd:Q9002 . ?st a wikibase:Statement , wikibase:BestRank ;
           wikibase:rank wikibase:PreferredRank ; ps:P169 wd:Q9002 ; pq:P580 "2019-12-03T00:00:00Z"^^xsd:dateTime ;
           pqv:P580 ?v . ?v a wikibase:TimeValue ; wikibase:timeValue "2019-12-03T00:00:00Z"^^xsd:dateTime ;
           wikibase:timePrecision 11 ; wikibase:timeTimezone 0 ; wikibase:timeCalendarModel wd:Q1985727""",
    )
    assert holds(graph, "wd:Q95 p:P169 [ ps:P169 entity:chen-wei ; wikibase:rank wikibase:NormalRank ]")
    assert not holds(graph, "wd:Q95 wdt:P169 entity:chen-wei")
    assert not holds(graph, "?st ps:P169 entity:chen-wei ; a wikibase:BestRank")


def test_a_value_that_some_statement_ends_is_not_preferred() -> None:
    first, second = articles()
    with Graph.open() as graph:
        graph.add_facts([first, second])
        assert ask(graph, "SELECT ?x { wd:Q9001 wdt:P108 ?x }") == [["<http://www.wikidata.org/entity/Q95>"]]
        assert ask(graph, "SELECT ?x { entity:grace-lin wdt:P108 ?x }") == [["<http://www.wikidata.org/entity/Q95>"]]


def test_each_statement_and_each_reference_bears_the_name_that_it_has_in_the_graph(graph: Graph) -> None:
    own = {str(row[0]) for row in graph.query("SELECT ?s { ?s a ng:Statement ; rdf:predicate ng:employer }")}  # type: ignore[union-attr]
    assert {name for (name,) in ask(graph, "SELECT DISTINCT ?s { ?s ps:P108 ?o }")} == own
    references = {str(row[0]) for row in graph.query("SELECT ?r { ?r a ng:Reference }")}  # type: ignore[union-attr]
    assert {name for (name,) in ask(graph, "SELECT ?r { ?r a wikibase:Reference }")} <= references


def test_a_statement_in_two_articles_has_two_references(graph: Graph) -> None:
    assert len(ask(graph, "SELECT ?r { wd:Q9001 p:P108 [ ps:P108 wd:Q95 ; prov:wasDerivedFrom ?r ] }")) == 2


def test_a_reference_says_where_and_when(graph: Graph) -> None:
    assert holds(
        graph,
        """?r a wikibase:Reference ; pr:P248 ?article ; pr:P854 <https://news.example/1> ;
           pr:P1683 "Alpha beta gamma delta."@en ; pr:P1476 "Who works where"@en ; pr:P2093 "Ama Boateng" ;
           pr:P577 "2025-11-06T00:00:00Z"^^xsd:dateTime ; prv:P577/wikibase:timePrecision 11""",
    )
    assert not holds(graph, "?r pr:P813 ?day")


def test_a_reference_says_when_its_article_was_read(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Moves\n\nGrace Lin works for Acme Robotics.", encoding="utf-8")
    before = datetime.datetime.now(datetime.UTC).date().isoformat()
    with Graph.open(tmp_path / "graph") as graph:
        assert graph.add(tmp_path / "news.txt").facts
    after = datetime.datetime.now(datetime.UTC).date().isoformat()
    with Graph.open(tmp_path / "graph") as graph:
        found = ask(
            graph,
            "SELECT DISTINCT (STR(?day) AS ?x) ?precision { ?r pr:P813 ?day ; prv:P813/wikibase:timePrecision ?precision }",
        )
    assert [row[0].strip('"').removesuffix("T00:00:00Z") in (before, after) for row in found] == [True]
    assert "11" in found[0][1]


def test_a_property_is_described(graph: Graph) -> None:
    assert holds(
        graph,
        """wd:P108 a wikibase:Property ; rdfs:label "employer"@en ; wikibase:propertyType wikibase:WikibaseItem ;
           wikibase:directClaim wdt:P108 ; wikibase:claim p:P108 ; wikibase:statementProperty ps:P108 ;
           wikibase:statementValue psv:P108 ; wikibase:qualifier pq:P108 ; wikibase:qualifierValue pqv:P108 ;
           wikibase:reference pr:P108 ; wikibase:referenceValue prv:P108 ; wikibase:novalue wdno:P108""",
    )
    assert holds(graph, "ng:amount wikibase:qualifier ngpq:amount ; wikibase:propertyType wikibase:String")
    assert holds(graph, "wd:P571 wikibase:propertyType wikibase:Time . wd:P856 wikibase:propertyType wikibase:Url")


def test_two_entities_of_one_item_are_one_item() -> None:
    first, _ = articles()
    renamed = [entity for entity in first.entities if entity.name == "Google"]
    assert renamed
    with made() as graph:
        graph.update('INSERT DATA { entity:google-llc a ng:Organization ; rdfs:label "Google LLC"@en ; owl:sameAs wd:Q95 }'
                     .replace("entity:google-llc", f"<{graph.base}entity/google-llc>"))  # fmt: skip
        assert ask(graph, "SELECT ?label { wd:Q95 rdfs:label ?label }") == [['"Google"@en']]
        assert holds(graph, 'wd:Q95 skos:altLabel "Google LLC"@en . entity:google-llc owl:sameAs wd:Q95')


@pytest.mark.parametrize("name", ["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"])
def test_every_format_of_rdf_holds_the_form(graph: Graph, name: str) -> None:
    forms = {"turtle": "ttl", "ntriples": "nt", "nquads": "nq", "trig": "trig", "rdfxml": "rdf", "jsonld": "jsonld"}
    rdf = ox.RdfFormat.from_extension(forms[name])
    assert rdf is not None
    found = {quad.triple for quad in ox.parse(exported(graph, name), format=rdf)}
    assert len(found) > 500
    assert found == {quad.triple for quad in ox.parse(exported(graph, "ntriples"), format=ox.RdfFormat.N_TRIPLES)}


def test_the_order_of_articles_does_not_matter(graph: Graph) -> None:
    with Graph.open() as other:
        for found in reversed(articles()):
            other.add_facts([found])
        assert exported(other, "turtle") == exported(graph, "turtle")


def test_no_article_and_no_title_breaks_it() -> None:
    with Graph.open() as graph:
        assert exported(graph, "turtle").count(b"wikibase:Property") > 30


def test_another_shape_is_an_error_that_names_the_one_there_is(graph: Graph) -> None:
    with pytest.raises(UsageError, match="'wikibase'"):
        graph.query("ASK {}", shape="schema")


def test_the_prefixes_do_not_overlap(graph: Graph) -> None:
    found = prefixes(graph.base)
    assert len(set(found.values())) == len(found)
    assert kg.export.exporters()["turtle"].name == "turtle"
