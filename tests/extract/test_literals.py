"""Titles, degrees, amounts, versions and addresses."""

from __future__ import annotations

import itertools

import pytest

from kg.extract.literals import find_amounts, find_degrees, find_titles, find_urls, find_versions
from kg.model import Mention, Span


def values(mentions: list[Mention]) -> list[str | None]:
    return [mention.value for mention in mentions]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("She is vice president of engineering at Acme.", ["vice president of engineering"]),
        ("Acme's chief executive, Ada Holm, agreed.", ["chief executive"]),
        ("the former executive director of Acme", ["executive director"]),
        ("the lead guitarist of the band", ["lead guitarist"]),
        ("a senior software engineer at Acme", ["senior software engineer"]),
        ("a Senior Software Engineer at Acme", ["Senior Software Engineer"]),
        ("professor of computer science at a college", ["professor of computer science"]),
        ("professor of physics and astronomy at a college", ["professor of physics and astronomy"]),
        ("a mathematics professor", ["mathematics professor"]),
        ("co-founder and CEO of Acme", ["co-founder", "CEO"]),
        ("chair of the board", ["chair"]),
        ("the project leader until 2025", ["project leader"]),
        ("the agency's deputy director", ["deputy director"]),
        ("Senator Ada Holm", ["Senator"]),
        ("an agent of the service", ["agent"]),
        ("a developer advocate", ["developer advocate"]),
        ("chief executive officer", ["chief executive officer"]),
        ("Chief Technological Officer", ["Chief Technological Officer"]),
        ("head of machine learning at Acme", ["head of machine learning"]),
        ("head of developer relations", ["head of developer relations"]),
        ("head of the laboratory", ["head"]),
        ("a partner at Acme Ventures", ["partner"]),
        ("Vice President of Engineering at Acme", ["Vice President of Engineering"]),
        ("Senior Analyst, Data Platforms and Analytics", ["Senior Analyst, Data Platforms and Analytics"]),
        ("senior manager for events", ["senior manager for events"]),
        ("editor-in-chief of a magazine", ["editor-in-chief"]),
        ("Acme Research director Ada Holm", ["director"]),
        ("both vice presidents of the league", ["vice president"]),
        ("two founding members", ["founding member"]),
        ("vice president of engineering left the company", ["vice president of engineering"]),
    ],
)
def test_a_title_has_its_modifiers_and_its_field_but_no_organization(text: str, titles: list[str]) -> None:
    assert values(find_titles(text, [Span(0, len(text))])) == titles


@pytest.mark.parametrize(
    "text",
    ["He nodded his head.", "a plain text editor", "members of the club", "the board of directors", "no head for it"],
)
def test_a_word_that_is_a_title_elsewhere_is_none_here(text: str) -> None:
    assert find_titles(text, [Span(0, len(text))]) == []


def test_a_title_does_not_reach_into_the_sentence_before() -> None:
    text = "They work on research\nDirector Ada Holm agrees."
    assert values(find_titles(text, [Span(0, 21), Span(22, len(text))])) == ["Director"]


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("He holds a PhD in oceanography from a college.", ["PhD in oceanography"]),
        ("She has a law degree.", ["law degree"]),
        ("a bachelor's degree in computer science from", ["bachelor's degree in computer science"]),
        ("a Master of Science in marine biology", ["Master of Science in marine biology"]),
        ("an honorary doctorate", ["honorary doctorate"]),
        ("her undergraduate degree", ["undergraduate degree"]),
        ("a high degree of care, third degree burns, 0.5 degree, the N.B.A.", []),
    ],
)
def test_a_degree_has_its_field(text: str, degrees: list[str]) -> None:
    assert values(find_degrees(text)) == degrees


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("It raised $50 million in a round.", ["$50 million"]),
        ("It raised US$1.2 billion.", ["US$1.2 billion"]),
        ("It raised \u20ac300m.", ["\u20ac300 million"]),
        ("It raised $22bn and \u00a35k.", ["$22 billion", "\u00a35 thousand"]),
        ("It raised 1.5 million pounds.", ["1.5 million pounds"]),
        ("It paid 34 billion dollars.", ["34 billion dollars"]),
        ("It paid 300 million Swedish kronor.", ["300 million Swedish kronor"]),
        ("It paid EUR 5 million.", ["EUR 5 million"]),
        ("It paid $1,250,000 for a $3-million house.", ["$1,250,000", "$3 million"]),
        ("It paid $20.", ["$20"]),
        ("It has 5 million users, 300 members and 1.2 billion rows.", []),
    ],
)
def test_an_amount_is_money_and_its_scale_is_in_full(text: str, amounts: list[str]) -> None:
    assert values(find_amounts(text)) == amounts


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("Homebrew 1.9.0 is out.", ["1.9.0"]),
        ("It is tagged v2.0.", ["2.0"]),
        ("The project announces the 1.0 release.", ["1.0"]),
        ("It needs version 3.2.", ["3.2"]),
        ("It needs version 3 or later.", ["3"]),
        ("Acme 8.0-beta1 is out.", ["8.0-beta1"]),
        ("It runs on macOS 10.15.", ["10.15"]),
        ("Acme 3.0 beta, the second.", ["3.0 beta"]),
        ("It needs scikit-learn 1.0 and containerd 1.7.2.", ["1.0", "1.7.2"]),
        ("It costs $1.50, see Section 1.2; it rose by 2.5% on 6.11.2025 to 3.5 points, or Acme 1.5 million.", []),
        ("Of 2.5 litres, about 1.5 were lost.", []),
    ],
)
def test_a_version_stands_after_a_name_or_after_the_word(text: str, versions: list[str]) -> None:
    assert values(find_versions(text)) == versions


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (
            "See https://example.org/blog/2025-11-06-a.md.html, please.",
            ["https://example.org/blog/2025-11-06-a.md.html"],
        ),
        (
            "The site (https://example.org/a?b=c#d) and http://example.com.",
            ["https://example.org/a?b=c#d", "http://example.com"],
        ),
        ("Its home is pytorch.org, its manual docs.example.io/start.", ["pytorch.org", "docs.example.io/start"]),
        ("Write to ada@example.org about Node.js, setup.py and Booking.com.", []),
    ],
)
def test_an_address_ends_before_the_punctuation_of_the_sentence(text: str, urls: list[str]) -> None:
    assert values(find_urls(text)) == urls


def test_mentions_are_sorted_literals_that_cover_their_text() -> None:
    text = (
        "Ada Holm, chief executive and co-founder of Acme, holds a PhD in physics. Acme 1.2.3 and 1.3.0 (https://acme.org, "
        "acme.com) cost $5 and 7 euros. Her deputy, a software architect, has a law degree."
    )
    for found in (find_titles(text, []), find_degrees(text), find_amounts(text), find_versions(text), find_urls(text)):
        assert len(found) >= 2
        assert all(text[m.start : m.end] == m.text and m.kind == "literal" for m in found)
        assert all(one.end <= other.start for one, other in itertools.pairwise(found))
