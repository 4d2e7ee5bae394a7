"""Queries that mean to the engine what SPARQL says that they mean.

pyoxigraph 0.5 takes some forms otherwise than the specification; each function here says which one it rewrites. A query
without such a form is left as it is, and costs some microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kg.sparql import graphs
from kg.sparql.tokens import MOST, Edit, Tokens, edited, scan

_BOOLEAN = re.compile(r"\b(?:TRUE|FALSE)\b", re.IGNORECASE)
_PATH = re.compile(r"\?(?!\w)|\*(?<=[\w)>.]\*)")
"""A path's `?` or `*`, found by its first character, which is quick."""
_AFTER_PATTERN = {".", "}", "FILTER", "OPTIONAL", "BIND", "VALUES", "MINUS", "GRAPH", "SERVICE", "{"}

Ask = Callable[[str], bool]
"""Answers an ASK query about the same dataset."""


def lower_booleans(text: str) -> str:
    """`TRUE` and `False` are booleans, too. Nothing changes its place."""
    small = text.lower()
    if ("true" not in small and "false" not in small) or all(b.islower() for b in _BOOLEAN.findall(text)):
        return text
    found = (token for token in scan(text) if token.kind == "word" and token.text in ("TRUE", "FALSE"))
    return edited(text, [Edit(token.start, token.end, token.text.lower()) for token in found])


def mend(query: str, ask: Ask) -> str:
    """The query as the engine takes it right; as it is where its brackets don't match."""
    if len(query) > MOST:
        return query
    small = query.lower()
    if "group_concat" in small:
        query = strip_languages(query)
    if "bnode" in small:
        query = _blank_nodes(Tokens(query))
    if _PATH.search(query):
        query = _paths(Tokens(query), ask)
    if "graph" in small and ("values" in small or "minus" in small or small.count("select") > 1):
        query = graphs.mend(query)
    return query


def strip_languages(text: str) -> str:
    """GROUP_CONCAT gives a string without language (SPARQL 1.1, 18.5.1.7)."""
    if len(text) > MOST or "group_concat" not in text.lower():
        return text
    tokens = Tokens(text)
    edits = []
    for place, token in enumerate(tokens.all):
        if token.kind == "word" and token.text == "GROUP_CONCAT" and place + 1 in tokens.pairs:
            end = tokens.all[tokens.pairs[place + 1]].end
            edits += [Edit(token.start, token.start, "STR("), Edit(end, end, ")")]
    return edited(text, edits)


def _blank_nodes(tokens: Tokens) -> str:
    """`BNODE(x)` is another node in each solution (17.4.2.9), not one for each `x`.

    Done where it stands in the projection of the query itself, without grouping.
    """
    text = tokens.text
    if not tokens.is_balanced or "GROUP" in {token.text for token in tokens.all}:
        return text
    select = next((n for n, token in enumerate(tokens.all) if token.text in ("SELECT", "{")), 0)
    body = next((n for n, token in enumerate(tokens.all) if token.text == "{"), 0)
    if not tokens.is_at(select, "SELECT") or tokens.is_at(body + 1, "SELECT"):
        return text
    row = graphs.fresh(text)
    edits = []
    for place in range(select, body):
        if tokens.is_at(place, "BNODE", "(") and not tokens.is_at(place + 2, ")"):
            start, end = tokens.all[place + 1].end, tokens.all[tokens.pairs[place + 1]].start
            edits += [Edit(start, start, f"MD5(CONCAT({row}, "), Edit(end, end, "))")]
    if edits:
        end = tokens.all[tokens.pairs[body]].start
        edits.append(Edit(end, end, f" BIND(STRUUID() AS {row}) "))
    return edited(text, edits)


def _paths(tokens: Tokens, ask: Ask) -> str:
    """A path of no steps leads from a term to itself even where the graph does not have the term (9.3).

    `?x :p* :a` and `:a :p* ?x` (and `?` for `*`) of an `:a` that the graph does not have is `?x` = `:a` and nothing else.
    """
    edits: list[Edit] = []
    if not tokens.is_balanced:
        return tokens.text
    prologue = _prologue(tokens)
    known: dict[str, bool] = {}
    place = 0
    while place < len(tokens.all):
        if tokens.is_at(place, "GRAPH") and tokens.is_at(place + 2, "{"):
            place = tokens.pairs[place + 2]
        is_step = tokens.all[place].text in ("*", "?") and tokens.kind(place + 1) in ("variable", "iri", "name")
        if is_step and tokens.kind(place) == "other":
            before, after = _start_of_step(tokens, place - 1) - 1, place + 1
            ends = {tokens.kind(before): before, tokens.kind(after): after}
            constant, variable = ends.get("iri", ends.get("name")), ends.get("variable")
            if constant is not None and variable is not None and _is_alone(tokens, before, after):
                term = tokens.all[constant].text
                if term not in known:
                    known[term] = ask(f"{prologue} ASK {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }}")
                if not known[term]:
                    new = f"VALUES {tokens.all[variable].text} {{ {term} }}"
                    edits.append(Edit(tokens.all[before].start, tokens.all[after].end, new))
        place += 1
    return edited(tokens.text, edits)


def _is_alone(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the triple pattern between two places shares neither its subject nor its predicate with others."""
    before = tokens.all[first - 1].text if first > 0 else ""
    after = tokens.all[last + 1].text if last + 1 < len(tokens.all) else ""
    return before in ("{", ".", "}") and after in _AFTER_PATTERN


def _start_of_step(tokens: Tokens, place: int) -> int:
    """Where the step begins that ends at `place`: a name, or brackets."""
    first = tokens.pairs.get(place, place)
    return first - 1 if tokens.is_at(first - 1, "^") else first


def _prologue(tokens: Tokens) -> str:
    """The declarations of a query."""
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return tokens.text[: next((token.start for token in tokens.all if token.text in forms), 0)]
