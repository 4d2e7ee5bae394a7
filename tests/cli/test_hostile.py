"""Whatever is handed to `kg add`: what can be read is in, what can't is one line, and the export parses."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph

from kg.rdf.vocabulary import PROFILE
from tests.cli.conftest import Run

FACT = "Lena Okafor founded Brightloom in 2015."
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
FEED = "<rss version='2.0'><channel><title>News</title><item><title>One</title><description>{}</description></item></channel></rss>"
READABLE = {
    "utf-16.txt": f"{FACT} That is all.".encode("utf-16"),
    "mislabelled.html": f"<html><meta charset='utf-8'><p>Zoë Åström — “{FACT}”</p></html>".encode("cp1252"),
    "nested.html": b"<html><body>" + b"<div>" * 50_000 + f"<p>{FACT}</p>".encode(),
    "long.txt": FACT.encode() + b" Nothing else of any note happened in that long year." * 20_000,
    "names.txt": f'{FACT} Tom "<b>Tiny</b>" O\'Hara\nand Ana\u2028Lee \\u0000 joined Acme <Robotics> in 2016.'.encode(),
    "dates.txt": f"{FACT} Tom Abara joined Brightloom on 30 February 2016 and left on 99.99.9999.".encode(),
    "links.txt": f'{FACT} See <a href="javascript:alert(1)">this</a> and file:///etc/passwd.'.encode(),
}
UNREADABLE = {
    "empty.txt": b"",
    "blank.html": b"<html><body></body></html>",
    "binary.txt": bytes(range(256)) * 40,
    "lines.jsonl": b'{"text": 1}',
}
NEITHER = {
    "bomb.xml": f'<!DOCTYPE rss [<!ENTITY e0 "ha">{BOMB}]>{FEED.format("&e9;")}'.encode(),
    "external.xml": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>{FEED.format("&x;")}'.encode(),
}
"""Feeds that may be refused or read without what they ask for."""


def test_hostile_inputs_are_read_or_named_and_the_export_parses(run: Run, folder: Path) -> None:
    (folder / "in").mkdir()
    for name, content in {**READABLE, **UNREADABLE, **NEITHER}.items():
        (folder / "in" / name).write_bytes(content)
    elsewhere = ["javascript:alert(1)", "file:///etc/passwd", "ftp://localhost/a.txt", "missing.txt"]
    result = run("add", *(f"in/{name}" for name in (*READABLE, *UNREADABLE, *NEITHER)), *elsewhere)
    assert result.code == 1
    lines = result.err.splitlines()
    assert all(line.startswith("kg: ") for line in lines)
    for name in (*(f"in/{name}" for name in UNREADABLE), *elsewhere):
        assert sum(line.startswith(f"kg: {name}:") for line in lines) == 1, f"{name} in {lines}"
    assert not any(name in line for name in READABLE for line in lines)

    sizes = {}
    for extension in ("ttl", "nt", "jsonld", "rdf", "nq", "trig"):
        assert run("export", f"graph.{extension}").code == 0
        quads = list(pyoxigraph.parse(path=f"graph.{extension}"))
        assert not any(str(quad.object).startswith("<javascript:") for quad in quads)
        sizes[extension] = len({quad.triple for quad in quads if quad.predicate != PROFILE})
    assert len(set(sizes.values())) == 1, sizes
    assert "root:" not in (folder / "graph.nt").read_text(encoding="utf-8")
    founded = "?statement rdf:predicate ng:foundedBy ; prov:wasDerivedFrom ?reference"
    articles = run(
        "query", f"SELECT DISTINCT ?article {{ {founded} . GRAPH ?article {{ ?reference ng:sentence ?s }} }}"
    ).out
    assert len(articles.splitlines()) == 1 + len(READABLE)
