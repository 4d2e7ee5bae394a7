"""How soon pages are painted and how large they are, on the demo graph; `scripts/benchmark pages` is for a large one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Request

from tests.browser.test_every_page import PAGES, path_of
from tests.server.conftest import Server

MOST = 100_000
"""Bytes of a page with all that comes with it, compressed, before a graph is explored or a query is edited."""
SOON = 5_000
"""Milliseconds until something is seen, on a busy machine; a quiet one takes a twentieth."""
PAINTED = """() => new Promise(done => {
  const told = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const ask = () => told() === undefined ? setTimeout(ask, 20) : done(told());
  ask();
})"""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_small_and_soon_seen(
    site: Server, chromium: Any, page: str, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    sizes: list[int] = []

    def note(request: Request) -> None:
        found = request.sizes()
        sizes.append(found["responseBodySize"] + found["responseHeadersSize"])

    opened = context.new_page()
    opened.on("requestfinished", note)
    opened.goto(site.url + path_of(site, page), wait_until="networkidle")
    painted = opened.evaluate(PAINTED)
    context.close()
    record_property("bytes", sum(sizes))
    record_property("painted", painted)
    with capsys.disabled():
        print(
            f"\n{page:<20} {sum(sizes) / 1000:6.1f} kB compressed, {len(sizes)} requests, painted {painted:.0f} ms",
            end="",
        )
    assert sum(sizes) <= MOST
    assert painted <= SOON
