"""What the service answers, as JSON, from one state of the graph."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from kg.reconcile import wire
from kg.reconcile.candidates import Matcher
from kg.reconcile.entities import Entities
from kg.reconcile.model import Extension, Preview, Query, Ref
from kg.reconcile.properties import Property, Schema
from kg.search.hits import Search
from kg.search.words import fold
from kg.store.base import Store
from ontology import Ontology


class Service:
    """The methods that read a request raise UsageError or TooManyError."""

    def __init__(
        self, store: Store, base: str, ontology: Ontology, search: Search, moved: Callable[[str], str | None]
    ) -> None:
        self._schema = Schema(ontology)
        self._entities = Entities(store, base, self._schema, moved)
        self._matcher = Matcher(self._entities, self._schema, search)

    def match_0_2(self, batch: str) -> str:
        """The candidates of each query, by its key."""
        queries = wire.read_queries_0_2(batch, self._schema)
        return _json({key: {"result": self._candidates(query)} for key, query in queries.items()})

    def match_1_0(self, batch: str) -> str:
        """The candidates of each query, in the order of the queries."""
        queries = wire.read_queries_1_0(batch, self._schema)
        return _json({"results": [{"candidates": self._candidates(query)} for query in queries]})

    def _candidates(self, query: Query) -> list[dict[str, object]]:
        return [wire.candidate(found) for found in self._matcher.candidates(query)]

    def extend_0_2(self, request: str) -> str:
        """The wanted values, by entity and property."""
        wanted = wire.read_extension(request, self._schema)
        rows = {
            identifier: {found.id: values for found, values in self._values(identifier, wanted)}
            for identifier in wanted.ids
        }
        return _json({"meta": self._meta(wanted), "rows": rows})

    def extend_1_0(self, request: str) -> str:
        """The wanted values, in the order of the entities and the properties."""
        wanted = wire.read_extension(request, self._schema)
        rows = [
            {
                "id": identifier,
                "properties": [
                    {"id": found.id, "values": values} for found, values in self._values(identifier, wanted)
                ],
            }
            for identifier in wanted.ids
        ]
        return _json({"meta": self._meta(wanted), "rows": rows})

    def _values(self, identifier: str, wanted: Extension) -> Iterable[tuple[Property, list[dict[str, object]]]]:
        node = self._entities.node(identifier)
        for found, limit in wanted.properties:
            values = () if node is None else self._entities.values(node, found)
            yield found, [wire.value(term, self._entities) for term in values[:limit]]

    def _meta(self, wanted: Extension) -> list[dict[str, object]]:
        return [self._described(found) for found, _ in wanted.properties]

    def _described(self, found: Property) -> dict[str, object]:
        about = wire.ref(Ref(found.id, found.name))
        # The type tells a client with what to go on reconciling; of several, none is right.
        (*_, kind) = found.range or ("",)
        return {**about, "type": wire.ref(self._entities.refs((kind,))[0])} if len(found.range) == 1 else about

    def propose(self, type: str, limit: int) -> str:
        """The properties that entities of a type may have; of any type, if none is given."""
        found = self._schema.type(type)
        fitting = [one for one in self._schema.properties.values() if not type or (found and found.iri in one.domain)]
        properties = [{**wire.ref(Ref(one.id, one.name)), "description": one.description} for one in fitting[:limit]]
        return _json({"type": type, "limit": limit, "properties": properties})

    def suggest_entity(self, prefix: str, limit: int, offset: int) -> str:
        """Entities whose names begin so."""
        found = self._matcher.suggestions(prefix, limit, offset)
        return _result(
            {**wire.ref(one), "description": description, "notable": [wire.ref(kind) for kind in types]}
            for one, description, types in found
        )

    def suggest_property(self, prefix: str, limit: int, offset: int) -> str:
        """Properties of which the name or the identifier has these letters; all, if there are none."""
        found = [(Ref(one.id, one.name), one.description) for one in self._schema.properties.values()]
        return _suggested(found, prefix, limit, offset)

    def suggest_type(self, prefix: str, limit: int, offset: int) -> str:
        """Types of which the name or the identifier has these letters; all, if there are none."""
        found = [(Ref(key, one.label), one.definition) for key, one in self._schema.types.items()]
        return _suggested(found, prefix, limit, offset)

    def preview(self, identifier: str) -> Preview | None:
        """An entity in brief; None if there is none."""
        node = self._entities.node(identifier)
        return None if node is None else self._entities.preview(node)

    def about_property(self, identifier: str) -> tuple[str, str] | None:
        """The name and the description of a property; None if there is none."""
        found = self._schema.property(identifier)
        return None if found.iri is None else (found.name, found.description)

    def about_type(self, identifier: str) -> tuple[str, str] | None:
        """The name and the description of a type; None if there is none."""
        found = self._schema.type(identifier)
        return None if found is None else (found.label, found.definition)


def _suggested(found: Iterable[tuple[Ref, str]], prefix: str, limit: int, offset: int) -> str:
    """Those that begin so come before those that have it within."""
    letters = fold(prefix).strip()
    places = [
        (min(place for place in (fold(one.name).find(letters), fold(one.id).find(letters)) if place >= 0), one, about)
        for one, about in found
        if letters in fold(one.name) or letters in fold(one.id)
    ]
    places.sort(key=lambda place: place[0] > 0)
    return _result({**wire.ref(one), "description": about} for _, one, about in places[offset : offset + limit])


def _result(found: Iterable[dict[str, object]]) -> str:
    return _json({"result": list(found)})


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)
