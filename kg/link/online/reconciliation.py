"""The linker `reconciliation`: any service that speaks the Reconciliation API, 0.2 or the draft of 1.0.

https://reconciliation-api.github.io/specs/0.2/, https://reconciliation-api.github.io/specs/1.0-draft/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from kg.errors import ServiceError, UsageError
from kg.link.aliases import UNKNOWN, Candidate, with_priors
from kg.link.online import linker
from kg.link.online.client import Client, TooLargeError
from kg.link.settings import Linking
from kg.link.sources.vocabulary import in_new_form, is_iri, types
from kg.model import Document, Entity
from kg.rdf import vocabulary as v

_LIMIT = 10
_HIGHEST = 100.0
"""The best score, as the draft says, and as most services of 0.2 do."""
_LEAST = 1 / 255
_ID = re.compile(r"\{\{id\}\}|\$?\{id\}")


class ReconciliationLinker:
    """The plug-in `reconciliation`: the services that are set, one after the other."""

    name = "reconciliation"

    def __init__(self, linking: Linking) -> None:
        """Raises UsageError where no service is set."""
        if not linking.services:
            raise UsageError("the linker reconciliation has no service: set services under [link], or KG_LINK_SERVICES")
        self._services = [Service(address, linking) for address in linking.services]

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The entities, each with at most one link into each register. Raises ServiceError where a service does not
        answer."""
        found = tuple(entities)
        for service in self._services:
            found = linker.link(service, document, found)
        return found


class Service:
    """One service."""

    def __init__(self, address: str, linking: Linking) -> None:
        self._client = Client(address.rstrip("/"), linking)
        self._batch = linking.batch
        self._types = types()

    @cached_property
    def _manifest(self) -> Mapping[str, Any]:
        found = self._client.kept("manifest")
        if found is None:
            found = self._client.get({})
            if not isinstance(found, dict) or not {"name", "view", "identifierSpace"} & found.keys():
                raise ServiceError(
                    f"{self._client.address} has no manifest of the Reconciliation API: check the address"
                )
            self._client.keep("manifest", found)
        manifest: Mapping[str, Any] = found
        return manifest

    @cached_property
    def register(self) -> str:
        """What the IRIs of its entities begin with."""
        space = str(self._manifest.get("identifierSpace") or "")
        view = self._manifest.get("view") or {}
        template = _ID.split(str(view.get("url") or ""), maxsplit=1)[0]
        # Some services give a page about their identifiers as the space.
        found = space if space.endswith(("/", "#", "=", ":")) or not template else template
        if not is_iri(found):
            raise ServiceError(f"{self._client.address} does not say what IRIs its identifiers stand for")
        return found

    def find(self, names: Sequence[str]) -> Mapping[str, Sequence[Candidate]]:
        """The entities that are called so."""
        hits: dict[str, list[Mapping[str, Any]]] = {}
        missing = []
        for name in names:
            known = self._client.kept(f"match {name}")
            if known is None:
                missing.append(name)
            else:
                hits[name] = known
        size = self._manifest.get("batchSize")
        batch = min(self._batch, size) if isinstance(size, int) and size > 0 else self._batch
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            for name, found in zip(part, self._ask(part), strict=True):
                self._client.keep(f"match {name}", found)
                hits[name] = found
        return {name: with_priors(self._candidates(name, found)) for name, found in hits.items()}

    def _ask(self, names: Sequence[str]) -> list[list[Mapping[str, Any]]]:
        try:
            return self._match(names)
        except TooLargeError:
            if len(names) == 1:
                raise
            half = len(names) // 2
            return [*self._ask(names[:half]), *self._ask(names[half:])]

    def _match(self, names: Sequence[str]) -> list[list[Mapping[str, Any]]]:
        versions = self._manifest.get("versions") or ["0.2"]
        try:
            if any(str(version).startswith("0.") for version in versions):
                queries = {f"q{number}": {"query": name, "limit": _LIMIT} for number, name in enumerate(names)}
                answer = self._client.post(data={"queries": json.dumps(queries)})
                return [[dict(one) for one in answer[key]["result"]] for key in queries]
            conditions = [
                {"limit": _LIMIT, "conditions": [{"matchType": "name", "propertyValue": name}]} for name in names
            ]
            answer = self._client.post("/match", json={"queries": conditions})
            found: list[list[Mapping[str, Any]]] = [
                [dict(one) for one in result["candidates"]] for result in answer["results"]
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise ServiceError(f"{self._client.address} answers otherwise than the Reconciliation API says") from error
        if len(found) != len(names):
            raise ServiceError(f"{self._client.address} answers {len(found)} of {len(names)} queries")
        return found

    def _candidates(self, name: str, found: Sequence[Mapping[str, Any]]) -> Iterator[Candidate]:
        for one in found:
            identifier, label = str(one.get("id", "")), str(one.get("name", ""))
            iri = identifier if is_iri(identifier) else self.register + identifier
            if not identifier or not is_iri(iri) or not (one.get("match") or linker.is_called(name, [label])):
                continue
            score = one.get("score")
            sure = score / _HIGHEST if isinstance(score, int | float) else 0.5
            description = str(one.get("description") or "")
            kind = self._kind(one.get("type") or ())
            yield Candidate(
                identifier, kind, label, description, 0.0, min(1.0, max(_LEAST, sure)), iri, ReconciliationLinker.name
            )

    def _kind(self, given: Sequence[Any]) -> str:
        """The entity type, by the identifiers and names of the types that the service gives."""
        for one in given:
            names = [str(one.get(key, "")) for key in ("id", "name")] if isinstance(one, dict) else [str(one)]
            for name in names:
                for form in (in_new_form(name), v.WD + name, name.lower()):
                    if form in self._types:
                        return self._types[form]
        return UNKNOWN
