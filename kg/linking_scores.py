"""How well entities are linked, on News-Fair.

    python -m kg.linking_scores [--index FILE]

News-Fair v2 without coreference (Bast, Hertel and Prange 2022) is read from ../shared/datasets, or the folder that
NEWSGRAPH_SHARED names. The index that is shipped holds names from the source `elevant`, which were chosen by what
linkers saw in these very texts; for an honest score give one that scripts/build-entities made
`--without elevant`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kg.extract
from kg.evaluate import Score
from kg.link.aliases import AliasIndex
from kg.link.known import AliasLinker
from kg.model import Document, Entity, Mention, Span
from kg.read import document
from kg.resolve import resolve

NEWSFAIR = "newsfair.nocoref.jsonl.gz"
_LITERALS = frozenset({"Date", "Quantity"})
"""What News-Fair labels beside things: no entity, for a linker."""


@dataclass(frozen=True, slots=True)
class Linking:
    """`known`: mentions whose item is among the candidates of the index, and how many got it. `none`: mentions whose
    item is not, though their name has candidates, and how many were given none. `end_to_end`: the in-KB score over all
    mentions that were read. `held` counts the annotated mentions, and how many of their items the index holds."""

    known: Score = field(default_factory=Score)
    none: Score = field(default_factory=Score)
    end_to_end: Score = field(default_factory=Score)
    held: Score = field(default_factory=Score)

    def __add__(self, other: Linking) -> Linking:
        return Linking(
            self.known + other.known,
            self.none + other.none,
            self.end_to_end + other.end_to_end,
            self.held + other.held,
        )


def newsfair(path: Path, index: AliasIndex) -> Linking:
    """Scores over News-Fair as it is in the converted data sets. `index` is the only one that the linker has."""
    linker = AliasLinker(index)
    items = index.items()
    total = Linking()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            asked = document(line["text"], identifier=line["id"], title=line["title"], language="en")
            extractions = [extractor.extract(asked) for extractor in kg.extract.load()]
            entities, _ = resolve(asked, extractions, index)
            labels = list(_labels(line))
            total += _chosen(asked, entities, labels, linker, index)
            total += Linking(end_to_end=_end_to_end(linker.link(asked, entities), labels, line["passages"]))
            with_item = [item for _, item, _ in labels if item]
            held = sum(item in items for item in with_item)
            total += Linking(held=Score(held, held, len(with_item)))
    return total


_Label = tuple[Span, str | None, Mapping[str, Any]]
"""Where, the item (None: Wikidata has none), and the source's flags; `literal` is added to them."""


def _labels(line: Mapping[str, Any]) -> Iterator[_Label]:
    for entity in line["entities"]:
        item = entity["qid"] if str(entity["qid"]).startswith("Q") else None
        for span, flags in zip(entity["mentions"], entity["flags"], strict=True):
            if _inside(Span(*span), line["passages"]) and not flags.get("coref"):
                yield Span(*span), item, {**flags, "literal": entity["type"] in _LITERALS}


def _inside(span: Span, passages: list[list[int]]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in passages)


def _chosen(
    asked: Document, entities: tuple[Entity, ...], labels: list[_Label], linker: AliasLinker, index: AliasIndex
) -> Linking:
    """The choice among candidates alone: what is annotated and was not read as a name is given as one, without type."""
    of_span = {mention.span: entity for entity in entities for mention in entity.mentions}
    of_text = {mention.text: entity for entity in reversed(entities) for mention in entity.mentions}
    meant: list[tuple[Entity, str | None]] = []
    for span, item, flags in labels:
        text = asked.text[span.start : span.end]
        if not flags["literal"]:
            mention = Mention(*span, "", "name", text)
            entity = of_span.get(span) or of_text.setdefault(text, Entity(f"n{span.start}", "", text, (mention,)))
            meant.append((entity, item))
    every = tuple({entity.id: entity for entity in (*entities, *(entity for entity, _ in meant))}.values())
    linked = {entity.id: entity.qid for entity in linker.link(asked, every)}
    total = Linking()
    for entity, item in meant:
        names = {entity.name, *(mention.text for mention in entity.mentions if mention.kind == "name")}
        candidates = {found.qid for name in names for found in index.candidates(name)} - {None}
        if candidates and item in candidates:
            right = linked[entity.id] == item
            total += Linking(known=Score(right, linked[entity.id] is not None, 1))
        elif candidates:
            total += Linking(none=Score(linked[entity.id] is None, 1, 1))
    return total


def _end_to_end(linked: tuple[Entity, ...], labels: list[_Label], passages: list[list[int]]) -> Score:
    """In-KB: what has no item in Wikidata need not be found, an optional label neither; nested ones are alternatives."""
    found = {
        mention.span: entity.qid
        for entity in linked
        for mention in entity.mentions
        if entity.qid and mention.kind == "name" and _inside(mention.span, passages)
    }
    free = {"optional", "desc", "literal"}
    wanted = {span: item for span, item, flags in labels if not any(flags.get(key) for key in free)}
    spared = {span: item for span, item, flags in labels if any(flags.get(key) for key in free)}
    parts = {flags["label_id"]: span for span, _, flags in labels}
    right = {span for span, item in wanted.items() if item and found.get(span) == item}
    covered = set()
    for span, _, flags in labels:
        inner = {parts[child] for child in flags.get("children", ()) if child in parts} & wanted.keys()
        if span in right:
            covered |= inner
        elif inner and inner <= right:
            covered.add(span)
        elif inner:
            covered |= inner - right if span in wanted else set()
    missed = {span for span, item in wanted.items() if item} - right - covered
    claimed = {span for span, item in found.items() if spared.get(span) != item}
    return Score(len(right), len(claimed), len(right) + len(missed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, metavar="FILE", help="an index other than the shipped one")
    options = parser.parse_args()
    path = Path(os.environ.get("NEWSGRAPH_SHARED", "../shared")) / "datasets" / NEWSFAIR
    found = newsfair(path, AliasIndex.open(options.index))
    both = found.known + found.none
    print(
        f"right item, where it is among the candidates: {found.known.right} of {found.known.gold} "
        f"({found.known.recall:.3f}, precision {found.known.precision:.3f})"
    )
    print(f"none, where it is not: {found.none.right} of {found.none.gold} ({found.none.recall:.3f})")
    print(f"right of both: {both.right} of {both.gold} ({both.recall:.3f})")
    e2e = found.end_to_end
    print(f"end to end, in KB: precision {e2e.precision:.3f}, recall {e2e.recall:.3f}, F1 {e2e.f1:.3f}")
    print(f"of the annotated items the index holds {found.held.recall:.3f}")


if __name__ == "__main__":
    main()
