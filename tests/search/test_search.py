"""What is found by which words, in graphs that were made of real articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.found import Found
from kg.graph import Graph

ARTICLES = {
    "lin.txt": "Grace Lin leaves Acme Robotics\n\nGrace Lin founded Acme Robotics in 2015. "
    "Acme Robotics is based in Zürich. Lin joined Meta as chief scientist in March 2019.",
    "okafor.txt": "A database for everyone\n\nBayo Okafor works for Acme Robotics. Okafor was born in Lagos.",
}


def fill(folder: Path, articles: dict[str, str] = ARTICLES) -> Path:
    folder.mkdir()
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    with kg.Graph.open(tmp_path / "graph") as graph:
        assert graph.add(fill(tmp_path / "articles")).added == len(ARTICLES)
        yield graph


def labels(found: tuple[Found, ...], kind: str | None = None) -> list[str]:
    return [hit.label for hit in found if kind in (None, hit.kind)]


def test_a_name_comes_before_a_title_and_that_before_a_sentence(graph: Graph) -> None:
    found = graph.search("acme robotics")
    assert [hit.label for hit in found[:2]] == ["Acme Robotics", "Grace Lin leaves Acme Robotics"]
    assert {hit.kind for hit in found[2:]} == {"sentence"}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_an_entity_tells_its_type_and_in_how_many_articles_it_is(graph: Graph) -> None:
    (first, *_) = graph.search("acme robotics")
    assert (first.iri, first.kind, first.articles) == (graph.base + "entity/acme-robotics", "organization", 2)


def test_a_sentence_tells_its_article(graph: Graph) -> None:
    (found,) = graph.search('"works for"')
    assert (found.kind, found.text) == ("sentence", "Bayo Okafor works for Acme Robotics.")
    assert found.article == "A database for everyone"
    assert found.iri.startswith(graph.base + "article/")
    assert "#char=" in found.iri


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("joining", "Lin joined Meta as chief scientist in March 2019."),
        ("scientists CHIEF", "Lin joined Meta as chief scientist in March 2019."),
        ("databases", "A database for everyone"),
        ("zurich", "Zürich"),
        ("Zürich", "Zürich"),
        ("oka*", "Bayo Okafor"),
        ("okaofr", "Bayo Okafor"),
        ("Robotcs", "Acme Robotics"),
        ("lagoss", "Lagos"),
        ("akme~", "Acme Robotics"),
        ('"chief scientist"', "Lin joined Meta as chief scientist in March 2019."),
        ("nowhere OR lagos", "Lagos"),
    ],
)
def test_words_are_found_in_any_form_of_theirs_begun_and_misspelled(graph: Graph, words: str, expected: str) -> None:
    assert expected in labels(graph.search(words))


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "&",
        '"',
        '""',
        "-",
        "-lin",
        "*",
        "~",
        "xq",
        "qwertyuiop",
        '"scientist chief"',
        "lin okafor",
        "\0",
        "\ud800",
    ],
)
def test_what_fits_nothing_finds_nothing(graph: Graph, words: str) -> None:
    assert graph.search(words) == ()


@pytest.mark.parametrize(
    "words",
    [
        'lin" OR "',
        "lin)",
        "(lin",
        "{name}: lin",
        "name:lin",
        "lin^2",
        "NEAR(lin meta)",
        "lin' --",
        "a" * 5000,
        "a " * 5000,
        "lin\0",
    ],
)
def test_no_words_are_an_error(graph: Graph, words: str) -> None:
    assert isinstance(graph.search(words), tuple)


def test_all_words_must_be_there_and_those_with_a_minus_may_not(graph: Graph) -> None:
    assert "Bayo Okafor works for Acme Robotics." in labels(graph.search("acme works"))
    sentences = labels(graph.search("acme -founded"), "sentence")
    assert sentences
    assert not any("founded" in sentence for sentence in sentences)


def test_a_word_that_is_there_may_be_meant_for_another() -> None:
    with kg.Graph.open() as graph:
        graph.update('INSERT DATA { <a> rdfs:label "Meta" . <b> rdfs:label "Meat" }')
        assert labels(graph.search("meat")) == ["Meat"]
        assert set(labels(graph.search("meat~"))) == {"Meat", "Meta"}


def test_names_with_signs_are_words() -> None:
    with kg.Graph.open() as graph:
        graph.update('INSERT DATA { <a> rdfs:label "C++" . <b> rdfs:label "C#" . <c> rdfs:label "C" }')
        assert labels(graph.search("c++")) == ["C++"]
        assert labels(graph.search("C#")) == ["C#"]
        assert labels(graph.search("c")) == ["C"]


def test_what_is_called_just_so_comes_first() -> None:
    with kg.Graph.open() as graph:
        names = ["Apple Records", "Big Apple", "Apple", "Apple Apple Apple"]
        data = " ".join(f'<e{number}> rdfs:label "{name}" .' for number, name in enumerate(names))
        graph.update(f"INSERT DATA {{ {data} }}")
        assert labels(graph.search("apple"))[0] == "Apple"


def test_a_limit_keeps_the_best(graph: Graph) -> None:
    everything = graph.search("acme")
    assert graph.search("acme", limit=2) == everything[:2]
    assert graph.search("acme", limit=0) == ()
