"""`?s text:query "words"`: search as a part of a query, in the form that Jena gave it.

    ?s text:query "words" .
    ?s text:query ("words" 10) .
    (?s ?score ?literal ?graph ?property) text:query (rdfs:label skos:altLabel "words" 10) .

The engine has no such property; so, before it gets the query, each such pattern is replaced by a VALUES block of what
was found. https://jena.apache.org/documentation/query/text-query.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from pyoxigraph import DefaultGraph, NamedNode

from kg.errors import QueryError
from kg.search.hits import PROPERTIES, Hit, Search
from kg.sparql.tokens import Edit, Token, Tokens, edited
from kg.store.base import Answer, Graph

TEXT = "http://jena.apache.org/text#"
PREFIXES = {"text": TEXT}
"""The prefix of the property, which need not be declared."""

_QUERY = TEXT + "query"
_SUSPECT = re.compile(r"\bquery\b")
_MOST = 10_000
"""How many are found at most, and without a limit."""
_PATTERNS = 20
_COLUMNS = 5
_TABLE = "\x02{}\x03"
"""Stands for what was found; no query has such characters."""
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_CHARACTERS = 0x110000
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)

Dataset = tuple[Sequence[str], Sequence[str]]
"""The IRIs of the graphs that make up the default graph, and of the named graphs."""


def answer(
    run: Callable[[str, Mapping[str, str]], Answer],
    sparql: str,
    search: Search,
    *,
    base: str,
    prefixes: Mapping[str, str],
    union: bool,
    dataset: Dataset | None = None,
) -> Answer:
    """What `run` gives for a query with these prefixes, in which words may be searched. Raises `QueryError`."""
    text = expand(sparql, search, base=base, prefixes=prefixes, union=union, dataset=dataset)
    try:
        return run(text, prefixes)
    except QueryError:
        if not _SUSPECT.search(sparql):
            raise
        # What is wrong, and where, is told of the query as it was written, in which this is a property like any other.
        run(sparql, {**PREFIXES, **prefixes})
        raise


def expand(
    sparql: str,
    search: Search,
    *,
    base: str,
    prefixes: Mapping[str, str],
    union: bool = True,
    dataset: Dataset | None = None,
) -> str:
    """The query, or the update, with what was found in the place of each search. Raises `QueryError`."""
    if not _SUSPECT.search(sparql):
        return sparql
    text = sparql
    tables: list[str] = []
    while True:
        query = _Query(Tokens(text), base, {**PREFIXES, **prefixes}, union, dataset)
        place = query.last()
        if place is None:
            break
        if len(tables) == _PATTERNS:
            raise QueryError(f"The query has more than {_PATTERNS} searches (text:query).")
        # What was found is put in at the end, so that long tables are not looked through.
        edits, table = query.replaced(place, search, _TABLE.format(len(tables)))
        tables.append(table)
        text = edited(text, edits)
    for number, table in enumerate(tables):
        text = text.replace(_TABLE.format(number), table)
    return text


@dataclass(frozen=True, slots=True)
class _Asked:
    words: str
    limit: int
    properties: tuple[NamedNode, ...]


class _Query:
    """A query in which patterns are looked for."""

    def __init__(
        self, tokens: Tokens, base: str, prefixes: Mapping[str, str], union: bool, dataset: Dataset | None
    ) -> None:
        self._tokens = tokens
        self._all = tokens.all
        self._base = base
        self._prefixes = dict(prefixes)
        for place, token in enumerate(self._all):
            if token.kind == "word" and token.text == "PREFIX" and tokens.kind(place + 2) == "iri":
                self._prefixes[self._all[place + 1].text.rstrip(":")] = self._all[place + 2].text[1:-1]
        self._union = union
        self._dataset = dataset or self._from()

    def _from(self) -> Dataset | None:
        """What the query itself says with FROM."""
        default: list[str] = []
        named: list[str] = []
        for place, token in enumerate(self._all):
            if token.kind != "word" or token.text != "FROM":
                continue
            is_named = self._tokens.is_at(place + 1, "NAMED")
            iri = self._iri(place + 1 + is_named)
            if iri is not None:
                (named if is_named else default).append(iri)
        return (default, named) if default or named else None

    def last(self) -> int | None:
        """The place of the last text:query; None if there is none, or nothing can be told of the query."""
        if not self._tokens.is_balanced:
            return None
        found = (place for place in reversed(range(len(self._all))) if self._is_property(place))
        return next(found, None)

    def _is_property(self, place: int) -> bool:
        return self._tokens.kind(place) in ("iri", "name") and self._iri(place) == _QUERY

    def _iri(self, place: int) -> str | None:
        """The IRI at a place."""
        kind = self._tokens.kind(place)
        text = self._all[place].text if kind else ""
        if kind == "iri":
            return urljoin(self._base, text[1:-1])
        if kind == "name":
            prefix, _, name = text.partition(":")
            return None if prefix not in self._prefixes else self._prefixes[prefix] + name.replace("\\", "")
        return None

    def replaced(self, place: int, search: Search, name: str) -> tuple[list[Edit], str]:
        """What to change, so that there is a VALUES block in the place of a search, and the rows for its `name`."""
        first, subject = self._subject(place)
        last, asked = self._asked(place + 1)
        graph = self._graph(place)
        columns: list[Token] = subject if isinstance(subject, list) else [subject]
        names = [token.text[1:] if token.kind == "variable" else "" for token in columns]
        hits = search.find(
            asked.words,
            asked.limit if names[0] else _MOST,
            properties=asked.properties,
            sees=self._sees(graph),
            by_graph=graph is not None and graph.kind == "variable",
        )
        if not names[0]:
            iri = self._iri(first)
            hits = [hit for hit in hits if hit.subject.value == iri][: asked.limit]
        rows = [_row(hit) for hit in hits]
        if graph is not None and graph.kind == "variable" and graph.text[1:] not in names:
            names.append(graph.text[1:])
            rows = [[*row[: len(columns)], row[3]] for row in rows]
        shown = [number for number, name in enumerate(names) if name]
        table = " ".join(f"({' '.join(row[number] for number in shown)})" for row in rows)
        block = f"VALUES ({' '.join(f'?{names[number]}' for number in shown)}) {{ {name} }}"
        return self._edits(place, first, last, block, subject), table

    def _edits(self, place: int, first: int, last: int, block: str, subject: Token | list[Token]) -> list[Edit]:
        follows_list = first > place
        start = self._all[place if follows_list else first].start
        edits = [Edit(start, self._all[last].end, f". {block} " if follows_list else f"{block} ")]
        after = last + 1
        if self._tokens.is_at(after, ","):
            raise self._wrong("takes one search, not several with commas")
        if self._tokens.is_at(after, ";"):
            while self._tokens.is_at(after + 1, ";"):
                edits.append(Edit(self._all[after].start, self._all[after].end, " "))
                after += 1
            ends = any(self._tokens.is_at(after + 1, text) for text in (".", "}")) or after + 1 == len(self._all)
            if not ends and isinstance(subject, list):
                raise self._wrong("with a list before it can't be followed by ';': begin a new triple")
            assert ends or isinstance(subject, Token)
            new = " " if ends or isinstance(subject, list) else f" {subject.text} "
            edits.append(Edit(self._all[after].start, self._all[after].end, new))
        return edits

    def _subject(self, place: int) -> tuple[int, Token | list[Token]]:
        """The subject of the property at `place`: where it begins, or beyond `place` if it belongs to triples before."""
        before = place - 1
        if self._tokens.is_at(before, ";"):
            return place + 1, self._all[self._first_of_triples(before)]
        if self._tokens.is_at(before, ")") and self._is_list(self._tokens.pairs[before]):
            opening = self._tokens.pairs[before]
            return opening, self._all[opening + 1 : before]
        if self._tokens.kind(before) in ("variable", "iri", "name"):
            return before, self._all[before]
        raise self._wrong("needs a variable, an IRI, or a list of variables before it")

    def _is_list(self, opening: int) -> bool:
        between = self._all[opening + 1 : self._tokens.pairs[opening]]
        return 0 < len(between) <= _COLUMNS and all(token.kind == "variable" for token in between)

    def _first_of_triples(self, place: int) -> int:
        """The subject of triples that share one, from a `;` among them."""
        before = place
        while before > 0 and not any(self._tokens.is_at(before - 1, text) for text in (".", "{", "}")):
            before = self._tokens.pairs.get(before - 1, before - 1)
        if self._tokens.is_at(before, "FILTER"):
            while before < place and not self._tokens.is_at(before, "("):
                before += 1
            before = self._tokens.pairs.get(before, before) + 1
        if self._tokens.kind(before) not in ("variable", "iri", "name"):
            raise self._wrong("needs a variable or an IRI as the subject of its triples")
        return before

    def _asked(self, place: int) -> tuple[int, _Asked]:
        """What is asked at `place`, and where that ends."""
        if self._tokens.kind(place) == "string":
            return place, _Asked(_string(self._all[place].text), _MOST, PROPERTIES)
        if not self._tokens.is_at(place, "("):
            raise self._wrong('needs "words", or a list such as ("words" 10), after it')
        end = self._tokens.pairs[place]
        properties = []
        place += 1
        while self._tokens.kind(place) in ("iri", "name"):
            iri = self._iri(place)
            known = [found for found in PROPERTIES if found.value == iri]
            if not known:
                names = ", ".join(f"<{found.value}>" for found in PROPERTIES)
                raise self._wrong(f"can't search {self._all[place].text}; what is searched: {names}")
            properties += known
            place += 1
        if self._tokens.kind(place) != "string":
            raise self._wrong('needs "words" in its list')
        words = _string(self._all[place].text)
        place += 1
        limit = _MOST
        if self._tokens.kind(place) == "number" and self._all[place].text.isdigit():
            limit = min(int(self._all[place].text), _MOST)
            place += 1
        if place != end:
            raise self._wrong(f"does not know {self._all[place].text} in its list: properties, words, and a limit")
        return end, _Asked(words, limit, tuple(properties) or PROPERTIES)

    def _graph(self, place: int) -> Token | None:
        """The IRI or the variable of the GRAPH block around a place."""
        around = [
            opening
            for opening, token in enumerate(self._all[:place])
            if token.text == "{" and token.kind == "open" and self._tokens.pairs[opening] > place
        ]
        for opening in reversed(around):
            if opening > 1 and self._all[opening - 2].text == "GRAPH" and self._all[opening - 2].kind == "word":
                return self._all[opening - 1]
        return None

    def _sees(self, graph: Token | None) -> Callable[[Graph], bool]:
        dataset = None if self._dataset is None else (frozenset(self._dataset[0]), frozenset(self._dataset[1]))
        place = None if graph is None else self._all.index(graph)
        iri = None if place is None else self._iri(place)

        def sees(found: Graph) -> bool:
            if graph is not None and not isinstance(found, NamedNode):
                return False
            if iri is not None and isinstance(found, NamedNode) and found.value != iri:
                return False
            if dataset is not None:
                return isinstance(found, NamedNode) and found.value in dataset[graph is not None]
            return graph is not None or self._union or isinstance(found, DefaultGraph)

        return sees

    def _wrong(self, what: str) -> QueryError:
        return QueryError(f"text:query {what}.")


def _row(hit: Hit) -> list[str]:
    graph = str(hit.graph) if isinstance(hit.graph, NamedNode) else "UNDEF"
    return [str(hit.subject), f"{hit.score:.4e}", str(hit.literal), graph, str(hit.predicate)]


def _string(written: str) -> str:
    """What a string of SPARQL says."""
    quotes = 3 if written[:3] in ('"""', "'''") and len(written) > 5 else 1

    def said(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if not code:
            return _ESCAPES.get(match[3], match[3])
        return chr(int(code, 16)) if int(code, 16) < _CHARACTERS else " "

    return _ESCAPE.sub(said, written[quotes:-quotes])
