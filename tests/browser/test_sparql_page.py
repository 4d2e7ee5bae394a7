"""The page on which queries are written: its editor, what it makes of answers, and what is left of it without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, Response, expect

from server.examples import QUERIES, WIKIBASE, Example
from tests.browser.conftest import HOSTILE, Visit
from tests.browser.test_every_page import PROBE, violations
from tests.server.conftest import Server

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
STRANGE = r'CONSTRUCT { <urn:a> <urn:b> "x\\n\"é😀\"", 5, <<( <urn:c> <urn:d> "e" )>> } {}'
WORKS = "SELECT ?person ?company { ?person ng:employer ?company } ORDER BY ?person"


def asked(query: str, rest: str = "") -> str:
    """The address of a query; what follows it is a view, or more parameters."""
    return f"/sparql?query={quote(query)}{rest}"


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Query")


def write(page: Page, text: str) -> None:
    """Type in the place of all that is there, as a person does."""
    editor(page).click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def text_of(page: Page) -> str:
    return "\n".join(editor(page).locator(".cm-line").all_inner_texts())


def is_done(page: Page) -> None:
    expect(page.locator("#status")).to_have_text(re.compile(r" in [\d.]+ s$"))


@pytest.mark.parametrize("view", ["table", "chart", "timeline", "graph", "raw"])
def test_each_view_of_an_answer_is_quiet_local_accessible_dark_and_narrow(open_page: Any, view: str) -> None:
    example = next((one for one in QUERIES if one.view == view), QUERIES[0])
    visit = open_page(asked(example.query, f"#{view}"))
    is_done(visit.page)
    expect(visit.page.get_by_role("tab", name=view.capitalize())).to_have_attribute("aria-selected", "true")
    visit.page.wait_for_load_state("networkidle")
    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(PROBE) == []
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.problems == []


def test_an_example_is_one_click_and_its_address_gives_the_same_again(open_page: Any) -> None:
    page = open_page("/sparql").page
    page.get_by_role("link", name="Who founded what?").click()
    is_done(page)
    assert "ng:foundedBy" in text_of(page)
    expect(page.get_by_role("tab", name="Graph")).to_have_attribute("aria-selected", "true")
    shared = page.url
    page.go_back()
    page.goto(shared)
    is_done(page)
    assert "ng:foundedBy" in text_of(page)
    expect(page.locator("svg.graph .node").first).to_be_visible()


@pytest.mark.parametrize(
    ("example", "path"),
    [(one, "/sparql") for one in QUERIES] + [(one, "/wikidata/sparql") for one in WIKIBASE],
    ids=lambda value: getattr(value, "question", None),
)
def test_every_example_has_an_answer_that_fits_its_view(open_page: Any, example: Example, path: str) -> None:
    page = open_page(f"{path}?query={quote(example.query)}#{example.view}").page
    is_done(page)
    tab = page.get_by_role("tab", name=example.view.capitalize())
    expect(tab).to_have_attribute("aria-selected", "true")
    assert not page.locator(".problem").count()


@pytest.mark.parametrize(
    ("written", "option", "whole"),
    [
        ("SELECT * { ?x a ng:Person ; empl", "ng:employer", "?x a ng:Person ; ng:employer}"),
        ("SELECT * { ?x a Organiz", "ng:Organization", "?x a ng:Organization}"),
        ("SELECT * { ?x chief ex", "ng:chiefExecutive", "?x ng:chiefExecutive}"),
        ("SELECT * { ?x CEO", "ng:chiefExecutive", "?x ng:chiefExecutive}"),
        ("SELECT * { ?x a compan", "ng:Organization", "?x a ng:Organization}"),
        ("SELECT * { ?x ng:founded", "ng:foundedBy", "?x ng:foundedBy}"),
        ("SELECT * { ?x ng:employer soumi", "Soumith Chintala", "<http://localhost:8000/entity/soumith-chintala>"),
        (
            "SELECT * { ?x ng:employer linux found",
            "Linux Foundation",
            "<http://localhost:8000/entity/linux-foundation>",
        ),
        ('SELECT * { ?x rdfs:label "soumi', "Soumith Chintala", 'rdfs:label "Soumith Chintala"@en}'),
        ("SELECT * { ?somebody a ng:Person . ?so", "?somebody", ". ?somebody}"),
        ("SELECT * { ?x ng:employer/headq", "ng:headquarters", "ng:employer/ng:headquarters"),
        ("SELECT * { GRAPH ?g { ?x a pers", "ng:Person", "?x a ng:Person"),
        ("SELECT * { ?s rdf:predicate headq", "ng:headquarters", "rdf:predicate ng:headquarters"),
        ("SELECT * { ?x ng:employer [ rdfs:label ?l ; headq", "ng:headquarters", "?l ; ng:headquarters"),
        ("SELECT * { ?x a ng:Person FILTER NOT EXISTS { ?x empl", "ng:employer", "{ ?x ng:employer"),
        ("SELECT * { VALUES ?x { soumi", "Soumith Chintala", "{ <http://localhost:8000/entity/soumith-chintala>"),
        ("SELECT (COU", "COUNT", "SELECT (COUNT"),
        ("PREFIX pro", "prov: <http", "PREFIX prov: <http://www.w3.org/ns/prov#>"),
        ("SELE", "SELECT", "SELECT"),
    ],
)
def test_what_is_begun_is_completed(open_page: Any, written: str, option: str, whole: str) -> None:
    visit = open_page("/sparql")
    write(visit.page, written)
    visit.page.get_by_role("option", name=option).first.wait_for()
    while option not in visit.page.locator("[role=option][aria-selected=true]").inner_text():
        visit.page.keyboard.press("ArrowDown")
    time.sleep(0.1)
    visit.page.keyboard.press("Enter")
    expect(editor(visit.page)).to_contain_text(whole)
    assert [one for one in visit.problems if "failed:" not in one] == []


def test_relations_of_the_things_in_question_come_first(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "SELECT * { ?x a ng:Software ; ")
    page.keyboard.press("Control+Space")
    first = page.get_by_role("option").first
    expect(first).to_be_visible()
    told = page.request.get(page.url.replace("/sparql", "/sparql/terms")).json()
    name = first.locator(".cm-completionLabel").inner_text().removeprefix("ng:")
    (term,) = (one for one in told if one["iri"].endswith(f"#{name}"))
    assert "https://w3id.org/newsgraph#Software" in term["domain"]


def test_an_error_is_marked_at_its_place_when_the_query_is_run(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "SELECT ?x {\n?x a ng:Person ;\n foo:bar ?y }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("line 3, column")
    expect(page.locator(".cm-lintRange-error")).to_have_text("foo:bar")


def test_an_error_and_an_unknown_term_are_marked_while_one_writes(open_page: Any) -> None:
    visit = open_page("/sparql")
    page = visit.page
    write(page, "SELECT ?x { ?x a ng:Person . FILTR (?x) }")
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    write(page, "SELECT ?x { ?x ng:employr ?y }")
    mark = page.locator(".cm-lintRange-warning")
    expect(mark).to_have_text("ng:employr")
    mark.hover()
    page.get_by_role("button", name="Write ng:employer").click()
    expect(editor(page)).to_contain_text("?x ng:employer ?y")
    expect(mark).to_have_count(0)
    assert visit.problems == []


def test_what_a_name_means_is_told_under_the_pointer(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "SELECT * { <http://localhost:8000/entity/soumith-chintala> ng:employer ?y")
    page.keyboard.press("Escape")
    page.get_by_text("ng:employer", exact=True).hover()
    expect(page.get_by_text("person → organization")).to_be_visible()
    page.mouse.move(0, 0)
    page.get_by_text("<http://localhost:8000/entity/soumith-chintala>").hover()
    expect(page.get_by_text("Soumith Chintala, person")).to_be_visible()


def test_what_was_written_is_there_again_after_a_reload(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "ASK { ?draft ?p ?o")
    page.reload()
    expect(editor(page)).to_have_text("ASK { ?draft ?p ?o}")


def test_a_link_within_the_page_runs_nothing(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "ASK { ?x a ng:Person")
    page.keyboard.press("Control+Enter")
    is_done(page)
    before = page.locator("#status").inner_text()
    page.evaluate("location.hash = 'main'")
    page.wait_for_timeout(300)
    assert page.locator("#status").inner_text() == before


def test_an_answer_of_nothing_says_why(open_page: Any) -> None:
    page = open_page(asked("SELECT ?x { ?x a ng:Persn }")).page
    expect(page.locator("#answer")).to_contain_text("No ng:Persn in this graph; ng:Person?")
    expect(page.locator("#answer")).to_contain_text("Nothing in the graph fits.")


def test_a_table_is_sorted_and_turned_by_its_buttons_and_shows_things_by_their_names(
    site: Server, open_page: Any
) -> None:
    page = open_page(asked(WORKS)).page
    is_done(page)
    total = len(site.rows(WORKS))
    expect(page.locator(".pager")).to_contain_text(f"1–50 of {total}")
    cells = page.locator("tbody tr td:first-child")
    expect(cells.first.get_by_role("link")).to_have_attribute("href", re.compile(r"^/entity/"))
    head = page.get_by_role("columnheader", name="person")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    names = cells.all_inner_texts()
    assert len(names) == 50
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".pager")).to_contain_text(f"51–100 of {total}")
    assert set(names).isdisjoint(cells.all_inner_texts())
    expect(page.get_by_role("link", name="Hubert Systems").first).to_be_visible()


def test_numbers_are_sorted_by_value(open_page: Any) -> None:
    page = open_page(asked("SELECT ?n { VALUES ?n { 9 10 -1 2.5 } }")).page
    is_done(page)
    page.get_by_role("columnheader", name="n").get_by_role("button").click()
    assert page.locator("tbody td").all_inner_texts() == ["-1", "2.5", "9", "10"]


def test_yes_no_triples_and_strange_terms_are_shown(open_page: Any) -> None:
    page = open_page(asked("ASK { ?x a ng:Person }")).page
    expect(page.locator(".answer")).to_have_text("Yes")
    page.goto(page.url.partition("?")[0] + asked(STRANGE).removeprefix("/sparql"))
    is_done(page)
    cells = page.locator("tbody tr td:last-child").all_inner_texts()
    assert sorted(cells) == sorted(['x\\n"é😀"', "5", "<<( urn:c urn:d e )>>"])


def test_a_name_that_is_a_script_stays_a_name(open_page: Any) -> None:
    query = f'SELECT ?x ?name {{ ?x rdfs:label ?name FILTER (STR(?name) = "{HOSTILE}") }}'
    for accept in (True, False):
        visit = open_page(asked(query) + ("" if accept else "&format=html"), java_script_enabled=accept)
        expect(visit.page.locator("td").first).to_have_text(HOSTILE)
        assert visit.problems == []


def test_a_query_that_takes_long_is_cancelled_and_its_worker_is_free(site: Server, open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, HEAVY)
    page.keyboard.press("Control+Enter")
    cancel = page.get_by_role("button", name="Cancel")
    expect(page.locator("#status")).to_have_text("Running …")
    expect(page.locator("#clock")).to_have_text(re.compile(r"^\d\.\d\d s$"))
    cancel.click()
    expect(page.locator("#status")).to_contain_text("Cancelled after")
    expect(cancel).to_be_hidden()
    deadline = time.monotonic() + 5
    while "newsgraph_workers_busy 0.0" not in requests.get(f"{site.url}/metrics", timeout=10).text:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    write(page, "ASK {")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".answer")).to_have_text("Yes")


def test_a_page_with_a_query_that_takes_long_comes_at_once(site: Server, open_page: Any) -> None:
    began = time.monotonic()
    page = open_page(asked(HEAVY), java_script_enabled=False).page
    assert time.monotonic() - began < 20
    expect(page.get_by_role("link", name="Wait for its answer")).to_be_visible()


def test_what_was_asked_is_remembered_in_this_browser_until_it_is_forgotten(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "ASK { ?x a ng:Person")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".answer")).to_be_visible()
    page.goto(page.url.partition("?")[0])
    page.locator("#history").get_by_role("link", name="ASK { ?x a ng:Person}").click()
    expect(page.locator(".answer")).to_have_text("Yes")
    page.get_by_role("button", name="Forget these").click()
    expect(page.locator("#history")).to_be_hidden()
    page.goto(page.url.partition("?")[0])
    expect(page.get_by_role("textbox", name="Query")).to_be_visible()
    expect(page.locator("#history")).to_be_hidden()


def test_the_back_button_gives_the_query_before(open_page: Any) -> None:
    page = open_page("/sparql").page
    for query in ("ASK { ?x a ng:Person", "ASK { ?x a ng:Place"):
        write(page, query)
        page.keyboard.press("Control+Enter")
        expect(page).to_have_url(re.compile(query.rpartition(":")[2]))
    page.go_back()
    expect(editor(page)).to_contain_text("ng:Person")
    expect(page.locator(".answer")).to_have_text("Yes")


def test_prefixes_are_written_out_so_that_a_query_stands_alone(open_page: Any) -> None:
    page = open_page("/sparql").page
    write(page, "SELECT * { ?x a ng:Person ; rdfs:label ?name")
    page.get_by_role("button", name="Write out prefixes").click()
    lines = text_of(page).split("\n")
    assert lines[0] == "PREFIX ng: <https://w3id.org/newsgraph#>"
    assert lines[1].startswith("PREFIX rdfs: ")
    page.get_by_role("button", name="Write out prefixes").click()
    assert text_of(page).split("\n") == lines


def test_an_answer_is_downloaded_in_every_format(open_page: Any) -> None:
    page = open_page(asked(WORKS + " LIMIT 2")).page
    is_done(page)
    tables = {"JSON": "application/sparql-results+json", "XML": "application/sparql-results+xml",
              "CSV": "text/csv", "TSV": "text/tab-separated-values"}  # fmt: skip
    _downloads(page, tables)
    page.goto(page.url.partition("?")[0] + f"?query={quote('CONSTRUCT WHERE { ?x ng:employer ?y }')}")
    is_done(page)
    _downloads(page, {"Turtle": "text/turtle", "JSON-LD": "application/ld+json", "N-Triples": "application/n-triples",
                      "RDF/XML": "application/rdf+xml", "TriG": "application/trig", "N-Quads": "application/n-quads"})  # fmt: skip


def _downloads(page: Page, expected: dict[str, str]) -> None:
    links = page.locator("#answer .formats a")
    found = {}
    for link in links.all():
        with page.expect_download() as started:
            link.click()
        assert (started.value.suggested_filename or "").startswith("newsgraph.")
        response = page.request.get(started.value.url)
        found[link.inner_text()] = response.headers["content-type"].partition(";")[0]
    assert found == expected


def test_all_is_done_by_keyboard_and_tab_leaves_the_editor(open_page: Any) -> None:
    page = open_page("/sparql").page
    editor(page).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(WORKS)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Enter")
    is_done(page)
    tab = page.get_by_role("tab", name="Table")
    for _ in range(8):
        page.keyboard.press("Tab")
        if tab.evaluate("one => one === document.activeElement"):
            break
    expect(tab).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Graph")).to_be_focused()
    expect(page.locator("svg.graph .node").first).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Raw")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#panel pre")).to_contain_text('"bindings"')


def test_the_link_of_a_query_is_copied(open_page: Any) -> None:
    visit: Visit = open_page("/sparql", permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    write(page, "ASK { ?x a ng:Award")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#status")).to_have_text("The link is copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    page.goto(link)
    assert text_of(page) == "ASK { ?x a ng:Award}"


def test_a_query_too_long_for_an_address_is_asked_all_the_same(open_page: Any) -> None:
    visit = open_page("/sparql")
    page = visit.page
    page.evaluate("history.replaceState(null, '', '/sparql')")
    values = " ".join(str(number) for number in range(3000))
    editor(page).click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"SELECT ?n {{ VALUES ?n {{ {values} }} }}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("3,000 rows")
    assert page.url.endswith("/sparql")
    assert visit.problems == []


def test_the_graphs_that_an_address_names_are_those_that_are_asked(site: Server, open_page: Any) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s schema:mentions ?o }"
    ((article, count),) = site.rows(
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?g schema:mentions ?o } } GROUP BY ?g ORDER BY DESC(?n) ?g LIMIT 1"
    )
    page = open_page(f"/sparql?default-graph-uri={quote(article)}&query={quote(query)}").page
    is_done(page)
    assert page.locator("tbody td").all_inner_texts() == [count]
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    assert started.value.path().read_text().split() == ["n", count]


def test_wikidatas_form_has_its_own_terms_and_names(open_page: Any) -> None:
    visit = open_page("/wikidata/sparql")
    page = visit.page
    write(page, "SELECT * { ?x employ")
    page.get_by_role("option", name="wdt:P108").wait_for()
    write(page, "SELECT * { ?x wdt:P108 ?y . ?y rdfs:label ?l } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("tbody tr")).to_have_count(3, timeout=15_000)
    assert [one for one in visit.problems if "failed:" not in one] == []


def _plain(open_page: Callable[..., Visit], path: str) -> Page:
    visit = open_page(path, java_script_enabled=False)
    assert visit.problems == []
    return visit.page


def test_without_scripts_a_form_asks_and_a_table_answers(open_page: Any) -> None:
    page = _plain(open_page, "/sparql")
    page.get_by_label("Query").fill(WORKS)
    page.get_by_role("button", name="Run").click()
    assert page.locator("tbody tr").count() > 50
    assert page.get_by_role("link", name="Hubert Systems").count() > 50
    assert page.get_by_label("Query").input_value() == WORKS
    page.get_by_role("link", name="Who founded what?").click()
    assert page.locator("tbody tr").count() > 5
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_triples_errors_and_hints_are_shown(open_page: Any) -> None:
    page = _plain(open_page, asked("CONSTRUCT WHERE { ?x ng:employer ?y }", "&format=html"))
    assert "ng:employer" in page.locator("#answer pre").inner_text()
    page = _plain(open_page, asked("ASK { ?x a ng:Persn }", "&format=html"))
    assert page.locator(".answer").inner_text() == "No"
    assert "ng:Person?" in page.locator(".problem").inner_text()


def test_the_page_is_small(site: Server, chromium: Browser) -> None:
    """What it loads before the first query, compressed."""
    context = chromium.new_context()
    page = context.new_page()
    found: list[Response] = []
    page.on("response", lambda one: found.append(one))
    page.goto(f"{site.url}/sparql", wait_until="networkidle")
    size = sum(one.request.sizes()["responseBodySize"] for one in found)
    context.close()
    assert 100_000 < size < 170_000


def test_the_names_of_a_graph_can_be_read_on_a_phone(open_page: Any) -> None:
    page = open_page(asked(WORKS + " LIMIT 20", "#graph"), width=360, reduced_motion="reduce").page
    is_done(page)
    expect(page.locator("svg.graph .node text").first).to_be_visible()
    heights = page.evaluate("""() => [...document.querySelectorAll(".graph .node text")]
      .map(one => one.getBoundingClientRect().height).filter(Boolean)""")
    assert min(heights) >= 9
