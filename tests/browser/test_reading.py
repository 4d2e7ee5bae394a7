"""The page of an article: its text with what it mentions, and beside each sentence what it states."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Server

TITLE = "React gets a foundation, and Meta lets go"


@pytest.fixture(scope="module")
def path(site: Server) -> str:
    ((iri,),) = site.rows(f'SELECT ?x {{ ?x dct:title "{TITLE}" }}')
    return iri.removeprefix("http://localhost:8000")


def test_the_whole_text_is_there_with_every_mention_linked_in_the_colour_of_its_type(
    site: Server, open_page: Any, path: str
) -> None:
    page = open_page(path, java_script_enabled=False).page
    ((text,),) = site.rows(f"SELECT ?text {{ <http://localhost:8000{path}> nif:isString ?text }}")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    shown = page.locator(".reading").evaluate(
        "box => { const copy = box.cloneNode(true); copy.querySelectorAll('.margin').forEach(one => one.remove());"
        " return [...copy.querySelectorAll('.paragraph')].map(one => one.textContent.replace(/\\s+/g, ' ').trim()) }"
    )
    assert shown == [" ".join(line.split()) for line in lines]
    colours = {}
    for name in ("React", "Meta", "Jordan Walke"):
        link = page.locator(".reading a.name", has_text=name).first
        colours[name] = link.evaluate("link => getComputedStyle(link).color")
    assert len(set(colours.values())) == 3
    mentions = site.rows(
        f"SELECT ?place {{ GRAPH <http://localhost:8000{path}> {{ ?place itsrdf:taIdentRef ?entity"
        ' FILTER CONTAINS(STR(?place), "#char=") } }'
    )
    assert len(mentions) > 20
    assert page.locator(".reading a.name").count() == len(mentions)


def test_facts_stand_in_the_margin_beside_their_sentences_and_below_them_on_a_phone(open_page: Any, path: str) -> None:
    page = open_page(path, width=1280, java_script_enabled=False).page
    sentence = page.locator(".sentence", has_text="Since Tuesday").bounding_box()
    facts = page.locator(".sentence", has_text="Since Tuesday").locator("+ .margin").bounding_box()
    assert facts["x"] > sentence["x"] + sentence["width"]
    assert sentence["y"] <= facts["y"] <= sentence["y"] + sentence["height"]
    page.set_viewport_size({"width": 360, "height": 800})
    sentence = page.locator(".sentence", has_text="Since Tuesday").bounding_box()
    facts = page.locator(".sentence", has_text="Since Tuesday").locator("+ .margin").bounding_box()
    assert facts["y"] >= sentence["y"] + sentence["height"] - 10


def test_a_sentence_and_its_facts_light_each_other_without_a_script(open_page: Any, path: str) -> None:
    page = open_page(path, width=1280, java_script_enabled=False).page
    sentence = page.locator(".sentence", has_text="Since Tuesday")
    colour = "one => getComputedStyle(one).backgroundColor"
    dark = sentence.evaluate(colour)
    sentence.locator("+ .margin a").first.focus()
    lit = sentence.evaluate(colour)
    assert lit != dark
    page.mouse.move(0, 0)
    page.locator("h1").click()
    assert sentence.evaluate(colour) == dark
    sentence.locator("+ .margin").hover()
    assert sentence.evaluate(colour) == lit


def test_a_fact_lights_its_words_and_a_word_its_facts(open_page: Any, path: str) -> None:
    visit = open_page(path)
    sentence = visit.page.locator(".sentence", has_text="Since Tuesday")
    facts = sentence.locator("+ .margin")
    facts.locator(".stated", has_text="JSX").hover()
    assert sentence.locator("a.name.lit").all_inner_texts() == ["JSX", "React Foundation"]
    sentence.locator("a.name", has_text="Linux Foundation").focus()
    assert [text.split(" parent")[0] for text in facts.locator(".stated.lit").all_inner_texts()] == ["React Foundation"]
    assert visit.problems == []


def test_an_article_without_its_text_shows_the_sentences_that_state_something(open_page: Any) -> None:
    page = open_page("/article/0000000000000003", java_script_enabled=False).page
    assert page.locator("h2").first.inner_text() == "What it says"
    assert page.locator(".paragraph .sentence").all_inner_texts() == [
        "Quiet Person joined Quietworks.",
        "Second Person joined Quietworks.",
    ]
    assert page.locator(".left-out").count() == 1
    assert "nobody may pass this on" not in page.content()


def test_the_iris_of_sentences_and_mentions_lead_to_their_places(site: Server, open_page: Any, path: str) -> None:
    iri = f"http://localhost:8000{path}"
    sentences = site.rows(f"SELECT ?x {{ GRAPH <{iri}> {{ ?x a nif:Sentence }} }}")
    mentions = site.rows(f"SELECT ?x {{ GRAPH <{iri}> {{ ?x itsrdf:taIdentRef ?e ; nif:anchorOf ?text }} }}")
    page = open_page(path, java_script_enabled=False).page
    ids = page.locator(".reading [id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    assert {found.partition("#")[2] for (found,) in sentences} <= set(ids)
    assert {found.partition("#")[2] for (found,) in mentions} <= set(ids)
    page.goto(f"{site.url}{path}#{ids[-1]}")
    assert (
        page.locator(f'[id="{ids[-1]}"]').evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    )
