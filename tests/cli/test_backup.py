"""`kg backup`, `kg restore` and `kg optimize`: real stores, a real server that is written to, files that are cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.cli.conftest import Run
from tests.server.conftest import TOKEN, running


def exported(run: Run, store: str) -> str:
    result = run("export", "--format", "nquads", "--store", store)
    assert result.code == 0, result.err
    return result.out


@pytest.mark.parametrize("target", ["copy", "copy.tar", "copy.tar.gz", "copy.tgz"])
def test_a_restored_graph_is_the_one_that_was_copied(graph: Run, folder: Path, target: str) -> None:
    assert graph("backup", target).code == 0
    assert (folder / target).is_dir() == (target == "copy")
    before = exported(graph, "newsgraph")
    assert graph("forget", "news/okafor.txt").code == 0
    assert graph("restore", target, "--store", "restored").code == 0
    assert exported(graph, "restored") == before != exported(graph, "newsgraph")
    assert graph("add", "news", "--store", "restored").out.startswith("Articles: 2 unchanged.")
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_restored_graph_and_its_backup_have_nothing_in_common(graph: Run) -> None:
    graph("backup", "copy")
    graph("restore", "copy", "--store", "first")
    before = exported(graph, "first")
    graph("forget", "news/okafor.txt", "--store", "first")
    graph("optimize", "--store", "first")
    graph("restore", "copy", "--store", "second")
    assert exported(graph, "second") == before


def test_nothing_is_overwritten(graph: Run, folder: Path) -> None:
    (folder / "there").mkdir()
    (folder / "there.tar").write_text("mine")
    (folder / "full").mkdir()
    (folder / "full" / "mine").write_text("mine")
    graph("backup", "copy")
    for arguments in (
        ("backup", "there"),
        ("backup", "there.tar"),
        ("restore", "copy"),
        ("restore", "copy", "--store", "full"),
    ):
        result = graph(*arguments)
        assert (result.code, "is there already" in result.err) == (2, True), result
    assert (folder / "there.tar").read_text() == (folder / "full" / "mine").read_text() == "mine"


def test_a_graph_is_restored_into_an_empty_folder(graph: Run, folder: Path) -> None:
    graph("backup", "copy.tar")
    (folder / "empty").mkdir()
    assert graph("restore", "copy.tar", "--store", "empty").code == 0
    assert exported(graph, "empty") == exported(graph, "newsgraph")


def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(graph: Run, folder: Path) -> None:
    graph("backup", "copy.tar.gz")
    whole = (folder / "copy.tar.gz").read_bytes()
    (folder / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "text.tar").write_text("no archive at all")
    (folder / "nothing").mkdir()
    with tarfile.open(folder / "outside.tar", "w") as archive:
        archive.add(folder / "text.tar", "../escaped")
    for source in ("cut.tar.gz", "text.tar", "nothing", "outside.tar"):
        result = graph("restore", source, "--store", "restored")
        assert (result.code, result.err.count("\n")) == (1, 1), result
        assert f"{source} is no whole backup" in result.err
        assert not (folder / "restored").exists()
    assert not (folder.parent / "escaped").exists()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_backup_of_no_graph_is_wrong_usage(run: Run) -> None:
    result = run("backup", "copy")
    assert result.code == 2
    assert "there is no graph in newsgraph" in result.err


def test_a_backup_of_a_graph_that_is_written_to_holds_all_that_was_acknowledged_before(run: Run, folder: Path) -> None:
    def insert(url: str, number: int) -> None:
        update = f"INSERT DATA {{ <http://example.org/{number}> rdfs:label 'a', 'b' }}"
        header = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}
        assert requests.post(f"{url}/update", data=update, headers=header, timeout=60).ok

    done = [0]
    stop = threading.Event()
    with running(folder / "newsgraph", folder / "log", token=TOKEN) as server:

        def write() -> None:
            while not stop.is_set():
                insert(server.url, done[0])
                done[0] += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            acknowledged = []
            for number in range(5):
                time.sleep(0.2)
                acknowledged.append(done[0])
                assert run("backup", f"copy-{number}").code == 0
        finally:
            stop.set()
            writer.join()
    assert acknowledged[-1] > acknowledged[0] > 0
    for number, least in enumerate(acknowledged):
        assert run("restore", f"copy-{number}", "--store", f"restored-{number}").code == 0
        found = run(
            "query",
            "SELECT ?s (COUNT(*) AS ?n) { ?s rdfs:label ?l } GROUP BY ?s",
            "--format",
            "csv",
            "--store",
            f"restored-{number}",
        ).out.splitlines()[1:]
        assert len(found) >= least
        assert {line.rpartition(",")[2] for line in found} == {"2"}, "an update is torn"


def test_a_graph_that_is_read_only_served_is_copied_and_optimized(graph: Run, folder: Path) -> None:
    with running(folder / "newsgraph", folder / "log") as server:
        assert graph("backup", "copy").code == 0
        assert graph("optimize").code == 0
        assert server.rows("SELECT (COUNT(*) AS ?n) { ?s a ng:Person }") == [["2"]]
    graph("restore", "copy", "--store", "restored")
    assert exported(graph, "restored") == exported(graph, "newsgraph")


def test_a_killed_backup_leaves_nothing_under_its_name(graph: Run, folder: Path) -> None:
    command = [sys.executable, "-m", "kg", "backup", "copy"]
    for delay in (0.05, 0.15, 0.3, 0.5):
        with subprocess.Popen(command) as process:
            time.sleep(delay)
            os.kill(process.pid, signal.SIGKILL)
        if (folder / "copy").exists():
            break
    if (folder / "copy").exists():
        assert graph("restore", "copy", "--store", "restored").code == 0
        assert exported(graph, "restored") == exported(graph, "newsgraph")


def test_optimizing_changes_nothing_that_is_said_and_frees_what_was_deleted(graph: Run) -> None:
    before = exported(graph, "newsgraph")
    result = graph("optimize")
    assert result.code == 0
    assert "takes" in result.out
    assert exported(graph, "newsgraph") == before
