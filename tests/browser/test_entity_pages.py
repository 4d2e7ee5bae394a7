"""The pages of entities and articles."""

from __future__ import annotations

import re
from typing import Any

import requests

from tests.server.conftest import Server


def test_a_fact_opens_to_its_sentence_with_the_words_in_question_marked(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala", java_script_enabled=False).page
    fact = page.locator(".one", has_text="Facebook AI Research").first
    assert not fact.locator("blockquote").is_visible()
    fact.locator("summary").click()
    assert fact.locator("blockquote").is_visible()
    assert fact.locator("blockquote").first.locator("mark").all_inner_texts() == ["He", "Facebook AI Research", "2014"]
    assert re.search(r"\d+% sure", fact.inner_text())


def test_contradicting_dates_stand_side_by_side(open_page: Any) -> None:
    page = open_page("/entity/mira-halvorsen").page
    disputed = page.locator(".fact", has=page.locator(".disputed"))
    assert disputed.count() == 1
    boxes = [one.bounding_box() for one in disputed.locator(".one").all()]
    assert len(boxes) == 2
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]
    # Who says what is seen without a click.
    assert [one.locator("blockquote").is_visible() for one in disputed.locator(".one").all()] == [True, True]
    assert disputed.locator("cite").all_inner_texts() == ["A profile", "Another profile"]


def test_what_an_entity_is_stands_in_a_line_below_its_name(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala", java_script_enabled=False).page
    assert page.locator(".description").inner_text() == "Person, employer: Facebook AI Research, place of birth: India."


def test_many_facts_come_in_pages_and_every_one_is_on_one_of_them(open_page: Any) -> None:
    visit = open_page("/entity/hubert-systems")
    seen: list[str] = []
    while True:
        seen += visit.page.locator(".value strong").all_inner_texts()
        following = visit.page.locator("a[rel=next]")
        if not following.count():
            break
        following.click()
    assert len(seen) == len(set(seen)) == 130


def test_a_relation_narrows_facts_timeline_and_drawing(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala").page
    before = page.locator(".around a").count()
    page.locator(".filter a", has_text="invented").click()
    assert page.locator(".fact").count() == 1
    assert 0 < page.locator(".around a").count() < before


def test_every_neighbour_is_a_link_that_leads_to_its_page(open_page: Any) -> None:
    page = open_page("/entity/hubert-systems").page
    assert page.locator(".around a").count() == 60
    first = page.locator(".around a").first
    name = first.locator("text").text_content()
    first.click()
    assert page.locator("h1").inner_text() == name


def test_the_timeline_is_as_long_as_its_dates(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala").page
    first, last = (bar.bounding_box() for bar in page.locator(".timeline .bar rect").all())
    assert first["x"] < last["x"]
    assert first["width"] > last["width"] > 3


def test_facts_are_a_table_to_download(site: Server) -> None:
    response = requests.get(f"{site.url}/entity/hubert-systems.csv", timeout=60)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(response.text.splitlines()) == 131
    assert "Person Number7 works for Hubert Systems." in response.text


def test_what_is_no_page_of_an_entity_is_an_error(site: Server) -> None:
    for query, status in (("page=0", 404), ("page=9", 404), ("page=x", 400), ("relation=nothing", 404)):
        response = requests.get(
            f"{site.url}/entity/hubert-systems?{query}", headers={"Accept": "text/html"}, timeout=60
        )
        assert response.status_code == status, query
