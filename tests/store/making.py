"""Makes small articles, with which the store is tested without reading any text."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, Span

TEXT = " ".join(["Alpha beta gamma delta."] * 40)
SENTENCE = len("Alpha beta gamma delta.")

Stated = tuple[int, str, int | str, dict[str, str]]
"""A fact: the position of its subject, its relation, the position of its object or a literal, and its qualifiers."""


def article(
    number: int,
    entities: Sequence[tuple[str, str]],
    facts: Sequence[Stated] = (),
    *,
    qids: Sequence[str | None] = (),
    others: Sequence[tuple[str, ...]] = (),
    pronouns: Sequence[int] = (),
    said: str = "it",
    text: str = TEXT,
    title: str | None = "A title",
    source: str | None = None,
) -> ArticleFacts:
    """An article with entities of these names and types, and facts between them by their positions.

    `others` are further names of the entities, and `pronouns` are those which are also called `said`. `text` is sentences of one
    length with blanks between them.
    """
    sentence = text.index(".") + 1
    made = []
    place = 0
    for position, (name, kind) in enumerate(entities):
        mentions = []
        further = others[position] if position < len(others) else ()
        for called in (name, *further, *([said] if position in pronouns else [])):
            mentions.append(Mention(place, place + 5, kind, "pronoun" if called == said else "name", called))
            place += 6
        qid = qids[position] if position < len(qids) else None
        made.append(Entity(f"e{position + 1}", kind, name, tuple(mentions), qid))
    stated = []
    for index, (subject, relation, value, qualifiers) in enumerate(facts):
        start = index % 5 * (sentence + 1)
        reference = Reference(Span(start, start + sentence), "wordings", 0.9)
        is_entity = isinstance(value, int)
        stated.append(
            Fact(
                f"e{subject + 1}",
                relation,
                f"e{value + 1}" if isinstance(value, int) else value,
                is_entity,
                tuple(sorted((key, text, False) for key, text in qualifiers.items())),
                (reference,),
            )
        )
    document = Document(
        f"{number:016x}",
        text,
        tuple(Span(start, start + sentence) for start in range(0, len(text), sentence + 1)),
        title=title,
        published="2025-11-06",
        source=source,
    )
    return ArticleFacts(document, tuple(made), tuple(stated))
