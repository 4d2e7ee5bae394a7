"""Settings come from options, the environment and one file, in this order, and a wrong one is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import pytest
import requests

from kg.cli import settings
from server.config import SETTINGS, Config
from tests.cli.conftest import Run
from tests.server.conftest import Server, free_port, wait_for

TOKEN = {"Authorization": "Bearer a long secret"}
SLOW = "SELECT (COUNT(*) AS ?slow) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"


@contextmanager
def served(folder: Path, *arguments: str, port: int | None = None) -> Iterator[Server]:
    """`kg serve`, run in `folder`; its port is an option unless `port` tells that it is set elsewhere."""
    options = [] if port else ["--port", str(port := free_port())]
    command = [sys.executable, "-m", "kg", "serve", *options, *arguments]
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stderr=log, text=True) as process:
        server = Server(f"http://127.0.0.1:{port}", process, folder, folder / "log")
        try:
            wait_for(server)
            yield server
        finally:
            process.terminate()


def limit(server: Server) -> str:
    """The time limit that a query met."""
    response = server.ask(SLOW)
    assert response.status_code == 503
    return response.text.partition("ended after ")[2].partition(" s,")[0]


def test_the_store_of_the_file_is_that_of_every_command(run: Run, folder: Path) -> None:
    (folder / "newsgraph.toml").write_text('store = "elsewhere"\nbase = "https://news.example.org/"\n')
    assert run("add", "news").code == 0
    assert not (folder / "newsgraph").exists()
    shown = run("show", "Brightloom")
    assert "https://news.example.org/entity/brightloom" in shown.out
    assert "https://news.example.org/" in run("export", "--store", "elsewhere").out


def test_a_path_in_the_file_is_relative_to_the_file(run: Run, folder: Path) -> None:
    (folder / "settings").mkdir()
    (folder / "settings" / "mine.toml").write_text('store = "graph"\n')
    assert run("add", "news", "--config", "settings/mine.toml").code == 0
    assert (folder / "settings" / "graph" / "store").is_dir()


def test_an_option_wins_over_the_environment_that_over_the_file_and_the_file_over_the_default(
    graph: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    (folder / "newsgraph.toml").write_text(f"query_time = 0.7\nprocesses = 1\nport = {port}\n")
    with served(folder, port=port) as server:
        assert limit(server) == "0.7"
    monkeypatch.setenv("KG_QUERY_TIME", "0.6")
    with served(folder, port=port) as server:
        assert limit(server) == "0.6"
    with served(folder, "--query-time", "0.5", port=port) as server:
        assert limit(server) == "0.5"


def test_each_token_of_the_file_allows_writing_and_is_named_in_the_audit_log(graph: Run, folder: Path) -> None:
    (folder / "mine.toml").write_text('processes = 1\n[tokens]\neditor = "a long secret"\n')
    with served(folder, "--config", "mine.toml") as server:
        update = {"update": "INSERT DATA { <http://example.org/a> rdfs:label 'a' }"}
        assert requests.post(f"{server.url}/update", data=update, timeout=60).status_code == 401
        assert requests.post(f"{server.url}/update", data=update, headers=TOKEN, timeout=60).ok
    assert '"author": "editor"' in (folder / "newsgraph" / "audit.jsonl").read_text()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query_tme = 3", "no setting 'query_tme'; did you mean 'query_time'?"),
        ("sotre = 'x'", "no setting 'sotre'; did you mean 'store'?"),
        ("query_time = 'long'", "query_time is 'long': it must be a number of seconds, 0 or more"),
        ("query_time = nan", "query_time is nan: it must be a number of seconds"),
        ("workers = 0", "workers is 0: it must be a whole number, 1 or more"),
        ("workers = true", "workers is True: it must be a whole number"),
        ("cache_size = 1.5", "cache_size is 1.5: it must be a whole number of bytes"),
        ("port = 'http'", "port is 'http': it must be a whole number"),
        ("default_graph = 'all'", "default_graph is 'all': it must be 'union' or 'unnamed'"),
        ("access_log = 3", "access_log is 3: it must be the name of a file"),
        ("store = 3", "store is 3: it must be a text"),
        ("tokens = 'secret'", "tokens must be a table"),
        ("[tokens]\neditor = ''", "tokens must be a table"),
        ("query_time = ", "is no TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_the_file(run: Run, folder: Path, text: str, told: str) -> None:
    (folder / "newsgraph.toml").write_text(text)
    for command in (("serve",), ("query", "ASK {}")):
        result = run(*command)
        assert (result.code, result.err.count("\n")) == (2, 1), result
        assert "newsgraph.toml" in result.err
        assert told in result.err
        assert "'secret'" not in result.err


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    result = run("serve", "--config", "missing.toml")
    assert (result.code, "missing.toml" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KG_QUERY_TME", "3", "no variable 'KG_QUERY_TME'; did you mean 'KG_QUERY_TIME'?"),
        ("KG_QUERY_TIME", "long", "'long' is not a valid float"),
        ("KG_WORKERS", "0", "0 is not in the range"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(
    graph: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    result = graph("serve")
    assert (result.code, result.err.count("\n")) == (2, 1), result
    assert told in result.err
    assert name in result.err


def test_a_graph_keeps_the_base_that_it_was_made_with(run: Run, folder: Path) -> None:
    assert run("add", "news", "--base", "https://news.example.org/").code == 0
    assert run("add", "news").out.startswith("Articles: 2 unchanged.")
    assert "https://news.example.org/entity/brightloom" in run("show", "Brightloom").out
    result = run("add", "news", "--base", "https://other.example.org/")
    assert result.code == 2
    assert "base IRI is https://news.example.org/" in result.err
    with served(folder, "--processes", "1") as server:
        page = requests.get(f"{server.url}/entity/brightloom.ttl", timeout=60)
        assert (page.status_code, "<https://news.example.org/entity/brightloom>" in page.text) == (200, True)
    assert run("serve", "--base", "https://other.example.org/", "--port", str(free_port())).code == 2


def test_every_setting_of_the_server_is_one_of_the_command_line() -> None:
    assert {one.name for one in fields(Config)} - {one.name for one in SETTINGS} == {
        "store",
        "base",
        "tokens",
        "address",
        "runtime",
    }
    assert {one.name for one in SETTINGS} < set(settings.KEYS)
