"""What must hold for every page: quiet, local, accessible, narrow, dark, and whole without a script."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import AXE, HOSTILE, Visit
from tests.server.conftest import Server

PAGES = {
    "home": "/",
    "search": "/search?q=rust",
    "nothing found": "/search?q=xyzzyx",
    "ontology": "/ontology",
    "entity": "/entity/pytorch",
    "crowded entity": "/entity/hubert-systems",
    "its second page": "/entity/hubert-systems?relation=-employer&page=2",
    "disputed": "/entity/mira-halvorsen",
    "no path yet": "/path",
    "path": "/path?from=Soumith+Chintala&to=Linux+Foundation",
    "comparison": "/compare?name=Linux&name=PyTorch&name=Soumith+Chintala",
    "timeline": "/timeline?name=Linux&name=PyTorch&name=Hubert+Systems",
    "article": "schema:NewsArticle",
    "statement": "ng:Statement",
}
PROBE = """async () => {
  const found = await axe.run({resultTypes: ["violations"]});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)}`));
}"""


def violations(visit: Visit) -> list[str]:
    """What axe finds on a page; the page's policy would stop it as a script, and does not stop the browser's driver."""
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = visit.page.evaluate(PROBE)
    return found


def path_of(site: Server, page: str) -> str:
    """The path of a page; of the most telling thing of a class, the first by its IRI."""
    found = PAGES[page]
    if found.startswith("/"):
        return found
    relation = (
        "?x prov:wasDerivedFrom ?y" if page == "statement" else "?y prov:wasDerivedFrom ?z . GRAPH ?x { ?y ?p ?z }"
    )
    query = f"SELECT ?x (COUNT(*) AS ?n) {{ ?x a {found} . {relation} }} GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT 1"
    ((iri, _),) = site.rows(query)
    return iri.removeprefix("http://localhost:8000")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_quiet_local_accessible_dark_narrow_and_the_same_without_scripts(
    site: Server, open_page: Any, page: str
) -> None:
    path = path_of(site, page)
    visit = open_page(path)
    visit.page.evaluate("document.querySelectorAll('.scripted').forEach(one => one.remove())")
    text = visit.page.locator("main").inner_text()
    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(PROBE) == []
    dark = visit.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark == "rgb(20, 24, 30)"
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.problems == []
    without = open_page(path, java_script_enabled=False)
    # What a script adds is marked as such, and is there in the page that axe looks at.
    assert without.page.locator("main").inner_text() == text
    assert without.problems == []


@pytest.mark.parametrize(("path", "status"), [("/entity/nobody", 404), ("/compare?" + "&name=x" * 7, 400)])
def test_a_page_that_is_an_error_tells_what_to_do_and_is_accessible(
    site: Server, chromium: Any, path: str, status: int
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    visit = Visit(context.new_page())
    response = visit.page.goto(site.url + path)
    assert response is not None
    assert response.status == status
    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(PROBE) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.page.locator(".problem").inner_text()
    assert visit.page.locator("header a.name").is_visible()
    context.close()


def test_a_name_that_is_a_script_is_shown_as_such(site: Server, open_page: Any) -> None:
    rows = site.rows(f'SELECT ?x {{ ?x dct:title|rdfs:label ?t FILTER (STR(?t) = "{HOSTILE}") }}')
    assert len(rows) == 2
    for (iri,) in rows:
        visit = open_page(iri.removeprefix("http://localhost:8000"))
        assert visit.page.locator("h1").inner_text() == HOSTILE
        assert visit.page.locator("main script").count() == 0
        assert visit.problems == []


def test_every_control_of_an_entity_page_is_reached_by_keyboard(open_page: Any) -> None:
    visit = open_page("/entity/pytorch")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelector('main').contains(document.activeElement)")
