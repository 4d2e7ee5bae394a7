"""Short texts with their mentions marked: `[Ada Park|P1] left [Acme|O2]. [She|1] …, {the company|O2} …`.

Square brackets mark a name (with a letter for its type) or a pronoun (without); braces mark a nominal. The number says
which entity it stands for, 0 that it stands for none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Document, Entity, Extraction, Mention, MentionKind, RelationMention, Span
from kg.read import document
from kg.resolve import resolve
from kg.resolve.things import Aliases

TYPES = {
    "P": "Person",
    "O": "Organization",
    "S": "Software",
    "D": "Product",
    "L": "Place",
    "C": "License",
    "A": "Award",
    "": "",
}
_MARK = re.compile(r"\[([^\[\]|]+)\|([A-Z]?)(\d+)\]|\{([^{}|]+)\|([A-Z])(\d+)\}")


@dataclass(frozen=True)
class Marked:
    """A text without its marks, its mentions, and the number of each."""

    document: Document
    mentions: tuple[Mention, ...]
    numbers: dict[Span, int]


def read(marked: str, publisher: str | None = None, authors: tuple[str, ...] = ()) -> Marked:
    text, mentions, numbers = "", [], {}
    position = 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        surface, letter, number = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
        kind: MentionKind = "nominal" if match[4] else "name" if letter else "pronoun"
        mention = Mention(len(text), len(text) + len(surface), TYPES[letter], kind, surface)
        text += surface
        mentions.append(mention)
        numbers[mention.span] = int(number)
    text += marked[position:]
    return Marked(document(text, publisher=publisher, authors=authors), tuple(mentions), numbers)


def entities(
    marked: Marked, aliases: Aliases | None = None, extraction: Extraction | None = None
) -> tuple[Entity, ...]:
    """The entities of a marked text; pronouns and nominals stand in some relation, so that they are kept."""
    if extraction is None:
        year = Mention(0, 0, "Date", "literal", "2020", "2020")
        extraction = Extraction(
            "marked",
            marked.mentions,
            tuple(
                RelationMention("inception", mention, year, (marked.document.sentences[0],))
                for mention in marked.mentions
                if mention.kind != "name"
            ),
        )
    return resolve(marked.document, [extraction], aliases)[0]


def grouped(marked: Marked, found: tuple[Entity, ...]) -> str:
    """What was found in the form in which it is expected: the numbers of the marks in each entity, and in none."""
    entity_of = {mention.span: entity.id for entity in found for mention in entity.mentions}
    groups: dict[str, list[str]] = {}
    for mention in marked.mentions:
        groups.setdefault(entity_of.get(mention.span, "-"), []).append(f"{mention.text}@{mention.start}")
    nobody = groups.pop("-", [])
    return " | ".join(sorted(map(", ".join, groups.values()))) + " || " + ", ".join(nobody)


def expected(marked: Marked) -> str:
    groups: dict[int, list[str]] = {}
    for mention in marked.mentions:
        groups.setdefault(marked.numbers[mention.span], []).append(f"{mention.text}@{mention.start}")
    nobody = groups.pop(0, [])
    return " | ".join(sorted(map(", ".join, groups.values()))) + " || " + ", ".join(nobody)
