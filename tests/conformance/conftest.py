"""Which tests of the suites run on which path, the server, and the table of what passed."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conformance import known, manifests
from tests.conformance.manifests import Case
from tests.conformance.ways import InProcess, OverHttp, Way
from tests.server.conftest import TOKEN, Server, running

_SHARED = Path(os.environ.get("NEWSGRAPH_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FOLDER = _SHARED / "w3c"
_FAILURES = (AssertionError, pytest.fail.Exception)

Note = Callable[[str, object], None]
"""`record_property`: "equal" is how an answer was found equal."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What a module of tests runs: these suites, on these ways.

    `skipped` has reasons by kind of test or by folder; `only_in_process` by the beginning of the kind.
    """

    suites: tuple[str, ...]
    ways: tuple[str, ...] = ("graph", "http")
    skipped: Mapping[str, str] = field(default_factory=dict)
    only_in_process: Mapping[str, str] = field(default_factory=dict)

    def reason_to_skip(self, case: Case, way: str) -> str | None:
        if way == "http":
            for kind, reason in self.only_in_process.items():
                if case.kind.startswith(kind):
                    return reason
        folder = case.action.parent.name if case.action else ""
        return self.skipped.get(case.kind) or self.skipped.get(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A function that asks for a `case` runs once for each of its module's `RUNS`."""
    if "case" not in metafunc.fixturenames:
        return
    runs: Runs = metafunc.module.RUNS
    if not FOLDER.is_dir():
        skip = pytest.mark.skip(reason=f"{FOLDER} does not exist: set NEWSGRAPH_SHARED to the folder that holds w3c/")
        metafunc.parametrize(("case", "way"), [pytest.param(None, "graph", marks=skip)], indirect=["way"])
        return
    found = []
    for way in runs.ways:
        for suite in runs.suites:
            for case in manifests.cases(FOLDER, suite):
                marks = []
                skipped, expected = runs.reason_to_skip(case, way), known.reason(case.iri, way)
                if skipped is not None:
                    marks.append(pytest.mark.skip(reason=skipped))
                elif expected is not None:
                    marks.append(pytest.mark.xfail(reason=expected, raises=_FAILURES, strict=True))
                found.append(pytest.param(case, way, marks=marks, id=f"{way}-{case.iri}"))
    metafunc.parametrize(("case", "way"), found, indirect=["way"])


@pytest.fixture(scope="session")
def in_process() -> InProcess:
    return InProcess()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an empty graph, which `TOKEN` allows to write."""
    folder = tmp_path_factory.mktemp("conformance")
    # In memory, where there is a disk in memory: the suites write a thousand times.
    memory = Path("/dev/shm")
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else folder) as graph,
        running(Path(graph), folder / "log", token=TOKEN, default_graph="unnamed", workers=1) as found,
    ):
        yield found


@pytest.fixture(scope="session")
def over_http(live: Server) -> OverHttp:
    library: dict[str, Path] = {}
    for suite in manifests.SUITES:
        for case in manifests.cases(FOLDER, suite):
            if case.kind in ("QueryEvaluationTest", "CSVResultFormatTest"):
                files = [*((manifests.iri_of(path), path) for path in case.data.default), *case.data.named]
                for name, path in (file for file in files if file[1].suffix != ".trig"):
                    assert library.setdefault(name, path) == path, f"{name} is the name of two graphs"
    return OverHttp(live.url, TOKEN, library)


@pytest.fixture
def way(request: pytest.FixtureRequest) -> Way:
    """The way on which the test goes."""
    found: Way = request.getfixturevalue("over_http" if request.param == "http" else "in_process")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            case = item.callspec.params.get("case")
            if isinstance(case, Case):
                item.user_properties.append(("conformance", (case.suite, item.callspec.params["way"])))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many tests of each suite passed, and how many of those by value only."""
    counts: Counter[tuple[tuple[str, str], str]] = Counter()
    for outcome in ("passed", "failed", "xfailed", "skipped", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            properties = dict(getattr(report, "user_properties", ()))
            run: tuple[str, str] | None = properties.get("conformance")
            if run is not None:
                counts[run, outcome] += 1
                counts[run, "by value"] += properties.get("equal") == "by value"
    if not counts:
        return
    terminalreporter.section("conformance")
    for row in dict.fromkeys(row for row, _ in counts):
        suite, way = row
        total = sum(counts[row, outcome] for outcome in ("passed", "failed", "xfailed", "error"))
        terminalreporter.write_line(
            f"{suite:34} {way:6} {counts[row, 'passed']:5} of {total:5} pass, {counts[row, 'by value']} by value only; "
            f"{counts[row, 'xfailed']} known to fail, {counts[row, 'skipped']} skipped"
        )
