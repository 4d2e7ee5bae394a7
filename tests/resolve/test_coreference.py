"""Coreference on texts that nobody here wrote: GUM's news and biographies, of which only `train` was looked at."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.model import Document, Extraction, Mention, Span
from kg.resolve import resolve
from kg.resolve.language import english

TYPES = {"Object": "Product", "Abstract": "Software"}
SMALL = "of|the|and|for|in|de|van|von|der|la|le|du|del|bin|al|&|'s|to"
NAME = re.compile(rf"[A-Z0-9]\S*(?:\s+(?:(?:{SMALL})|[A-Z0-9]\S*)){{0,7}}")
NO_NAME = re.compile(r"(?:A|An|This|That|These|His|Her|Its|Their|My|Our|Some|Many|All|No)\b")
PERSONAL = ("male", "female")


def articles(shared: Path, split: str) -> Iterator[dict[str, Any]]:
    with gzip.open(shared / "datasets" / "gum.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if article["split"] == split and article["genre"] in ("news", "bio"):
                yield article


def gold_names(article: dict[str, Any]) -> dict[Span, tuple[str, str]]:
    """The names among the gold mentions, none within another: their entity and its type."""
    text, found = article["text"], {}
    for entity in article["entities"]:
        kind = TYPES.get(entity["type"], entity["type"])
        for start, end in entity["mentions"]:
            if text[start:end].lower().startswith("the "):
                start += 4
            name = text[start:end]
            if kind in ("Person", "Organization", "Place", "Product", "Software") and (
                NAME.fullmatch(name) and not NO_NAME.match(name) and name.lower() not in english().pronouns
            ):
                found[Span(start, end)] = (entity["id"], kind)
    longest_first = sorted(found, key=lambda span: (span.start - span.end, span.start))
    kept: list[Span] = []
    for span in longest_first:
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return {span: found[span] for span in sorted(kept)}


def pronouns(article: dict[str, Any], names: dict[Span, tuple[str, str]]) -> list[Mention]:
    words = "|".join(word for word, pronoun in english().pronouns.items() if pronoun.group in PERSONAL)
    return [
        Mention(match.start(), match.end(), "Person", "pronoun", match[0])
        for match in re.finditer(rf"(?<![\w.’'-])(?i:{words})(?![\w-])", article["text"])
        if not any(name.start < match.end() and match.start() < name.end for name in names)
    ]


def counts(article: dict[str, Any]) -> Counter[str]:
    """How many pronouns could be resolved to a named thing, were, and rightly; the same for pairs of names."""
    text = article["text"]
    names = gold_names(article)
    asked = pronouns(article, names)
    gold = {Span(*span): entity["id"] for entity in article["entities"] for span in entity["mentions"]}
    mentions = [Mention(*span, kind, "name", text[span.start : span.end]) for span, (_, kind) in names.items()]
    document = Document(article["id"], text, tuple(Span(*span) for span in article["sentences"]))
    entities, _ = resolve(document, [Extraction("gold", tuple(sorted([*mentions, *asked])), ())], None)
    result: Counter[str] = Counter()
    meant: dict[Span, str] = {}
    for entity in entities:
        of_names = Counter(names[m.span][0] for m in entity.mentions if m.span in names)
        (most, _), *_ = of_names.most_common(1)
        meant.update(dict.fromkeys((m.span for m in entity.mentions), most))
        result["joined"] += sum(of_names.values()) * (sum(of_names.values()) - 1)
        result["rightly joined"] += sum(n * (n - 1) for n in of_names.values())
    in_gold = Counter(key for key, _ in names.values())
    result["to join"] = sum(n * (n - 1) for n in in_gold.values())
    for mention in asked:
        key = gold.get(mention.span)
        result["resolvable"] += key in in_gold
        result["resolved"] += mention.span in meant
        result["right"] += mention.span in meant and meant[mention.span] == key
    return result


@pytest.fixture(scope="module")
def held_out(shared: Path) -> Counter[str]:
    return sum((counts(article) for split in ("dev", "test") for article in articles(shared, split)), Counter())


def test_nine_in_ten_pronouns_that_are_resolved_are_right(held_out: Counter[str]) -> None:
    assert held_out["right"] / held_out["resolved"] >= 0.90


def test_four_in_five_pronouns_of_named_people_are_resolved_rightly(held_out: Counter[str]) -> None:
    assert held_out["right"] / held_out["resolvable"] >= 0.80


def test_names_that_are_joined_belong_together(held_out: Counter[str]) -> None:
    assert held_out["rightly joined"] / held_out["joined"] >= 0.95
    assert held_out["rightly joined"] / held_out["to join"] >= 0.70
