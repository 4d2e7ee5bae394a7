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
    questions = page.locator("section", has=page.get_by_role("heading", name="Questions to begin with"))
    asked = questions.get_by_role("link").first.inner_text()
    questions.get_by_role("link").first.click()
    assert page.locator("main input").first.input_value() == asked
    assert page.locator("main blockquote").count() > 0


def test_the_box_works_without_scripts(open_page: Any) -> None:
    page = open_page("/", java_script_enabled=False).page
    page.get_by_label("Search").fill("soumith")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".hits a").first.inner_text() == "Soumith Chintala"


@pytest.mark.parametrize("begun", ["soumtih", "Chintla", "Soumit Chintala"])
def test_a_misspelled_name_is_suggested_too(open_page: Any, begun: str) -> None:
    visit = open_page("/")
    visit.page.get_by_role("combobox", name="Search").press_sequentially(begun)
    expect(visit.page.get_by_role("option").first).to_contain_text("Soumith Chintala")


def test_a_former_name_is_suggested_with_the_one_of_today(open_page: Any) -> None:
    visit = open_page("/")
    visit.page.get_by_role("combobox", name="Search").press_sequentially("ternb")
    expect(visit.page.get_by_role("listbox")).to_contain_text("Larkfield Group (Ternbase)")


def test_a_suggestion_fills_a_field_and_stands_for_just_that_entity(open_page: Any) -> None:
    visit = open_page("/path")
    page = visit.page
    page.get_by_role("combobox", name="From").press_sequentially("soumi")
    page.get_by_role("option", name="Soumith Chintala").first.click()
    assert page.get_by_role("combobox", name="From").input_value() == "Soumith Chintala"
    box = page.get_by_role("combobox", name="to", exact=True)
    box.press_sequentially("pytorc")
    expect(page.get_by_role("option").first).to_be_visible()
    assert all("/entity/" in one.get_attribute("data-page") for one in page.get_by_role("option").all())
    assert violations(visit) == []
    box.press("ArrowDown")
    box.press("Enter")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".path").first).to_be_visible()
    assert "from=http%3A%2F%2Flocalhost%3A8000%2Fentity%2Fsoumith-chintala" in page.url
    assert page.get_by_role("combobox", name="From").input_value() == "Soumith Chintala"
    assert [problem for problem in visit.problems if "limit=30" not in problem] == []
