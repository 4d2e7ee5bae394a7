"""The JSON of both versions of the API: from text to queries, and from candidates to what is sent.

The `read_` functions raise UsageError where the text is not what the specification says, and TooManyError where it
asks for too much at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, cast, get_args

from pyoxigraph import Literal, NamedNode

from kg.errors import UsageError
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.reconcile.entities import Entities
from kg.reconcile.model import (
    Candidate,
    Condition,
    Extension,
    Kind,
    Quantifier,
    Query,
    Ref,
    TooManyError,
    Wanted,
)
from kg.reconcile.properties import Schema
from kg.store.base import Object

BATCH = 50
"""The most queries of a batch."""
ROWS = 500
"""The most entities that are extended at a time."""
_CONDITIONS = 30
_VALUES = 30
_LONGEST = 1_000
_LIMIT = 10
_MOST = 100
_STRICT = {"should": False, "any": True, "all": True}
"""By `type_strict`: whether entities of other types are left out."""


def read_queries_0_2(text: str, schema: Schema) -> dict[str, Query]:
    """The queries of a batch, by their keys."""
    batch = _object(_parsed(text), "The batch")
    _check_number(batch, "queries", BATCH)
    return {key: _query_0_2(_object(value, f"The query {key!r}"), schema) for key, value in batch.items()}


def read_queries_1_0(text: str, schema: Schema) -> list[Query]:
    """The queries of a batch, in their order."""
    batch = _list(_object(_parsed(text), "The batch").get("queries"), "'queries'")
    _check_number(batch, "queries", BATCH)
    return [_query_1_0(_object(value, f"The query number {place}"), schema) for place, value in enumerate(batch)]


def read_extension(text: str, schema: Schema) -> Extension:
    """Which values of which entities are wanted; both versions have one form."""
    found = _object(_parsed(text), "The request for data")
    ids = [_string(one, "each of 'ids'") for one in _list(found.get("ids"), "'ids'")]
    properties = [_object(one, "Each of 'properties'") for one in _list(found.get("properties"), "'properties'")]
    _check_number(ids, "entities", ROWS)
    _check_number(properties, "properties", _CONDITIONS)
    return Extension(
        tuple(ids),
        tuple((schema.property(_string(one.get("id"), "a property's 'id'")), _setting(one)) for one in properties),
    )


def _query_0_2(found: Mapping[str, Any], schema: Schema) -> Query:
    _check_fields(found, "A query", ("query", "type", "type_strict", "limit", "properties"))
    conditions = []
    if "query" in found:
        conditions.append(Condition("name", None, (Wanted(_string(found["query"], "'query'")),)))
    properties = _list(found.get("properties", []), "'properties'")
    _check_number(properties, "properties", _CONDITIONS)
    for one in properties:
        value = _object(one, "Each of 'properties'")
        wanted = schema.property(_string(value.get("pid"), "'pid'"))
        conditions.append(Condition("property", wanted, _wanted(value, "v")))
    if not conditions:
        _wrong("A query has neither a 'query' nor 'properties'; it needs one of them.")
    types = found.get("type", [])
    types = types if isinstance(types, list) else [types]
    _check_number(types, "types", len(schema.types))
    strict = found.get("type_strict", "should")
    if not isinstance(strict, str) or strict not in _STRICT:
        _wrong(f"'type_strict' is {_shown(strict)}; it must be one of {', '.join(_STRICT)}.")
    return Query(tuple(conditions), _types(types, schema), _STRICT[strict], _limit(found))


def _query_1_0(found: Mapping[str, Any], schema: Schema) -> Query:
    _check_fields(found, "A query", ("type", "limit", "conditions", "lang", "dir"))
    conditions = _list(found.get("conditions"), "'conditions'")
    if not conditions:
        _wrong("A query has no conditions; it needs one at least.")
    _check_number(conditions, "conditions", _CONDITIONS)
    types = [found["type"]] if "type" in found else []
    read = tuple(_condition(_object(one, "Each of 'conditions'"), schema) for one in conditions)
    return Query(read, _types(types, schema), False, _limit(found))


def _condition(found: Mapping[str, Any], schema: Schema) -> Condition:
    kind, quantifier = found.get("matchType"), found.get("matchQuantifier", "any")
    if kind not in get_args(Kind):
        _wrong(f"'matchType' is {_shown(kind)}; it must be one of {', '.join(get_args(Kind))}.")
    if quantifier not in get_args(Quantifier):
        _wrong(f"'matchQuantifier' is {_shown(quantifier)}; it must be one of {', '.join(get_args(Quantifier))}.")
    required = found.get("required", False)
    if not isinstance(required, bool):
        _wrong(f"'required' is {_shown(required)}; it must be true or false.")
    wanted = None
    if kind == "property":
        wanted = schema.property(_string(found.get("propertyId"), "'propertyId'"))
    values = _wanted(found, "propertyValue")
    return Condition(cast(Kind, kind), wanted, values, cast(Quantifier, quantifier), required)


def _wanted(found: Mapping[str, Any], field: str) -> tuple[Wanted, ...]:
    if field not in found:
        _wrong(f"The field '{field}' is missing.")
    given = found[field]
    values = given if isinstance(given, list) else [given]
    if not values:
        _wrong(f"'{field}' has no value.")
    _check_number(values, "values", _VALUES)
    return tuple(_value(value, field) for value in values)


def _value(value: object, field: str) -> Wanted:
    if isinstance(value, str):
        return Wanted(_string(value, f"'{field}'"))
    if isinstance(value, bool | int | float):
        return Wanted(json.dumps(value))
    if isinstance(value, dict) and "id" in value:
        identifier = _string(value["id"], "the 'id' of a value")
        return Wanted(_string(value.get("name", identifier), "the 'name' of a value"), identifier)
    _wrong(f"'{field}' is {_shown(value)}; it must be a text, a number, true or false, or have an 'id'.")


def _types(given: Sequence[object], schema: Schema) -> frozenset[str]:
    """The IRIs of types; of one that is not known here, what it was called, which no entity has."""
    names = [_string(one, "a type") for one in given]
    return frozenset(name if (found := schema.type(name)) is None else found.iri for name in names)


def _limit(found: Mapping[str, Any]) -> int:
    limit = found.get("limit", _LIMIT)
    return min(_positive(limit, "'limit'"), _MOST)


def _setting(found: Mapping[str, Any]) -> int | None:
    settings = _object(found.get("settings", {}), "'settings'")
    limit = settings.get("limit")
    # A form that was left untouched gives the default, which is no limit.
    return None if limit in (None, "", 0, "0") else _positive(limit, "the setting 'limit'")


def _positive(value: object, what: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        _wrong(f"{what} is {_shown(value)}; it must be a whole number from 1 on.")
    return value


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"That is no JSON: {error}.") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _wrong(f"{what} is {_shown(value)}; it must be an object.")
    return value


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        _wrong(f"{what} is {_shown(value)}; it must be an array.")
    return value


def _string(value: object, what: str) -> str:
    if not isinstance(value, str):
        _wrong(f"{what} is {_shown(value)}; it must be a text.")
    if len(value) > _LONGEST:
        raise TooManyError(f"{what} is longer than {_LONGEST:,} characters.")
    return terms.one_line(value)


def _check_number(found: Sequence[object] | Mapping[str, object], what: str, most: int) -> None:
    if len(found) > most:
        raise TooManyError(f"{len(found):,} {what} are asked for at once; {most:,} are the most here.")


def _check_fields(found: Mapping[str, object], what: str, known: Sequence[str]) -> None:
    unknown = sorted(set(found) - set(known))
    if unknown:
        _wrong(f"{what} has the field {_shown(unknown[0])}; it may have {', '.join(known)}.")


def _shown(value: object) -> str:
    text = "missing" if value is None else json.dumps(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _wrong(reason: str) -> NoReturn:
    raise UsageError(reason)


# What is sent.


def ref(found: Ref) -> dict[str, object]:
    return {"id": found.id, "name": found.name}


def candidate(found: Candidate) -> dict[str, object]:
    """The same in both versions."""
    return {
        **ref(Ref(found.id, found.name)),
        "description": found.description,
        "type": [ref(one) for one in found.types],
        "score": found.score,
        "match": found.match,
        "features": [{"id": one.id, "name": one.name, "value": one.value} for one in found.features],
    }


def value(term: Object, entities: Entities) -> dict[str, object]:
    """A value of a property: an entity, a day, or a text. What is less than a day is a text, as it is in the graph."""
    if isinstance(term, NamedNode) and entities.is_entity(term):
        return ref(Ref(entities.id(term), entities.text(term)))
    text = entities.text(term)
    if isinstance(term, Literal) and term.datatype == v.DATES[10]:
        return {"date": f"{text}T00:00:00Z"}
    return {"str": text}
