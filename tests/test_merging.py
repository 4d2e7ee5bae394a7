"""A person says which entities are one, and which mentions are of another; it holds, and can be undone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions

from kg.errors import UsageError
from kg.graph import Graph
from tests.store.making import SENTENCE, TEXT, article
from tests.store.test_function_of_articles import exported

BASE = "http://localhost:8000/"
LIN, GRACE = ("Grace Lin", "Person"), ("Tessa Moor", "Person")
ACME, ROWING = ("Acme", "Organization"), ("Rowing Club", "Organization")
FIRST = article(1, [LIN, ACME], [(0, "employer", 1, {"start": "2001"})], qids=["Q1"])
SECOND = article(2, [GRACE, ACME], [(0, "employer", 1, {"start": "2001"}), (0, "date_of_birth", "1970", {})])
BOTH = article(3, [LIN, GRACE, ROWING], [(0, "member_of", 2, {}), (1, "member_of", 2, {})], pronouns=[1])
IRIS = [f"{BASE}article/{number:016x}" for number in range(4)]


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph.open() as graph:
        graph.add_facts([FIRST, SECOND, BOTH])
        yield graph


def rows(graph: Graph, query: str) -> list[list[str]]:
    found = graph.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted([value.value if value is not None else "" for value in row] for row in found)


def merge(graph: Graph, name: str, into: str) -> str:
    with graph.deciding() as deciding:
        return deciding.merge(name, into, "me").id


def split(graph: Graph, name: str, into: str, *articles: str) -> list[str]:
    with graph.deciding() as deciding:
        return [told.id for told in deciding.split(name, into, articles, "me")]


def undo(graph: Graph, *decisions: str) -> None:
    with graph.deciding() as deciding:
        for decision in decisions:
            deciding.undo(decision)


def employers(graph: Graph) -> list[list[str]]:
    return rows(graph, "SELECT ?name { ?person ng:employer/rdfs:label 'Acme'@en ; rdfs:label ?name }")


def test_a_merged_entity_has_the_names_the_facts_and_the_mentions_of_both(graph: Graph) -> None:
    merge(graph, "Tessa Moor", "Grace Lin")
    (found,) = graph.show("Grace Lin")
    assert found.aliases == ("Tessa Moor",)
    assert found.same_as == ("http://www.wikidata.org/entity/Q1",)
    assert sorted(fact.relation.label for fact in found.facts) == ["date of birth", "employer", "member of"]
    employer = next(fact for fact in found.facts if fact.relation.label == "employer")
    assert {citation.source.iri for citation in employer.citations} == {IRIS[1], IRIS[2]}
    assert [source.iri for source in found.articles] == IRIS[1:]
    assert employers(graph) == [["Grace Lin"]]
    mentions = "SELECT (COUNT(?m) AS ?n) { ?m itsrdf:taIdentRef ?e . ?e rdfs:label 'Grace Lin'@en }"
    assert rows(graph, mentions) == [["5"]]
    assert graph.show("Tessa Moor") == (found,)


def test_nothing_is_left_of_the_entity_that_was_merged_but_its_address_and_what_was_read(graph: Graph) -> None:
    merge(graph, "Tessa Moor", "Grace Lin")
    old = BASE + "entity/tessa-moor"
    assert not graph.query(f"ASK {{ {{ <{old}> ?p ?o }} UNION {{ ?s ?p <{old}> }} }}")
    assert graph.facts.moved(old) == BASE + "entity/grace-lin"
    assert [found.iri for found in graph.search("tessa", 5)] == [BASE + "entity/grace-lin"]


def test_two_facts_that_become_one_have_the_references_of_both(graph: Graph) -> None:
    merge(graph, "Tessa Moor", "Grace Lin")
    query = "SELECT ?s ?r { ?s rdf:predicate ng:memberOf ; prov:wasDerivedFrom ?r }"
    assert len({row[0] for row in rows(graph, query)}) == 1
    assert len(rows(graph, query)) == 2


def test_merging_and_undoing_it_gives_the_same_bytes(graph: Graph) -> None:
    before = exported(graph)
    decision = merge(graph, "Tessa Moor", "Grace Lin")
    merged = exported(graph)
    assert merged != before
    undo(graph, decision)
    assert exported(graph) == before
    assert not graph.facts.moved(BASE + "entity/tessa-moor")


def test_a_merger_holds_for_what_is_read_later_in_whatever_order(graph: Graph) -> None:
    merge(graph, "Tessa Moor", "Grace Lin")
    whole = exported(graph)
    decisions = "".join(f"{quad.triple} .\n" for quad in graph.match(None, None, None, NamedNode(BASE + "decisions")))
    for order in permutations([FIRST, SECOND, BOTH]):
        with Graph.open() as other:
            other.update(f"INSERT DATA {{ GRAPH <decisions> {{ {decisions} }} }}")
            other.add_facts(order)
            assert exported(other) == whole
            other.forget(IRIS[3])
            other.add_facts([BOTH])
            assert exported(other) == whole


def test_some_mentions_become_an_entity_of_their_own_and_are_taken_back(graph: Graph) -> None:
    graph.add_facts([article(4, [LIN, ROWING], [(0, "member_of", 1, {})])])
    before = exported(graph)
    decisions = split(graph, "Grace Lin", "Grace Lin (rower)", IRIS[3], f"{4:016x}")
    rower = BASE + "entity/grace-lin-rower"
    (found,) = graph.show(rower)
    assert (found.label, found.type.label) == ("Grace Lin", "person")
    assert [fact.relation.label for fact in found.facts] == ["member of"]
    assert [source.iri for source in found.articles] == [IRIS[3], f"{BASE}article/{4:016x}"]
    (other,) = graph.show(BASE + "entity/grace-lin")
    assert [fact.relation.label for fact in other.facts] == ["employer"]
    assert len(graph.show("Grace Lin")) == 2
    undo(graph, *decisions)
    assert exported(graph) == before
    assert graph.facts.moved(rower) == BASE + "entity/grace-lin"


def test_an_entity_that_is_split_off_may_be_one_that_is_there(graph: Graph) -> None:
    split(graph, "Grace Lin", "Tessa Moor", IRIS[1])
    assert employers(graph) == [["Tessa Moor"]]
    (found,) = graph.show(BASE + "entity/tessa-moor")
    assert set(found.aliases) == {"Grace Lin"}


def test_decisions_on_either_hold_for_both(graph: Graph) -> None:
    before = exported(graph)
    (fact,) = (one for one in graph.show("Tessa Moor")[0].facts if one.relation.label == "employer")
    with graph.deciding() as deciding:
        rejected = deciding.reject(fact.iri, "me").id
        added = deciding.add("Grace Lin", "member_of", "Acme", "me").id
    merged = merge(graph, "Tessa Moor", "Grace Lin")
    assert employers(graph) == []
    undo(graph, merged)
    assert employers(graph) == [["Grace Lin"]]
    undo(graph, rejected, added)
    assert exported(graph) == before


def test_decisions_are_undone_in_any_order(graph: Graph) -> None:
    before = exported(graph)
    for order in permutations(range(3)):
        decisions = [
            merge(graph, "Tessa Moor", "Grace Lin"),
            *split(graph, "Grace Lin", "Grace Lin (rower)", IRIS[3]),
            merge(graph, "Rowing Club", "Acme"),
        ]
        undo(graph, *(decisions[place] for place in order))
        assert exported(graph) == before


def test_an_entity_of_a_wrong_type_is_merged_into_the_right_one(graph: Graph) -> None:
    graph.add_facts([article(4, [("Acme", "Place")])])
    assert len(graph.show("Acme")) == 2
    decision = merge(graph, BASE + "entity/acme_place", BASE + "entity/acme_organization")
    (found,) = graph.show("Acme")
    assert (found.iri, found.type.label, len(found.articles)) == (BASE + "entity/acme", "organization", 3)
    assert graph.facts.moved(BASE + "entity/acme_place") == BASE + "entity/acme"
    undo(graph, decision)
    assert len(graph.show("Acme")) == 2


def test_a_sentence_that_was_rejected_stays_so_in_every_shape(graph: Graph) -> None:
    reference = graph.show("Tessa Moor")[0].facts
    (employer,) = (one for one in reference if one.relation.label == "employer")
    with graph.deciding() as deciding:
        deciding.reject(employer.citations[0].reference, "me")
    merge(graph, "Tessa Moor", "Grace Lin")
    assert employers(graph) == [["Grace Lin"]]
    found = graph.query("SELECT ?r { ?s ps:P108 ?e ; prov:wasDerivedFrom ?r }", shape="wikibase")
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == 1


def test_what_is_kept_of_a_reading_has_no_text(graph: Graph) -> None:
    merge(graph, "Tessa Moor", "Grace Lin")
    kept = rows(graph, "SELECT ?text { GRAPH <readings> { ?s ?p ?text } }")
    assert len(kept) == 2
    assert not any(TEXT[:SENTENCE] in text for (text,) in kept)
    file = io.BytesIO()
    graph.export(file, "turtle")
    assert kept[0][0].split()[0] in exported(graph)
    assert b"/reading/" not in file.getvalue()


def test_a_wrong_merger_or_split_says_what_is_wrong(graph: Graph) -> None:
    with graph.deciding() as deciding:
        with pytest.raises(UsageError, match="are one already"):
            deciding.merge("Grace Lin", BASE + "entity/grace-lin", "me")
        with pytest.raises(UsageError, match="Nothing in this graph is called 'Nobody'"):
            deciding.merge("Nobody", "Grace Lin", "me")
        with pytest.raises(UsageError, match="does not mention it"):
            deciding.split("Grace Lin", "Grace Lin (rower)", [IRIS[2]], "me")
        with pytest.raises(UsageError, match="does not exist"):
            deciding.split("Grace Lin", "Grace Lin (rower)", ["a b"], "me")
        with pytest.raises(UsageError, match="a name of its own"):
            deciding.split("Grace Lin", "Grace LIN", [IRIS[1]], "me")
    split(graph, "Grace Lin", "Grace Lin (rower)", IRIS[3])
    with pytest.raises(UsageError, match="was split off"):
        merge(graph, BASE + "entity/grace-lin-rower", BASE + "entity/grace-lin")


def test_who_said_that_two_are_one_is_told_in_their_names(graph: Graph) -> None:
    merge(graph, "Tessa Moor", "Grace Lin")
    split(graph, "Grace Lin", "Grace Lin (rower)", IRIS[3])
    with graph.deciding() as deciding:
        told = deciding.about(BASE + "entity/grace-lin")
        assert [one.what for one in told] == ["Tessa Moor same as Grace Lin", "Grace Lin different from Grace Lin"]
        assert deciding.about(BASE + "entity/grace-lin-rower") == told[1:]
        assert deciding.about(BASE + "entity/acme") == ()


def test_mergers_outlive_the_program(tmp_path: Path) -> None:
    with Graph.open(tmp_path / "graph") as graph:
        graph.add_facts([FIRST, SECOND])
        before = exported(graph)
        decision = merge(graph, "Tessa Moor", "Grace Lin")
    with Graph.open(tmp_path / "graph") as graph:
        assert graph.facts.moved(BASE + "entity/tessa-moor") == BASE + "entity/grace-lin"
        graph.add_facts([SECOND])
        assert employers(graph) == [["Grace Lin"]]
        undo(graph, decision)
        assert exported(graph) == before
