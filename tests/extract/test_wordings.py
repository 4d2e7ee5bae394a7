"""What the wordings say in the grammar of English: tenses, voices, lists, appositions, plans and denials."""

from __future__ import annotations

import pytest

from kg.extract.wordings import Reader
from ontology import load
from tests.extract.marked import read


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load())


def facts(reader: Reader, marked: str) -> set[str]:
    document, mentions = read(marked)
    found = set()
    for relation in reader.relations(document, mentions):
        if relation.subject.kind == "name" and relation.subject.type not in load().relations[relation.relation].domain:
            continue  # the statements' check leaves it out
        qualifiers = "".join(f" {key}={mention.value}" for key, mention in relation.qualifiers)
        found.add(f"{relation.subject.text} {relation.relation} {relation.object.value}{qualifiers}")
    return found


STATED = [
    # tenses
    ("[Ada Park|Person] founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] has founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] had already founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Kite Corp|Organization] is developing [Lumen|Software].", {"Lumen developer Kite Corp"}),
    ("[Ada Park|Person] went on to found [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] helped found [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] used to work for [Orbit|Organization].", {"Ada Park employer Orbit"}),
    # voices
    ("[Orbit|Organization] was founded by [Ada Park|Person].", {"Orbit founded_by Ada Park"}),
    (
        "[Orbit|Organization] was founded in [2006|Date] in Oslo by [Ada Park|Person] and [Leif Ek|Person].",
        {"Orbit founded_by Ada Park", "Orbit founded_by Leif Ek", "Orbit inception 2006"},
    ),
    ("[Lumen|Software], developed by [Kite Corp|Organization], is fast.", {"Lumen developer Kite Corp"}),
    (
        "Started in [July 2008=2008-07|Date] by [Ada Park|Person], [Lumen|Software] is small.",
        {"Lumen inventor Ada Park", "Lumen inception 2008-07"},
    ),
    ("[Lumen|Software] is a library for images developed by [Kite Corp|Organization].", {"Lumen developer Kite Corp"}),
    (
        "[Lumen|Software], an image library developed by [Kite Corp|Organization], is fast.",
        {"Lumen developer Kite Corp"},
    ),
    # clauses
    ("[Ada Park|Person], who founded [Orbit|Organization], spoke.", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person], a Danish engineer, founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] (left) founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] studied, sailed and founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] sailed before founding [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("After founding [Orbit|Organization], [Ada Park|Person] retired.", {"Orbit founded_by Ada Park"}),
    ("He said that [Ada Park|Person] founded [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[she|Person] founded [Orbit|Organization].", {"Orbit founded_by she"}),
    # lists
    (
        "[Ada Park|Person], [Leif Ek|Person] and [Uma Rao|Person] founded [Orbit|Organization].",
        {"Orbit founded_by Ada Park", "Orbit founded_by Leif Ek", "Orbit founded_by Uma Rao"},
    ),
    (
        "[Ada Park|Person] and drummer [Leif Ek|Person] founded [Orbit|Organization].",
        {"Orbit founded_by Ada Park", "Orbit founded_by Leif Ek"},
    ),
    (
        "[Kite Corp|Organization] develops [Lumen|Software] as well as [Pixel|Software].",
        {"Lumen developer Kite Corp", "Pixel developer Kite Corp"},
    ),
    (
        "[Ada Park|Person] joined [Kite Corp|Organization] and founded [Orbit|Organization].",
        {"Ada Park employer Kite Corp", "Orbit founded_by Ada Park"},
    ),
    # role nouns
    ("[Ada Park|Person], the founder of [Orbit|Organization], spoke.", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] is the founder of [Orbit|Organization].", {"Orbit founded_by Ada Park"}),
    ("[Orbit|Organization]'s founder, [Ada Park|Person], spoke.", {"Orbit founded_by Ada Park"}),
    ("[Orbit|Organization] founder [Ada Park|Person] spoke.", {"Orbit founded_by Ada Park"}),
    ("[Ada Park|Person] (the founder of [Orbit|Organization]) spoke.", {"Orbit founded_by Ada Park"}),
    ("The founder of [Orbit|Organization], [Ada Park|Person], spoke.", {"Orbit founded_by Ada Park"}),
    (
        "[Ada Park|Person], [founder|Title] and [chief executive|Title] of [Orbit|Organization], spoke.",
        {"Orbit founded_by Ada Park", "Orbit chief_executive Ada Park"},
    ),
    ("[Orbit|Organization] [CEO|Title] [Ada Park|Person] spoke.", {"Orbit chief_executive Ada Park"}),
    (
        "[Ada Park|Person] was named [chief executive|Title] of [Orbit|Organization] in [2011|Date].",
        {"Orbit chief_executive Ada Park start=2011"},
    ),
    (
        "[Orbit|Organization] appointed [Ada Park|Person] as [chief executive|Title] in [2011|Date].",
        {"Orbit chief_executive Ada Park start=2011"},
    ),
    (
        "[Ada Park|Person] stepped down as [chief executive|Title] of [Orbit|Organization] in [2011|Date].",
        {"Orbit chief_executive Ada Park end=2011"},
    ),
    (
        "[Ada Park|Person] was [vice president of sales|Title] at [Orbit|Organization].",
        {"Ada Park employer Orbit position=vice president of sales"},
    ),
    (
        "[Engineer|Title] [Ada Park|Person] of [Orbit|Organization] spoke.",
        {"Ada Park employer Orbit position=Engineer"},
    ),
    (
        "[Ada Park|Person], [deputy director|Title] of [Orbit|Organization], spoke.",
        {"Ada Park employer Orbit position=deputy director"},
    ),
    # qualifiers
    ("[Ada Park|Person] joined [Orbit|Organization] in [2004|Date].", {"Ada Park employer Orbit start=2004"}),
    ("In [2004|Date], [Ada Park|Person] joined [Orbit|Organization].", {"Ada Park employer Orbit start=2004"}),
    ("[Ada Park|Person] left [Orbit|Organization] in [2004|Date].", {"Ada Park employer Orbit end=2004"}),
    (
        "[Ada Park|Person] worked for [Orbit|Organization] from [2004|Date] to [2009|Date].",
        {"Ada Park employer Orbit end=2009 start=2004"},
    ),
    ("[Ada Park|Person] worked for [Orbit|Organization] until [2009|Date].", {"Ada Park employer Orbit end=2009"}),
    (
        "[Ada Park|Person] joined [Orbit|Organization] as [head of design|Title] in [2004|Date].",
        {"Ada Park employer Orbit position=head of design start=2004"},
    ),
    (
        "[Kite Corp|Organization] acquired [Orbit|Organization] for [$3 million|Amount] in [2019|Date].",
        {"Orbit owned_by Kite Corp price=$3 million start=2019"},
    ),
    (
        "[Orbit|Organization] was acquired by [Kite Corp|Organization] in [2019|Date] for [$3 million|Amount].",
        {"Orbit owned_by Kite Corp price=$3 million start=2019"},
    ),
    # presupposed, whatever is said around it
    ("[Ada Park|Person], the founder of [Orbit|Organization], does not sail.", {"Orbit founded_by Ada Park"}),
    # names
    ("[Orbit Space Agency|Organization] ([OSA|Organization]) met.", {"Orbit Space Agency alias OSA"}),
    ("[Pigeon|Organization] (now [Dove|Organization]) met.", {"Dove alias Pigeon"}),
]

NOT_STATED = [
    "[Ada Park|Person] did not found [Orbit|Organization].",
    "[Ada Park|Person] never founded [Orbit|Organization].",
    "[Ada Park|Person] will found [Orbit|Organization].",
    "[Ada Park|Person] plans to found [Orbit|Organization].",
    "[Ada Park|Person] wants to join [Orbit|Organization].",
    "[Ada Park|Person] denied that she founded [Orbit|Organization].",
    "[Ada Park|Person] reportedly founded [Orbit|Organization].",
    "It is rumoured that [Ada Park|Person] founded [Orbit|Organization].",
    "If [Ada Park|Person] joined [Orbit|Organization], it would grow.",
    "[Ada Park|Person] could have joined [Orbit|Organization].",
    "Did [Ada Park|Person] found [Orbit|Organization]?",
    "[Kite Corp|Organization] is in talks to acquire [Orbit|Organization].",
    "[Kite Corp|Organization] failed to acquire [Orbit|Organization].",
    "[Kite Corp|Organization] is expected to acquire [Orbit|Organization].",
    "The founder of [Orbit|Organization] met [Ada Park|Person].",
    "[Ada Park|Person] met the founder of [Orbit|Organization].",
    "[Ada Park|Person] is not the founder of [Orbit|Organization].",
    "[Ada Park|Person] said that [Orbit|Organization] was founded by a friend.",
    "[Ada Park|Person] wrote about [Lumen|Software]'s users.",
    "A friend of [Ada Park|Person] founded [Orbit|Organization].",
]


@pytest.mark.parametrize(("sentence", "stated"), STATED, ids=[s for s, _ in STATED])
def test_a_sentence_states_these_facts_and_no_others(reader: Reader, sentence: str, stated: set[str]) -> None:
    assert facts(reader, sentence) == stated


@pytest.mark.parametrize("sentence", NOT_STATED)
def test_a_sentence_that_denies_plans_supposes_or_tells_of_another_states_nothing(
    reader: Reader, sentence: str
) -> None:
    assert facts(reader, sentence) == set()


def test_the_evidence_of_a_fact_is_its_sentence(reader: Reader) -> None:
    document, mentions = read("[Ada Park|Person] founded [Orbit|Organization].")
    (relation,) = reader.relations(document, mentions)
    assert relation.evidence == document.sentences


def test_what_is_found_does_not_depend_on_the_sentences_around_it(reader: Reader) -> None:
    alone = facts(reader, "[Ada Park|Person] founded [Orbit|Organization].")
    document, mentions = read(
        "[Ada Park|Person] founded [Orbit|Organization]. [Kite Corp|Organization] met [Leif Ek|Person]."
    )
    assert {f"{r.subject.text} {r.relation} {r.object.text}" for r in reader.relations(document, mentions)} == alone
