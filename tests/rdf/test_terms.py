"""Names, numbers and dates as IRIs and literals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.rdf import terms


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("The Document Foundation", "document-foundation"),
        ("The The", "the"),
        ("Soumith Chintala", "soumith-chintala"),
        ("Jürgen Schmidhuber", "jurgen-schmidhuber"),
        ("C++", "cplusplus"),
        ("C#", "csharp"),
        ("C", "c"),
        (".NET", "dot-net"),
        ("O'Reilly Media, Inc.", "oreilly-media-inc"),
        ("AT&T", "at-and-t"),
        ("李开复", "李开复"),
        ("snake_case", "snake-case"),
    ],
)
def test_a_slug_is_the_readable_form_of_a_name(name: str, slug: str) -> None:
    assert terms.slug(name) == slug


def test_names_without_a_letter_have_slugs_that_differ() -> None:
    assert terms.slug("!!!") != terms.slug("???")


def test_long_names_that_begin_alike_have_slugs_that_differ() -> None:
    assert terms.slug("word " * 100 + "a") != terms.slug("word " * 100 + "b")


@given(st.text())
def test_every_name_gives_an_iri_and_a_line_of_n_quads(name: str) -> None:
    entity = NamedNode(f"http://localhost:8000/entity/{terms.slug(name)}")
    assert terms.SUFFIX not in terms.slug(name)
    quad = Quad(entity, entity, terms.string(name))
    assert list(parse(f"{quad} .\n", format=RdfFormat.N_QUADS)) == [quad]


@pytest.mark.parametrize(
    ("value", "datatype"),
    [("2025", "gYear"), ("2025-11", "gYearMonth"), ("2024-02-29", "date"), ("0476-09-04", "date")],
)
def test_a_date_keeps_its_precision(value: str, datatype: str) -> None:
    assert terms.date(value) == Literal(value, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))


@pytest.mark.parametrize(
    "value", ["2025-02-30", "2025-13", "0000", "25", "2025-1-1", "last week", "\N{ARABIC-INDIC DIGIT TWO}025", ""]
)
def test_what_is_no_date_of_the_calendar_stays_text(value: str) -> None:
    assert not terms.is_date(value)
    assert terms.date(value) == Literal(value)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://a b/", 'http://x/"', "http://x/<>"]
)
def test_what_is_no_address_of_the_web_becomes_no_iri(url: str) -> None:
    assert isinstance(terms.link(url), Literal)


def test_a_score_is_written_as_the_engine_gives_it_back() -> None:
    assert [terms.score(value).value for value in (0.94, 1.0, 0.9, 0.8675, 0.0)] == ["0.94", "1", "0.9", "0.868", "0"]
