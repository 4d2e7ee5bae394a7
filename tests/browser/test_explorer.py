"""The neighbourhood of an entity as a graph that is explored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import requests
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_every_page import violations
from tests.server.conftest import Server


def explored(open_page: Any, path: str, **options: Any) -> Visit:
    """The page of an entity with its graph, once it has come to rest."""
    visit: Visit = open_page(path, **options)
    visit.page.get_by_role("button", name="Explore as a graph").click()
    expect(visit.page.locator(".graph .node").nth(1)).to_be_visible()
    return visit


def names(visit: Visit) -> set[str]:
    return set(visit.page.locator(".graph .node title").all_text_contents())


def test_a_graph_is_expanded_by_enter_and_by_click_and_says_so(open_page: Any) -> None:
    visit = explored(open_page, "/entity/soumith-chintala", reduced_motion="reduce")
    page: Any = visit.page
    before = names(visit)
    assert "PyTorch, software" in before
    # The focus is in the graph, and arrow keys go on from there.
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Soumith Chintala, person")
    page.keyboard.press("ArrowRight")
    assert not page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Soumith")
    page.locator(".graph .node", has_text="PyTorch").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".graph .node", has_text="PyTorch Foundation")).to_have_count(1)
    grown = names(visit)
    assert before < grown
    page.locator(".graph .node", has_text="Meta").first.locator("circle").click()
    expect(page.locator(".graph-box .about a").first).to_have_text("Meta")
    expect(page.locator(".graph-box [role=status]")).to_have_text(re.compile("things and .* facts"))
    expect(page.locator(".graph .node").nth(len(grown))).to_be_attached()
    assert violations(visit) == []
    page.emulate_media(color_scheme="dark")
    assert violations(visit) == []
    assert visit.problems == []


def test_a_graph_is_filtered_by_relation_and_by_time_and_what_is_hidden_stays_so(open_page: Any) -> None:
    visit = explored(open_page, "/entity/soumith-chintala", reduced_motion="reduce")
    page: Any = visit.page
    assert "Facebook AI Research, organization" in names(visit)
    page.get_by_role("checkbox", name="employer").uncheck()
    assert "Facebook AI Research, organization" not in names(visit)
    page.get_by_role("checkbox", name="employer").check()
    page.get_by_role("slider", name="from the year").fill("2020")
    page.get_by_label("facts without a date").uncheck()
    assert names(visit) == {"Soumith Chintala, person", "Meta, organization"}
    page.get_by_role("slider", name="from the year").fill("2010")
    page.get_by_label("facts without a date").check()
    page.locator(".graph .node", has_text="Meta").first.focus()
    page.keyboard.press("Delete")
    assert "Meta, organization" not in names(visit)


def test_a_graph_is_moved_and_zoomed(open_page: Any) -> None:
    visit = explored(open_page, "/entity/soumith-chintala", reduced_motion="reduce")
    page: Any = visit.page
    place = "document.querySelector('.graph > g').getAttribute('transform')"
    first = page.evaluate(place)
    page.get_by_role("button", name="Zoom in").click()
    zoomed = page.evaluate(place)
    assert zoomed != first
    page.locator(".graph").scroll_into_view_if_needed()
    box = page.locator(".graph").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.mouse.up()
    assert page.evaluate(place) != zoomed
    page.get_by_role("button", name="Fit all").click()
    fitted = page.evaluate(place)
    node = page.locator(".graph .node", has_text="PyTorch").first
    before = node.get_attribute("transform")
    circle = node.locator("circle").bounding_box()
    page.mouse.move(circle["x"] + 4, circle["y"] + 4)
    page.mouse.down()
    page.mouse.move(circle["x"] + 44, circle["y"] + 24)
    page.mouse.up()
    assert node.get_attribute("transform") != before
    assert page.evaluate(place) == fitted


def test_a_graph_is_saved_as_svg_and_as_png(open_page: Any, tmp_path: Path) -> None:
    visit = explored(open_page, "/entity/soumith-chintala", reduced_motion="reduce")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save as SVG").click()
    svg = tmp_path / "graph.svg"
    download.value.save_as(svg)
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Soumith Chintala" in texts
    circles = list(root.iter("{http://www.w3.org/2000/svg}circle"))
    assert len(circles) == len(names(visit))
    assert all(re.match(r"rgb\(", one.attrib["fill"]) for one in circles)
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save as PNG").click()
    png = tmp_path / "graph.png"
    download.value.save_as(png)
    assert png.read_bytes().startswith(b"\x89PNG")
    assert png.stat().st_size > 5000
    assert visit.problems == []


def test_a_relation_that_the_page_shows_is_the_one_that_is_drawn(open_page: Any) -> None:
    visit = explored(open_page, "/entity/soumith-chintala?relation=-inventor", reduced_motion="reduce")
    assert names(visit) == {"Soumith Chintala, person", "PyTorch, software"}


def test_neighbours_are_there_for_programs_and_no_more_than_one_wants(site: Server) -> None:
    hub = "http://localhost:8000/entity/hubert-systems"
    found = requests.get(f"{site.url}/neighbours", params={"of": hub, "limit": "20"}, timeout=60).json()
    assert found["entity"]["label"] == "Hubert Systems"
    assert (len(found["nodes"]), len(found["links"]), found["total"]) == (20, 20, 130)
    assert {link["target"] for link in found["links"]} == {hub}
    assert all(link["first"] and link["page"].startswith("/statement/") for link in found["links"])
    for parameters, status in (({"of": "nobody"}, 404), ({"of": hub, "limit": "x"}, 400)):
        assert requests.get(f"{site.url}/neighbours", params=parameters, timeout=60).status_code == status


def test_a_graph_that_cannot_be_had_is_told_and_the_picture_stays(open_page: Any) -> None:
    visit = open_page("/entity/soumith-chintala")
    visit.page.route("**/neighbours?**", lambda route: route.fulfill(status=503, body=json.dumps({})))
    visit.page.get_by_role("button", name="Explore as a graph").click()
    expect(visit.page.locator(".scripted button")).to_have_text(re.compile("503"))
    assert visit.page.locator("svg.around").count() == 1
