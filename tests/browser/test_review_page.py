"""The pages on which people say what is right: by keyboard, by buttons, and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

import kg
from tests.browser.conftest import HOSTILE, Visit, hostile
from tests.browser.test_every_page import PROBE, violations
from tests.server.conftest import TOKEN, Server, running
from tests.store.making import article

pytest.importorskip("playwright", reason="Playwright is missing: pip install playwright")

from playwright.sync_api import Browser, Page

ACME, LIN, ZURICH = ("Acme Robotics", "Organization"), ("Grace Lin", "Person"), ("Zurich", "Place")
ARTICLES = (
    article(11, [LIN, ACME], [(0, "employer", 1, {"start": "2015"}), (1, "founded_by", 0, {})]),
    article(12, [ACME, ZURICH], [(0, "headquarters", 1, {})]),
    article(13, [("Acme Robotix", "Organization"), ZURICH], [(0, "headquarters", 1, {})]),
    article(14, [LIN, ACME], [(0, "employer", 1, {"start": "2015"})]),
    article(15, [("Linux Foundation", "Organization"), ZURICH], [(0, "headquarters", 1, {})]),
)
Opener = Callable[..., Visit]


@pytest.fixture
def deciding(tmp_path: Any) -> Iterator[Server]:
    """A server that takes decisions, over a graph of its own."""
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.add_facts([*ARTICLES, hostile()])
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN) as found:
        yield found


@pytest.fixture
def signed_in(chromium: Browser, deciding: Server) -> Iterator[Opener]:
    """Opens a page of the server in a window of its own, in which somebody is signed in."""
    contexts = []

    def opened(path: str, width: int = 1100, **options: Any) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.go(deciding.url + path, deciding.url)
        visit.page.get_by_label("Token").fill(TOKEN)
        with visit.page.expect_navigation():
            visit.page.get_by_role("button", name="Sign in").click()
        return visit

    yield opened
    for context in contexts:
        context.close()


def claims(page: Page) -> list[str]:
    return [text.partition("  ")[0].strip() for text in page.locator(".claim").all_inner_texts()]


def current(page: Page) -> str:
    """What the fact says that has the focus."""
    found: str = page.locator(".item:focus .claim").inner_text()
    return found


def press(page: Page, key: str) -> None:
    """Press a key that sends a form, and wait for the page that comes."""
    with page.expect_navigation():
        page.keyboard.press(key)


def employers(server: Server) -> list[list[str]]:
    return server.rows("SELECT ?name { ?p rdfs:label 'Grace Lin'@en ; ng:employer/rdfs:label ?name }")


def test_the_token_stays_in_a_cookie_that_scripts_and_other_pages_do_not_get(signed_in: Opener) -> None:
    visit = signed_in("/review?state=all")
    assert visit.page.url.endswith("/review?state=all")
    (cookie,) = visit.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/review")
    assert visit.page.evaluate("document.cookie") == ""
    visit.page.get_by_role("button", name="Sign out").click()
    assert visit.page.get_by_label("Token").is_visible()
    assert visit.page.context.cookies() == []
    assert visit.problems == []


def test_a_wrong_token_and_forms_from_elsewhere_are_refused(deciding: Server) -> None:
    wrong = requests.post(f"{deciding.url}/review/session", data={"token": "oops"}, timeout=60)
    assert wrong.status_code == 403
    assert "not the token" in wrong.text
    assert "Set-Cookie" not in wrong.headers
    session = requests.Session()
    assert session.post(f"{deciding.url}/review/session", data={"token": TOKEN}, timeout=60).status_code == 200
    ((statement,),) = deciding.rows(
        "SELECT ?s { ?s rdf:predicate ng:employer ; rdf:subject/rdfs:label 'Grace Lin'@en }"
    )
    form = {"decide": "reject", "target": statement}
    for key in ({}, {"key": "oops"}):
        response = session.post(f"{deciding.url}/review/decide", data={**form, **key}, timeout=60)
        assert response.status_code == 403, response.text
    assert requests.post(f"{deciding.url}/review/decide", data=form, timeout=60).status_code == 403
    assert employers(deciding) == [["Acme Robotics"]]


def test_nobody_reviews_on_a_server_without_a_token(site: Server) -> None:
    for path in ("/review", "/review/entity", "/review/decisions"):
        response = requests.get(site.url + path, timeout=60)
        assert response.status_code == 403
        assert "read-only" in response.text
    assert "/review" not in requests.get(site.url, headers={"Accept": "text/html"}, timeout=60).text


def test_facts_are_accepted_rejected_corrected_and_taken_back_by_keyboard(deciding: Server, signed_in: Opener) -> None:
    visit = signed_in("/review")
    page = visit.page
    before = claims(page)
    assert "accept" in page.locator(".keys").inner_text()
    assert current(page) == page.locator(".claim").first.inner_text()
    page.keyboard.press("j")
    second = current(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    assert current(page) == second
    press(page, "r")
    assert len(claims(page)) == len(before) - 1
    assert page.locator(".done").inner_text().startswith("Rejected: ")
    press(page, "u")
    assert claims(page) == before
    page.get_by_text("Grace Lin employer").first.click()
    while "Grace Lin employer" not in current(page):
        page.keyboard.press("j")
    page.keyboard.press("c")
    page.keyboard.press("Tab")
    page.keyboard.type("2016-03")
    press(page, "Enter")
    assert deciding.rows("SELECT ?start { ?s rdf:predicate ng:employer ; ng:start ?start }") == [["2016-03"]]
    assert page.locator(".done li").count() == 2
    press(page, "u")
    assert deciding.rows("SELECT ?start { ?s rdf:predicate ng:employer ; ng:start ?start }") == [["2015"]]
    press(page, "a")
    assert "Accepted" in page.locator(".done").inner_text()
    assert len(claims(page)) == len(before) - 1
    assert visit.problems == []


def test_everything_is_decided_by_buttons_without_a_script(deciding: Server, signed_in: Opener) -> None:
    page = signed_in("/review?state=all", java_script_enabled=False).page
    assert not page.locator(".keys").is_visible()
    item = page.locator(".item", has_text="Grace Lin employer")
    item.get_by_role("button", name="Reject").click()
    assert employers(deciding) == []
    page.get_by_role("button", name="Undo").click()
    assert employers(deciding) == [["Acme Robotics"]]
    item.get_by_role("button", name="Does not say so").first.click()
    assert item.get_by_role("button", name="Does not say so").count() == 0
    item.locator("summary").click()
    item.get_by_label("What").select_option("position")
    item.get_by_label("is", exact=True).fill("robot whisperer")
    item.get_by_label("because").fill("She told us.")
    item.get_by_role("button", name="Correct").click()
    assert "position robot whisperer" in item.inner_text()
    assert "reviewed by default" in item.inner_text()
    page.get_by_role("link", name="Decisions").click()
    assert page.locator(".choices li").count() == 3
    assert "She told us." in page.locator(".choices").inner_text()
    while page.locator(".choices li").count():
        page.get_by_role("button", name="Undo").last.click()
    assert employers(deciding) == [["Acme Robotics"]]


def test_facts_come_by_confidence_and_are_narrowed_down(deciding: Server, signed_in: Opener) -> None:
    page = signed_in("/review?state=all", java_script_enabled=False).page
    sure = [int(text.removesuffix("% sure")) for text in page.locator(".claim .sure").all_inner_texts()]
    assert sure == sorted(sure)
    total = len(sure)
    page.get_by_label("Relation").select_option("headquarters")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".item").count() == 3
    page.get_by_label("Relation").select_option("all")
    page.get_by_label("About").select_option("place")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".item").count() == 3
    page.goto(f"{deciding.url}/review?state=all")
    page.locator(".item", has_text="Acme Robotics headquarters").get_by_role("link", name="only this article").click()
    assert page.locator(".item").count() == 1
    page.get_by_role("button", name="Accept").click()
    assert "nothing here to review" in page.locator("main").inner_text()
    page.get_by_label("Which are").select_option("accepted")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".item").count() == 1
    page.goto(f"{deciding.url}/review")
    assert page.locator(".item").count() == total - 1


def test_a_page_whose_facts_are_reviewed_makes_room_for_the_one_before(deciding: Server, signed_in: Opener) -> None:
    page = signed_in("/review?page=99", java_script_enabled=False).page
    assert page.locator(".item").count() > 0
    page.locator(".item").last.get_by_role("button", name="Reject").click()
    assert page.locator(".item").count() > 0
    page.goto(f"{deciding.url}/review/decisions?page=7")
    assert page.locator(".choices li").count() == 1


def test_what_was_reviewed_shows_on_all_pages_and_what_was_rejected_is_gone(
    deciding: Server, signed_in: Opener, chromium: Browser
) -> None:
    page = signed_in("/review", java_script_enabled=False).page
    page.locator(".item", has_text="Grace Lin employer").get_by_role("button", name="Accept").click()
    page.locator(".item", has_text="founded by").get_by_role("button", name="Reject").click()
    ((statement,),) = deciding.rows("SELECT ?s { ?s ng:acceptedBy ?d }")
    visitor = chromium.new_page(java_script_enabled=False)
    for path in ("/entity/grace-lin", statement.removeprefix("http://localhost:8000"), f"/article/{11:016x}"):
        visitor.goto(deciding.url + path)
        text = visitor.locator("main").inner_text()
        assert "reviewed by default on 20" in text, path
        assert "found" not in text, path
    visitor.goto(f"{deciding.url}/entity/acme-robotics")
    assert "founded by" not in visitor.locator("main").inner_text()
    visitor.close()


def test_an_entity_is_linked_to_a_candidate_merged_and_split_and_all_is_undone(
    deciding: Server, signed_in: Opener
) -> None:
    page = signed_in("/review/entity?name=Linux+Foundation", java_script_enabled=False).page
    candidate = page.locator(".choices li", has_text="Q858851")
    assert "likely" in candidate.inner_text()
    candidate.get_by_role("button", name="Link").click()
    same = "SELECT ?item { ?x rdfs:label 'Linux Foundation'@en ; owl:sameAs ?item }"
    assert deciding.rows(same) == [["http://www.wikidata.org/entity/Q858851"]]
    page.get_by_role("button", name="Is another one").click()
    assert deciding.rows(same) == []
    page.goto(f"{deciding.url}/review/entity?name=Acme+Robotix")
    page.get_by_label("Acme Robotix is").fill("Acme Robotics")
    page.get_by_role("button", name="Merge").click()
    assert "Acme Robotix" in page.locator(".aliases").inner_text()
    page.get_by_role("button", name="Undo").click()
    assert deciding.rows("SELECT ?x { ?x rdfs:label 'Acme Robotix'@en }") == [
        ["http://localhost:8000/entity/acme-robotix"]
    ]
    page.goto(f"{deciding.url}/review/entity?name=Acme+Robotics")
    page.locator("fieldset input").first.check()
    page.get_by_label("Its name").fill("Acme Robotics (toys)")
    page.get_by_role("button", name="Split").click()
    page.goto(f"{deciding.url}/review/decisions")
    assert page.locator(".choices li").first.inner_text().startswith("Split: Acme Robotics")
    page.get_by_role("button", name="Undo").first.click()
    page.goto(f"{deciding.url}/review/entity?name=Nobody+Xyzzyx")
    assert "Nothing in this graph" in page.locator(".problem").inner_text()


@pytest.mark.parametrize("path", ["/review", "/review/entity?name=Acme+Robotics", "/review/decisions"])
def test_a_review_page_is_quiet_accessible_dark_and_narrow(signed_in: Opener, path: str) -> None:
    visit = signed_in(path)
    for summary in visit.page.locator("details.correct summary").all()[:1]:
        summary.click()
    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(PROBE) == []
    visit.page.set_viewport_size({"width": 360, "height": 800})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.problems == []


def test_a_name_that_is_a_script_is_reviewed_as_such(signed_in: Opener) -> None:
    visit = signed_in("/review?state=all")
    assert visit.page.locator(".claim", has_text=HOSTILE).count() == 1
    visit.page.goto(f"{visit.page.url.partition('/review')[0]}/review/entity?name={HOSTILE}")
    assert HOSTILE in visit.page.locator("h2").inner_text()
    assert visit.page.locator("main script").count() == 0
    assert visit.problems == []


def test_the_sign_in_page_is_accessible(deciding: Server, chromium: Browser) -> None:
    visit = Visit(chromium.new_page())
    visit.go(f"{deciding.url}/review", deciding.url)
    assert violations(visit) == []
    assert visit.problems == []
    visit.page.close()


def test_on_a_phone_what_was_done_does_not_cover_the_fact_in_focus(signed_in: Opener) -> None:
    page = signed_in("/review", width=360).page
    for key in ("r", "u"):
        press(page, key)
        covered = """() => {
          const claim = document.querySelector(".item:focus .claim").getBoundingClientRect();
          const done = document.querySelector(".done").getBoundingClientRect();
          return claim.top < 0 || claim.bottom > innerHeight || (claim.top < done.bottom && claim.bottom > done.top);
        }"""
        assert not page.evaluate(covered), key


def test_the_search_box_stands_beside_all_of_the_menu(signed_in: Opener) -> None:
    page = signed_in("/review", width=1280).page
    menu, search = (page.locator(place).bounding_box() for place in ("header nav", "header form"))
    assert menu is not None
    assert search is not None
    assert search["y"] < menu["y"] + menu["height"]
