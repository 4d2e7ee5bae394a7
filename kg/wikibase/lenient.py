"""What the engine of the Wikidata Query Service takes, and SPARQL 1.1 does not, as SPARQL 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import QueryError
from kg.rdf import vocabulary as v
from kg.sparql.tokens import Edit, Tokens, edited

_DATE = re.compile(r"\+?(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?(?:T([\d:.]+))?(Z|[+-]\d\d:\d\d)?")
_DATE_TIME, _DAY = ("xsd:dateTime", f"<{v.XSD}dateTime>"), ("xsd:date", f"<{v.XSD}date>")
_MOST = 100_000
"""Characters that expressions of the SELECT may add where HAVING names them."""
_SOME_VALUE = ("wikibase:isSomeValue", "<http://wikiba.se/ontology#isSomeValue>")


def plain(query: str) -> str:
    """The same query for an engine that goes by the book. Its brackets must match.

    Raises QueryError where it would become too long.
    """
    query = edited(query, _dates(Tokens(query)))
    query = edited(query, _having(Tokens(query)))
    return edited(query, _functions(Tokens(query)))


def _dates(tokens: Tokens) -> Iterator[Edit]:
    """Times without hours, with a sign, with a month or a day of zero, or without a zone: `"2015-01-01"^^xsd:dateTime`.

    A day is compared with times as the time at which it begins, unless the query makes days of times.
    """
    makes_days = any(tokens.is_at(place + 1, "(") for place, token in enumerate(tokens.all) if token.text in _DAY)
    for place, token in enumerate(tokens.all):
        found = _DATE.fullmatch(token.text.strip("\"'")) if token.kind == "string" else None
        if found is None:
            continue
        year, month, day, time, zone = found.groups()
        date = "-".join((year, *(part if part not in (None, "00") else "01" for part in (month, day))))
        moment = f"{date}T{time or '00:00:00'}{zone or 'Z'}"
        kind = tokens.all[place + 3].text if tokens.is_at(place + 1, "^", "^") and tokens.kind(place + 3) else ""
        if kind in _DAY and makes_days:
            yield Edit(token.start, tokens.all[place + 3].end, f'"{date}{zone or "Z"}"^^<{v.XSD}date>')
        elif kind in _DATE_TIME or kind in _DAY:
            yield Edit(token.start, tokens.all[place + 3].end, f'"{moment}"^^<{v.XSD}dateTime>')
        elif tokens.is_at(place + 1, ")") and place > 1 and tokens.all[place - 2].text in _DATE_TIME:
            yield Edit(token.start, token.end, f'"{moment}"')


def _having(tokens: Tokens) -> Iterator[Edit]:
    """What the SELECT calls an expression, in HAVING: `(COUNT(?x) AS ?n) … HAVING(?n > 1)`."""
    written = 0
    for place, token in enumerate(tokens.all):
        if token.text != "HAVING" or token.kind != "word":
            continue
        named = _named(tokens, place)
        after = place + 1
        while tokens.is_at(after, "("):
            close = tokens.pairs[after]
            for inner in tokens.all[after:close]:
                if inner.kind == "variable" and inner.text in named:
                    written += len(named[inner.text])
                    if written > _MOST:
                        raise QueryError("HAVING names what SELECT calculates too often, or that is too long.")
                    yield Edit(inner.start, inner.end, f"({named[inner.text]})")
            after = close + 1


def _named(tokens: Tokens, place: int) -> dict[str, str]:
    """The expressions of the SELECT that the clause at `place` is of, by their variables."""
    around = tokens.around[place]
    start = place
    while start >= 0 and not (tokens.around[start] == around and tokens.is_at(start, "SELECT")):
        start -= 1
    found = {}
    for first in range(max(start, 0), place):
        if tokens.around[first] == around and tokens.is_at(first, "(") and tokens.is_at(tokens.pairs[first] - 2, "AS"):
            last = tokens.pairs[first] - 2
            text = tokens.text[tokens.all[first].end : tokens.all[last].start].strip()
            found[tokens.all[last + 1].text] = text
    return found


def _functions(tokens: Tokens) -> Iterator[Edit]:
    """An unknown value is a blank node."""
    for place, token in enumerate(tokens.all):
        if token.text in _SOME_VALUE and token.kind != "string" and tokens.is_at(place + 1, "("):
            yield Edit(token.start, token.end, "isBLANK")
