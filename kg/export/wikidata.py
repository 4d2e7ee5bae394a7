"""What goes into Wikidata, or into any Wikibase: QuickStatements, and Wikibase's JSON.

https://www.wikidata.org/wiki/Help:QuickStatements, https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, Self

import ontology
from kg.export.base import Source
from kg.rdf import vocabulary as v
from kg.wikibase import properties as p
from kg.wikibase import vocabulary as w
from kg.wikibase.items import LANGUAGE, Items
from kg.wikibase.model import Item, ItemValue, Property, Reference, Snak, Statement, Text, Time, Url, Value

_NOTE = (
    "No person has reviewed the statements that say 'not reviewed' on their line: they are what a program read with at "
    "least the confidence {least:g}. Read them before you send them."
)
_NOTE_REVIEWED = (
    "Only facts that a person has accepted are written, of entities with an item of Wikidata: accept some by "
    "'kg decide accept' or at /review, or name a confidence that is enough, as in --min-confidence 0.95."
)
_NO_LEAST = 2.0
"""More than any confidence: only what a person has accepted."""
_LONGEST = 1500
"""Characters that a text may have in Wikidata."""
_NO_REVISION = 0
"""That of an entity that no Wikibase has yet; programs that read dumps look for one."""
_SPECIAL = ("/*", "*/", "||", "\t", "\n")
"""What QuickStatements would take for more than text."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A statement for QuickStatements: what is left of its qualifiers and references in what Wikidata takes."""

    item: str
    property: Property
    value: str
    qualifiers: tuple[tuple[str, str], ...]
    references: tuple[tuple[tuple[str, str], ...], ...]
    summary: str
    is_another: bool
    """The item has this value already, with other qualifiers."""


@dataclass(frozen=True, slots=True)
class _QuickStatements:
    """Statements about linked entities, with what is linked, and with a web address that says so.

    What a person has accepted, and what is as sure as `least`.
    """

    name: str
    suffixes: tuple[str, ...]
    put: Callable[[Iterable[_Row], IO[bytes]], None]
    least: float = _NO_LEAST

    @property
    def note(self) -> str:
        """What whoever exports is told."""
        return _NOTE.format(least=self.least) if self.least <= 1 else _NOTE_REVIEWED

    def above(self, confidence: float) -> Self:
        return replace(self, least=confidence)

    def write(self, source: Source, file: IO[bytes]) -> None:
        self.put(_rows(source, self.least), file)


def quickstatements() -> _QuickStatements:
    """QuickStatements, version 1: a line for each statement."""
    return _QuickStatements("quickstatements", (".qs",), _write_lines)


def quickstatements_csv() -> _QuickStatements:
    """The same as CSV. As no cell may be empty, there is a file for each set of columns, in a ZIP archive."""
    return _QuickStatements("quickstatements-csv", (".qs.zip",), _write_tables)


def _write_lines(rows: Iterable[_Row], file: IO[bytes]) -> None:
    for row in rows:
        parts = [row.item, ("!" if row.is_another else "") + row.property.name, row.value]
        parts += [part for pair in row.qualifiers for part in pair]
        for number, reference in enumerate(row.references):
            for position, (name, value) in enumerate(reference):
                begins = "!" if number and not position else ""
                parts += [f"{begins}S{name.removeprefix('P')}", value]
        file.write(("\t".join(parts) + f" /* {row.summary} */\n").encode())


def _write_tables(rows: Iterable[_Row], file: IO[bytes]) -> None:
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for row in rows:
        if row.is_another:
            # CSV has no way to say that a statement is to be a new one.
            continue
        header = ["qid", row.property.name, *(f"qal{name.removeprefix('P')}" for name, _ in row.qualifiers)]
        for reference in row.references:
            header += [
                f"{'s' if position else 'S'}{name.removeprefix('P')}" for position, (name, _) in enumerate(reference)
            ]
        values = [value for _, value in (*row.qualifiers, *(pair for each in row.references for pair in each))]
        tables.setdefault((*header, "#"), []).append([row.item, row.value, *values, row.summary])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, header_row in enumerate(sorted(tables), 1):
            text = io.StringIO(newline="")
            csv.writer(text).writerows([header_row, *tables[header_row]])
            # A fixed date: equal graphs give equal bytes.
            archive.writestr(zipfile.ZipInfo(f"{number:03}-{header_row[1]}.csv"), text.getvalue())


def _rows(source: Source, least: float) -> Iterator[_Row]:
    items = Items(source, source.base, ontology.load(), source.read_on, least)
    for item in items.entities():
        if not item.iri.startswith(v.WD):
            continue
        given: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
        for statement in item.statements:
            found = _row(item, statement, given)
            if found is not None:
                yield found


def _row(item: Item, statement: Statement, given: dict[tuple[str, str], tuple[tuple[str, str], ...]]) -> _Row | None:
    """None where Wikidata would not take it. `given` are the qualifiers of what the item has already."""
    main = _command((statement.property, statement.value))
    references = [
        tuple(filter(None, map(_command, reference.snaks)))
        for reference in sorted(statement.references, key=lambda each: -each.confidence)
        if any(known == p.REFERENCE_URL for known, _ in reference.snaks)
    ]
    if main is None or not references:
        return None
    qualifiers = tuple(filter(None, map(_command, statement.qualifiers)))
    former = given.setdefault(main, qualifiers)
    confidence = max(reference.confidence for reference in statement.references)
    return _Row(
        item.iri.removeprefix(v.WD),
        statement.property,
        main[1],
        qualifiers,
        tuple(references),
        f"read from news by newsgraph, {_judgement(statement, confidence)}",
        bool(former) and bool(qualifiers) and former != qualifiers,
    )


def _judgement(statement: Statement, confidence: float) -> str:
    return "reviewed by a person" if statement.is_reviewed else f"confidence {confidence:.2f}, not reviewed"


def _command(snak: Snak) -> tuple[str, str] | None:
    """The property and the value as QuickStatements write them; None where Wikidata has no such value."""
    known, value = snak
    if known.is_own or not known.takes:
        return None
    text = _quick(value)
    return None if text is None else (known.name, text)


def _quick(value: Value) -> str | None:
    if isinstance(value, ItemValue):
        return value.iri.removeprefix(v.WD) if value.iri.startswith(v.WD) else None
    if isinstance(value, Time):
        return f"+{value.point('00')}/{value.precision}"
    text = value.address if isinstance(value, Url) else value.text
    if len(text) > _LONGEST or any(special in text for special in _SPECIAL):
        return None
    return f'{value.language}:"{text}"' if isinstance(value, Text) and value.language else f'"{text}"'


class WikibaseJson:
    """Items and properties as Wikibase's dumps have them: an array, with an entity on each line.

    An entity without an item has the last part of its IRI as its id.
    """

    name = "wikibase-json"
    suffixes = (".wikibase.json",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        items = Items(source, source.base, ontology.load(), source.read_on)
        separator = b"[\n"
        for entity in (*map(_property, items.properties), *map(_item, items.entities())):
            file.write(separator + json.dumps(entity, ensure_ascii=False, separators=(",", ":")).encode())
            separator = b",\n"
        file.write(b"\n]\n")


Json = dict[str, Any]


def _texts(**texts: str) -> Json:
    return {language: {"language": language, "value": text} for language, text in texts.items() if text}


def _property(known: Property) -> Json:
    return {
        "type": "property",
        "datatype": known.datatype,
        "id": known.name,
        "labels": _texts(en=known.label),
        "descriptions": _texts(en=known.description),
        "aliases": {},
        "claims": {},
        "lastrevid": _NO_REVISION,
    }


def _item(item: Item) -> Json:
    claims: dict[str, list[Json]] = {}
    for statement in item.statements:
        claims.setdefault(statement.property.name, []).append(_statement(_id(item.iri), statement))
    return {
        "type": "item",
        "id": _id(item.iri),
        "labels": {item.language: {"language": item.language, "value": item.label}},
        "descriptions": _texts(en=item.description),
        "aliases": {LANGUAGE: [{"language": LANGUAGE, "value": alias} for alias in item.aliases]}
        if item.aliases
        else {},
        "claims": claims,
        "sitelinks": {},
        "lastrevid": _NO_REVISION,
    }


def _id(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]


def _statement(item: str, statement: Statement) -> Json:
    found: Json = {
        "id": f"{item}${str(uuid.uuid5(uuid.NAMESPACE_URL, statement.iri)).upper()}",
        "type": "statement",
        "mainsnak": _snak((statement.property, statement.value)),
        "rank": statement.rank,
    }
    if statement.qualifiers:
        found["qualifiers"], found["qualifiers-order"] = _grouped(statement.qualifiers, _hashed)
    found["references"] = [_reference(reference) for reference in statement.references]
    return found


def _reference(reference: Reference) -> Json:
    # An article is no item.
    snaks, order = _grouped([snak for snak in reference.snaks if snak[0] != p.STATED_IN], _snak)
    return {"hash": _hash(snaks), "snaks": snaks, "snaks-order": order}


def _grouped(
    snaks: list[Snak] | tuple[Snak, ...], write: Callable[[Snak], Json]
) -> tuple[Mapping[str, list[Json]], list[str]]:
    found: dict[str, list[Json]] = {}
    for snak in snaks:
        found.setdefault(snak[0].name, []).append(write(snak))
    return found, list(found)


def _hashed(snak: Snak) -> Json:
    found = _snak(snak)
    return {**found, "hash": _hash(found)}


def _hash(found: Mapping[str, Any]) -> str:
    return hashlib.sha1(json.dumps(found, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def _snak(snak: Snak) -> Json:
    known, value = snak
    kind, content = _datavalue(value)
    return {
        "snaktype": "value",
        "property": known.name,
        "datatype": known.datatype,
        "datavalue": {"type": kind, "value": content},
    }


def _datavalue(value: Value) -> tuple[str, str | Json]:
    if isinstance(value, ItemValue):
        name = _id(value.iri)
        number = {"numeric-id": int(name[1:])} if value.iri.startswith(v.WD) else {}
        return "wikibase-entityid", {"entity-type": "item", "id": name, **number}
    if isinstance(value, Time):
        return "time", {
            "time": f"+{value.point('00')}",
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": value.precision,
            "calendarmodel": w.GREGORIAN.value,
        }
    if isinstance(value, Url):
        return "string", value.address
    if value.language is None:
        return "string", value.text
    return "monolingualtext", {"text": value.text, "language": value.language}
