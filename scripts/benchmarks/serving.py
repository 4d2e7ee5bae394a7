"""The endpoint beside the bare engine, Oxigraph's own server, and rdflib-endpoint over rdflib, in one run."""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
from http_client import Client
from peers import environment
from serving_graph import CSV, JSON, QUERIES, Asked, articles_for, lines

PACKAGES = ("oxigraph==0.5.13", "rdflib==7.6.0", "rdflib-endpoint==0.6.3", "uvicorn==0.35.0")
SMALL = 100_000
"""Bytes of an answer below which the difference to the engine counts."""
LONG = 0.1
"""Seconds of the engine from which the ratio to it counts."""
_START = 600.0
_LEAST, _PATIENCE = 3, 20.0
"""A query is asked at least so often, and no more once it has taken so many seconds."""


@dataclass(slots=True)
class Measured:
    """One query: the seconds that each system took, and how large the answer is."""

    asked: Asked
    seconds: dict[str, list[float]] = field(default_factory=dict)
    size: int = 0
    rows: int = 0

    def p50(self, system: str) -> float:
        return statistics.median(self.seconds[system])


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=1_000_000, help="about how many triples (default: 1,000,000)")
    parser.add_argument("--times", type=int, default=15, help="how often each query is asked (default: 15)")
    parser.add_argument(
        "--rdflib-limit", type=float, default=30.0, help="seconds for rdflib; 0 leaves it out (default: 30)"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round of look-ups (default: 3)")


def run(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        articles = articles_for(arguments.size)
        count = _make(folder, articles)
        print(f"{count:,} triples about {articles:,} articles", flush=True)
        engine = ox.Store.read_only(str(folder / "engine"))
        systems: dict[str, Callable[[str, str], bytes]] = {"engine": lambda text, accept: _engine(engine, text, accept)}
        ports = {
            "newsgraph": stack.enter_context(_newsgraph(folder)),
            "oxigraph": stack.enter_context(_oxigraph(folder)),
        }
        paths = {"newsgraph": "/sparql", "oxigraph": "/query"}
        for system, port in ports.items():
            systems[system] = _asking(Client(port, paths[system], 120.0))
        measured = [_measure(asked, systems, articles, arguments.times) for asked in QUERIES]
        rates = _rates(ports, paths, articles, arguments.seconds)
        if arguments.rdflib_limit:
            _measure_rdflib(folder, measured, articles, arguments.rdflib_limit)
    return _report(measured, rates)


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


def _asking(client: Client) -> Callable[[str, str], bytes]:
    return lambda text, accept: client.ask(client.request(text, accept))


def _measure(asked: Asked, systems: dict[str, Callable[[str, str], bytes]], articles: int, times: int) -> Measured:
    """Ask each system in turn; the first time warms up, and compares the answers."""
    found = Measured(asked, {system: [] for system in systems})
    is_limited = "LIMIT" in asked.text
    for number in range(times + 1):
        if number > _LEAST and sum(map(sum, found.seconds.values())) > _PATIENCE:
            break
        text = asked.on((number * 7919 + 3) % (articles // 2))
        rows = {}
        # Whoever is first has the others' data in the processor's caches the least, so each is first as often.
        order = list(systems)[number % len(systems) :] + list(systems)[: number % len(systems)]
        for system in order:
            started = time.perf_counter()
            body = systems[system](text, asked.accept)
            seconds = time.perf_counter() - started
            rows[system] = _rows(body, asked.accept)
            if number:
                found.seconds[system].append(seconds)
            found.size = max(found.size, len(body))
        if len(set(rows.values())) > 1 and not (is_limited and asked.accept not in (JSON, CSV)):
            raise SystemExit(f"{asked.name}: the answers differ in length: {rows}")
        found.rows = max(found.rows, *rows.values())
    shown = "".join(f"{1000 * found.p50(system):10.2f}" for system in systems)
    print(f"{asked.name:<42}{shown} ms  {found.size:>10,} bytes", flush=True)
    return found


def _rows(body: bytes, accept: str) -> int:
    if accept == CSV:
        return body.count(b"\n") - 1
    if accept == JSON:
        found = json.loads(body)
        return len(found["results"]["bindings"]) if "results" in found else int(found["boolean"])
    return len(list(ox.parse(body, format=ox.RdfFormat.TURTLE)))


def _rates(ports: dict[str, int], paths: dict[str, str], articles: int, seconds: float) -> dict[str, float]:
    """Look-ups a second with eight clients, each a process; three rounds in turn, of which the middle one counts."""
    counts: dict[str, list[float]] = {system: [] for system in ports}
    for number in range(3):
        for system, port in ports.items():
            command = [
                sys.executable,
                Path(__file__).with_name("lookups.py"),
                port,
                paths[system],
                articles,
                seconds,
                number,
            ]
            clients = [
                subprocess.Popen([*map(str, command), str(client)], stdout=subprocess.PIPE, text=True)
                for client in range(8)
            ]
            counts[system].append(sum(float(client.communicate()[0]) for client in clients))
    return {system: statistics.median(found) for system, found in counts.items()}


def _measure_rdflib(folder: Path, measured: list[Measured], articles: int, limit: float) -> None:
    """Ask rdflib each query once after it is loaded; what takes longer than the limit counts as the limit."""
    with _rdflib(folder) as server:
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


def _report(measured: list[Measured], rates: dict[str, float]) -> int:
    lines = []
    differences = {one.asked.name: one.p50("newsgraph") - one.p50("engine") for one in measured if one.size < SMALL}
    short = [1000 * value for name, value in differences.items() if _of(measured, name).p50("engine") < LONG]
    theirs = [
        1000 * (one.p50("oxigraph") - one.p50("engine"))
        for one in measured
        if one.size < SMALL and one.p50("engine") < LONG
    ]
    target = Target("HTTP p50 less the engine's, answers under 100 kB (median)", 1.0, 0.5)
    lines.append(target.told(statistics.median(short), " ms"))
    print(
        f"\nHTTP less engine: {min(short):.2f} to {max(short):.2f} ms; Oxigraph's server {statistics.median(theirs):.2f} ms"
    )
    long = {
        one.asked.name: one.p50("newsgraph") / one.p50("engine")
        for one in measured
        if one.p50("engine") >= LONG or one.rows >= 100_000
    }
    for name, ratio in long.items():
        print(f"long: {name:<42} {ratio:.3f} of the engine's time")
    if long:
        lines.append(
            Target("queries of 100 ms and 100,000 rows, to the engine (mean)", 1.15, 1.05).told(_mean(long.values()))
        )
    ratios = [one.p50("newsgraph") / one.p50("oxigraph") for one in measured]
    lines.append(Target("geometric mean over all queries, to Oxigraph's server", 1.5, 1.1).told(_mean(ratios)))
    if all("rdflib" in one.seconds for one in measured):
        ratios = [one.p50("newsgraph") / one.p50("rdflib") for one in measured]
        lines.append(Target("the same, to rdflib-endpoint over rdflib", 1 / 20, 1 / 40).told(_mean(ratios)))
    print(f"look-ups a second, eight clients: {', '.join(f'{name} {rate:,.0f}' for name, rate in rates.items())}")
    ratio = rates["newsgraph"] / rates["oxigraph"]
    lines.append(Target("eight clients, look-ups a second, to Oxigraph's server", 0.5, 0.8, is_rate=True).told(ratio))
    for line, _ in lines:
        print(line)
    return 0 if all(reached for _, reached in lines) else 1


def _of(measured: list[Measured], name: str) -> Measured:
    return next(one for one in measured if one.asked.name == name)


def _mean(values: object) -> float:
    """The geometric mean."""
    return math.exp(statistics.mean(map(math.log, values)))
