"""The card of an entity, within a page of somebody else."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import HOSTILE, Visit
from tests.browser.test_every_page import PROBE, violations
from tests.server.conftest import Server


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(tmp_path: Path, open_page: Any) -> Iterator[tuple[Path, str]]:
    """A folder that another server serves, and where."""
    (tmp_path / "favicon.ico").touch()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_line_of_an_entity_page_shows_its_card_on_another_page(open_page: Any, elsewhere: tuple[Path, str]) -> None:
    folder, address = elsewhere
    page = open_page("/entity/pytorch", java_script_enabled=False).page
    page.get_by_text("Show it on a page of your own").click()
    line = page.get_by_label("This shows a card").input_value()
    (folder / "index.html").write_text(f"<!doctype html><title>Elsewhere</title>{line}", encoding="utf-8")
    page.goto(address)
    card = page.frame_locator("iframe")
    assert card.locator("h1").inner_text() == "PyTorch"
    assert "Soumith Chintala" in card.locator("body").inner_text()


def test_no_other_page_is_shown_within_another(site: Server, open_page: Any, elsewhere: tuple[Path, str]) -> None:
    folder, address = elsewhere
    line = f'<iframe src="{site.url}/entity/pytorch"></iframe>'
    (folder / "index.html").write_text(f"<!doctype html><title>Elsewhere</title>{line}", encoding="utf-8")
    page = open_page("/entity/pytorch").page
    page.goto(address)
    assert "PyTorch" not in page.frame_locator("iframe").locator("body").inner_text()


def test_a_card_is_accessible_dark_narrow_and_escapes_names(site: Server, open_page: Any) -> None:
    ((iri,),) = site.rows(f'SELECT ?x {{ ?x rdfs:label ?t FILTER (STR(?t) = "{HOSTILE}") }}')
    visit: Visit = open_page(iri.removeprefix("http://localhost:8000") + "/card", width=300)
    assert visit.page.locator("h1").inner_text() == HOSTILE
    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(PROBE) == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 300
    assert visit.problems == []
