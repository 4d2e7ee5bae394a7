"""What is measured, for Prometheus. The processes of a server add up what each of them measured."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("newsgraph_requests_total", "Requests, by the class of their status.", ["status"])
QUERIES = Counter("newsgraph_queries_total", "Queries, by what came of them.", ["outcome"])
QUERY_SECONDS = Histogram("newsgraph_query_seconds", "Time until a query's answer began, in seconds.", buckets=_SECONDS)
WRITES = Counter("newsgraph_writes_total", "Updates and changes of graphs, by what came of them.", ["outcome"])
WAITING = Gauge("newsgraph_queries_waiting", "Queries that wait for a worker.", multiprocess_mode="livesum")
BUSY = Gauge("newsgraph_workers_busy", "Workers that run a query.", multiprocess_mode="livesum")
IDLE = Gauge("newsgraph_workers_idle", "Workers that wait for a query.", multiprocess_mode="livesum")
STARTED = Counter("newsgraph_workers_started_total", "Workers that were started.")
VERSION = Gauge("newsgraph_graph_version", "The version of the graph that queries see.", multiprocess_mode="max")
STORE = Gauge("newsgraph_store_bytes", "The size of the store on disk.", multiprocess_mode="mostrecent")


def outcome(error: BaseException | None) -> str:
    """The name under which a query is counted: `answered`, or that of its problem: `timed out`, `bad request` …"""
    if error is None:
        return "answered"
    name = type(error).__name__
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def exposition(store: Path) -> bytes:
    """All metrics in Prometheus' text format."""
    STORE.set(sum(entry.stat().st_size for entry in os.scandir(store) if entry.is_file()))
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    # The library does not say what it takes.
    collector: Callable[[CollectorRegistry], object] = MultiProcessCollector
    collector(registry)
    return generate_latest(registry)
