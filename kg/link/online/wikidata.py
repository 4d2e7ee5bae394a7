"""The linker `wikidata`: the search of Wikidata's API.

https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities (and wbgetentities)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.link.aliases import ID, UNKNOWN, Candidate, with_priors
from kg.link.collecting import ALIAS, FAME, Said, Subclass
from kg.link.online import linker
from kg.link.online.client import Client
from kg.link.settings import Linking
from kg.link.sources import wikibase
from kg.link.sources.reading import How
from kg.link.sources.vocabulary import Identifiers, types
from kg.model import Document, Entity
from kg.rdf import vocabulary as v

_LANGUAGE = "en"
_LIMIT = 10
_TOGETHER = 50
"""How many items one question may be about."""
_MAXLAG = "5"
"""Seconds that the copies of the database may lag behind; where it is more, the API asks to wait."""
_FURTHEST = 8
"""How many classes lie between the class of an item and one that the ontology knows, at most."""


class WikidataLinker:
    """The plug-in `wikidata`."""

    name = "wikidata"
    register = v.WD

    def __init__(self, linking: Linking) -> None:
        self._client = Client(linking.wikidata, linking)
        self._how = How(Identifiers(v.WD + ID), (_LANGUAGE,))
        self._types = types()

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The entities, with items for those that have none. Raises ServiceError where the API does not answer."""
        return linker.link(self, document, entities)

    def find(self, names: Sequence[str]) -> Mapping[str, Sequence[Candidate]]:
        """The items that are called so."""
        hits = {name: self._search(name) for name in names}
        items = self._items(dict.fromkeys(item for found in hits.values() for item in found))
        kinds = self._kinds({name for item in items.values() for name in item.classes})
        return {name: with_priors(_candidates(name, found, items, kinds)) for name, found in hits.items()}

    def _search(self, name: str) -> list[str]:
        """The items that the search gives for a name, the likeliest first."""
        question = f"search {_LANGUAGE} {name}"
        found = self._client.kept(question)
        if found is None:
            answer = self._ask(
                "wbsearchentities", search=name, language=_LANGUAGE, uselang=_LANGUAGE, type="item", limit=str(_LIMIT)
            )
            found = [str(hit["id"]) for hit in answer.get("search", ())]
            self._client.keep(question, found)
        return list(found)

    def _items(self, names: Mapping[str, None]) -> dict[str, Said]:
        """What Wikidata says of items."""
        found = {}
        for name, entity in self._entities(list(names), "labels|descriptions|aliases|claims|sitelinks").items():
            for said in wikibase.entity(entity, self._how):
                if isinstance(said, Said):
                    found[name] = said
        return found

    def _kinds(self, classes: set[str]) -> dict[str, str]:
        """The entity type of each class that has one, from that of the nearest class above it."""
        above: dict[str, set[str]] = {name: {name} for name in classes}
        kinds: dict[str, str] = {}
        for _ in range(_FURTHEST):
            for name, reached in above.items():
                fitting = sorted(self._types[one] for one in reached if one in self._types)
                if name not in kinds and fitting:
                    kinds[name] = fitting[0]
            open_ = {name: reached for name, reached in above.items() if name not in kinds}
            parents = self._parents({one for reached in open_.values() for one in reached})
            above = {name: {up for one in reached for up in parents.get(one, ())} for name, reached in open_.items()}
            if not any(above.values()):
                break
        return kinds

    def _parents(self, classes: set[str]) -> dict[str, list[str]]:
        names = [name.removeprefix(v.WD) for name in sorted(classes)]
        return {
            v.WD + name: [said.parent for said in wikibase.entity(entity, self._how) if isinstance(said, Subclass)]
            for name, entity in self._entities(names, "claims").items()
        }

    def _entities(self, names: list[str], wanted: str) -> dict[str, dict[str, Any]]:
        """The JSON of entities, those that exist."""
        found: dict[str, dict[str, Any]] = {}
        missing = []
        for name in names:
            known = self._client.kept(f"{wanted} {name}")
            if known is None:
                missing.append(name)
            elif known:
                found[name] = known
        for start in range(0, len(missing), _TOGETHER):
            part = missing[start : start + _TOGETHER]
            answer = self._ask("wbgetentities", ids="|".join(part), props=wanted, languages=f"{_LANGUAGE}|mul")
            entities = answer.get("entities", {})
            for name in part:
                entity = entities.get(name, {})
                told = {} if "missing" in entity or "type" not in entity else _trimmed(entity)
                self._client.keep(f"{wanted} {name}", told)
                if told:
                    found[name] = told
        return found

    def _ask(self, action: str, **parameters: str) -> Any:
        common = {"action": action, "format": "json", "formatversion": "2", "maxlag": _MAXLAG}
        return self._client.get(common | parameters)


def _trimmed(entity: Mapping[str, Any]) -> dict[str, Any]:
    """What is used of an entity: some have hundreds of claims."""
    names = wikibase.used()
    claims = entity.get("claims") or {}
    return {**entity, "claims": {name: claims[name] for name in names if name in claims}}


def _candidates(
    name: str, hits: Sequence[str], items: Mapping[str, Said], kinds: Mapping[str, str]
) -> Iterator[Candidate]:
    for hit in hits:
        item = items.get(hit)
        if item is None or not linker.is_called(name, [each for each, _ in item.names]):
            continue
        fitting = [kinds[one] for one in item.classes if one in kinds]
        known = (FAME if item.fame is None else item.fame) * (1.0 if linker.is_called(name, [item.label]) else ALIAS)
        kind = fitting[0] if fitting else UNKNOWN
        yield Candidate(hit, kind, item.label, item.description, 0.0, known, v.WD + hit, WikidataLinker.name)
