"""Which entities people said to be one, and which of some articles to be others: a map over what articles alone say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.link.across import EntityKey


@dataclass(frozen=True, slots=True)
class Identity:
    """That an entity is another one: wherever it is mentioned, or only in the `article` of this identifier."""

    entity: EntityKey
    other: EntityKey
    article: str | None = None


class Identities:
    """What an entity is, after all that was said of it; what is said of it in one article goes first."""

    def __init__(self, said: Iterable[Identity]) -> None:
        """Of what was said of the same entity, the last counts."""
        self._others = {(one.entity, one.article): one.other for one in said}

    def __bool__(self) -> bool:
        return bool(self._others)

    def of(self, entity: EntityKey, article: str | None = None) -> EntityKey:
        """The entity as which this one stands in the graph, as `article` mentions it."""
        seen = [entity]
        while (other := self._other(seen[-1], article)) is not None:
            if other in seen:
                # Nobody may say so (`leads`), but a graph may be put together of two.
                return min(seen[seen.index(other) :])
            seen.append(other)
        return seen[-1]

    def slugs(self) -> set[str]:
        """The slugs of all entities of which something was said."""
        return {key.slug for (entity, _), other in self._others.items() for key in (entity, other)}

    def named(self, slug: str) -> set[EntityKey]:
        """All entities with this slug of which something was said."""
        pairs = ((entity, other) for (entity, _), other in self._others.items())
        return {key for pair in pairs for key in pair if key.slug == slug}

    def articles(self) -> set[str]:
        """The articles of which something was said."""
        return {article for _, article in self._others if article is not None}

    def leads(self, entity: EntityKey, other: EntityKey) -> bool:
        """Whether an entity is another one, everywhere or in some article."""
        found, new = set[EntityKey](), {entity}
        while new:
            found |= new
            new = {target for (source, _), target in self._others.items() if source in new} - found
        return other in found

    def _other(self, entity: EntityKey, article: str | None) -> EntityKey | None:
        found = self._others.get((entity, article))
        return self._others.get((entity, None)) if found is None else found
