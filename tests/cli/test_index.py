"""`kg index`, and linking by what it makes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

TABLE = "id,name,alias,type\n17,Brightloom,Bright Loom Inc.,company\n18,Lena Okafor,,person\n"
BUILD = ("index", "build", "crm.csv", "-o", "crm.index", "--iri", "https://crm.example.org/{id}")
LINKS = "SELECT ?name ?what { ?x owl:sameAs ?what ; rdfs:label ?name } ORDER BY ?what"


@pytest.fixture
def crm(folder: Path, run: Run) -> Run:
    """Runs `kg` where there is an index of a company's own register."""
    (folder / "crm.csv").write_text(TABLE, encoding="utf-8")
    assert run(*BUILD).code == 0
    return run


def test_an_index_of_an_own_register_links_what_is_read(crm: Run) -> None:
    assert crm("add", "news", "--index", "crm.index").code == 0
    links = crm("query", LINKS).out
    assert "Brightloom\thttps://crm.example.org/17" in links
    assert "Lena Okafor\thttps://crm.example.org/18" in links
    assert "Stanford University\thttp://www.wikidata.org/entity/Q41506" in links


def test_articles_are_read_again_where_another_index_may_link_otherwise(crm: Run) -> None:
    assert crm("add", "news").code == 0
    assert json.loads(crm("add", "news", "--json").out)["facts"] == 0
    assert json.loads(crm("add", "news", "--json", "--index", "crm.index").out)["facts"] > 0
    assert "crm.example.org" in crm("query", LINKS).out
    assert json.loads(crm("add", "news", "--json", "--index", "crm.index").out)["facts"] == 0
    crm("add", "news")
    assert "crm.example.org" not in crm("query", LINKS).out


def test_annotations_name_the_links_into_other_registers(crm: Run, folder: Path) -> None:
    article = {"id": "a", "text": "Tom Abara works for Brightloom as an engineer. He studied at Stanford University."}
    (folder / "articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
    entities = json.loads(crm("extract", "articles.jsonl", "--index", "crm.index").out)["entities"]
    links = {entity["name"]: (entity["qid"], entity.get("links")) for entity in entities}
    assert links["Brightloom"] == (None, ["https://crm.example.org/17"])
    assert links["Stanford University"] == ("Q41506", None)


def test_indexes_and_linkers_can_be_set_in_the_file_and_the_environment(
    crm: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "conf").mkdir()
    (folder / "conf" / "kg.toml").write_text('[link]\nindexes = ["../crm.index"]\n', encoding="utf-8")
    assert crm("add", "news", "--config", "conf/kg.toml", "--store", "a").code == 0
    assert "crm.example.org/17" in crm("query", LINKS, "--store", "a").out
    monkeypatch.setenv("KG_LINK_INDEXES", "crm.index")
    assert crm("add", "news", "--store", "b").code == 0
    assert "crm.example.org/17" in crm("query", LINKS, "--store", "b").out


@pytest.mark.parametrize(
    ("options", "settings", "message"),
    [
        (("--index", "nothing.index"), "", "nothing.index can't be opened"),
        (("--index", "crm.csv"), "", "crm.csv is no index"),
        (("--linker", "nobody"), "", "no linker is called 'nobody'"),
        ((), '[link]\nindexes = "crm.index"\n', "must be a list"),
        ((), "[link]\nindex = []\n", "There is no setting 'index' under [link]"),
    ],
)
def test_what_can_not_link_says_so_and_nothing_is_read(
    crm: Run, folder: Path, options: tuple[str, ...], settings: str, message: str
) -> None:
    (folder / "newsgraph.toml").write_text(settings, encoding="utf-8")
    result = crm("add", "news", *options)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err


def test_find_shows_what_a_name_can_stand_for(crm: Run) -> None:
    result = crm("index", "find", "crm.index", "Bright Loom Inc.")
    assert result.out.splitlines()[1:] == [
        "Bright Loom Inc.\t1.00\thttps://crm.example.org/17\tOrganization\tBrightloom\t"
    ]
    found = json.loads(crm("index", "find", "--json", "crm.index", "Lena Okafor").out)
    assert [(one["alias"], one["id"], one["source"]) for one in found] == [("Lena Okafor", "18", "crm")]
    assert crm("index", "find", "crm.index", "Nobody").code == 1


def test_build_tells_what_it_made_and_what_was_wrong(run: Run, folder: Path) -> None:
    (folder / "crm.csv").write_text(TABLE + "19,,,\n", encoding="utf-8")
    result = run(*BUILD)
    assert (result.code, result.err) == (1, "kg: crm.csv:4: has no name; the row is left out\n")
    assert result.out == "crm.index: 3 names of 2 things (1 Organization, 1 Person), 0.0 MB\n"
    told = json.loads(run(*BUILD, "--json", "--name", "customers", "--type", "Person").out)
    assert (told["name"], told["by_type"], told["left_out"]) == ("customers", {"Person": 1}, 1)
    assert told["failed"] == [{"source": "crm.csv:4", "reason": "has no name; the row is left out"}]


def test_many_wrong_lines_are_counted(run: Run, folder: Path) -> None:
    (folder / "crm.csv").write_text(TABLE + "".join(f"{number},,,\n" for number in range(100)), encoding="utf-8")
    lines = run(*BUILD).err.splitlines()
    assert (len(lines), lines[-1]) == (21, "kg: and 80 more of the kind")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing.csv",), "nothing.csv"),
        (("crm.csv", "--format", "nix"), "there is no format 'nix'"),
        (("crm.csv", "--column", "id"), "write WHAT=NAME"),
        (("crm.csv", "--separator", ""), "--separator is empty"),
        (("crm.csv", "--as", "Firm"), "no entity type 'Firm'"),
        (("crm.csv",), "say by --iri"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(run: Run, folder: Path, arguments: tuple[str, ...], message: str) -> None:
    (folder / "crm.csv").write_text(TABLE, encoding="utf-8")
    result = run("index", "build", *arguments, "-o", "x.index")
    assert result.code in (1, 2)
    assert message in result.err
    assert not list(folder.glob("x.index*"))


def test_a_bar_shows_progress_on_a_terminal_only(crm: Run, folder: Path) -> None:
    assert crm(*BUILD).err == ""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "kg", *BUILD]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    subprocess.run(command, check=True, cwd=folder, stderr=follower, stdout=subprocess.DEVNULL, env=environment)
    os.close(follower)
    shown = os.read(leader, 100_000).decode()
    os.close(leader)
    assert "Reading" in shown
    assert f"{len(TABLE)}/{len(TABLE)} bytes" in shown


def test_show_explains_links_into_all_registers(crm: Run) -> None:
    assert crm("add", "news", "--index", "crm.index").code == 0
    told = crm("show", "Brightloom", "--why", "--index", "crm.index").out
    assert "linked to https://crm.example.org/17" in told
    assert "https://crm.example.org/17 Brightloom: probability" in told
    (explained, *_) = json.loads(crm("show", "Stanford University", "--why", "--json", "--index", "crm.index").out)[0][
        "why"
    ]
    assert explained["items"] == ["http://www.wikidata.org/entity/Q41506"]
    assert explained["candidates"][0]["item"] == "http://www.wikidata.org/entity/Q41506"


def test_without_network_one_line_says_what_was_not_linked(
    run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("KG_LINK_WIKIDATA", "http://127.0.0.1:9/api.php")
    monkeypatch.setenv("KG_LINK_CACHE", str(folder / "kept"))
    monkeypatch.setenv("KG_LINK_RETRIES", "0")
    result = run("add", "news", "--linker", "aliases", "--linker", "wikidata", "--workers", "1")
    assert result.code == 0
    assert result.err == "kg: not linked: http://127.0.0.1:9/api.php can't be reached (connection refused)\n"
    assert result.out.startswith("Articles: 2 added.")
    assert "http://www.wikidata.org/entity/Q41506" in run("query", LINKS).out
    again = json.loads(run("add", "news", "--linker", "aliases", "--linker", "wikidata", "--json").out)
    assert (again["facts"] > 0, len(again["missed"])) == (True, 1)


def test_a_linker_without_its_service_says_what_to_set(run: Run) -> None:
    result = run("add", "news", "--linker", "reconciliation")
    assert (result.code, "set services under [link], or KG_LINK_SERVICES" in result.err) == (2, True)


def test_a_name_that_an_index_lacks_is_said_not_to_be_found(crm: Run) -> None:
    result = crm("index", "find", "crm.index", "Nope")
    assert (result.code, result.err) == (1, "nothing found\n")
