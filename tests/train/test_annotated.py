"""Facts between entities become facts between mentions."""

from __future__ import annotations

from pathlib import Path

from kg.train.annotated import Lost
from tests.train.marked import annotated, facts


def test_the_two_mentions_that_are_nearest_state_the_fact_and_the_others_are_unknown(tmp_path: Path) -> None:
    text = annotated(
        tmp_path,
        "[Acme=C:Organization] was small when [Ada Holm=A:Person] came, and [she=A] now leads [it=C].\n"
        "> C chief_executive A\n",
    )
    assert facts(text) == [("it", "chief_executive", "she")]
    words = {
        (text.document.text[one.start : one.end], text.document.text[other.start : other.end])
        for one, _, other in text.unknown
    }
    assert words == {("Acme", "Ada Holm"), ("Acme", "she"), ("it", "Ada Holm")}


def test_a_pair_in_a_sentence_that_is_no_evidence_is_known_not_to_state_the_fact(tmp_path: Path) -> None:
    text = annotated(
        tmp_path,
        "[Ada Holm=A:Person] founded [Acme=C:Organization].\n> C founded_by A\n[Ada Holm] walked past [Acme].\n",
    )
    second = text.document.sentences[1]
    assert not any(one.start >= second.start and other.start >= second.start for one, _, other in text.unknown)


def test_a_fact_that_two_sentences_show_is_stated_in_each(tmp_path: Path) -> None:
    text = annotated(
        tmp_path,
        "[Ada Holm=A:Person] founded [Acme=C:Organization].\n> C founded_by A\n"
        "[Acme] was founded by [her=A] in a garage.\n> C founded_by A\n",
    )
    assert facts(text) == [("Acme", "founded_by", "Ada Holm"), ("Acme", "founded_by", "her")]


def test_a_side_that_only_an_earlier_sentence_names_is_found_there(tmp_path: Path) -> None:
    text = annotated(
        tmp_path, "[Acme=C:Organization] had a bad year.\nThe chairman is [Bo Lund=B:Person].\n> C chairperson B\n"
    )
    assert facts(text) == [("Acme", "chairperson", "Bo Lund")]


def test_literals_are_found_by_value_and_by_text_with_their_type(tmp_path: Path) -> None:
    text = annotated(
        tmp_path,
        "[Ada Holm=A:Person] joined [Acme=C:Organization] on Tuesday as keeper of keys.\n"
        "> A employer C; start=2021-10-12; position=keeper of keys\n",
    )
    (fact,) = text.facts
    assert [(key, value.text, value.type) for key, value in fact.qualifiers] == [
        ("position", "keeper of keys", "Title"),
        ("start", "Tuesday", "Date"),
    ]


def test_another_name_is_a_mention_of_the_thing_itself(tmp_path: Path) -> None:
    text = annotated(
        tmp_path,
        "[tern=T:Software], also known as [The Elegant Rename Notary=T], is out.\n> T alias The Elegant Rename Notary\n",
    )
    (fact,) = text.facts
    assert (fact.subject.text, fact.object.text, fact.object.type) == ("tern", "The Elegant Rename Notary", "Software")


def test_a_symmetric_relation_holds_both_ways(tmp_path: Path) -> None:
    text = annotated(tmp_path, "[Ada=A:Person] married [Bo=B:Person].\n> A spouse B\n")
    assert facts(text) == [("Ada", "spouse", "Bo"), ("Bo", "spouse", "Ada")]


def test_what_no_mention_stands_for_is_counted(tmp_path: Path) -> None:
    lost = Lost()
    text = annotated(
        tmp_path,
        "[Acme=C:Organization] has been wound up by [Ada=A:Person].\n> C dissolved 2019\n> C chairperson A; end=2019\n",
        lost,
    )
    assert facts(text) == [("Acme", "chairperson", "Ada")]
    assert (dict(lost.facts), dict(lost.qualifiers)) == ({"dissolved": 1}, {"end": 1})
