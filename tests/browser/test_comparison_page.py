"""The page that shows entities side by side and over time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

import kg
from kg.facts import Named
from server.drawing import timeline
from server.pages import Dated, Pages
from tests.server.conftest import Server
from tests.store.making import article


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
    assert "Nothing in this graph is called “Xyzzyx Qwrtz”." in page.locator(".problem").inner_text()
    assert "and 120 more" in page.locator(".compared").inner_text()


def test_an_entity_page_leads_to_the_comparison(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala").page
    page.get_by_role("link", name="Compare it with others").click()
    assert page.get_by_label("Compare").input_value() == "Soumith Chintala"


def test_too_many_are_not_compared(site: Server) -> None:
    for page, most in (("compare", 6), ("timeline", 20)):
        names = "&".join(["name=x"] * (most + 1))
        assert requests.get(f"{site.url}/{page}?{names}", timeout=60).status_code == 400


def test_a_timeline_has_the_dated_facts_of_all_in_their_order_and_within_the_years(open_page: Any) -> None:
    page = open_page("/timeline", java_script_enabled=False).page
    page.get_by_label("Of", exact=True).fill("Person Number3")
    page.get_by_label("and", exact=True).first.fill("Soumith Chintala")
    page.get_by_role("button", name="Show").click()
    whole = page.locator(".timeline li .when").all_inner_texts()
    assert len(whole) > 2
    assert whole == sorted(whole)
    assert "Person Number3: employer Hubert Systems" in page.locator(".timeline").inner_text()
    page.get_by_label("from the year").fill("2014")
    page.get_by_label("to", exact=True).fill("2014")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".timeline li").count() == 1
    assert "Facebook AI Research" in page.locator(".timeline").inner_text()


def test_a_fact_between_two_of_them_stands_on_the_timeline_once(open_page: Any) -> None:
    page = open_page("/timeline?name=Hubert+Systems&name=Person+Number3", java_script_enabled=False).page
    assert "130 facts have a date" in page.locator("main").inner_text()
    assert page.locator(".timeline li").count() == 130


def test_what_is_no_page_of_a_timeline_is_an_error(site: Server) -> None:
    for query, status in (("page=2", 404), ("page=0", 404), ("first=x", 400)):
        assert requests.get(f"{site.url}/timeline?name=Linux&{query}", timeout=60).status_code == status, query


def test_a_range_of_years_that_is_empty_or_none_is_told_beside_the_form(open_page: Any, site: Server) -> None:
    for query, told in (("first=2020&last=2010", "from 2020 to 2010"), ("first=abc", "'first' is 'abc'")):
        answer = requests.get(f"{site.url}/timeline?name=Linux&{query}", timeout=60)
        assert answer.status_code == 400
        page = open_page("/timeline").page
        page.set_content(answer.text)
        assert told in page.locator(".problem").inner_text()
        assert page.get_by_label("Of", exact=True).input_value() == "Linux"
        assert page.get_by_label("from the year").input_value() in ("2020", "abc")


def test_an_end_is_told_as_such_and_what_says_less_of_the_same_is_left_out(tmp_path: Path) -> None:
    said = [(0, "employer", 1, {"end": "2012-12"}), (0, "employer", 1, {"end": "2012-12", "position": "engineer"})]
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.add_facts([article(1, [("Grace Lin", "Person"), ("Acme", "Organization")], said)])
        pages = Pages(graph.facts, graph.store)
        (iri,) = graph.facts.find("Acme")
        (dated,) = pages.chronicle([iri], 0, 9999, 1).dated
    assert (dated.is_end, dated.last) == (True, "2012-12")


def test_a_bare_year_is_a_mark_where_the_axis_has_the_year() -> None:
    def dated(first: str, last: str) -> Dated:
        return Dated(first, last, "employer", Named(None, "Acme"), "x")

    year, range_ = timeline((dated("2009", "2009"), dated("2009", "2012"))).bars
    ticks = dict(timeline((dated("2009", "2009"), dated("2009", "2012"))).ticks)
    assert (year.start, range_.start) == (ticks[2009], ticks[2009])
    assert year.width < 1
    assert range_.start + range_.width == ticks[2012]


def test_two_stand_side_by_side_on_a_phone_and_of_more_it_says_so(open_page: Any) -> None:
    told = "getComputedStyle(document.querySelector('.scroll'), '::before').content"
    page = open_page("/compare?name=Linux&name=PyTorch", width=360).page
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.scroll'))")
    assert page.evaluate(told) == "none"
    page = open_page("/compare?name=Linux&name=PyTorch&name=Soumith+Chintala", width=360).page
    assert "Scroll sideways" in page.evaluate(told)
