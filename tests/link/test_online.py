"""Linking by the API of a Wikibase, which runs on a real port and answers as the real one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
import kg.link
from kg.errors import ServiceError, UsageError
from kg.link.online.wikidata import WikidataLinker
from kg.link.settings import Linking
from kg.model import Document, Entity, Mention
from tests.link.services import Wikibase, entity, serving

BUSY = (503, {"Retry-After": "0"}, "{}")
LAGGED = (200, {"Retry-After": "0"}, json.dumps({"error": {"code": "maxlag", "info": "Waiting for a database"}}))


@pytest.fixture
def wikibase() -> Iterator[Wikibase]:
    with serving(
        entity("Q7001", "Brightloom", ("Q900",), "Bright Loom", links=80),
        entity("Q7002", "Brightloom Records", ("Q900",)),
        entity("Q7003", "Brightloom", ("Q7187",)),
        entity("Q7004", "Lena Okafor", ("Q5",), links=2),
        entity("Q900", "startup", above=("Q901",)),
        entity("Q901", "firm", above=("Q43229", "Q900")),
    ) as found:
        yield found


@pytest.fixture
def linking(wikibase: Wikibase, tmp_path: Path) -> Linking:
    return Linking(
        ("wikidata",), wikidata=wikibase.address, cache=str(tmp_path / "kept"), contact="me@example.org", wait=0.01
    )


def named(name: str, kind: str = "Organization", *others: str) -> Entity:
    mentions = tuple(Mention(10 * n, 10 * n + len(t), kind, "name", t) for n, t in enumerate((name, *others)))
    return Entity("e1", kind, name, mentions)


def link(linking: Linking, *entities: Entity) -> list[str | None]:
    (linker,) = (WikidataLinker(linking),)
    return [one.qid for one in linker.link(Document("0" * 16, "", ()), entities)]


def items(graph: kg.Graph) -> list[str]:
    found = graph.query("SELECT DISTINCT ?item { ?x owl:sameAs ?item }")
    assert isinstance(found, ox.QuerySolutions)
    return [row["item"].value for row in found]


def test_an_entity_gets_the_item_that_is_called_so_and_is_of_its_type(wikibase: Wikibase, linking: Linking) -> None:
    assert link(linking, named("Brightloom"), named("Lena Okafor", "Person"), named("Nobody Inc.")) == [
        "Q7001",
        "Q7004",
        None,
    ]
    assert link(linking, named("Bright Loom of Accra", "Organization", "Bright Loom")) == ["Q7001"]
    candidates = WikidataLinker(linking).find(["Brightloom"])["Brightloom"]
    assert [(one.id, one.type, one.description) for one in candidates] == [
        ("Q7001", "Organization", "what Brightloom is"),
        ("Q7003", "", "what Brightloom is"),
    ]
    assert sum(one.prior for one in candidates) == pytest.approx(1)


def test_who_has_an_item_and_people_of_one_name_are_not_asked_for(wikibase: Wikibase, linking: Linking) -> None:
    given = replace(named("Brightloom"), qid="Q1")
    assert link(linking, given, named("Okafor", "Person")) == ["Q1", None]
    assert wikibase.asked == []


def test_it_is_asked_as_the_etiquette_wants(wikibase: Wikibase, linking: Linking) -> None:
    link(linking, named("Brightloom"), named("Lena Okafor", "Person"))
    assert {query["maxlag"] for query in wikibase.asked} == {"5"}
    assert all(header["User-Agent"].startswith("newsgraph/") for header in wikibase.headers)
    assert all("me@example.org" in header["User-Agent"] for header in wikibase.headers)
    items = [query["ids"] for query in wikibase.asked if query["action"] == "wbgetentities"]
    assert items[0] == "Q7001|Q7002|Q7003|Q7004"


def test_nothing_is_asked_twice(wikibase: Wikibase, linking: Linking) -> None:
    assert link(linking, named("Brightloom"), named("Nobody Inc.")) == ["Q7001", None]
    count = len(wikibase.asked)
    assert link(linking, named("Brightloom"), named("Nobody Inc.")) == ["Q7001", None]
    assert len(wikibase.asked) == count
    old = replace(linking, keep=0.0)
    assert link(old, named("Brightloom")) == ["Q7001"]
    assert len(wikibase.asked) > count


@pytest.mark.parametrize("fault", [BUSY, LAGGED, (429, {"Retry-After": "0"}, "Too many requests")])
def test_a_busy_service_is_asked_again(
    wikibase: Wikibase, linking: Linking, fault: tuple[int, dict[str, str], str]
) -> None:
    wikibase.faults = [fault, fault]
    assert link(linking, named("Brightloom")) == ["Q7001"]
    assert [query["action"] for query in wikibase.asked[:3]] == ["wbsearchentities"] * 3


def test_it_waits_as_long_as_the_service_wants(
    wikibase: Wikibase, linking: Linking, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    wikibase.faults = [(503, {"Retry-After": "7"}, "{}"), BUSY, BUSY]
    link(linking, named("Brightloom"))
    assert slept == [7.0, 0.02, 0.04]


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ([BUSY] * 9, "is busy (503"),
        ([(503, {"Retry-After": "3600"}, "{}")], "is busy (503"),
        ([(403, {}, "no")], "refuses the question (403 Forbidden)"),
        ([(200, {}, json.dumps({"error": {"code": "x", "info": "Unknown action"}}))], "200 Unknown action"),
        ([(200, {}, "<html>")], "something else than JSON"),
        ([(200, {"Content-Length": "9999"}, "{}")] * 9, "can't be reached"),
        ([(302, {"Location": "http://127.0.0.1:1/"}, "{}")], "refuses the question (302"),
    ],
)
def test_a_service_that_fails_is_named_with_the_reason_and_left_alone(
    wikibase: Wikibase, linking: Linking, faults: list[tuple[int, dict[str, str], str]], message: str
) -> None:
    linker = WikidataLinker(linking)
    wikibase.faults = list(faults)
    document = Document("0" * 16, "", ())
    with pytest.raises(ServiceError) as raised:
        linker.link(document, [named("Brightloom")])
    assert message in str(raised.value)
    assert wikibase.address in str(raised.value)
    count = len(wikibase.asked)
    with pytest.raises(ServiceError):
        linker.link(document, [named("Brightloom")])
    assert len(wikibase.asked) == count


def test_without_network_the_reading_goes_on_and_says_why_once(tmp_path: Path) -> None:
    linking = Linking(("aliases", "wikidata"), wikidata="http://127.0.0.1:9/api", cache=str(tmp_path), retries=0)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(
            f"Tom Abara {number} works for Brightloom. He studied at Stanford University."
        )
    with kg.Graph.open() as graph:
        report = graph.add(*tmp_path.glob("*.txt"), linking=linking)
        assert (report.added, report.failed) == (3, ())
        (reason,) = report.missed
        assert "http://127.0.0.1:9/api can't be reached" in reason
        assert items(graph) == ["http://www.wikidata.org/entity/Q41506"]


def test_what_was_not_linked_is_linked_once_the_service_answers(
    wikibase: Wikibase, linking: Linking, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Tom Abara works for Brightloom as an engineer.")
    both = replace(linking, linkers=("aliases", "wikidata"), retries=0)
    wikibase.faults = [BUSY]
    with kg.Graph.open(tmp_path / "graph") as graph:
        assert len(graph.add(tmp_path / "a.txt", linking=both).missed) == 1
        kg.link._load.cache_clear()  # as in another process
        report = graph.add(tmp_path / "a.txt", linking=both)
        assert (report.facts > 0, report.missed) == (True, ())
        assert items(graph) == ["http://www.wikidata.org/entity/Q7001"]
        assert graph.add(tmp_path / "a.txt", linking=both).facts == 0


def test_a_folder_that_can_keep_no_answers_says_what_to_set(
    wikibase: Wikibase, linking: Linking, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="KG_LINK_CACHE"):
        link(replace(linking, cache=str(tmp_path / "file" / "kept")), named("Brightloom"))


def test_several_processes_ask_one_after_the_other(wikibase: Wikibase, linking: Linking) -> None:
    wikibase.delay = 0.2
    code = (
        "import sys; from kg.link.online.client import Client; from kg.link.settings import Linking; "
        "Client(sys.argv[1], Linking(cache=sys.argv[2])).get({'action': 'wbsearchentities', 'search': 'x'})"
    )
    asking = [subprocess.Popen([sys.executable, "-c", code, wikibase.address, str(linking.cache)]) for _ in range(3)]
    assert [process.wait(60) for process in asking] == [0, 0, 0]
    assert (len(wikibase.asked), wikibase.at_once) == (3, 1)
