"""A Wikibase that answers on a real port as the API's own documentation says, and fails as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kg.link.collecting import normal

Fault = tuple[int, dict[str, str], str]
"""A status, headers and a body."""


@dataclass
class Wikibase:
    """`entities` by their identifiers, `faults` to give before any answer, and what was `asked`, with its headers.

    `delay` is how many seconds an answer takes, and `at_once` how many questions there were at a time, at most.
    """

    entities: dict[str, dict[str, Any]]
    address: str = ""
    faults: list[Fault] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    delay: float = 0.0
    at_once: int = 0
    waiting: int = 0

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        if query["action"] == "wbsearchentities":
            return {
                "searchinfo": {"search": query["search"]},
                "search": list(self.search(query["search"])),
                "success": 1,
            }
        assert query["action"] == "wbgetentities"
        names = query["ids"].split("|")
        assert len(names) <= 50, "too-many-ids"
        return {
            "entities": {name: self.entities.get(name, {"id": name, "missing": True}) for name in names},
            "success": 1,
        }

    def search(self, words: str) -> Iterator[dict[str, Any]]:
        """As the real one: by the beginnings of labels and aliases."""
        for name, entity in self.entities.items():
            label = entity["labels"]["en"]["value"]
            aliases = [alias["value"] for alias in entity["aliases"].get("en", ())]
            for kind, text in [("label", label), *(("alias", alias) for alias in aliases)]:
                if normal(text).casefold().startswith(words.casefold()):
                    match = {"type": kind, "language": "en", "text": text}
                    yield {
                        "id": name,
                        "label": label,
                        "match": match,
                        "concepturi": f"http://www.wikidata.org/entity/{name}",
                    }
                    break


def entity(
    name: str, label: str, kinds: tuple[str, ...] = (), *aliases: str, above: tuple[str, ...] = (), links: int = 0
) -> dict[str, Any]:
    """An item as wbgetentities gives it with formatversion=2."""

    def claim(of: str, value: str) -> dict[str, Any]:
        found = {"value": {"entity-type": "item", "id": value}, "type": "wikibase-entityid"}
        return {
            "mainsnak": {"snaktype": "value", "property": of, "datavalue": found},
            "type": "statement",
            "rank": "normal",
        }

    return {
        "type": "item",
        "id": name,
        "labels": {"en": {"language": "en", "value": label}},
        "descriptions": {"en": {"language": "en", "value": f"what {label} is"}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
        "claims": {
            "P31": [claim("P31", kind) for kind in kinds],
            "P279": [claim("P279", one) for one in above],
            "P17": [claim("P17", "Q183")],
        },
        "sitelinks": {f"w{number}": {"site": f"w{number}", "title": label} for number in range(links)},
    }


@contextmanager
def serving(*entities: dict[str, Any]) -> Iterator[Wikibase]:
    """A Wikibase on a port of its own, until the end of the block."""
    wikibase = Wikibase({one["id"]: one for one in entities})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            wikibase.asked.append(query)
            wikibase.waiting += 1
            wikibase.at_once = max(wikibase.at_once, wikibase.waiting)
            if wikibase.delay:
                time.sleep(wikibase.delay)
            wikibase.waiting -= 1
            wikibase.headers.append(dict(self.headers))
            status, headers, body = wikibase.faults.pop(0) if wikibase.faults else (200, {}, "")
            content = (body or json.dumps(wikibase.answer(query))).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(content)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        wikibase.address = f"http://127.0.0.1:{server.server_port}/w/api.php"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield wikibase
        finally:
            server.shutdown()
            thread.join()
