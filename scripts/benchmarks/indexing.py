"""An index of a million aliases: size, opening, look-ups. And a dump in Wikidata's format: memory while it is indexed."""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from targets import Target

from kg.link.aliases import AliasIndex

LOOKUPS = Target("Look-ups a second, one thread, each of another name (thousands)", 100, 100, is_rate=True)
SIZE = Target("Size of an index of 1,000,000 aliases (MB)", 100, 100)
OPENING = Target("Opening it (ms)", 10, 10)
MEMORY = Target("Peak memory while a dump is indexed (MB)", 500, 500)
_SYLLABLES = [first + then for first in "bcdfghjklmnprstvwz" for then in ("a", "e", "i", "o", "u", "ai", "ea", "oo")]
_KINDS = (
    ("Q5", "human"),
    ("Q43229", "organization"),
    ("Q7397", "software"),
    ("Q515", "city"),
    ("Q13442814", "article"),
)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--aliases", type=int, default=1_000_000, help="in the table (default: 1,000,000)")
    parser.add_argument("--dump-size", type=float, default=1000, metavar="MB", help="of the dump (default: 1000)")


def run(arguments: argparse.Namespace) -> int:
    with TemporaryDirectory() as folder:
        # The dump first: what this process has in memory counts for those that it starts.
        results = [*_of_dump(Path(folder), arguments.dump_size), *_of_table(Path(folder), arguments.aliases)]
    for line, _ in results:
        print(line)
    return 0 if all(reached for _, reached in results) else 1


def _of_table(folder: Path, count: int) -> Iterator[tuple[str, bool]]:
    chance = random.Random(1)
    found: dict[str, None] = {}
    while len(found) < count:
        found[_name(chance)] = None
    names = list(found)
    table, index = folder / "table.csv", folder / "table.index"
    with table.open("w", encoding="utf-8") as file:
        file.write("id,label,alias,type,description\n")
        for number in range(0, count, 4):
            label, *aliases = names[number : number + 4]
            file.write(f"Q{number + 1},{label},{'|'.join(aliases)},company,maker of {_name(chance).lower()}\n")
    pattern = "http://www.wikidata.org/entity/{id}"
    started = time.perf_counter()
    _build([str(table), "-o", str(index), "--iri", pattern])
    print(f"A table of {count:,} aliases is indexed in {time.perf_counter() - started:.0f} s")
    chance.shuffle(names)
    openings = []
    for _ in range(5):
        started = time.perf_counter()
        opened = AliasIndex.open(index)
        openings.append(time.perf_counter() - started)
    assert len(opened) == count
    started = time.process_time()
    for name in names:
        opened.candidates(name)
    seconds = time.process_time() - started
    assert all(opened.candidates(name) for name in names[:1000])
    yield SIZE.told(index.stat().st_size / 1e6)
    yield OPENING.told(1000 * statistics.median(openings))
    yield LOOKUPS.told(count / seconds / 1000)


def _of_dump(folder: Path, megabytes: float) -> Iterator[tuple[str, bool]]:
    dump = folder / "dump.json"
    items = _write_dump(dump, megabytes * 1e6)
    started = time.perf_counter()
    peak = _build([str(dump), "-o", str(folder / "dump.index")])
    seconds = time.perf_counter() - started
    size = dump.stat().st_size / 1e6
    print(f"A dump of {size:,.0f} MB with {items:,} items is indexed in {seconds:.0f} s ({size / seconds:.0f} MB/s)")
    yield MEMORY.told(peak)


def _build(arguments: list[str]) -> float:
    """Runs `kg index build`, and gives its peak memory in MB."""
    process = subprocess.Popen([Path(sys.executable).with_name("kg"), "index", "build", *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"kg index build ended with {process.returncode}")
    return usage.ru_maxrss / 1000


def _name(chance: random.Random) -> str:
    words = ("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 3))).title() for _ in range(chance.randint(2, 3)))
    return " ".join(words)


def _write_dump(path: Path, size: float) -> int:
    """A dump as Wikidata gives it: an array with an item a line, in many languages, most of it claims."""
    chance = random.Random(2)
    count = written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("[\n")
        while written < size:
            count += 1
            line = json.dumps(_item(chance, count), separators=(",", ":"), ensure_ascii=True)
            file.write(line + ",\n")
            written += len(line) + 2
        for number, (item, label) in enumerate(_KINDS):
            entity = _item(chance, 0) | {"id": item, "labels": _terms(label), "claims": {}}
            file.write(json.dumps(entity) + (",\n" if number < len(_KINDS) - 1 else "\n"))
        file.write("]\n")
    return count


def _item(chance: random.Random, number: int) -> dict[str, Any]:
    name = _name(chance)
    kind = chance.choice(_KINDS)[0]
    claims = {
        f"P{at}": [_statement(f"P{at}", _entity(chance.randint(1, 10_000_000)), number)]
        for at in chance.sample(range(40, 4000), 12)
    }
    claims["P31"] = [_statement("P31", _entity(int(kind[1:])), number)]
    aliases = {code: [{"language": code, "value": _name(chance)} for _ in range(3)] for code in ("en", "de", "fr")}
    return {
        "type": "item",
        "id": f"Q{10_000 + number}",
        "labels": _terms(name),
        "descriptions": _terms(f"{kind} of {_name(chance)}"),
        "aliases": aliases,
        "claims": claims,
        "sitelinks": {
            f"{code}wiki": {"site": f"{code}wiki", "title": name, "badges": []} for code in ("en", "de", "sv")
        },
        "pageid": number,
        "ns": 0,
        "title": f"Q{number}",
        "lastrevid": 1_000_000 + number,
        "modified": "2026-11-01T00:00:00Z",
    }


def _terms(text: str) -> dict[str, dict[str, str]]:
    return {
        code: {"language": code, "value": text} for code in ("en", "de", "fr", "es", "nl", "sv", "it", "pl", "ru", "ja")
    }


def _entity(number: int) -> dict[str, Any]:
    return {"value": {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}, "type": "wikibase-entityid"}


def _statement(name: str, value: dict[str, Any], number: int) -> dict[str, Any]:
    reference = {"snaktype": "value", "property": "P248", "datavalue": _entity(36578), "datatype": "wikibase-item"}
    return {
        "mainsnak": {"snaktype": "value", "property": name, "datavalue": value, "datatype": "wikibase-item"},
        "type": "statement",
        "id": f"Q{number}$8A1E2B7C-0000-4000-8000-{number:012d}",
        "rank": "normal",
        "references": [{"hash": f"{number:040x}", "snaks": {"P248": [reference]}, "snaks-order": ["P248"]}],
    }
