"""Links an entity to the thing of a register that it most likely is, where that is likely enough; else to none.

The candidates are those of an index; `kg.link.scoring` says how likely each one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from kg.link.aliases import AliasIndex, Candidate, Index, with_priors
from kg.link.scoring import Choice, Explained, Scorer, packaged
from kg.link.settings import Linking
from kg.model import Document, Entity
from kg.rdf.article import links


class AliasLinker:
    """Links by one index: the one that newsgraph ships, unless another is given."""

    def __init__(self, aliases: Index | None = None) -> None:
        self._index: Index = AliasIndex.open() if aliases is None else aliases
        self._scorer = Scorer(self._index, packaged())

    @property
    def least(self) -> float:
        """The probability from which on a candidate is taken."""
        return self._scorer.least

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The entities, with a link where one candidate is likely enough. Of several that come to one thing, those get it
        that it is the full name of, or else the likeliest one. Who has a link into the register already keeps it."""
        rated = self._scorer.rate(document, entities)
        best = [found[0] if found and found[0].probability >= self._scorer.least else None for found in rated]
        taken: dict[str | None, tuple[bool, float]] = {}
        for entity, choice in zip(entities, best, strict=True):
            if choice is not None:
                key = choice.candidate.iri
                taken[key] = max(taken.get(key, (False, 0.0)), (choice.name == entity.name, choice.probability))
        return tuple(
            entity
            if choice is None or not _holds(taken[choice.candidate.iri], entity, choice)
            else self._linked(entity, choice)
            for entity, choice in zip(entities, best, strict=True)
        )

    def _linked(self, entity: Entity, choice: Choice) -> Entity:
        candidate, register = choice.candidate, self._index.register
        if candidate.iri is None or (register and any(link.startswith(register) for link in links(entity))):
            return entity
        if candidate.qid:
            return entity if entity.qid else replace(entity, qid=candidate.qid)
        return replace(entity, links=tuple(sorted({*entity.links, candidate.iri})))

    def explain(self, document: Document, entities: Sequence[Entity]) -> list[tuple[Explained, ...]]:
        """For each entity its candidates, the likeliest first, with what speaks for and against each."""
        return self._scorer.explain(document, entities)


def _holds(best: tuple[bool, float], entity: Entity, choice: Choice) -> bool:
    return choice.name == entity.name or best == (False, choice.probability)


class AliasLinkers:
    """The linker `aliases`: by the indexes that are set and the shipped one, one register after the other."""

    name = "aliases"

    def __init__(self, linking: Linking) -> None:
        by_register: dict[object, list[AliasIndex]] = {}
        for path in (*linking.indexes, None):
            index = AliasIndex.open(path)
            # Without a pattern that tells them apart, each is a register of its own.
            by_register.setdefault(index.register or (path, index.digest), []).append(index)
        self._linkers = [AliasLinker(Joined(found)) for found in by_register.values()]

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The entities, each with at most one link into each register."""
        found = tuple(entities)
        for linker in self._linkers:
            found = linker.link(document, found)
        return found

    @property
    def least(self) -> float:
        """The probability from which on a candidate is taken."""
        return packaged().least

    def explain(self, document: Document, entities: Sequence[Entity]) -> list[tuple[Explained, ...]]:
        """For each entity its candidates of all registers, the likeliest first; those of one register compete."""
        of_each = [linker.explain(document, entities) for linker in self._linkers]
        return [
            tuple(sorted(chain.from_iterable(found), key=lambda one: -one.choice.probability))
            for found in zip(*of_each, strict=True)
        ]


class Joined:
    """Several indexes of one register as one: what one of them does not say of a thing, the next one may."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self.register = indexes[0].register
        self._indexes = indexes

    def candidates(self, name: str, /) -> tuple[Candidate, ...]:
        if len(self._indexes) == 1:
            return self._indexes[0].candidates(name)
        found: dict[object, Candidate] = {}
        for index in self._indexes:
            for one in index.candidates(name):
                first = found.setdefault(one.iri or (one.label, one.type), one)
                found[one.iri or (one.label, one.type)] = first._replace(
                    type=first.type or one.type,
                    description=first.description or one.description,
                    fame=max(first.fame, one.fame),
                )
        return with_priors(found.values())
