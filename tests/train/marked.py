"""Annotated texts for the tests of training, written in the marks of the training passages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ontology
from kg.annotations import article
from kg.extract.mentions import find_mentions
from kg.link.aliases import AliasIndex
from kg.model import Document, Mention
from kg.train import markup
from kg.train.annotated import Annotated, Lost, between_mentions

HEAD = "== test-1 |  | agency | 2021-10-12\n"


@cache
def aliases() -> AliasIndex:
    return AliasIndex.open()


def find(document: Document) -> list[Mention]:
    return find_mentions(document, aliases(), ontology.load())


def annotated(folder: Path, text: str, lost: Lost | None = None) -> Annotated:
    path = folder / "passages.txt"
    path.write_text(HEAD + text, encoding="utf-8")
    (line,) = markup.articles(path)
    read = article(line, path.name)
    return between_mentions(read, find(read.document), ontology.load(), lost)


def facts(text: Annotated) -> list[tuple[str, str, str]]:
    return [(fact.subject.text, fact.relation, fact.object.text) for fact in text.facts]
