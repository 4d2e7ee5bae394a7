"""The page that tells how two entities are connected."""

from __future__ import annotations

from typing import Any


def test_a_path_leads_from_fact_to_fact_with_the_sentence_of_each(open_page: Any) -> None:
    page = open_page("/path", java_script_enabled=False).page
    page.get_by_label("From").fill("Person Number3")
    page.get_by_label("to", exact=True).fill("person number77")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".path strong").all_inner_texts() == ["Person Number3", "Hubert Systems", "Person Number77"]
    assert page.locator(".path em").all_inner_texts() == ["employer", "employs"]
    assert page.locator(".path blockquote").all_inner_texts() == [
        "Person Number3 works for Hubert Systems.",
        "Person Number77 works for Hubert Systems.",
    ]


def test_a_name_that_nobody_has_and_two_without_a_way_are_told_apart(open_page: Any) -> None:
    page = open_page("/path?from=Soumith+Chintala&to=Xyzzyx+Qwrtz").page
    assert "Nothing in this graph is called “Xyzzyx Qwrtz”" in page.locator("main").inner_text()
    page = open_page("/path?from=Soumith+Chintala&to=Hubert+Systems").page
    assert "No facts of this graph lead from Soumith Chintala to Hubert Systems" in page.locator("main").inner_text()


def test_an_entity_page_asks_for_the_other_end(open_page: Any) -> None:
    page = open_page("/entity/soumith-chintala").page
    page.get_by_label("How is Soumith Chintala connected with").fill("PyTorch")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".path").first.locator("strong").all_inner_texts() == ["Soumith Chintala", "PyTorch"]


def test_a_way_stands_from_top_to_bottom_on_a_phone_where_its_drawing_would_be_cut(open_page: Any) -> None:
    page = open_page("/path?from=Person+Number3&to=Person+Number77", width=360).page
    assert not page.locator(".ways").is_visible()
    boxes = [one.bounding_box() for one in page.locator(".path strong").all()]
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    assert all(box["x"] + box["width"] <= 360 for box in boxes)
    page.set_viewport_size({"width": 700, "height": 800})
    assert "Scroll sideways" in page.evaluate("getComputedStyle(document.querySelector('.scroll'), '::before').content")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll'), '::before').content") == "none"
