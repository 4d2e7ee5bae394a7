"""The endpoint beside the bare engine, Oxigraph's own server, and rdflib-endpoint over rdflib, in one run.

Each query is asked in two ways. With another comment each time, every answer is computed anew. "As users ask", a query
that names no particular thing is asked again as it stands, as a dashboard does, and the server may give its answer from
its cache; one that does name a thing asks about another one each time. The geometric means are judged by the second
way, all else by the first.

Eight clients look things up in three ways: as threads of one program with the standard library's client, as in the
measurements of the peers that the target was taken from, by which it is judged; the same, each a process; and each a
process with a client that takes next to no time itself, which leaves more of the two cores to the servers.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import operation
import pyoxigraph as ox
import systems
from http_client import Client
from serving_graph import CSV, JSON, QUERIES, Asked, articles_for, lines
from targets import Target, geometric_mean

SMALL = 100_000
"""Bytes of an answer below which the difference to the engine counts."""
LONG = 0.1
"""Seconds of the engine from which the ratio to it counts."""
CLIENTS = 8
_KINDS = {"threads": 1, "ordinary": CLIENTS, "raw": CLIENTS}
"""How clients look things up, for `lookups.py`, and in how many processes."""
_LEAST, _PATIENCE = 3, 20.0
"""A query is asked at least so often, and no more once it has taken so many seconds."""
_PATHS = {"newsgraph": "/sparql", "oxigraph": "/query"}
_AS_ASKED = "newsgraph, as users ask"

Ask = Callable[[str, str], bytes]


@dataclass(slots=True)
class Measured:
    """One query: the seconds that each system took, and how large the answer is."""

    asked: Asked
    seconds: dict[str, list[float]] = field(default_factory=dict)
    size: int = 0
    rows: int = 0

    def p50(self, system: str) -> float:
        return statistics.median(self.seconds[system])

    def more(self, system: str) -> float:
        """Milliseconds more than the engine."""
        return 1000 * (self.p50(system) - self.p50("engine"))


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=1_000_000, help="about how many triples (default: 1,000,000)")
    parser.add_argument("--times", type=int, default=15, help="how often each query is asked (default: 15)")
    parser.add_argument(
        "--rdflib-limit", type=float, default=30.0, help="seconds for rdflib; 0 leaves it out (default: 30)"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round of look-ups (default: 3)")


def run(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = articles_for(arguments.size)
        count = _make(folder, articles)
        print(f"{count:,} triples about {articles:,} articles", flush=True)
        engine = ox.Store.read_only(str(folder / "engine"))
        ask: dict[str, Ask] = {"engine": lambda text, accept: _engine(engine, text, accept)}
        with ExitStack() as stack:
            ports = {
                "newsgraph": stack.enter_context(systems.newsgraph(folder / "newsgraph")),
                "oxigraph": stack.enter_context(systems.oxigraph(folder)),
            }
            for system, port in ports.items():
                ask[system] = _asking(Client(port, _PATHS[system], 120.0))
            measured = [_measure(asked, ask, articles, arguments.times) for asked in QUERIES]
            rates = {kind: _rates(kind, ports, articles, arguments.seconds) for kind in _KINDS}
        if arguments.rdflib_limit:
            _measure_rdflib(folder, measured, articles, arguments.rdflib_limit)
        told = [*_compared(measured), _rate(rates), *operation.run(folder, articles)]
    print()
    for line, _ in told:
        print(line)
    return 0 if all(reached for _, reached in told) else 1


def _make(folder: Path, articles: int) -> int:
    """The graph three times: a file for rdflib, a store for each of the others. Returns the number of triples."""
    with (folder / "graph.nt").open("w") as file:
        file.writelines(lines(articles))
    store = ox.Store(str(folder / "engine"))
    store.bulk_load(path=str(folder / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    store.optimize()
    count = len(store)
    del store
    shutil.copytree(folder / "engine", folder / "oxigraph")
    shutil.copytree(folder / "engine", folder / "newsgraph" / "store")
    return count


def _engine(store: ox.Store, text: str, accept: str) -> bytes:
    answer = store.query(text)
    if isinstance(answer, ox.QueryTriples):
        return bytes(answer.serialize(format=ox.RdfFormat.TURTLE))
    chosen = ox.QueryResultsFormat.CSV if accept == CSV else ox.QueryResultsFormat.JSON
    return bytes(answer.serialize(format=chosen))


def _asking(client: Client) -> Ask:
    return lambda text, accept: client.ask(client.request(text, accept))


def _measure(asked: Asked, ask: dict[str, Ask], articles: int, times: int) -> Measured:
    """Ask each system in turn; the first time warms up, and compares the answers."""
    found = Measured(asked, {system: [] for system in (*ask, _AS_ASKED)})
    is_limited = "LIMIT" in asked.text
    for number in range(times + 1):
        if number > _LEAST and sum(map(sum, found.seconds.values())) > _PATIENCE:
            break
        text = asked.on((number * 7919 + 3) % (articles // 2), anew=True)
        rows = {}
        # Whoever is first has the others' data in the processor's caches the least, so each is first as often.
        order = list(ask)[number % len(ask) :] + list(ask)[: number % len(ask)]
        for system in order:
            body, seconds = _timed(ask[system], text, asked.accept)
            rows[system] = _rows(body, asked.accept)
            if number:
                found.seconds[system].append(seconds)
            found.size = max(found.size, len(body))
        if len(set(rows.values())) > 1 and not (is_limited and asked.accept not in (JSON, CSV)):
            raise SystemExit(f"{asked.name}: the answers differ in length: {rows}")
        found.rows = max(found.rows, *rows.values())
    if asked.names_a_thing:
        found.seconds[_AS_ASKED] = found.seconds["newsgraph"]
    else:
        repeated = [_timed(ask["newsgraph"], asked.on(0), asked.accept)[1] for _ in range(times + 1)]
        found.seconds[_AS_ASKED] = repeated[1:]
    shown = "".join(f"{1000 * found.p50(system):10.2f}" for system in found.seconds)
    print(f"{asked.name:<42}{shown} ms  {found.size:>10,} bytes", flush=True)
    return found


def _timed(ask: Ask, text: str, accept: str) -> tuple[bytes, float]:
    started = time.perf_counter()
    body = ask(text, accept)
    return body, time.perf_counter() - started


def _rows(body: bytes, accept: str) -> int:
    if accept == CSV:
        return body.count(b"\n") - 1
    if accept == JSON:
        found = json.loads(body)
        return len(found["results"]["bindings"]) if "results" in found else int(found["boolean"])
    return len(list(ox.parse(body, format=ox.RdfFormat.TURTLE)))


def _rates(kind: str, ports: dict[str, int], articles: int, seconds: float) -> dict[str, float]:
    """Look-ups a second with eight clients, each a process; three rounds in turn, of which the middle one counts."""
    counts: dict[str, list[float]] = {system: [] for system in ports}
    for number in range(3):
        for system, port in ports.items():
            script = Path(__file__).with_name("lookups.py")
            command = [sys.executable, script, kind, port, _PATHS[system], articles, seconds, number]
            clients = [
                subprocess.Popen([*map(str, command), str(client)], stdout=subprocess.PIPE, text=True)
                for client in range(_KINDS[kind])
            ]
            counts[system].append(sum(float(client.communicate()[0]) for client in clients))
    return {system: statistics.median(found) for system, found in counts.items()}


def _measure_rdflib(folder: Path, measured: list[Measured], articles: int, limit: float) -> None:
    """Ask rdflib each query once after it is loaded; what takes longer than the limit counts as the limit."""
    with systems.rdflib(folder) as server:
        for one in measured:
            text = one.asked.on(11)
            seconds = []
            for _ in range(2):
                client = Client(server.port, "/", limit)
                started = time.perf_counter()
                try:
                    client.ask(client.request(text, one.asked.accept))
                except TimeoutError:
                    server.restart()
                seconds.append(min(limit, time.perf_counter() - started))
                client.close()
                if seconds[0] > limit / 5:
                    break
            one.seconds["rdflib"] = [min(seconds)]
            print(f"rdflib: {one.asked.name:<42} {1000 * min(seconds):10.1f} ms", flush=True)


def _compared(measured: list[Measured]) -> Iterable[tuple[str, bool]]:
    short = [one for one in measured if one.size < SMALL and one.p50("engine") < LONG]
    more = [one.more("newsgraph") for one in short]
    theirs = statistics.median(one.more("oxigraph") for one in short)
    print(f"\nHTTP less engine: {min(more):.2f} to {max(more):.2f} ms; Oxigraph's server {theirs:.2f} ms (median)")
    name = "HTTP p50 less the engine's, answers under 100 kB (median)"
    yield Target(name, 1.0, 0.5).told(statistics.median(more), " ms")
    long = [one for one in measured if one.p50("engine") >= LONG or one.rows >= 100_000]
    for one in long:
        print(f"long: {one.asked.name:<42} {one.p50('newsgraph') / one.p50('engine'):.3f} of the engine's time")
    if long:
        ratios = [one.p50("newsgraph") / one.p50("engine") for one in long]
        yield Target("queries of 100 ms and 100,000 rows, to the engine (mean)", 1.15, 1.05).told(
            geometric_mean(ratios)
        )
    targets = {"oxigraph": Target("geometric mean as users ask, to Oxigraph's server", 1.5, 1.1)}
    if all("rdflib" in one.seconds for one in measured):
        targets["rdflib"] = Target("the same, to rdflib-endpoint over rdflib", 1 / 20, 1 / 40)
    repeated = sum(not one.asked.names_a_thing for one in measured)
    for system, target in targets.items():
        anew, as_asked = (
            geometric_mean(one.p50(ours) / one.p50(system) for one in measured) for ours in ("newsgraph", _AS_ASKED)
        )
        print(
            f"geometric mean to {system}: {anew:.3f} with each answer computed anew, {as_asked:.3f} as users ask, where "
            f"{repeated} of {len(measured)} queries name no particular thing, and come from the cache when asked again"
        )
        yield target.told(as_asked)


def _rate(rates: dict[str, dict[str, float]]) -> tuple[str, bool]:
    for kind, found in rates.items():
        shown = ", ".join(f"{system} {rate:,.0f}" for system, rate in found.items())
        ratio = found["newsgraph"] / found["oxigraph"]
        print(f"look-ups a second, {CLIENTS} clients, {kind}: {shown}, ratio {ratio:.3f}")
    ratio = rates["threads"]["newsgraph"] / rates["threads"]["oxigraph"]
    name = "eight clients in a program, look-ups a second, to Oxigraph's server"
    return Target(name, 0.5, 0.8, is_rate=True).told(ratio)
