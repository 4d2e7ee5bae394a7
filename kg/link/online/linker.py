"""What all linkers have in common that ask a service: which names they ask for, and how they choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from kg.link.aliases import Candidate
from kg.link.collecting import normal
from kg.link.known import AliasLinker
from kg.link.scoring import packaged
from kg.model import Document, Entity
from kg.rdf.article import links

_MOST_NAMES = 3
"""For how many names of one entity a service is asked."""


class Asked(Protocol):
    """A service that knows what names can stand for."""

    @property
    def register(self) -> str:
        """What the IRIs of its things begin with."""
        ...

    def find(self, names: Sequence[str]) -> Mapping[str, Sequence[Candidate]]:
        """The candidates of each name. Raises ServiceError where the service does not answer."""
        ...


class Found:
    """What a service knows of some names, as an index of them."""

    def __init__(self, register: str, found: Mapping[str, Sequence[Candidate]]) -> None:
        self.register = register
        self._found = found

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        return tuple(self._found.get(name, ()))


def link(service: Asked, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities, with what the service gives for those that have no link into its register."""
    register = service.register
    missing = [entity for entity in entities if not any(found.startswith(register) for found in links(entity))]
    names = dict.fromkeys(name for entity in missing for name in _names(entity))
    if not names:
        return tuple(entities)
    return AliasLinker(Found(register, service.find(list(names)))).link(document, entities)


def _names(entity: Entity) -> list[str]:
    """The names of an entity by which it may be known, the fullest first."""
    found = {mention.text for mention in entity.mentions if mention.kind == "name"} - {entity.name}
    names = [entity.name, *sorted(found, key=lambda name: (-len(name), name))]
    # A given name or a surname alone is anybody's.
    is_person = entity.type in packaged().people
    return [name for name in names if not is_person or " " in name][:_MOST_NAMES]


def is_called(name: str, names: Sequence[str]) -> bool:
    """Whether one of the names is this one, whatever its case."""
    wanted = normal(name).casefold()
    return any(normal(each).casefold() == wanted for each in names)
