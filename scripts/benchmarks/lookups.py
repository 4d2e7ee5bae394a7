"""One client that looks things up as fast as it can: `lookups.py KIND PORT PATH ARTICLES SECONDS ROUND CLIENT`.

KIND is `ordinary` for the standard library's client, `raw` for one that takes next to no time itself, and `threads` for
eight ordinary ones in one process. Prints how many look-ups a second it made.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from urllib.parse import quote

from http_client import Client
from serving_graph import LOOKUP

THREADS = 8
Ask = Callable[[], object]


def ordinary(port: int, path: str, queries: list[str]) -> list[Ask]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30.0)

    def ask(target: str) -> None:
        connection.request("GET", target, headers={"Accept": LOOKUP.accept})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{response.status}: {body[:300]!r}")

    return [partial(ask, f"{path}?query={quote(query, safe='')}") for query in queries]


def raw(port: int, path: str, queries: list[str]) -> list[Ask]:
    client = Client(port, path, 30.0)
    return [partial(client.ask, client.request(query, LOOKUP.accept)) for query in queries]


def prepared(kind: str, port: int, path: str, articles: int, number: int, own: int) -> list[Ask]:
    # Each look-up is one of its own, so that none is answered from a cache.
    first = 10_000 * (number * THREADS + own)
    queries = [LOOKUP.on((first + place) % articles, anew=True) + f" {kind} {first + place}" for place in range(10_000)]
    return (raw if kind == "raw" else ordinary)(port, path, queries)


def rate(asks: list[Ask], seconds: float, rates: list[float]) -> None:
    count = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        asks[count % len(asks)]()
        count += 1
    rates.append(count / (time.perf_counter() - began))


def main(kind: str, port: int, path: str, articles: int, seconds: float, number: int, own: int) -> None:
    clients = range(THREADS) if kind == "threads" else (own,)
    asks = [prepared(kind, port, path, articles, number, client) for client in clients]
    rates: list[float] = []
    threads = [threading.Thread(target=rate, args=(one, seconds, rates)) for one in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(rates) < len(asks):
        raise SystemExit("A client failed.")
    print(sum(rates))


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5]), *map(int, sys.argv[6:8]))
