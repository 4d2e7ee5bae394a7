"""Linking entities to Wikidata from the alias index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg.link
from kg.errors import UsageError
from kg.link.aliases import AliasIndex
from kg.link.known import AliasLinker, Joined
from kg.link.settings import Linking
from kg.link.writing import Entity as WrittenEntity
from kg.link.writing import write
from kg.model import Document, Entity, Mention


def entity(name: str, kind: str, *others: str) -> Entity:
    mentions = tuple(Mention(10 * n, 10 * n + len(t), kind, "name", t) for n, t in enumerate((name, *others)))
    return Entity("e1", kind, name, mentions)


def link(one: Entity, text: str = "") -> str | None:
    (linked,) = AliasLinker().link(Document("0" * 16, text, ()), [one])
    return linked.qid


def test_a_well_known_name_gets_its_item() -> None:
    assert link(entity("PyTorch", "Software")) == "Q47509047"
    assert link(entity("Linux Foundation", "Organization")) == "Q858851"


def test_another_name_serves_where_the_full_one_is_unknown() -> None:
    assert link(entity("Linux Foundation of San Francisco", "Organization", "Linux Foundation")) == "Q858851"


def test_a_name_with_several_candidates_gets_none() -> None:
    assert link(entity("Springfield", "Place")) is None


def test_the_wrong_type_gets_none() -> None:
    assert link(entity("PyTorch", "Person")) is None


def test_a_person_is_not_linked_by_surname_nor_by_a_common_name_alone() -> None:
    assert link(entity("Mozart", "Person")) is None
    assert link(entity("Chris Wright", "Person")) is None


def test_an_item_that_is_there_stays() -> None:
    given = Entity("e1", "Software", "PyTorch", (), "Q1")
    (linked,) = AliasLinker().link(Document("0" * 16, "", ()), [given])
    assert linked.qid == "Q1"


def test_of_two_entities_that_share_a_name_the_one_gets_the_item_whose_full_name_it_is() -> None:
    pair = [entity("PyTorch", "Software"), entity("Pytorch library", "Software", "PyTorch")]
    assert [one.qid for one in AliasLinker().link(Document("0" * 16, "", ()), pair)] == ["Q47509047", None]


def test_a_candidate_is_likelier_where_the_article_uses_the_words_of_its_description() -> None:
    def probability(text: str) -> float:
        (found,) = AliasLinker().explain(Document("0" * 16, text, ()), [entity("Pasadena", "Place")])
        return next(one.choice.probability for one in found if "California" in one.choice.candidate.description)

    assert probability("A city in California, in the United States.") > probability("She moved there.")


def test_every_candidate_is_explained_by_what_speaks_for_it() -> None:
    ((best, *others),) = AliasLinker().explain(Document("0" * 16, "", ()), [entity("Paris", "Place")])
    assert best.choice.candidate.qid == "Q90"
    assert best.choice.probability > others[0].choice.probability
    assert dict(best.reasons)["fame"] < 0 < dict(best.reasons)["type, Place"]


def test_the_linker_is_installed_under_its_name() -> None:
    assert [linker.name for linker in kg.link.load()] == ["aliases"]


def test_an_unknown_linker_is_named() -> None:
    with pytest.raises(UsageError, match="'nothing'"):
        kg.link.load(Linking(("nothing",)))


def test_links_of_the_annotated_articles_are_nearly_all_right(shared: Path) -> None:
    right = wrong = 0
    for line in (shared / "gold/dev.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text = article["text"]
        given = [
            Entity(
                e["id"],
                e["type"],
                e["name"],
                tuple(Mention(a, b, e["type"], "name", text[a:b]) for a, b in e["mentions"] if text[a].isupper()),
            )
            for e in article["entities"]
        ]
        linked = AliasLinker().link(Document("0" * 16, text, ()), given)
        for one, gold in zip(linked, article["entities"], strict=True):
            if gold["qid"] and one.qid:
                right, wrong = right + (one.qid == gold["qid"]), wrong + (one.qid != gold["qid"])
    assert right >= 40
    assert wrong <= 0.05 * right


def index(path: Path, pattern: str, *things: WrittenEntity) -> str:
    write(path, path.stem, pattern, things)
    return str(path)


def test_indexes_of_one_register_are_one_and_those_of_several_each_give_a_link(tmp_path: Path) -> None:
    wikidata, crm = "http://www.wikidata.org/entity/{id}", "https://crm.example.org/{id}"
    first = index(
        tmp_path / "a.index",
        wikidata,
        WrittenEntity("Q7", "Brightloom", {"Brightloom": 150}, "", ""),
        WrittenEntity("Q8", "Brightloom", {"Brightloom": 140}, "", "Organization"),
        WrittenEntity("Q9", "Zentora", {"Zentora": 250}, "", "Organization"),
    )
    second = index(
        tmp_path / "b.index", wikidata, WrittenEntity("Q7", "Brightloom", {"Brightloom": 250}, "looms", "Organization")
    )
    third = index(tmp_path / "c.index", crm, WrittenEntity("1", "Zentora", {"Zentora": 250}, "", "Organization"))
    joined = Joined([AliasIndex.open(first), AliasIndex.open(second)]).candidates("Brightloom")
    assert [(one.id, one.type, one.description) for one in joined] == [
        ("Q7", "Organization", "looms"),
        ("Q8", "Organization", ""),
    ]
    assert sum(one.prior for one in joined) == pytest.approx(1)
    (linker,) = kg.link.load(Linking(indexes=(first, second, third)))
    things = [entity("Zentora", "Organization"), entity("PyTorch", "Software")]
    linked = linker.link(Document("0" * 16, "", ()), things)
    assert [(one.qid, one.links) for one in linked] == [("Q9", ("https://crm.example.org/1",)), ("Q47509047", ())]


def test_a_register_of_ones_own_gives_no_link_to_what_is_of_another_type(tmp_path: Path) -> None:
    company = WrittenEntity("17", "Zentora", {"Zentora": 250}, "", "Organization")
    linker = AliasLinker(AliasIndex.open(index(tmp_path / "a.index", "https://crm.example.org/{id}", company)))
    found = [linker.link(Document("0" * 16, "", ()), [entity("Zentora", kind)]) for kind in ("Organization", "Place")]
    assert [one.links for (one,) in found] == [("https://crm.example.org/17",), ()]
