"""Why a query may have found nothing: which of its terms are not in the graph, and what is like them there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import urljoin

from pyoxigraph import NamedNode

import ontology
from kg.rdf import vocabulary as v
from kg.sparql.tokens import Token, Tokens
from kg.store.base import Store

_MOST = 5
"""How many terms are pointed out."""
_ALIKE = 0.7
"""How alike two names must be, from 0 to 1 (`difflib`), for one to be meant by the other."""
_SAMPLE = 20_000
"""So many quads tell which other classes and properties there are: they are stored in the order of hashes."""
_SUBJECT_TO_NO_GRAPH = (v.XSD, "http://jena.apache.org/text#")
"""Data types and the properties of the search stand in queries, and in no graph."""


class Hints:
    """Points out the unknown terms of queries over one state of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: list[str] | None = None

    def on(self, sparql: str, base: str, prefixes: Mapping[str, str]) -> str:
        """One sentence for each term of the query that is not in the graph; nothing if there is none."""
        declared = dict(prefixes)
        found = dict.fromkeys(self._unknown(Tokens(sparql), base, declared))
        return " ".join(self._hint(iri, declared) for iri in islice(found, _MOST))

    def _unknown(self, tokens: Tokens, base: str, declared: dict[str, str]) -> Iterator[str]:
        """The IRIs in a query that are not in the store. Adds the query's prefixes to `declared`."""
        before = ""
        for place, token in enumerate(tokens.all):
            if token.kind == "iri" and place > 1 and tokens.is_at(place - 2, "PREFIX"):
                declared[tokens.all[place - 1].text[:-1]] = _resolved(base, token.text[1:-1])
            elif token.kind == "iri" and before == "BASE":
                base = _resolved(base, token.text[1:-1])
            elif before != "^" or not tokens.is_at(place - 2, "^"):
                iri = _expanded(token, base, declared)
                is_function = tokens.is_at(place + 1, "(")
                if iri and not is_function and not iri.startswith(_SUBJECT_TO_NO_GRAPH) and not self._has(iri):
                    yield iri
            before = token.text

    def _has(self, iri: str) -> bool:
        term = NamedNode(iri)
        patterns = (
            (None, term, None, None),
            (term, None, None, None),
            (None, None, term, None),
            (None, None, None, term),
        )
        return any(next(self._store.match(*pattern), None) is not None for pattern in patterns)

    def _hint(self, iri: str, prefixes: Mapping[str, str]) -> str:
        like = self._like(iri)
        guess = f"; {_short(like, prefixes)}?" if like else "."
        return f"No {_short(iri, prefixes)} in this graph{guess}"

    def _like(self, iri: str) -> str | None:
        """The class or property of the graph whose name is most like that of `iri`."""
        if self._known is None:
            self._known = sorted(self._classes_and_properties())
        space, name = _split(iri)
        compare = difflib.SequenceMatcher(b=name.lower())
        best, likest = _ALIKE, None
        for known in self._known:
            its_space, its_name = _split(known)
            compare.set_seq1(its_name.lower())
            likeness = compare.ratio() + (0.1 if its_space == space else 0)
            if likeness > best:
                best, likest = likeness, known
        return likest

    def _classes_and_properties(self) -> set[str]:
        known = ontology.load()
        named = {term.iri for terms in (known.types, known.relations, known.qualifiers) for term in terms.values()}
        named |= {term.value for term in vars(v).values() if isinstance(term, NamedNode)}
        found = {iri for iri in named if self._has(iri)}
        for quad in islice(self._store.match(None, None, None), _SAMPLE):
            found.add(quad.predicate.value)
            if quad.predicate == v.TYPE and isinstance(quad.object, NamedNode):
                found.add(quad.object.value)
        return found


def _expanded(token: Token, base: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI that a token is, if it is one and is written well."""
    if token.kind == "iri":
        iri = _resolved(base, token.text[1:-1])
    elif token.kind == "name":
        prefix, _, name = token.text.partition(":")
        if prefix not in prefixes:
            return None
        iri = prefixes[prefix] + name.replace("\\", "")
    else:
        return None
    try:
        return NamedNode(iri).value
    except ValueError:
        return None


def _resolved(base: str, iri: str) -> str:
    # `urljoin` takes away an empty fragment, with which most namespaces end.
    return iri if ":" in iri else urljoin(base, iri)


def _split(iri: str) -> tuple[str, str]:
    end = max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1
    return iri[:end], iri[end:]


def _short(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, space in prefixes.items():
        if space and iri.startswith(space) and "/" not in iri[len(space) :]:
            return f"{prefix}:{iri[len(space) :]}"
    return f"<{iri}>"
