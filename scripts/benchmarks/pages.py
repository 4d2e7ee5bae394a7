"""The pages over a large graph, in Chromium: how soon they come, how large they are, and what goes wrong on them."""

from __future__ import annotations

import argparse
import gzip
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import large_graph
import requests
import systems
from playwright.sync_api import Browser, sync_playwright
from targets import Target

import kg

CHROMIUM = "/usr/bin/chromium"
BASE = "http://localhost:8000/"
_TIMES = 5
_NARROW = 360
_MOVES = 40
_HTML = {"Accept": "text/html", "Accept-Encoding": "gzip"}

FIRST_BYTE = Target("first byte of an entity with half the hub's facts / its one query", 5.0, 2.0)
SIZE = Target("compressed size of the largest entity page, kB, with its assets", 100.0, 50.0)
FRAME = Target("a frame while 1,000 drawn things are moved, ms", 250.0, 50.0)
EXPLORED = Target("from the click to 1,000 things on the screen, s", 30.0, 5.0)

# One query for what the page of an entity says: each fact, what it is about, and its dates.
_QUERY = """SELECT ?statement ?relation ?other ?name ?qualifier ?date {{
  {{ ?statement rdf:subject <{0}> ; rdf:object ?other }} UNION {{ ?statement rdf:object <{0}> ; rdf:subject ?other }}
  ?statement rdf:predicate ?relation . ?other rdfs:label ?name .
  OPTIONAL {{ ?statement ?qualifier ?date FILTER (DATATYPE(?date) = xsd:gYear) }}
}} # {1}"""

_PAINT = """() => new Promise(done => {
  const told = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const ask = () => told() === undefined ? setTimeout(ask, 20) : done(told());
  ask();
})"""
_MOVE = """moves => new Promise(done => {
  const svg = document.querySelector(".graph");
  const box = svg.getBoundingClientRect();
  const send = (type, place) => svg.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, clientX: box.left + 5 + place * 3, clientY: box.top + 5 + place * 2, bubbles: true,
  }));
  svg.setPointerCapture = () => {};
  send("pointerdown", 0);
  const times = [];
  let last = performance.now();
  let place = 0;
  const step = now => {
    times.push(now - last);
    last = now;
    send("pointermove", ++place);
    if (place < moves) requestAnimationFrame(step);
    else { send("pointerup", place); done(times.slice(1)); }
  };
  requestAnimationFrame(step);
})"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--entities", type=int, default=100_000, help="in the graph (default: 100,000)")
    parser.add_argument("--hub", type=int, default=10_000, help="entities around one of them (default: 10,000)")
    parser.add_argument("--graph", type=Path, metavar="DIR", help="keep the graph there, and use it if it is there")


def run(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.graph or Path(name) / "graph"
        if not folder.exists():
            _make(folder, arguments.entities, arguments.hub)
        with systems.newsgraph(folder, default_graph="union") as port, _chromium() as browser:
            told = [*_looked_at(f"http://localhost:{port}", browser), *_drawn(f"http://localhost:{port}", browser)]
    print()
    for line, _ in told:
        print(line)
    return 0 if all(reached for _, reached in told) else 1


def _make(folder: Path, entities: int, hub: int) -> None:
    began = time.monotonic()
    with kg.Graph.open(folder, BASE) as graph:
        report = graph.add_facts(large_graph.articles(entities, hub))
    print(f"{report.added:,} articles, {report.facts:,} facts: made in {time.monotonic() - began:.0f} s", flush=True)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _paths(url: str) -> dict[str, str]:
    """A page of every kind."""
    found = {}
    for kind, pattern in (
        ("article", "?x a schema:NewsArticle"),
        ("statement", f"?x a ng:Statement ; rdf:object <{_iri(large_graph.LESSER)}>"),
        ("entity", "?article schema:mentions ?x"),
    ):
        query = f"SELECT ?x {{ {pattern} }} LIMIT 1"
        answer = requests.get(f"{url}/sparql", params={"query": query, "format": "csv"}, timeout=60)
        found[kind] = answer.text.split()[-1].removeprefix(BASE.rstrip("/"))
    two = [("name", large_graph.HUB), ("name", large_graph.LESSER)]
    return {
        "home": "/",
        "search": "/search?q=" + quote(large_graph.HUB.lower()),
        **found,
        "half a hub": f"/entity/{_slug(large_graph.LESSER)}",
        "hub": f"/entity/{_slug(large_graph.HUB)}",
        "hub, second page": f"/entity/{_slug(large_graph.HUB)}?page=2",
        "path": "/path?" + urlencode({"from": large_graph.HUB, "to": large_graph.LESSER}),
        "comparison": "/compare?" + urlencode(two),
        "timeline": "/timeline?" + urlencode(two),
        "ontology": "/ontology",
        "SPARQL": "/sparql",
        "question": "/ask?q=" + quote(f"What is known about {large_graph.LESSER}?"),
    }


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _iri(name: str) -> str:
    return f"{BASE}entity/{_slug(name)}"


def _looked_at(url: str, browser: Browser) -> Iterator[tuple[str, bool]]:
    """Each page: when its first byte came, how large it is, when it was painted, and what went wrong."""
    print(f"{'page':<16} {'first byte':>10} {'HTML':>9} {'gzip':>9} {'all, gzip':>10} {'painted':>9}  wrong")
    wrong = 0
    largest = 0.0
    for name, path in _paths(url).items():
        seconds, content = _first_byte(url + path)
        painted, total, problems = _visit(browser, url, path)
        wrong += len(problems)
        if "hub" in name or name == "entity":
            largest = max(largest, total / 1000)
        print(
            f"{name:<16} {1000 * seconds:7.0f} ms {len(content) / 1000:6.1f} kB "
            f"{len(gzip.compress(content, 1)) / 1000:6.1f} kB {total / 1000:7.1f} kB {painted:6.0f} ms  "
            f"{'; '.join(problems) or 'nothing'}",
            flush=True,
        )
    yield f"{'what went wrong on pages':<62} {wrong:8}", wrong == 0
    yield SIZE.told(largest, " kB")
    entity = _iri(large_graph.LESSER)
    ratios = []
    for number in range(_TIMES):
        began = time.perf_counter()
        query = {"query": _QUERY.format(entity, number), "format": "csv"}
        requests.get(f"{url}/sparql", params=query, timeout=600).raise_for_status()
        asked = time.perf_counter() - began
        ratios.append(_first_byte(f"{url}/entity/{_slug(large_graph.LESSER)}")[0] / asked)
    yield FIRST_BYTE.told(statistics.median(ratios))


def _first_byte(address: str) -> tuple[float, bytes]:
    began = time.perf_counter()
    with requests.get(address, headers=_HTML, stream=True, timeout=600) as response:
        response.raise_for_status()
        pieces = response.iter_content(1 << 16)
        content = next(pieces)
        seconds = time.perf_counter() - began
        return seconds, content + b"".join(pieces)


def _visit(browser: Browser, url: str, path: str) -> tuple[float, int, list[str]]:
    """When something was painted (ms), the bytes that went over the wire, and what went wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    sizes: list[int] = []
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
    page.on("request", lambda one: None if one.url.startswith((url, "data:")) else problems.append(f"asks {one.url}"))
    page.on("requestfinished", lambda request: sizes.append(_size(request)))
    response = page.goto(url + path, wait_until="load", timeout=120_000)
    if response is None or response.status != 200:
        problems.append(f"status {response and response.status}")
    painted = float(page.evaluate(_PAINT))
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": _NARROW, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > _NARROW:
        problems.append(f"{width} px wide where there are {_NARROW}")
    context.close()
    return painted, sum(sizes), problems


def _size(request: Any) -> int:
    found = request.sizes()
    return int(found["responseBodySize"] + found["responseHeadersSize"])


def _drawn(url: str, browser: Browser) -> Iterator[tuple[str, bool]]:
    """The hub as a graph: whether as many things as may be are drawn and can be moved, and that no more are."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/entity/{_slug(large_graph.HUB)}")
    began = time.perf_counter()
    page.get_by_role("button", name="Explore as a graph").click()
    page.locator(".graph .node").nth(900).wait_for(state="attached", timeout=120_000)
    seconds = time.perf_counter() - began
    nodes = page.locator(".graph .node").count()
    note = page.locator(".graph-box [role=status]").inner_text()
    print(f"\nthe hub drawn: {nodes:,} things. It says: {note}")
    yield EXPLORED.told(seconds, " s")
    # Once it has come to rest, as nobody reads a picture before.
    page.wait_for_timeout(8000)
    frames = page.evaluate(_MOVE, _MOVES)
    yield FRAME.told(statistics.median(frames), " ms")
    context.close()
