"""`SERVICE` by this program, not by the engine: the other endpoint is asked first, and its answer becomes a VALUES block.

SPARQL 1.1 Federated Query: what a service answers is joined with the rest. It is asked with the values that the patterns
before it have for the variables that it shares with them, so that it answers no more than can be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple, Variable

from kg.errors import QueryError, RefusedError, ServiceError
from kg.sparql.tokens import MOST, Edit, Tokens, edited

_MOST_SERVICES = 10
_AT_A_TIME = 200
"""How many rows of values are sent with one request."""
_NODE = "urn:x-newsgraph:node:"
"""What the IRIs begin with that stand for the blank nodes of another endpoint, which VALUES can't hold."""
_UNDEFINED = "UNDEF"

Term = NamedNode | BlankNode | Literal | Triple
Ask = Callable[[str], object]
"""Answers a query on the graph itself."""
Fetch = Callable[[str, str], tuple[Sequence[Variable], Iterable[Sequence[Term | None]]]]
"""Sends a query to an address, and gives the variables and the rows of the answer. Raises `ServiceError`."""


@dataclass(frozen=True, slots=True)
class Federation:
    """Which endpoints may be asked, by their IRIs, and how many rows may come from one, or go to it."""

    addresses: Collection[str]
    rows: int
    fetch: Fetch

    def expand(self, query: str, ask: Ask, prefixes: Mapping[str, str]) -> str:
        """The query with a VALUES block in the place of each SERVICE. It must be well-formed.

        Raises `RefusedError` for an address that is not allowed, `ServiceError` where it does not answer, and
        `QueryError` where there are too many rows.
        """
        for _ in range(_MOST_SERVICES):
            tokens = Tokens(query)
            found = next(_services(tokens), None) if tokens.is_balanced and len(query) <= MOST else None
            if found is None:
                return query
            place, target, is_silent = found
            last = tokens.all[tokens.pairs[target + 1]]
            try:
                block = self._answer(tokens, place, target, ask, prefixes)
            except ServiceError:
                if not is_silent:
                    raise
                block = "{ }"
            query = edited(query, [Edit(tokens.all[place].start, last.end, f" {block} ")])
        if next(_services(Tokens(query)), None) is None:
            return query
        raise RefusedError(f"The query has more than {_MOST_SERVICES} SERVICE blocks, which is the limit.")

    def _answer(self, tokens: Tokens, place: int, target: int, ask: Ask, prefixes: Mapping[str, str]) -> str:
        known = {**prefixes, **_declared(tokens)}
        address = _address(tokens, target, known)
        if address not in self.addresses:
            raise RefusedError(
                f"SERVICE <{address}> is refused: of other endpoints, a query reaches only "
                f"{', '.join(sorted(self.addresses))}. Who runs this server can allow others, by the setting 'services'."
            )
        first, close = target + 1, tokens.pairs[target + 1]
        inner = tokens.text[tokens.all[first].end : tokens.all[close].start]
        if tokens.is_at(first + 1, "SELECT"):
            inner = f"{{ {inner} }}"
        prologue = _prologue(tokens, first, close, known)
        before = _before(tokens, place)
        shared = sorted(tokens.variables(first, close) & {token.text[1:] for token in before})
        if not shared:
            values: Iterable[str] = [""]
        else:
            values = self._values(ask, tokens, before, shared)
        names: list[str] = []
        rows: list[list[str]] = []
        for block in values:
            query = f"{prologue}SELECT * WHERE {{ {block} {inner} }} LIMIT {self.rows + 1}"
            variables, answers = self.fetch(address, query)
            names = [variable.value for variable in variables]
            rows += [[_term(term) for term in row] for row in islice(answers, self.rows + 1 - len(rows))]
            if len(rows) > self.rows:
                raise QueryError(
                    f"<{address}> has more than {self.rows:,} rows for this query, which is the limit here. Put patterns "
                    "that narrow it into the SERVICE block, or before it."
                )
        return _block(names or shared, rows)

    def _values(self, ask: Ask, tokens: Tokens, before: list[_Part], shared: list[str]) -> Iterator[str]:
        """What the patterns before the block have for these variables, as VALUES blocks."""
        text = tokens.text
        start = text[: next(token.start for token in tokens.all if token.text in _FORMS)]
        pattern = " ".join(part.source for part in before)
        variables = " ".join(f"?{name}" for name in shared)
        answer = ask(f"{start} SELECT DISTINCT {variables} WHERE {{ {pattern} }} LIMIT {self.rows + 1}")
        assert isinstance(answer, QuerySolutions)
        rows = [[_UNDEFINED if isinstance(term, BlankNode) else _term(term) for term in row] for row in answer]
        if len(rows) > self.rows:
            raise QueryError(
                f"The patterns before SERVICE have more than {self.rows:,} values for {variables}, which is the limit "
                "here. Put what narrows them before it."
            )
        if any(set(row) == {_UNDEFINED} for row in rows):
            # This row can be joined with all that the service has.
            yield ""
            return
        for number in range(0, len(rows), _AT_A_TIME):
            yield _block(shared, rows[number : number + _AT_A_TIME])


@dataclass(frozen=True, slots=True)
class _Part:
    """A token of the patterns before a SERVICE block, with the text up to the next one."""

    text: str
    source: str


_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def _services(tokens: Tokens) -> Iterator[tuple[int, int, bool]]:
    """The places of SERVICE and of its address, and whether it is SILENT; the outer one comes before those within it."""
    for place, token in enumerate(tokens.all):
        if token.kind == "word" and token.text == "SERVICE":
            is_silent = tokens.is_at(place + 1, "SILENT")
            target = place + 1 + is_silent
            if tokens.kind(target) in ("iri", "name", "variable") and tokens.is_at(target + 1, "{"):
                yield place, target, is_silent


def _declared(tokens: Tokens) -> dict[str, str]:
    """The prefixes that a query declares."""
    return {
        tokens.all[place + 1].text.removesuffix(":"): tokens.all[place + 2].text[1:-1]
        for place in range(len(tokens.all) - 2)
        if tokens.is_at(place, "PREFIX") and tokens.kind(place + 2) == "iri"
    }


def _address(tokens: Tokens, target: int, prefixes: Mapping[str, str]) -> str:
    text = tokens.all[target].text
    if tokens.kind(target) == "variable":
        raise RefusedError(f"SERVICE {text} is refused: the address of another endpoint must stand in the query.")
    if tokens.kind(target) == "iri":
        return text[1:-1]
    prefix, _, local = text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + local


def _prologue(tokens: Tokens, first: int, last: int, prefixes: Mapping[str, str]) -> str:
    """The declarations of the prefixes that are used between two places."""
    used = {token.text.partition(":")[0] for token in tokens.all[first:last] if token.kind == "name"}
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used & prefixes.keys()))


def _before(tokens: Tokens, place: int) -> list[_Part]:
    """The patterns that stand in the group before a place, or, where it begins an OPTIONAL, before that.

    Filters are left out: they are about the whole group, with what the service answers. None where the patterns are
    not about the whole dataset, and so what they have there would not be what they have on their own.
    """
    group = tokens.around[place]
    if _is_of_some_graphs(tokens, group):
        return []
    if place == group + 1 and tokens.is_at(group - 1, "OPTIONAL"):
        place, group = group - 1, tokens.around[group - 1]
    found: list[_Part] = []
    at = group + 1
    while at < place:
        token = tokens.all[at]
        if token.kind == "word" and token.text == "FILTER" and tokens.around[at] == group:
            while tokens.kind(at) != "open":
                at += 1
            at = tokens.pairs[at] + 1
            if tokens.is_at(at - 1, ")") and tokens.is_at(at, "{") and at < place:
                at = tokens.pairs[at] + 1
            continue
        following = tokens.all[at + 1].start
        name = token.text if token.kind == "variable" else ""
        found.append(_Part(name, tokens.text[token.start : following]))
        at += 1
    return found


def _is_of_some_graphs(tokens: Tokens, group: int) -> bool:
    """Whether a query says which graphs it is about, or a group is within GRAPH."""
    if any(token.text == "FROM" and token.kind == "word" for token in tokens.all):
        return True
    while group >= 0:
        if tokens.is_at(group - 2, "GRAPH"):
            return True
        group = tokens.around[group]
    return False


def _term(term: Term | None) -> str:
    if term is None:
        return _UNDEFINED
    if isinstance(term, BlankNode):
        return f"<{_NODE}{term.value}>"
    if isinstance(term, Triple):
        raise QueryError("The other endpoint's answer has triples as values, which can't be joined here.")
    return str(term)


def _block(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = " ".join(f"({' '.join(row)})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {lines} }}"
