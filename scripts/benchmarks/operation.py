"""What the operation of the server costs: ending heavy queries, loading a graph, a snapshot after a write."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import systems
from serving_graph import BASE, JSON, LOOKUP, lines
from targets import Target

LIMIT = 3.0
"""Seconds for a query on the server whose limits are tried out."""
ENDED, NEXT = 1.1 * LIMIT + 0.25, 0.25
"""Seconds within which it must be ended, and the next look-up be answered."""
TOKEN = "benchmark"
_WRITES = 15
_ROUNDS = 3

_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
HEAVY = {
    "aggregate": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}",
    "sort": f"SELECT * {{ {_CROSS} }} ORDER BY ?c ?f ?i",
    "cross product": f"ASK {{ {_CROSS} FILTER(STR(?c) = CONCAT(STR(?f), STR(?i))) }}",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (schema:knows|!schema:none)* ?b . ?c ?d ?e . ?f ?g ?h }",
    "REGEX": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a|b)*c.*d')) }}",
    "2,500 braces": "SELECT * " + 2500 * "{" + "?s ?p ?o" + 2500 * "}",
    "400 OPTIONALs": "SELECT * {" + "".join(f" OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(400)) + " }",
}


def run(folder: Path, articles: int) -> Iterable[tuple[str, bool]]:
    """Each figure beside its target. `folder` is the one that `serving` has filled."""
    yield from _limits(folder)
    yield _bulk_load(folder, articles)
    yield _snapshots(folder)


def _limits(folder: Path) -> Iterable[tuple[str, bool]]:
    ended, looked_up = [], []
    with systems.newsgraph(folder / "newsgraph", "--query-time", f"{LIMIT:g}") as port:
        for number, (name, query) in enumerate(HEAVY.items()):
            status, seconds, body = _ask(port, query)
            ended.append(seconds)
            found, again, _ = _ask(port, LOOKUP.on(number, anew=True))
            looked_up.append(again if found == 200 else float("inf"))
            print(
                f"limits: {name:<16} {status} after {seconds:.2f} s, next look-up {1000 * again:.0f} ms: {body[:80]!r}"
            )
    yield Target(f"the slowest of {len(HEAVY)} heavy queries with a limit of {LIMIT:g} s", ENDED, LIMIT).told(
        max(ended), " s"
    )
    yield Target("the slowest of the look-ups right after them", NEXT, NEXT).told(max(looked_up), " s")


def _bulk_load(folder: Path, articles: int) -> tuple[str, bool]:
    """The CPU time of loading N-Quads, with the start of the program, in turn; the middle one counts."""
    file = folder / "graph.nq"
    with file.open("w") as quads:
        quads.writelines(f"{line[:-2]}<{BASE}g{place // 1000}> .\n" for place, line in enumerate(lines(articles)))
    program = (
        "import sys, pyoxigraph as ox; store = ox.Store(sys.argv[1]); "
        "store.bulk_load(path=sys.argv[2], format=ox.RdfFormat.N_QUADS); store.flush()"
    )
    commands: dict[str, Callable[[Path], list[object]]] = {
        "kg load": lambda store: [Path(sys.executable).with_name("kg"), "load", file, "--store", store],
        "pyoxigraph": lambda store: [sys.executable, "-c", program, store, file],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(_ROUNDS):
        for name, command in commands.items():
            before = _cpu()
            subprocess.run(list(map(str, command(folder / f"{name}-{number}"))), check=True, stdout=subprocess.DEVNULL)
            seconds[name].append(_cpu() - before)
    middle = {name: statistics.median(found) for name, found in seconds.items()}
    print(f"bulk load of N-Quads: {', '.join(f'{name} {found:.1f} s' for name, found in middle.items())} of CPU time")
    return Target("bulk load by `kg load`, to pyoxigraph's own, CPU time", 1.1, 1.0).told(
        middle["kg load"] / middle["pyoxigraph"]
    )


def _cpu() -> float:
    """Seconds that all processes started from here, and ended, have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _snapshots(folder: Path) -> tuple[str, bool]:
    """From the moment at which a write of one triple is sent to the answer to a query that sees it."""
    seconds = []
    with systems.newsgraph(folder / "newsgraph", token=TOKEN) as port:
        for number in range(_WRITES):
            began = time.perf_counter()
            connection = HTTPConnection("127.0.0.1", port, timeout=60.0)
            headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
            connection.request("POST", "/update", f"INSERT DATA {{ <{BASE}new> <{BASE}is> {number} }}", headers)
            if connection.getresponse().status >= 300:
                raise SystemExit("The write failed.")
            connection.close()
            _, _, body = _ask(port, f"ASK {{ <{BASE}new> <{BASE}is> {number} }}")
            if b"true" not in body:
                raise SystemExit("A write was acknowledged and is not seen.")
            seconds.append(time.perf_counter() - began)
    print(f"a write of one triple, until readers see it: {1000 * min(seconds):.0f} to {1000 * max(seconds):.0f} ms")
    return Target("a write until readers see it (median)", 0.5, 0.1).told(statistics.median(seconds), " s")


def _ask(port: int, query: str) -> tuple[int, float, bytes]:
    """The status, the seconds until the whole answer was there, and its body."""
    began = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60.0)
    connection.request("GET", f"/sparql?{urlencode({'query': query})}", headers={"Accept": JSON})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, time.perf_counter() - began, body
