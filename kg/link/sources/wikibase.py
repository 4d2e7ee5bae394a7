"""Wikibase's JSON: a dump of Wikidata, one entity a line, in an array or without one.

https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html; dumps are at https://dumps.wikimedia.org/wikidatawiki/entities/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import ReadError
from kg.link.collecting import ALIAS, Said, Subclass
from kg.link.sources.reading import TOGETHER, How, Part
from kg.link.sources.streams import Stream
from kg.link.sources.vocabulary import fame, vocabulary

_ANY_LANGUAGE = "mul"
"""Wikidata's code of a name that is the same in many languages."""
_BRACKETS = (b"", b"[", b"]")


def read(path: Path, how: How, position: str) -> Iterator[Part]:
    """The items of a dump."""
    with Stream(path, position) as stream:
        found: list[Said | Subclass] = []
        wrong: list[ReadError] = []
        for line in stream:
            line = line.strip().removesuffix(b",")
            if line in _BRACKETS:
                continue
            try:
                found += entity(json.loads(line), how)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                reason = "no JSON" if isinstance(error, ValueError) else f"no entity of Wikibase ({error!r})"
                wrong.append(
                    ReadError(f"{path}:{stream.number}", f"is {reason}, and left out: fetch the dump anew if it is cut")
                )
            if len(found) >= TOGETHER:
                yield Part(found, wrong, stream.position, stream.done)
                found, wrong = [], []
        yield Part(found, [*wrong, *stream.faults], stream.position, stream.done)


def used() -> frozenset[str]:
    """The properties that are looked at."""
    return frozenset(name for names in vocabulary()["wikibase"].values() for name in names)


def entity(data: Mapping[str, Any], how: How) -> Iterator[Said | Subclass]:
    """What an entity's JSON says. Raises ValueError, KeyError, TypeError or AttributeError where it is of another form."""
    if data["type"] != "item":
        return
    terms, iri = vocabulary()["wikibase"], how.identifiers.iri
    identifier, claims = str(data["id"]), data.get("claims") or {}
    languages = (*how.languages, _ANY_LANGUAGE)
    labels = [term["value"] for term in _texts(data, "labels", languages)]
    aliases = [term["value"] for terms in _texts(data, "aliases", languages) for term in terms]
    for name in terms["names"]:
        aliases += [value["text"] for value in _values(claims, name) if value.get("language") in languages]
    descriptions = [term["value"] for term in _texts(data, "descriptions", languages)]
    classes = [iri(_item(value)) for name in terms["class"] for value in _values(claims, name)]
    for name in terms["subclass"]:
        yield from (Subclass(iri(identifier), iri(_item(value))) for value in _values(claims, name))
    if labels or aliases:
        yield Said(
            identifier,
            labels[0] if labels else "",
            (*((label, 1.0) for label in labels), *((alias, ALIAS) for alias in aliases)),
            descriptions[0] if descriptions else "",
            tuple(classes),
            fame(len(data.get("sitelinks") or ())),
        )


def _texts(data: Mapping[str, Any], what: str, languages: Iterable[str]) -> list[Any]:
    """What an entity has in these languages, in their order. PHP writes what is empty as a list."""
    found = data.get(what) or {}
    return [found[language] for language in languages if language in found]


def _values(claims: Mapping[str, Any], name: str) -> list[Any]:
    """The best-ranked values of a property (Wikidata's "truthy" ones), without "some value" and "no value"."""
    statements = claims.get(name) or ()
    ranks = {statement.get("rank", "normal") for statement in statements}
    best = "preferred" if "preferred" in ranks else "normal"
    return [
        statement["mainsnak"]["datavalue"]["value"]
        for statement in statements
        if statement.get("rank", "normal") == best and statement["mainsnak"]["snaktype"] == "value"
    ]


def _item(value: Mapping[str, Any]) -> str:
    """The identifier of an item; older dumps give its number only."""
    return str(value["id"]) if "id" in value else f"Q{value['numeric-id']}"
