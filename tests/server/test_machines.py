"""What pages tell programs: links, JSON-LD, previews, sitemaps, the feed, and the card."""

from __future__ import annotations

import calendar
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import feedparser
import pytest
import requests

import kg
from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, Span
from tests.server.conftest import TOKEN, Server, make_graph, running

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "http://localhost:8000/"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
HOSTILE = '</script><script>alert("1")</script>'


@pytest.fixture(scope="module")
def licensed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes decisions, over a graph with a licence and a person whose name is a script."""
    folder = tmp_path_factory.mktemp("machines")
    articles = {"bad.txt": f"A title {HOSTILE}\n\nGrace {HOSTILE} Lin founded Acme Robotics. Grace Lin works for Meta."}
    graph = make_graph(folder / "graph", articles)
    with running(graph, folder / "log", token=TOKEN, license=LICENSE) as found:
        yield found


def page(server: Server, path: str) -> requests.Response:
    response = requests.get(server.url + path, headers={"Accept": "text/html"}, timeout=60)
    assert response.status_code == 200, response.text
    return response


def links(response: requests.Response) -> dict[str, list[str]]:
    """The targets of a response's `Link` headers, by relation."""
    found: dict[str, list[str]] = {}
    for target, relations in re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["Link"]):
        for relation in relations.split():
            found.setdefault(relation, []).append(target)
    return found


def schema(response: requests.Response) -> dict[str, object]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL)
    found: dict[str, object] = json.loads(text)
    assert found["@context"] == "https://schema.org"
    return found


def feed(server: Server, query: str = "") -> feedparser.FeedParserDict:
    response = requests.get(f"{server.url}/feed.atom{query}", timeout=60)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo
    return found


def test_a_page_has_the_links_of_fair_signposting_in_header_and_head(licensed: Server) -> None:
    response = page(licensed, "/entity/acme-robotics")
    found = links(response)
    assert found["cite-as"] == [f"{BASE}entity/acme-robotics"]
    assert found["type"] == ["https://schema.org/AboutPage", "https://schema.org/Organization"]
    assert found["item"] == ["/entity/acme-robotics.csv"]
    assert found["collection"] == ["/.well-known/void"]
    assert found["license"] == [LICENSE]
    for target in (*found["describedby"], *found["alternate"], *found["item"], *found["collection"]):
        assert requests.get(urljoin(licensed.url, target), timeout=60).status_code == 200, target
    assert len(found["describedby"]) == 6
    assert f"dct:license <{LICENSE}>" in requests.get(urljoin(licensed.url, found["collection"][0]), timeout=60).text
    for relation, targets in found.items():
        for target in targets:
            tag = rf'<link rel="[^"]*\b{relation}\b[^"]*" href="{re.escape(target)}"'
            assert re.search(tag, response.text), (relation, target)


def test_what_describes_a_page_leads_back_to_it(licensed: Server) -> None:
    response = requests.get(f"{licensed.url}/entity/acme-robotics.ttl", timeout=60)
    assert links(response)["describes"] == ["/entity/acme-robotics.html"]


def test_each_kind_of_page_is_described_in_the_words_of_schema_org(licensed: Server) -> None:
    organization = schema(page(licensed, "/entity/acme-robotics"))
    assert organization["@type"] == "Organization"
    assert organization["@id"] == f"{BASE}entity/acme-robotics"
    assert organization["founder"] == {"@id": f"{BASE}entity/grace-lin", "@type": "Person", "name": "Grace Lin"}
    ((article,),) = licensed.rows("SELECT ?a { ?a a schema:NewsArticle }")
    described = schema(page(licensed, article.removeprefix(BASE.rstrip("/"))))
    assert described["@type"] == "NewsArticle"
    assert "Acme Robotics" in str(described["mentions"])
    ((statement,),) = licensed.rows("SELECT ?s { ?s rdf:predicate ng:employer }")
    claim = schema(page(licensed, statement.removeprefix(BASE.rstrip("/"))))
    assert claim["@type"] == "Claim"
    assert claim["name"] == "Grace Lin: employer Meta"
    assert f"'{article}'" in str(claim["appearance"])
    assert schema(page(licensed, "/"))["@type"] == "WebSite"


def test_no_name_ends_the_script_that_describes_a_page(licensed: Server) -> None:
    ((article,),) = licensed.rows("SELECT ?a { ?a a schema:NewsArticle }")
    response = page(licensed, article.removeprefix(BASE.rstrip("/")))
    assert HOSTILE not in response.text
    assert HOSTILE in str(schema(response)["headline"])


def test_a_link_to_a_page_shows_what_it_is(licensed: Server) -> None:
    text = page(licensed, "/entity/acme-robotics").text
    found = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', text))
    assert found["og:title"] == "Acme Robotics"
    assert found["og:url"] == f"{BASE}entity/acme-robotics"
    assert found["og:description"] == "organization, founded by: Grace Lin"
    assert found["twitter:card"] == "summary"
    image = requests.get(found["og:image"], timeout=60)
    assert image.headers["Content-Type"] == "image/png"


def test_robots_find_the_sitemaps_and_these_every_page(server: Server) -> None:
    robots = requests.get(f"{server.url}/robots.txt", timeout=60).text
    (index,) = re.findall("Sitemap: (.*)", robots)
    maps = [
        found.text for found in ElementTree.fromstring(requests.get(index, timeout=60).content).iter(f"{SITEMAP}loc")
    ]
    assert maps == [f"{server.url}/sitemap-1.xml"]
    response = requests.get(str(maps[0]), timeout=60)
    pages = [str(found.text) for found in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]
    things = server.rows("SELECT DISTINCT ?x { { ?x a schema:NewsArticle } UNION { ?a schema:mentions ?x } }")
    expected = {one.replace(BASE, f"{server.url}/") for (one,) in things}
    assert set(pages) == expected | {f"{server.url}/", f"{server.url}/ontology"}
    for one in pages:
        assert requests.get(one, timeout=60).status_code == 200
    again = requests.get(str(maps[0]), headers={"If-None-Match": response.headers["ETag"]}, timeout=60)
    assert again.status_code == 304
    assert requests.get(f"{server.url}/sitemap-2.xml", timeout=60).status_code == 404


def test_the_feed_has_each_fact_once_with_its_sentence_and_the_time_when_it_came(server: Server) -> None:
    found = feed(server)
    statements = {one for (one,) in server.rows("SELECT ?s { ?s a ng:Statement }")}
    assert {entry.id for entry in found.entries} == statements
    assert len(found.entries) == len(statements)
    (born,) = [entry for entry in found.entries if "Lagos" in entry.title]
    assert "Okafor was born in Lagos." in born.content[0].value
    age = time.time() - calendar.timegm(born.updated_parsed)
    assert 0 <= age < 3600
    assert found.feed.updated == max(entry.updated for entry in found.entries)
    assert f'href="{found.feed.links[0].href}"' in unescape(requests.get(f"{server.url}/feed.atom", timeout=60).text)


def test_the_feed_is_had_for_one_entity_and_for_one_relation(server: Server) -> None:
    of_okafor = feed(server, "?entity=Bayo+Okafor")
    assert of_okafor.feed.id == f"{BASE}feed.atom?entity=http%3A%2F%2Flocalhost%3A8000%2Fentity%2Fbayo-okafor"
    assert {entry.title.partition(":")[0] for entry in of_okafor.entries} == {"Bayo Okafor"}
    of_employer = feed(server, "?relation=employer")
    assert {entry.tags[0].label for entry in of_employer.entries} == {"employer"}
    both = feed(server, "?relation=employer&entity=Bayo+Okafor")
    assert [entry.title for entry in both.entries] == ["Bayo Okafor: employer Acme Robotics"]
    for query in ("?entity=Nobody+Xyzzyx", "?relation=oops", "?page=0"):
        assert requests.get(f"{server.url}/feed.atom{query}", timeout=60).status_code == 404, query
    assert feed(server, "?page=2").entries == []


def test_a_page_leads_to_its_feed(server: Server) -> None:
    text = page(server, "/entity/bayo-okafor").text
    (href,) = re.findall(r'href="([^"]*)" type="application/atom\+xml" title="New facts of Bayo Okafor"', text)
    assert len(feed(server, unescape(href).removeprefix("/feed.atom")).entries) == 2
    assert '<link rel="alternate" type="application/atom+xml" title="New facts" href="/feed.atom">' in text


def test_what_a_person_says_is_news_and_what_one_rejects_is_none(licensed: Server, authorized: dict[str, str]) -> None:
    def decide(**request: object) -> str:
        response = requests.post(f"{licensed.url}/decisions", json=request, headers=authorized, timeout=60)
        assert response.status_code == 201, response.text
        return str(response.json()[0]["id"])

    before = feed(licensed)
    added = decide(decide="add", subject="Grace Lin", relation="educated_at", object="Meta")
    newest = feed(licensed).entries[0]
    assert newest.title == "Grace Lin: educated at Meta"
    rejected = decide(decide="reject", target=newest.id)
    assert rejected == added
    assert [entry.id for entry in feed(licensed).entries] == [entry.id for entry in before.entries]


def test_articles_that_come_later_come_first_and_characters_that_xml_lacks_do_not_break_it(tmp_path: Path) -> None:
    graph = make_graph(tmp_path / "graph", {"one.txt": "One\n\nGrace Lin founded Acme Robotics."})
    time.sleep(1.1)
    text = "Bayo Okafor works for Meta."
    who = Entity("e1", "Person", "Bayo Okafor", (Mention(0, 11, "Person", "name", "Bayo Okafor"),))
    where = Entity("e2", "Organization", "Meta", (Mention(22, 26, "Organization", "name", "Meta"),))
    fact = Fact("e1", "employer", "e2", True, (), (Reference(Span(0, 27), "hand", 1.0),))
    document = Document("0" * 16, text, (Span(0, 27),), title="A bell\x07")
    with kg.Graph.open(graph) as opened:
        opened.add_facts([ArticleFacts(document, (who, where), (fact,))])
    with running(graph, tmp_path / "log") as server:
        titles = [entry.title for entry in feed(server).entries]
    assert titles[0].startswith("Bayo Okafor")
    assert titles[-1] == "Acme Robotics: founded by Grace Lin"


def test_a_card_may_be_shown_within_any_page_and_does_nothing_else(licensed: Server) -> None:
    text = page(licensed, "/entity/acme-robotics").text
    (snippet,) = re.findall("<textarea[^>]*readonly[^>]*>(.*?)</textarea>", text, re.DOTALL)
    (address,) = re.findall(' src="([^"]*)"', unescape(snippet))
    card = requests.get(address, timeout=60)
    assert "<h1>" in card.text
    policy = card.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "<script" not in card.text
    assert requests.get(f"{licensed.url}/entity/nobody/card", timeout=60).status_code == 404
