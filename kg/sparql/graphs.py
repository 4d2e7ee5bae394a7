"""`GRAPH ?g { … }`, of which the engine knows only that `?g` belongs to all triple patterns within.

It stands for the union, over all named graphs, of what the pattern gives in that graph, joined with the graph's name
(SPARQL 1.1, 18.6). Not rewritten is `?g` itself within the block, in a FILTER or an OPTIONAL, where the engine takes it
for the graph's name: strictly it has no value there yet, but queries rely on it, and it is faster.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.sparql.tokens import Edit, Tokens, edited

_SAME_OF_NOTHING = {"COUNT", "MIN", "MAX", "SAMPLE"}
"""The aggregates that give for one solution without a value what they give for no solution."""
_AGGREGATES = {*_SAME_OF_NOTHING, "SUM", "AVG", "GROUP_CONCAT"}
_WITH_BRACKETS = {"FILTER", "BIND", "OPTIONAL", "MINUS", "GRAPH", "SERVICE", "VALUES"}
_DEPTH = 100
_OFTEN = 50
"""A query with more MINUS than this is left as it is."""


def mend(query: str) -> str:
    """The query in which each such pattern means what it should; as it is where it is malformed, or beyond measure."""
    for change in (_drop_minus, _bind):
        tokens = Tokens(query)
        if not tokens.is_balanced or tokens.depth > _DEPTH:
            return query
        query = edited(query, change(tokens))
    return query


def fresh(text: str) -> str:
    """A variable that the text does not have."""
    number = 1
    while f"_row{number}" in text:
        number += 1
    return f"?_row{number}"


def _blocks(tokens: Tokens) -> Iterator[tuple[str, int, int]]:
    """The variable of each `GRAPH ?g { … }`, and the places of its brackets."""
    for place, token in enumerate(tokens.all):
        if token.text == "GRAPH" and tokens.kind(place + 1) == "variable" and tokens.is_at(place + 2, "{"):
            yield tokens.all[place + 1].text, place + 2, tokens.pairs[place + 2]


def _own(tokens: Tokens, first: int, last: int) -> Iterator[int]:
    """The places of a block without those of the blocks of other graphs within it."""
    place = first + 1
    while place < last:
        if tokens.all[place].text == "GRAPH" and tokens.is_at(place + 2, "{"):
            place = tokens.pairs[place + 2]
        else:
            yield place
        place += 1


def _drop_minus(tokens: Tokens) -> list[Edit]:
    """MINUS takes nothing away where the two sides share no variable, and the graph's name is no variable of theirs."""
    edits: list[Edit] = []
    if sum(token.text == "MINUS" for token in tokens.all) > _OFTEN:
        return edits
    for _, first, last in _blocks(tokens):
        for place in _own(tokens, first, last):
            if not tokens.is_at(place, "MINUS", "{") or (edits and tokens.all[place].start < edits[-1].end):
                continue
            end = tokens.pairs[place + 1]
            start = tokens.around[place]
            if _visible(tokens, start, place).isdisjoint(_visible(tokens, place + 1, end)):
                edits.append(Edit(tokens.all[place].start, tokens.all[end].end, ""))
    return edits


def _visible(tokens: Tokens, first: int, last: int) -> set[str]:
    """The variables that solutions of the group from the bracket at `first` may have, up to the place `last`."""
    found: set[str] = set()
    if tokens.is_at(first + 1, "SELECT"):
        body = _body(tokens, first + 1)
        inner = (n for n in range(first + 1, body) if tokens.kind(n) == "variable")
        named = {tokens.all[n].text[1:] for n in inner if tokens.around[n] == first or tokens.is_at(n - 1, "AS")}
        return named or _visible(tokens, body, tokens.pairs[body])
    place = first + 1
    while place < last:
        if tokens.is_at(place, "FILTER") or tokens.is_at(place, "MINUS"):
            while place < last and tokens.kind(place) != "open":
                place += 1
            place = tokens.pairs.get(place, last)
        elif tokens.is_at(place, "{"):
            found |= _visible(tokens, place, tokens.pairs[place])
            place = tokens.pairs[place]
        elif tokens.kind(place) == "variable":
            found.add(tokens.all[place].text[1:])
        place += 1
    return found


def _body(tokens: Tokens, place: int) -> int:
    """The bracket at which the pattern begins of the SELECT at `place`."""
    while not tokens.is_at(place, "{"):
        place = tokens.pairs.get(place, place) + 1
    return place


def _bind(tokens: Tokens) -> list[Edit]:
    """The graph's name belongs to the solutions of subqueries and of VALUES, too."""
    edits: list[Edit] = []
    for variable, first, last in _blocks(tokens):
        needed = _unbound(tokens, first)
        for place in _own(tokens, first, last):
            if tokens.is_at(place, "SELECT"):
                edits += _select(tokens, place, variable)
            elif tokens.is_at(place, "{"):
                needed += _unbound(tokens, place)
        edits += [Edit(tokens.all[n].end, tokens.all[n].end, f" GRAPH {variable} {{}} ") for n in dict.fromkeys(needed)]
    return edits


def _unbound(tokens: Tokens, first: int) -> list[int]:
    """The groups in the group at `first` that begin with VALUES and have no triple by which the graph gets known."""
    last = tokens.pairs[first]
    if tokens.is_at(first + 1, "SELECT"):
        return []
    has_values = False
    branches: list[int] = []
    place = first + 1
    while place < last:
        token = tokens.all[place]
        if token.text == "{" and token.kind == "open":
            found = _unbound(tokens, place)
            is_union = tokens.is_at(tokens.pairs[place] + 1, "UNION") or tokens.is_at(place - 1, "UNION")
            if not found and not is_union:
                return []
            branches += found
            place = tokens.pairs[place]
        elif token.kind == "word" and token.text in _WITH_BRACKETS:
            has_values = has_values or token.text == "VALUES"
            # The brackets of VALUES' variables are not yet those of its values.
            bracket = "{" if token.text == "VALUES" else ""
            while place < last and not (tokens.kind(place) == "open" and bracket in tokens.all[place].text):
                place += 1
            place = tokens.pairs.get(place, last)
        elif not tokens.is_at(place, ".") and not tokens.is_at(place, "UNION"):
            return []
        place += 1
    return [first] if has_values else branches


def _select(tokens: Tokens, place: int, variable: str) -> list[Edit]:
    """The changes by which a subquery keeps the graph's name."""
    end = tokens.pairs[tokens.around[place]]
    body = _body(tokens, place)
    close = tokens.pairs[body]
    rest = {token.text for token in tokens.all[close:end] if token.kind == "word"}
    if not rest.isdisjoint(("LIMIT", "OFFSET")) or variable[1:] in tokens.variables(place, end):
        # LIMIT counts within one graph, which can't be said otherwise; a variable of the same name is the subquery's own.
        return []
    at = place + 1 if tokens.kind(place + 1) == "word" and not tokens.is_at(place + 1, "WHERE") else place
    start, opened, closed = tokens.all[at].end, tokens.all[body].end, tokens.all[close].end
    if tokens.is_at(at + 1, "*"):
        return [Edit(opened, opened, f" GRAPH {variable} {{}} ")]
    edits = [Edit(start, start, f" {variable} ")]
    if "GROUP" in rest:
        by = next(n for n in range(close, end) if tokens.is_at(n, "GROUP", "BY")) + 1
        return [*edits, Edit(tokens.all[by].end, tokens.all[by].end, f" {variable} ")]
    used = {
        tokens.all[n].text for n in range(place, body) if tokens.all[n].text in _AGGREGATES and tokens.is_at(n + 1, "(")
    }
    if used:
        edits.append(Edit(closed, closed, f" GROUP BY {variable} "))
    if used and used <= _SAME_OF_NOTHING:
        row = fresh(tokens.text)
        edits.append(Edit(opened, opened, f" GRAPH {variable} {{}} OPTIONAL {{ "))
        edits.append(Edit(closed - 1, closed - 1, f" BIND(1 AS {row}) }} "))
        edits += [
            Edit(tokens.all[n].start, tokens.all[n].end, row)
            for n in range(place, body)
            if tokens.is_at(n, "*") and tokens.is_at(n - 1, "(")
        ]
    return edits
