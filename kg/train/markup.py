"""Articles annotated in the text itself, as a person writes them.

An article begins with "== id | title | publisher | date of publication". Then each line is a sentence, an empty line
ends a paragraph, and a line that begins with ">" is a fact that the sentence before it shows:

    [Ada Holm=A:Person] founded [Acme=C:Organization:Q42] with [her=A] brother in [Oslo=O:Place].
    > C founded_by A; start=2014

A mention is [text=key], where it is declared with :type and maybe :Wikidata item, or [text] alone where the same text
stood for an entity before. A fact is "subject relation object; qualifier=value; …": what is a key is that entity, all
else a literal. "!2" at its end: it takes the sentence before, too, to see it. What several sentences show is written
under each, and becomes one fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import ReadError

_MENTION = re.compile(r"\[([^\[\]=]+)(?:=([A-Z]))?(?::(\w+))?(?::(Q\d+))?\]")
_FACT = re.compile(r"> ([A-Z]) (\w+) ([^;]+?)((?:; \w+=[^;]+?)*)(?: !(\d))?")

_Declared = Mapping[str, tuple[str, str]]
"""The type and the Wikidata item ("" for none) of each key."""


def articles(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of a file, each as a line of kg.annotations. Raises ReadError where a mark makes no sense."""
    try:
        _, *written = re.split(r"(?m)^== ", path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(str(path), f"can't be read: {error}") from error
    return (_Article(path, *each.partition("\n")[::2]).line() for each in written)


class _Article:
    def __init__(self, path: Path, head: str, body: str) -> None:
        self.path = path
        self.head = head.split(" | ")
        self.body = body.rstrip()
        self.declared = {key: (kind, qid) for _, key, kind, qid in _MENTION.findall(body) if kind}
        self.entities: dict[str, dict[str, list[list[int]]]] = {}  # by key, then by text
        self.facts: dict[tuple[str, str, str], dict[str, Any]] = {}

    def line(self) -> dict[str, Any]:
        if len(self.head) != 4:
            raise self._error(f"the heading has {len(self.head)} parts, not id | title | publisher | date")
        identifier, title, publisher, published = self.head
        text, gap = "", ""
        sentences: list[list[int]] = []
        for line in self.body.split("\n"):
            if not line:
                gap = "\n\n"
            elif line.startswith(">"):
                self._add_fact(line, sentences)
            else:
                start = len(text) + len(gap)
                text += gap + self._sentence(line, start)
                sentences.append([start, len(text)])
                gap = " "
        return {
            "id": identifier,
            "title": title,
            "url": None,
            "publisher": publisher,
            "published": published,
            "text": text,
            "entities": [
                {"id": key, "type": self.declared[key][0], "name": max(names, key=len)}
                | {"qid": self.declared[key][1] or None, "mentions": [span for each in names.values() for span in each]}
                for key, names in self.entities.items()
            ],
            "facts": list(self.facts.values()),
        }

    def _sentence(self, line: str, start: int) -> str:
        """The sentence without its marks; its mentions are added to the entities."""
        text, end = "", 0
        for found in _MENTION.finditer(line):
            text += line[end : found.start()]
            name = found[1]
            keys = [found[2]] if found[2] else [key for key, names in self.entities.items() if name in names]
            if len(keys) != 1 or keys[0] not in self.declared:
                meant = " and ".join(keys) or "nothing"
                raise self._error(f"[{name}] stands for {meant}, where one declared entity was expected: {line}")
            span = [start + len(text), start + len(text) + len(name)]
            self.entities.setdefault(keys[0], {}).setdefault(name, []).append(span)
            text += name
            end = found.end()
        return text + line[end:]

    def _add_fact(self, line: str, sentences: list[list[int]]) -> None:
        marked = _FACT.fullmatch(line)
        if not marked or marked[1] not in self.declared:
            raise self._error(f"this is no fact of a declared entity: {line}")
        subject, relation, value, qualifiers, count = marked.groups()
        fact = self.facts.setdefault(
            (subject, relation, value),
            {"subject": subject, "relation": relation, "object": value, "qualifiers": {}, "evidence": []},
        )
        fact["qualifiers"] |= dict(item.split("=", 1) for item in qualifiers.split("; ")[1:])
        fact["evidence"] += [span for span in sentences[-int(count or 1) :] if span not in fact["evidence"]]

    def _error(self, reason: str) -> ReadError:
        return ReadError(str(self.path), f"{self.head[0]}: {reason}")
