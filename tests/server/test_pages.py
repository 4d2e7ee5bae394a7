"""Pages, and the same as triples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
import requests

from server import formats
from tests.server.conftest import Server, make_graph, running

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HOSTILE = '<script>alert("1")</script>'


class Page(HTMLParser):
    """The tags that are open, the links, and the texts of a page. Fails where tags do not match."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "action", "src")]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def get(server: Server, path: str, accept: str = BROWSER["Accept"]) -> requests.Response:
    return requests.get(server.url + path, headers={"Accept": accept}, timeout=60, allow_redirects=False)


def paths(server: Server) -> Iterator[str]:
    yield "/entity/grace-lin"
    for kind in ("schema:NewsArticle", "ng:Statement"):
        ((iri,),) = server.rows(f"SELECT ?s {{ ?s a {kind} }} ORDER BY ?s LIMIT 1")
        yield iri.removeprefix("http://localhost:8000")


def test_the_home_page_counts_and_links_to_what_there_is(server: Server) -> None:
    response = get(server, "/")
    assert response.status_code == 200
    page = Page(response.text)
    assert re.search(r"<b>2</b> articles", response.text)
    assert {"/sparql", "/ontology", "/search"} <= set(page.links)


def test_every_link_of_every_page_leads_somewhere(server: Server) -> None:
    seen: set[str] = set()
    left = ["/", "/sparql", "/search?q=lin"]
    while left:
        path = left.pop()
        target = path.partition("#")[0]
        if target in seen or not target.startswith("/"):
            continue
        seen.add(target)
        response = get(server, target)
        assert response.status_code == 200, target
        if response.headers["Content-Type"].startswith("text/html"):
            left += [link.replace("&amp;", "&") for link in Page(response.text).links]
    assert len(seen) > 40
    assert any("/statement/" in path for path in seen)


def test_an_entity_page_shows_each_fact_with_its_sentence(server: Server) -> None:
    text = get(server, "/entity/grace-lin").text
    Page(text)
    assert "<h1>Grace Lin</h1>" in text
    assert "chief scientist" in text
    assert "Lin joined Meta as chief scientist in March 2019." in re.sub("</?mark>", "", text)
    assert "Grace Lin leaves Acme Robotics" in text


def test_an_article_page_shows_what_it_says_and_mentions(server: Server) -> None:
    (path,) = [path for path in paths(server) if path.startswith("/article/")]
    text = get(server, path).text
    Page(text)
    assert "The text" in text
    assert "What it mentions" in text


@pytest.mark.parametrize("key", sorted(formats.GRAPHS))
def test_what_a_page_shows_is_there_as_triples_by_suffix_and_by_header(server: Server, key: str) -> None:
    found = formats.GRAPHS[key]
    assert isinstance(found.engine, ox.RdfFormat)
    for path in paths(server):
        by_suffix = get(server, f"{path}.{key}")
        by_header = get(server, path, found.media_type)
        assert by_suffix.headers["Content-Type"] == found.content_type
        triples = set(ox.parse(by_suffix.content, found.engine))
        assert triples == set(ox.parse(by_header.content, found.engine))
        assert any(quad.subject.value.endswith(path) for quad in triples)
        assert "Accept" in by_header.headers["Vary"]


def test_the_ontology_is_a_page_and_triples(server: Server) -> None:
    page = get(server, "/ontology").text
    Page(page)
    assert 'id="employer"' in page
    turtle = get(server, "/ontology.ttl")
    jsonld = get(server, "/ontology", "application/ld+json")
    assert len(set(ox.parse(turtle.content, ox.RdfFormat.TURTLE))) == len(
        set(ox.parse(jsonld.content, ox.RdfFormat.JSON_LD))
    )


def test_search_finds_names_then_titles_then_sentences(server: Server) -> None:
    found = requests.get(f"{server.url}/search", params={"q": "acme", "format": "json"}, timeout=60).json()
    assert [(hit["label"], hit["kind"]) for hit in found["results"][:2]] == [
        ("Acme Robotics", "organization"),
        ("Grace Lin leaves Acme Robotics", "article"),
    ]
    assert {hit["kind"] for hit in found["results"][2:]} == {"sentence"}
    assert {hit["article"] for hit in found["results"] if hit["kind"] == "sentence"} >= {
        "Grace Lin leaves Acme Robotics"
    }
    page = get(server, "/search?q=acme")
    assert 'href="/entity/acme-robotics"' in page.text
    assert get(server, "/search?q=" + "x" * 300).status_code == 400


def test_what_is_not_there_is_not_found(server: Server) -> None:
    for path in ("/entity/nobody", "/article/0000000000000000", "/statement/x", "/ontology.exe", "/entity/a%3E%20b"):
        assert get(server, path).status_code == 404, path


def test_no_page_holds_a_script_or_allows_one_from_elsewhere(server: Server) -> None:
    for path in ("/", "/sparql", "/entity/grace-lin", "/ontology", "/nowhere"):
        response = get(server, path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self';" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        Page(response.text)
        for found in re.findall("<script.*?</script>", response.text, re.DOTALL):
            loaded = re.fullmatch(r'<script( defer| type="module"| src="/static/[a-z/]+\.js"){2}></script>', found)
            data = re.fullmatch(r'<script type="application/(ld\+)?json"( id="[a-z]+")?>[^<]*</script>', found)
            assert loaded or data, found


def test_what_articles_say_cannot_become_markup(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    articles = {
        "bad.txt": f'{HOSTILE} "quoted"\n\nGrace {HOSTILE} Lin founded Acme Robotics. Grace Lin works for Meta.'
    }
    with running(make_graph(folder / "graph", articles), folder / "log") as server:
        ((article,),) = server.rows("SELECT ?a { ?a a schema:NewsArticle }")
        entities = [row[0] for row in server.rows("SELECT ?e { ?a schema:mentions ?e }")]
        assert entities
        for iri in [article, *entities]:
            page = get(server, iri.removeprefix("http://localhost:8000")).text
            assert HOSTILE not in page
            Page(page)
        for path in (f"/search?q={HOSTILE}", f"/sparql?query={HOSTILE}", f"/entity/{HOSTILE}"):
            assert HOSTILE not in get(server, path).text


def test_an_entity_that_got_another_name_is_found_under_its_old_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    import sqlite3

    folder = tmp_path_factory.mktemp("moved")
    graph = make_graph(folder / "graph")
    base = "http://localhost:8000/entity/"
    with sqlite3.connect(graph / "ledger.sqlite") as database:
        database.execute("INSERT INTO redirect VALUES (?, ?)", (base + "gracie", base + "grace-lin"))
    database.close()
    with running(graph, folder / "log") as server:
        response = get(server, "/entity/gracie")
        assert (response.status_code, response.headers["Location"]) == (302, "/entity/grace-lin")
