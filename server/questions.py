"""What the page of a question shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.ask.answers import Asking, Reply
from kg.ask.lexicon import lexicon
from kg.ask.nearest import Nearest
from kg.facts import Facts, Named
from kg.search.hits import Search
from kg.store.base import Store
from server.pages import Pages, Shown
from server.reading import Kind


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with its class, where it is an entity, and the facts that show it."""

    value: Named
    kind: Kind | None
    facts: tuple[Shown, ...]
    number: int | None


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A reply, and its answers as a page shows them."""

    reply: Reply
    answers: tuple[ShownAnswer, ...]


def ask(facts: Facts, store: Store, search: Search, base: str, question: str) -> ShownReply:
    """The reply to a question."""
    reply = Asking(facts, store, search, base).ask(question)
    pages = Pages(facts, store)
    answers = (
        ShownAnswer(
            answer.value,
            pages.kind(answer.value.iri) if answer.value.iri and facts.is_entity(answer.value.iri) else None,
            tuple(Shown(fact, fact.object, pages.marked(fact)) for fact in answer.facts),
            answer.number,
        )
        for answer in reply.answers
    )
    return ShownReply(reply, tuple(answers))


def examples(facts: Facts, store: Store, known: Iterable[Named]) -> tuple[str, ...]:
    """Questions to begin with, which this graph has answers to, about these entities."""
    return Nearest(lexicon(), facts, store).examples((one.iri, one.label) for one in known if one.iri)
