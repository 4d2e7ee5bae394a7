"""Names with their types, pronouns, and nominals such as "the company", in a document."""

from __future__ import annotations

from operator import attrgetter

from kg.extract.names_nominals import find_nominals, find_pronouns
from kg.extract.names_shape import Shapes
from kg.extract.names_types import NONE, Evidences, cue_types, decide, key_of, surnames
from kg.extract.names_words import words
from kg.link.aliases import AliasIndex
from kg.model import Document, Mention
from ontology import Ontology

__all__ = ["find_names"]


def find_names(document: Document, aliases: AliasIndex, ontology: Ontology) -> list[Mention]:
    """The mentions of things in `document`: sorted, none overlapping another.

    A name has kind "name", the likeliest of the ontology's types, and its probability as score; all mentions of one
    name have the same type. A pronoun has kind "pronoun" and the type `Person`, `Organization`, or "" where it can
    stand for anything (it, they). A nominal ("the company") has the type of its noun.
    """
    lists = words()
    cues = cue_types(ontology)
    shapes = Shapes(document, aliases, lists, cues)
    evidences = Evidences(shapes)
    found = evidences.first_pass()
    decided = decide(found, found)
    decided.update(decide(found, evidences.second_pass(found, decided)))
    decided.update(surnames(decided))
    for short, longer in shapes.short_forms.items():
        decided[key_of(short)] = decided[key_of(longer)]
    mentions = []
    for key, names in evidences.by_name.items():
        kind, score = decided[key]
        if kind != NONE:
            score = round(score, 3)
            mentions += [Mention(name.start, name.end, kind, "name", name.text, None, score) for name in names]
    mentions.extend(find_pronouns(document.text, shapes.read.pronouns, lists))
    firsts = frozenset([name.first for name in shapes.names])
    mentions.extend(find_nominals(document.text, shapes.tokens, shapes.read.determiners, firsts, cues, lists))
    mentions.sort(key=attrgetter("start"))
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
