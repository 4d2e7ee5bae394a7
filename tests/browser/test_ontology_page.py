"""The page of the ontology."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.server.conftest import Server


def test_the_ontology_counts_what_the_graph_holds_of_each_term(site: Server, open_page: Any) -> None:
    ((number,),) = site.rows("SELECT (COUNT(*) AS ?n) { ?s rdf:predicate ng:employer }")
    page = open_page("/ontology").page
    heading = page.locator("h3#employer")
    assert f"{number} facts" in heading.inner_text()
    assert "wd:P108" in page.locator("section", has=heading).inner_text()


def test_an_example_marks_its_words_and_shows_no_mark_up(open_page: Any) -> None:
    page = open_page("/ontology").page
    section = page.locator("section", has=page.locator("h3#employer"))
    section.locator("summary").click()
    assert "{" not in section.inner_text()
    assert section.locator("blockquote").first.locator("mark").count() >= 2


def test_a_term_of_an_entity_page_leads_to_its_place_in_the_ontology(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala").page
    page.locator("dt a", has_text="employer").click()
    assert page.url.endswith("/ontology#employer")
    expect(page.locator("#employer")).to_be_in_viewport()
