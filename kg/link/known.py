"""Links an entity to the Wikidata item that its name stands for, where the alias index leaves no doubt.

An item is taken where the index holds exactly one candidate of the entity's type for its name (others that are hardly
known set aside). One name can still be
that of somebody whom the index does not hold, so the only candidate must also be well known, or be described in words
that the article uses; a person needs this the more the more common the name is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from kg.link.aliases import UNKNOWN, AliasIndex, Candidate
from kg.model import Document, Entity

_WORD = re.compile(r"[^\W\d_]{5,}")
_WELL_KNOWN = 0.3
_ANY_FAME = 0.1
"""How well known (`Candidate.fame`) the only candidate must be: for a person or a short name; for a long name."""
_SHORT = 4
"""Up to so many letters a name is taken for an acronym, which many things share."""
_FAMOUS = 0.5
"""How well known a candidate of a sister type must be."""
_CLEARLY = 4.0
"""So many times less well known than the best, another candidate of the type does not make it doubtful."""
_PERSON = "Person"
_SISTERS = {"Organization": ("Software",), "Software": ("Organization",)}
"""A company and its service often share name and item; an article's facts decide which of the two types it gives."""


class AliasLinker:
    """The linker `aliases`."""

    name = "aliases"

    def __init__(self, aliases: AliasIndex | None = None) -> None:
        self._given = aliases

    @cached_property
    def _aliases(self) -> AliasIndex:
        return AliasIndex.open() if self._given is None else self._given

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The entities, with `qid` where the index leaves no doubt. Two entities never get the same item."""
        found = [entity.qid or self._item(document, entity) for entity in entities]
        return tuple(
            replace(entity, qid=qid) if qid and found.count(qid) == 1 else entity
            for entity, qid in zip(entities, found, strict=True)
        )

    def _item(self, document: Document, entity: Entity) -> str | None:
        """The item that the entity's full name stands for; if that is unknown, the one that its other names do."""
        others = {mention.text for mention in entity.mentions if mention.kind == "name"} - {entity.name}
        for name in (entity.name, *sorted(others, key=lambda other: (-len(other), other))):
            if entity.type == _PERSON and " " not in name:
                continue
            candidates = self._aliases.candidates(name)
            if not candidates and name.startswith("The "):
                candidates = self._aliases.candidates(name.removeprefix("The "))
            if not candidates:
                continue
            fitting = [c for c in candidates if c.type == entity.type and c.qid] or [
                c for c in candidates if c.type in _SISTERS.get(entity.type, ()) and c.qid and c.fame >= _FAMOUS
            ]
            if fitting:
                best = fitting[0]
                if any(other.fame * _CLEARLY > best.fame for other in fitting[1:]):
                    return None
                return best.qid if self._is_sure(best, candidates, name, document, entity) else None
        return None

    def _is_sure(
        self, only: Candidate, candidates: Sequence[Candidate], name: str, document: Document, entity: Entity
    ) -> bool:
        if any(other.type == UNKNOWN and other.fame >= only.fame for other in candidates):
            return False
        if only.fame >= _WELL_KNOWN or self._is_described(only, document):
            return True
        return entity.type != _PERSON and only.fame >= _ANY_FAME and len(name) > _SHORT

    def _is_described(self, candidate: Candidate, document: Document) -> bool:
        """Whether the article uses a word (of five letters or more) of the candidate's description."""
        text = document.text
        return any(
            re.search(rf"\b{word}", text) is not None for word in _WORD.findall(candidate.description) if word.islower()
        )
