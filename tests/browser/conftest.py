"""A real Chromium, and a real server over the articles that come with the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, Span
from tests.conftest import ROOT
from tests.server.conftest import Server, running

pytest.importorskip("playwright", reason="Playwright is missing: pip install playwright")

from playwright.sync_api import Browser, Page, expect, sync_playwright

# A busy machine takes its time.
expect.set_options(timeout=20_000)

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
HOSTILE = "<script>alert(1)</script>"
DISAGREEING = {
    "one.txt": "A profile\n\nMira Halvorsen was born in Bergen on 4 May 1971. Mira Halvorsen founded Fjordbase in 2009.",
    "three.txt": "A new name\n\nThe Larkfield Group, formerly Ternbase, has new owners. Ada Brook works for the Larkfield Group.",
    "two.txt": "Another profile\n\nMira Halvorsen was born in Bergen on 4 May 1972.",
}


@dataclass(slots=True)
class Visit:
    """A page in the browser, and all that went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def go(self, url: str, host: str) -> None:
        """Open a page, and note what it writes to the console and what it can't or must not load."""
        page = self.page
        page.on(
            "console", lambda found: self.problems.append(found.text) if found.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        page.on(
            "request",
            lambda request: None if request.url.startswith((host, "data:")) else self.problems.append(request.url),
        )
        page.on(
            "response",
            lambda response: (
                self.problems.append(f"{response.status} {response.url}") if response.status >= 400 else None
            ),
        )
        response = page.goto(url, wait_until="load")
        assert response is not None
        assert response.status == 200, url


def hostile() -> ArticleFacts:
    """An article whose title, text and people are scripts."""
    text = f"{HOSTILE} works for Acme."
    who = Mention(0, len(HOSTILE), "Person", "name", HOSTILE)
    where = Mention(text.index("Acme"), len(text) - 1, "Organization", "name", "Acme")
    entities = (Entity("e1", "Person", HOSTILE, (who,)), Entity("e2", "Organization", "Acme", (where,)))
    whole = Span(0, len(text))
    fact = Fact("e1", "employer", "e2", True, (("position", HOSTILE, False),), (Reference(whole, "hand", 1.0),))
    return ArticleFacts(Document("0" * 15 + "1", text, (whole,), title=HOSTILE), entities, (fact,))


def crowded() -> ArticleFacts:
    """An article about an organization for which 130 people work."""
    entities, facts, sentences, text = [], [], [], ""
    mentions = []
    for number in range(130):
        start = len(text)
        name = f"Person Number{number}"
        text += f"{name} works for Hubert Systems. "
        span = Span(start, len(text) - 1)
        place = text.index("Hubert", start)
        mentions.append(Mention(place, place + len("Hubert Systems"), "Organization", "name", "Hubert Systems"))
        person = Mention(start, start + len(name), "Person", "name", name)
        entities.append(Entity(f"p{number}", "Person", name, (person,)))
        qualifier = ("start", f"{1990 + number % 30}", False)
        facts.append(Fact(f"p{number}", "employer", "hub", True, (qualifier,), (Reference(span, "hand", 0.9),)))
        sentences.append(span)
    entities.append(Entity("hub", "Organization", "Hubert Systems", tuple(mentions)))
    document = Document("0" * 15 + "2", text, tuple(sentences), title="Everybody works for Hubert Systems")
    return ArticleFacts(document, tuple(entities), tuple(facts))


def withheld() -> ArticleFacts:
    """An article of which the graph may have only the sentences that state something."""
    first, second = "Quiet Person joined Quietworks.", "Second Person joined Quietworks."
    text = f"{first} But nobody may pass this on. {second}"
    spans = (Span(0, len(first)), Span(text.index(second), len(text)))
    entities, facts = [], []
    for number, span in enumerate(spans):
        name = text[span.start :].partition(" joined")[0]
        place = text.index("Quietworks", span.start)
        mentions = (Mention(place, place + len("Quietworks"), "Organization", "name", "Quietworks"),)
        person = Mention(span.start, span.start + len(name), "Person", "name", name)
        entities.append(Entity(f"p{number}", "Person", name, (person,)))
        entities.append(Entity(f"o{number}", "Organization", "Quietworks", mentions))
        facts.append(Fact(f"p{number}", "member_of", f"o{number}", True, (), (Reference(span, "hand", 0.9),)))
    document = Document("0" * 15 + "3", text, spans, title="A quiet article", keeps_text=False)
    return ArticleFacts(document, tuple(entities), tuple(facts))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: Server) -> Iterator[Any]:
    """Opens a path of the site in a window of its own: `open_page("/", width=360)`. See `Browser.new_context`."""
    contexts = []

    def opened(path: str, width: int = 1100, **options: Any) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.go(site.url + path, site.url)
        return visit

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the demo graph, with an article that tries to be a script, and two that contradict each other."""
    folder = tmp_path_factory.mktemp("site")
    articles = folder / "articles"
    articles.mkdir()
    for name, text in DISAGREEING.items():
        (articles / name).write_text(text, encoding="utf-8")
    with kg.Graph.open(folder / "graph") as graph:
        # The wordings alone, which take a tenth of the model's time; pages don't care who read a fact.
        report = graph.add(ROOT / "data" / "articles", articles, extractors=("wordings",))
        assert not report.failed
        graph.add_facts([hostile(), crowded(), withheld()])
    with running(folder / "graph", folder / "log") as found:
        yield found
