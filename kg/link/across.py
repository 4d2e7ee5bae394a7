"""Which entities of different articles are the same."""

from __future__ import annotations

from typing import NamedTuple

from kg.model import ArticleFacts
from kg.rdf.terms import one_line, slug


class EntityKey(NamedTuple):
    """What an entity is known by, over all articles: those with equal keys are one.

    Entities that share a slug are a block, and which of them are one is decided by the block's content alone.
    """

    slug: str
    type: str


def entity_keys(facts: ArticleFacts) -> dict[str, EntityKey]:
    """The key of each entity of an article, by its `id` there: the slug of its name, and its type."""
    return {entity.id: EntityKey(slug(one_line(entity.name)), entity.type) for entity in facts.entities}
