"""The page that shows entities side by side and over time."""

from __future__ import annotations

from typing import Any

import requests

from tests.server.conftest import Server


def test_two_that_share_a_relation_stand_in_one_row(open_page: Any) -> None:
    page = open_page("/compare", java_script_enabled=False).page
    page.get_by_label("Compare").fill("Person Number3")
    page.get_by_label("with").fill("Person Number77")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".compared thead th a").all_inner_texts() == ["Person Number3", "Person Number77"]
    row = page.locator(".compared tbody tr").first
    assert row.locator("th, td").all_inner_texts() == ["employer", "Hubert Systems", "Hubert Systems"]
    assert page.locator(".timeline li").count() == 2
    assert "Person Number77: employer" in page.locator(".timeline").inner_text()


def test_what_is_missing_is_named_and_the_rest_is_shown(open_page: Any) -> None:
    page = open_page("/compare?name=Hubert+Systems&name=Xyzzyx+Qwrtz").page
    assert page.locator(".problem").inner_text() == "Nothing in this graph is called “Xyzzyx Qwrtz”."
    assert "and 120 more" in page.locator(".compared").inner_text()


def test_an_entity_page_leads_to_the_comparison(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala").page
    page.get_by_role("link", name="Compare it with others").click()
    assert page.get_by_label("Compare").input_value() == "Soumith Chintala"


def test_too_many_are_not_compared(site: Server) -> None:
    assert requests.get(f"{site.url}/compare?" + "&".join(["name=x"] * 7), timeout=60).status_code == 400
