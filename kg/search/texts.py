"""What is searched: the names of entities, the titles of articles, and the sentences that state facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import ArticleFacts
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.sparql.tokens import Tokens
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore

KINDS: Mapping[str, tuple[NamedNode, ...]] = {
    "name": (v.LABEL, v.ALTERNATIVE),
    "title": (v.TITLE,),
    "sentence": (v.ANCHOR,),
}
"""The kinds of texts, and the properties that give them. Only the nif:anchorOf of a nif:Sentence is a sentence."""


class Text(NamedTuple):
    """A text of one kind; `tag` is how its literal ends: nothing, `@` and a language, or `^^` and a datatype."""

    kind: str
    value: str
    tag: str

    @property
    def key(self) -> int:
        """A number of 63 bits that stands for the text."""
        content = f"{self.kind}\x1f{self.tag}\x1f{self.value}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(content, digest_size=8).digest(), "big") >> 1

    @property
    def literal(self) -> Literal:
        if self.tag.startswith("@"):
            return Literal(self.value, language=self.tag[1:])
        return Literal(self.value, datatype=NamedNode(self.tag[2:])) if self.tag else Literal(self.value)


_NAME_TAG = "@" + str(terms.name("").language)


def of_article(facts: ArticleFacts, names: Iterable[Iterable[str]]) -> Iterator[Text]:
    """The texts that an article brings into the graph; `names` are those of its entities."""
    for found in names:
        for name in found:
            yield Text("name", name, _NAME_TAG)
    document = facts.document
    if document.title:
        yield Text("title", terms.one_line(document.title), "")
    for span in {reference.evidence for fact in facts.facts for reference in fact.references}:
        yield Text("sentence", terms.one_line(document.text[span.start : span.end]), "")


def of_store(store: Store) -> Iterator[Text]:
    """All texts of a store, some more than once."""
    for kind, predicates in KINDS.items():
        for predicate in predicates:
            yield from _of_kind(store, kind, predicate)


def _of_kind(store: Store, kind: str, predicate: NamedNode) -> Iterator[Text]:
    if kind == "sentence":
        for sentence in store.match(None, v.TYPE, v.NIF_SENTENCE):
            yield from of_quads(store.match(sentence.subject, predicate, None))
    else:
        yield from of_quads(store.match(None, predicate, None))


_KIND_OF = {predicate: kind for kind, predicates in KINDS.items() for predicate in predicates}


def of_quads(quads: Iterable[Quad]) -> Iterator[Text]:
    """The texts among quads; every nif:anchorOf counts as that of a sentence."""
    for quad in quads:
        kind = _KIND_OF.get(quad.predicate)
        if kind is not None and isinstance(quad.object, Literal):
            yield Text(kind, quad.object.value, _tag(quad.object))


def is_in(store: Store, text: Text) -> bool:
    """Whether a store has such a text."""
    literal = text.literal
    return any(next(store.match(None, predicate, literal), None) is not None for predicate in KINDS[text.kind])


def of_new_quads(quads: Iterable[Quad]) -> list[Text] | None:
    """The texts that quads bring into a store; None if they make a sentence of what the store may have the text of."""
    found = list(quads)
    sentences = {quad.subject for quad in found if quad.predicate == v.TYPE and quad.object == v.NIF_SENTENCE}
    if sentences - {quad.subject for quad in found if quad.predicate == v.ANCHOR}:
        return None
    return list(of_quads(found))


def of_update(update: str, base: str, prefixes: Mapping[str, str]) -> list[Text] | None:
    """The texts that a SPARQL update brings into any store; None if that can't be told of the update alone."""
    tokens = Tokens(update)
    words = {token.text for token in tokens.all if token.kind == "word"}
    if words.isdisjoint(("INSERT", "LOAD")):
        return []
    inside = {number for first, last in tokens.pairs.items() for number in range(first, last)}
    outside = {token.text for place, token in enumerate(tokens.all) if token.kind == "word" and place not in inside}
    if not tokens.is_balanced or not outside <= {"PREFIX", "BASE", "INSERT", "DELETE", "DATA"}:
        return None
    store = EmbeddedStore()
    store.update(update, base=base, prefixes=prefixes)
    return of_new_quads(store.match(None, None, None))


def _tag(literal: Literal) -> str:
    if literal.language:
        return "@" + literal.language
    return "" if literal.datatype.value == v.XSD + "string" else "^^" + literal.datatype.value
