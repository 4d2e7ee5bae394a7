"""Lets decisions hold: what of a decided statement stands in the default graph, and what would if nobody had decided.

Before an article comes or goes, what is decided about its entities is lifted, so that the default graph is for a moment
what articles alone say; after that, it is imposed again. So neither needs to know of the other, and the graph is a
function of the articles and the decisions that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad

from kg.link.across import EntityKey
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.base import iri
from kg.store.decisions import ACCEPT, REJECT, Content, Decision, Kept, parsed
from kg.store.identities import Identity
from kg.store.pending import Pending


class Facts(Protocol):
    """What stands in the default graph."""

    def state(self, statement: NamedNode, content: Content) -> None:
        """Have a statement there, with its edge, or with the name that it gives."""

    def retract(self, statement: NamedNode) -> None:
        """Take a statement out, with the edge, or the name, that nothing else gives."""

    def is_linked(self, entity: NamedNode, item: NamedNode) -> bool:
        """Whether an article links an entity to an item."""

    def identified(self, said: Identity) -> AbstractContextManager[None]:
        """While it is changed what an entity is: after that, have it as that in the articles that it concerns."""


class Decided:
    """The decisions of a store as they hold in its default graph."""

    def __init__(
        self, kept: Kept, pending: Pending, shape: Shape, facts: Facts, iri_of: Callable[[EntityKey], NamedNode | None]
    ) -> None:
        """`iri_of` gives the IRI of an entity; None if it is not there."""
        self.kept = kept
        self._pending = pending
        self._shape = shape
        self._facts = facts
        self._iri_of = iri_of

    @contextmanager
    def lifted(self, slugs: Iterable[str]) -> Iterator[None]:
        """For a moment, let nothing be decided about the entities with these slugs."""
        slugs = set(slugs)
        for content in self.kept.about(slugs):
            self._hold(content, decided=False)
        yield
        for content in self.kept.about(slugs):
            self._hold(content, decided=True)

    def put(self, decision: Decision) -> None:
        """Let a decision hold, in the place of one on the same."""
        with self._changed(decision):
            former = self.kept.all.get(decision.id)
            if former is not None:
                self._take_back(former)
            for quad in self.kept.put(decision):
                self._pending.add(quad)

    def undo(self, decision: Decision) -> None:
        """Let a decision hold no more."""
        with self._changed(decision):
            self._take_back(decision)

    def _changed(self, decision: Decision) -> AbstractContextManager[None]:
        said = self.kept.identity(decision)
        return self.lifted(self.kept.slugs(decision.content)) if said is None else self._facts.identified(said)

    def _take_back(self, decision: Decision) -> None:
        for quad in self.kept.remove(decision):
            self._pending.remove(quad)

    def _hold(self, content: str, *, decided: bool) -> None:
        """Have the statement in the default graph, or not: as is decided, or as the articles alone have it."""
        decided = decided and bool(self.kept.on(content))
        names = {entity: self._iri_of(key) for entity, key in self.kept.keys(content).items()}
        if None in names.values():
            return  # No article mentions all of its entities, so nothing says it, and nothing can be said of them.
        found = tuple(
            (p, names.get(value) or value if isinstance(value, NamedNode) else value) for p, value in parsed(content)
        )
        parts = dict(found)
        if parts[v.PREDICATE] == v.SAME_AS:
            self._hold_link(content, iri(parts[v.SUBJECT]), iri(parts[v.OBJECT]), decided)
            return
        statement = self._shape.statement(found)
        accepted = next((one for one in self.kept.on(content) if one.verdict == ACCEPT), None)
        acceptance = None
        if accepted is not None:
            acceptance = Quad(statement, v.ACCEPTED_BY, self.kept.node(accepted), self.kept.graph)
        if acceptance is not None and not decided:
            self._pending.remove(acceptance)
        if acceptance is not None and decided:
            self._pending.add(acceptance)
            self._facts.state(statement, found)
        elif self._is_supported(statement, content, decided):
            self._facts.state(statement, found)
        else:
            self._facts.retract(statement)

    def _hold_link(self, content: str, entity: NamedNode, item: NamedNode, decided: bool) -> None:
        quad = Quad(entity, v.SAME_AS, item, DEFAULT)
        if decided:
            stands = all(decision.verdict == ACCEPT for decision in self.kept.on(content))
        else:
            stands = self._facts.is_linked(entity, item)
        if stands:
            self._pending.add(quad)
        else:
            self._pending.remove(quad)

    def _is_supported(self, statement: NamedNode, content: str, decided: bool) -> bool:
        """Whether an article states it in a sentence that is not rejected."""
        rejections = [one for one in self.kept.on(content) if one.verdict == REJECT] if decided else []
        if any(one.sentence is None for one in rejections):
            return False
        rejected = {(one.article, one.sentence) for one in rejections}
        return any(
            self.sentence(iri(quad.object), iri(quad.graph_name)) not in rejected
            for quad in self._pending.match(statement, v.DERIVED_FROM, None)
            if isinstance(quad.graph_name, NamedNode)
        )

    def sentence(self, reference: NamedNode, graph: NamedNode) -> tuple[str, str]:
        """The identifier of the article of a reference, and the text of its sentence."""
        sentence = next(self._pending.match(reference, v.SENTENCE, None, graph)).object
        text = next(self._pending.match(iri(sentence), v.ANCHOR, None, graph)).object
        assert isinstance(text, Literal)
        return graph.value.removeprefix(self._shape.base + "article/"), text.value
