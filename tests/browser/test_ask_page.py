"""The page of questions, and the five of the tutorial, asked by who has read nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import PROBE, violations
from tests.conftest import ROOT

ASKED = {
    "no question yet": "/ask",
    "answers": "/ask?q=Who+founded+companies+that+Microsoft+bought%3F",
    "a number": "/ask?q=How+many+programs+are+written+in+Go%3F",
    "yes": "/ask?q=Did+Google+buy+Android%3F",
    "not understood": "/ask?q=Who+eats+PyTorch%3F",
    "no answer": "/ask?q=Who+founded+Python%3F",
    "hostile": "/ask?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E+works+where%3F",
}


@pytest.mark.parametrize("page", ASKED)
def test_a_page_of_answers_is_quiet_local_accessible_dark_narrow_and_the_same_without_scripts(
    open_page: Any, page: str
) -> None:
    visit = open_page(ASKED[page])
    text = visit.page.locator("main").inner_text()
    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(PROBE) == []
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.problems == []
    assert open_page(ASKED[page], java_script_enabled=False).page.locator("main").inner_text() == text


def test_an_answer_shows_its_sentence_and_its_query_leads_to_the_editor(open_page: Any) -> None:
    visit = open_page("/ask")
    visit.page.get_by_label("In plain English").fill("who left meta in 2025")
    visit.page.keyboard.press("Enter")
    answer = visit.page.locator(".found > li")
    assert answer.locator("h2 a").inner_text() == "Soumith Chintala"
    assert "left Meta on Monday" in answer.locator("blockquote").inner_text()
    query = visit.page.locator("pre").inner_text()
    assert "ng:end ?date" in query
    visit.page.get_by_role("link", name="Edit it as SPARQL").click()
    assert "/sparql?query=SELECT" in visit.page.url
    assert "ng:end" in visit.page.content()


def test_a_question_about_one_thing_leads_to_its_page(open_page: Any) -> None:
    assert open_page("/ask?q=Who+is+Soumith+Chintala%3F").page.url.endswith("/entity/soumith-chintala")


def test_what_is_not_understood_offers_questions_that_have_answers(open_page: Any) -> None:
    page = open_page("/ask?q=Who+eats+PyTorch%3F").page
    assert "“eats” means nothing here" in page.locator(".problem").inner_text()
    page.get_by_role("link", name="Who is the inventor of PyTorch?").click()
    assert page.locator(".found h2 a").first.inner_text() == "Soumith Chintala"


def test_a_newcomer_answers_the_five_questions_of_the_tutorial_from_the_home_page(open_page: Any) -> None:
    """Does what docs/tutorial.md says to click, with the answers that stand there."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert len(rows) == 5
    for question, clicks, answer in rows:
        page = open_page("/").page
        for what, name in re.findall(r"(type|press|click) \*\*(.+?)\*\*", clicks):
            if what == "type":
                page.get_by_role("search").get_by_role("combobox").or_(page.get_by_label("Search")).first.fill(name)
            elif what == "press":
                page.keyboard.press(name)
            else:
                page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator("main"), question).to_contain_text(answer)
        assert not page.url.endswith("/"), question
