"""Whether what two articles mention by like names is kept one, or kept two: pairs of short texts with an answer.

`data/pairs.jsonl` has them, written for this project; half were looked at while joining was built, half were not. The
two articles of a pair make up a graph of their own, in which the two mentions must have one IRI, or two. A mention
that is not read makes its pair wrong, whatever the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from kg.evaluate import Score
from kg.graph import Graph
from kg.model import Document
from kg.pipeline import Settings, read_article
from kg.rdf import vocabulary as v
from kg.read import document

_CHARACTERS = re.compile(r"#char=(\d+),(\d+)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, the name in each that is asked about, and whether both names stand for the same thing."""

    id: str
    part: str
    kind: str
    same: bool
    names: tuple[str, str]
    texts: tuple[str, str]


def load(path: Path) -> list[Pair]:
    """The pairs of a file in JSON Lines."""
    with path.open(encoding="utf-8") as lines:
        return [_pair(json.loads(line)) for line in lines]


def _pair(found: Mapping[str, object]) -> Pair:
    return Pair(
        str(found["id"]),
        str(found["part"]),
        str(found["kind"]),
        bool(found["same"]),
        _two(found["names"]),
        _two(found["texts"]),
    )


def _two(values: object) -> tuple[str, str]:
    assert isinstance(values, list)
    first, second = map(str, values)
    return first, second


def answers(pairs: Sequence[Pair], settings: Settings) -> Iterator[tuple[Pair, bool | None]]:
    """For each pair whether its mentions are one entity; None where one of them is not read."""
    for pair in pairs:
        documents = [document(text, identifier=f"{pair.id} {n}", language="en") for n, text in enumerate(pair.texts)]
        with Graph.open() as graph:
            graph.add_facts(read_article(each, settings) for each in documents)
            first, second = (_entity(graph, each, name) for each, name in zip(documents, pair.names, strict=True))
        yield pair, None if first is None or second is None else first == second


def _entity(graph: Graph, asked: Document, name: str) -> str | None:
    """The IRI of what an article mentions where a name stands; of several mentions, that which shares most with it."""
    start = asked.text.index(name)
    article = NamedNode(f"{graph.base}article/{asked.id}")
    found = [
        (min(int(end), start + len(name)) - max(int(begin), start), str(quad.object))
        for quad in graph.match(None, v.IDENTIFIES, None, article)
        for begin, end in _CHARACTERS.findall(str(quad.subject))
    ]
    shared, entity = max(found, default=(0, ""))
    return entity if shared > 0 else None


def score(found: Sequence[tuple[Pair, bool | None]]) -> Score:
    """How many pairs have the right answer."""
    right = sum(answer == pair.same for pair, answer in found)
    return Score(right, len(found), len(found))
