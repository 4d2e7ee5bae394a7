"""Links an entity to the Wikidata item that it most likely is, where that is likely enough; else to none.

The candidates are those of the alias index; `kg.link.scoring` says how likely each one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from kg.link.aliases import AliasIndex
from kg.link.scoring import Choice, Explained, Scorer, packaged
from kg.model import Document, Entity


class AliasLinker:
    """The linker `aliases`."""

    name = "aliases"

    def __init__(self, aliases: AliasIndex | None = None) -> None:
        self._given = aliases

    @cached_property
    def _scorer(self) -> Scorer:
        return Scorer(AliasIndex.open() if self._given is None else self._given, packaged())

    @property
    def least(self) -> float:
        """The probability from which on a candidate is taken."""
        return self._scorer.least

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The entities, with `qid` where one candidate is likely enough. Of several that come to one item, those get it
        that it is the full name of, or else the likeliest one."""
        rated = self._scorer.rate(document, entities)
        best = [found[0] if found and found[0].probability >= self._scorer.least else None for found in rated]
        taken: dict[str | None, tuple[bool, float]] = {}
        for entity, choice in zip(entities, best, strict=True):
            if choice is not None:
                key = choice.candidate.qid
                taken[key] = max(taken.get(key, (False, 0.0)), (choice.name == entity.name, choice.probability))
        return tuple(
            entity
            if entity.qid or choice is None or not _holds(taken[choice.candidate.qid], entity, choice)
            else replace(entity, qid=choice.candidate.qid)
            for entity, choice in zip(entities, best, strict=True)
        )

    def explain(self, document: Document, entities: Sequence[Entity]) -> list[tuple[Explained, ...]]:
        """For each entity its candidates, the likeliest first, with what speaks for and against each."""
        return self._scorer.explain(document, entities)


def _holds(best: tuple[bool, float], entity: Entity, choice: Choice) -> bool:
    return choice.name == entity.name or best == (False, choice.probability)
