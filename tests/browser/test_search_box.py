"""The search box: suggestions while one types, by keyboard and by pointer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import violations


def test_a_name_that_is_begun_is_suggested_and_opened_by_keyboard(open_page: Any) -> None:
    visit = open_page("/")
    box = visit.page.get_by_role("combobox", name="Search")
    box.press_sequentially("soumi")
    option = visit.page.get_by_role("option").first
    expect(option).to_contain_text("Soumith Chintala")
    assert box.get_attribute("aria-expanded") == "true"
    assert violations(visit) == []
    box.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    box.press("Enter")
    expect(visit.page.locator("h1")).to_have_text("Soumith Chintala")
    assert [problem for problem in visit.problems if "limit=8" not in problem] == []


def test_suggestions_close_and_the_words_are_searched_as_they_stand(open_page: Any) -> None:
    visit = open_page("/ontology")
    box = visit.page.get_by_role("combobox", name="Search")
    box.press_sequentially("rust")
    expect(visit.page.get_by_role("option").first).to_be_visible()
    box.press("Escape")
    expect(visit.page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    expect(visit.page.locator("h1")).to_have_text("Search")


def test_a_suggestion_is_opened_by_a_click(open_page: Any) -> None:
    visit = open_page("/")
    visit.page.get_by_role("combobox", name="Search").press_sequentially("hubert")
    visit.page.get_by_role("option", name="Hubert Systems").first.click()
    expect(visit.page.locator("h1")).to_have_text("Hubert Systems")


@pytest.mark.parametrize("scripts", [True, False])
def test_home_tells_what_is_there_and_its_questions_are_answered(open_page: Any, scripts: bool) -> None:
    page = open_page("/", java_script_enabled=scripts).page
    assert page.locator(".chips li").count() == 12
    page.get_by_role("link", name="Who is known, and how often are they in the news?").click()
    assert page.locator("table tbody tr").count() == 20


def test_the_box_works_without_scripts(open_page: Any) -> None:
    page = open_page("/", java_script_enabled=False).page
    page.get_by_label("Search").fill("soumith")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".hits a").first.inner_text() == "Soumith Chintala"
