"""What a person decides holds whatever articles say, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal

from kg.errors import StoreError, UsageError
from kg.facts import Statement
from kg.graph import Graph
from kg.rdf import vocabulary as v
from tests.store.making import article
from tests.store.test_function_of_articles import exported

LIN = ("Grace Lin", "Person")
ACME = ("Acme", "Organization")
WORKS = (0, "employer", 1, {"start": "2001"})
FIRST = article(1, [LIN, ACME], [WORKS, (1, "inception", "1998", {})], qids=["Q1"])
SECOND = article(2, [LIN, ACME], [WORKS])


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph.open() as graph:
        graph.add_facts([FIRST, SECOND])
        yield graph


def facts(graph: Graph, name: str = "Grace Lin") -> dict[str, Statement]:
    (found,) = graph.show(name)
    return {fact.relation.label: fact for fact in found.facts}


def links(graph: Graph) -> tuple[str, ...]:
    (found,) = graph.show("Grace Lin")
    return found.same_as


def works(graph: Graph) -> bool:
    """Whether the edge is there, which queries ask for."""
    return bool(graph.query("ASK { ?person rdfs:label 'Grace Lin'@en ; ng:employer/rdfs:label 'Acme'@en }"))


def test_a_rejected_fact_is_gone_and_stays_away_when_more_articles_state_it(graph: Graph) -> None:
    before = exported(graph)
    with graph.deciding() as deciding:
        told = deciding.reject(facts(graph)["employer"].iri, "me", "It was a joke.")
    assert told.what == "Grace Lin employer Acme (start 2001)"
    graph.add_facts([article(3, [LIN, ACME], [WORKS])])
    assert "employer" not in facts(graph)
    assert not works(graph)
    graph.forget(f"{3:016x}")
    with graph.deciding() as deciding:
        assert deciding.all() == (told,)
        deciding.undo(told.id)
    assert exported(graph) == before


def test_a_rejection_outlives_the_articles_and_a_homonym(graph: Graph) -> None:
    with graph.deciding() as deciding:
        deciding.reject(facts(graph)["employer"].iri, "me")
    for number in (1, 2):
        graph.forget(f"{number:016x}")
    graph.add_facts([article(4, [("ACME", "Place")]), FIRST])
    assert graph.facts.is_entity("http://localhost:8000/entity/acme_organization")
    assert not works(graph)


def test_a_fact_goes_with_the_last_sentence_that_is_not_rejected(graph: Graph) -> None:
    first, second = (citation.reference for citation in facts(graph)["employer"].citations)
    with graph.deciding() as deciding:
        told = deciding.reject(first, "me")
    assert told.sentence
    assert works(graph)
    with graph.deciding() as deciding:
        deciding.reject(second, "me")
    assert not works(graph)
    graph.add_facts([article(3, [LIN, ACME], [WORKS])])
    assert works(graph)


def test_an_accepted_fact_stays_when_no_article_states_it_any_more(graph: Graph) -> None:
    with graph.deciding() as deciding:
        told = deciding.accept(facts(graph)["employer"].iri, "me")
    graph.add_facts([article(1, [LIN, ACME]), article(2, [LIN])])
    assert works(graph)
    assert list(graph.match(None, v.ACCEPTED_BY, None))
    with graph.deciding() as deciding:
        deciding.undo(told.id)
    assert not works(graph)


def test_a_new_decision_takes_the_place_of_the_former_one_on_the_same(graph: Graph) -> None:
    fact = facts(graph)["employer"].iri
    with graph.deciding() as deciding:
        deciding.accept(fact, "me")
    with graph.deciding() as deciding:
        deciding.reject(fact, "somebody else")
    assert not works(graph)
    with graph.deciding() as deciding:
        assert [(one.verdict, one.author) for one in deciding.all()] == [("reject", "somebody else")]


def test_links_are_made_and_cut(graph: Graph) -> None:
    with graph.deciding() as deciding:
        made = deciding.link("Grace Lin", "Q5", "me")
        cut = deciding.unlink("grace lin", "Q1", "me")
    assert links(graph) == (v.WD + "Q5",)
    graph.add_facts([article(3, [LIN], qids=["Q1"])])
    assert links(graph) == (v.WD + "Q5",)
    with graph.deciding() as deciding:
        deciding.undo(made.id)
        deciding.undo(cut.id)
    assert links(graph) == (v.WD + "Q1",)


def test_a_fact_tells_who_reviewed_it_and_no_sentence_that_does_not_state_it(graph: Graph) -> None:
    assert facts(graph)["employer"].review is None
    first, second = facts(graph)["employer"].citations
    with graph.deciding() as deciding:
        told = deciding.accept(facts(graph)["employer"].iri, "Ann", "She told us.")
        deciding.reject(first.reference, "Ann")
    reviewed = facts(graph)["employer"]
    assert [one.reference for one in reviewed.citations] == [second.reference]
    assert reviewed.review is not None
    assert (reviewed.review.author, reviewed.review.made, reviewed.review.reason) == ("Ann", told.made, "She told us.")
    assert reviewed.review.decision == f"{graph.base}decision/{told.id}"


def test_two_entities_of_the_graph_are_said_to_be_the_same(graph: Graph) -> None:
    graph.add_facts([article(3, [("G. Lin", "Person")])])
    with graph.deciding() as deciding:
        told = deciding.link("G. Lin", "http://localhost:8000/entity/grace-lin", "me")
    assert told.what == "G. Lin same as Grace Lin"
    assert graph.show("G. Lin")[0].same_as == ("http://localhost:8000/entity/grace-lin",)


def test_a_fact_that_no_article_states_is_added_and_its_date_is_corrected(graph: Graph) -> None:
    with graph.deciding() as deciding:
        deciding.add("Acme", "founded by", "Grace Lin", "me", qualifiers={"point_in_time": "1999"})
    added = facts(graph, "Acme")["founded by"]
    assert [(name.label, value.label) for name, value in added.qualifiers] == [("point in time", "1999")]
    with graph.deciding() as deciding:
        deciding.correct(added.iri, "point_in_time", "1998-03", "me")
        deciding.correct(facts(graph, "Acme")["inception"].iri, "inception", "1998-03-04", "me")
    corrected = facts(graph, "Acme")
    assert [value.label for _, value in corrected["founded by"].qualifiers] == ["1998-03"]
    assert corrected["inception"].object.label == "1998-03-04"


def test_a_qualifier_is_corrected_and_taken_away(graph: Graph) -> None:
    for which, value, left in (("position", "founder", {"founder"}), ("position", None, set[str]())):
        with graph.deciding() as deciding:
            deciding.correct(facts(graph)["employer"].iri, which, value, "me")
        assert {found.label for name, found in facts(graph)["employer"].qualifiers if name.label == which} == left


def test_a_name_that_is_rejected_is_found_no_more_and_one_that_is_added_is(graph: Graph) -> None:
    graph.add_facts([article(3, [ACME], [(0, "alias", "Zenith Works", {})])])
    with graph.deciding() as deciding:
        deciding.reject(facts(graph, "Acme")["alias"].iri, "me")
        deciding.add("Acme", "alias", "Quorum Mills", "me")
    assert graph.search("zenith") == ()
    assert [found.label for found in graph.search("quorum")] == ["Acme"]


def test_decisions_come_along_with_the_exported_graph(graph: Graph) -> None:
    with graph.deciding() as deciding:
        deciding.reject(facts(graph)["employer"].iri, "me")
        deciding.add("Acme", "founded_by", "Grace Lin", "me")
        kept = deciding.all()
    with Graph.open() as other:
        other.store.insert(exported(graph).splitlines(keepends=True))
        with other.deciding() as deciding:
            assert deciding.all() == kept
        other.add_facts([FIRST])
        assert exported(other) == exported(graph)


@pytest.mark.parametrize(
    ("action", "arguments", "told"),
    [
        ("accept", ["http://localhost:8000/statement/00"], "no statement"),
        ("reject", ["http://localhost:8000/reference/00"], "no reference"),
        ("accept", ["http://localhost:8000/statement/0 0"], "is no IRI"),
        ("reject", ["http://localhost:8000/reference/0\r"], "is no IRI"),
        ("unlink", ["http://localhost:8000/entity/a b", "Q1"], "is no IRI"),
        ("link", ["Nobody", "Q1"], "called 'Nobody'"),
        ("link", ["Grace Lin", "one"], "no Wikidata item"),
        ("add", ["Grace Lin", "employs", "Acme"], "no relation 'employs'"),
        ("add", ["Acme", "employer", "Acme"], "must be of the type person"),
        ("add", ["Grace Lin", "owned_by", "Acme"], "must be of the type organization, software, product;"),
        ("undo", ["00"], "no decision '00'"),
    ],
)  # fmt: skip
def test_what_can_t_be_decided_is_told(graph: Graph, action: str, arguments: list[str], told: str) -> None:
    author = [] if action == "undo" else ["me"]
    before = exported(graph)
    with pytest.raises(UsageError, match=told), graph.deciding() as deciding:
        getattr(deciding, action)(*arguments, *author)
    assert exported(graph) == before


def test_a_date_that_is_none_and_a_qualifier_that_a_relation_lacks_are_refused(graph: Graph) -> None:
    fact = facts(graph)["employer"].iri
    with graph.deciding() as deciding:
        for which, date in (("start", "March"), ("start", "2001"), ("degree", "2001"), ("employer", "Acme")):
            with pytest.raises(UsageError):
                deciding.correct(fact, which, date, "me")
        assert deciding.all() == ()


def test_what_is_no_decision_in_their_graph_is_an_error_that_names_it(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "bad.nq").write_text(
        f"<http://localhost:8000/decision/1> {v.VERDICT} {Literal('accept')} <http://localhost:8000/decisions> .\n"
    )
    with Graph.open() as other:
        other.load(tmp_path / "bad.nq")
        with pytest.raises(StoreError, match="decision/1"):
            other.add_facts([FIRST])
