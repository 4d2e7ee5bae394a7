"""All mentions of a document: names, pronouns and nominals, dates and other literals, in one list without overlap."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from kg.extract.dates import find_dates
from kg.extract.literals import find_amounts, find_degrees, find_titles, find_urls, find_versions
from kg.extract.names import find_names
from kg.link.aliases import AliasIndex
from kg.model import Document, Mention
from ontology import Ontology
from ontology import load as load_ontology


@lru_cache(maxsize=1)
def mentions_of(document: Document) -> tuple[Mention, ...]:
    """The mentions of a document by the package's own names and ontology: found once for all extractors that read it."""
    return tuple(find_mentions(document, AliasIndex.open(), load_ontology()))


def find_mentions(document: Document, aliases: AliasIndex, ontology: Ontology) -> list[Mention]:
    """The mentions of a document, sorted, without overlap: of two that overlap the longer stays, else the literal."""
    text, sentences = document.text, document.sentences
    return without_overlap(
        [
            *find_dates(text, sentences, document.published),
            *find_amounts(text),
            *find_versions(text),
            *find_urls(text),
            *find_degrees(text),
            *find_titles(text, sentences),
            *find_names(document, aliases, ontology),
        ]
    )


def without_overlap(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions sorted; where some overlap, the longest of them, and of equally long ones the first given."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=attrgetter("start")):
        while kept and kept[-1].end > mention.start:
            if kept[-1].end - kept[-1].start >= mention.end - mention.start:
                break
            kept.pop()
        else:
            kept.append(mention)
    return kept
