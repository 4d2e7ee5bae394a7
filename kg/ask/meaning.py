"""What a question means: things, unknowns, and what must hold between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

Kinds = frozenset[str]
"""Keys of entity types, and names of literal types."""
Times = tuple[tuple[str, str], ...]
"""Comparisons of a date, as pairs of an operator and an ISO date of any precision."""
State = Literal["", "now", "former"]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of the graph that the question names. `kind` is the key of its type."""

    iri: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some things: "Google or Apple"."""

    place: int
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is looked for, or what stands between. `place` tells unknowns apart; `noun` is what the question calls it."""

    place: int
    kinds: Kinds
    noun: str = ""


Node = Thing | Choice | Unknown


@dataclass(frozen=True, slots=True)
class Link:
    """A relation from what stands before the words that express it to what stands after them.

    `forward` where its subject stands before. `date` is the qualifier that a date in the clause fills, or "object"
    where the relation's value is that date. `events` are relations to a date that tell when this came about, each with
    whether it is that of the one before. `left_values` and `right_values` narrow the names that may stand there.
    """

    relation: str
    forward: bool
    left: Kinds
    right: Kinds
    date: str | None = None
    events: tuple[tuple[str, bool], ...] = ()
    left_values: str = ""
    right_values: str = ""

    def reversed(self) -> Link:
        """The same, said from the other side."""
        events = tuple((relation, not is_left) for relation, is_left in self.events)
        return Link(
            self.relation, not self.forward, self.right, self.left, self.date, events,
            self.right_values, self.left_values,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Title:
    """What the text of a qualifier must contain: a position."""

    qualifier: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """That one of `links` holds between `left` and `right`.

    `times` must hold of its date; `state` is whether it holds now or did once; `asked` is the unknown date that is asked for, or the value of the qualifier `wanted`.
    """

    left: Node
    right: Node
    links: tuple[Link, ...]
    words: str = ""
    times: Times = ()
    state: State = ""
    asked: Unknown | None = None
    wanted: str = ""
    is_loose: bool = False
    title: Title | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A word that was not taken into account."""

    word: str


@dataclass(frozen=True, slots=True)
class Kind:
    """That a node is of one of these kinds."""

    node: Node
    kinds: Kinds


@dataclass(frozen=True, slots=True)
class Preferred:
    """That of several relations, those are meant of which a node can be of this kind: "who" is first of all a person."""

    node: Node
    kind: str


@dataclass(frozen=True, slots=True)
class Most:
    """That the answers with most different things for a node come first."""

    node: Node


Part = Fact | Kind | Ignored | Preferred | Most


Form = Literal["list", "count", "yes", "about", "path"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is understood. `cost` is the lower, the surer that this is meant."""

    form: Form
    asked: tuple[Node, ...]
    parts: tuple[Part, ...]
    cost: float

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(part for part in self.parts if isinstance(part, Fact))


def replaced(parts: Iterable[Part], old: Node, new: Node) -> tuple[Part, ...]:
    """The same with another node in the place of `old`; an unknown hands on what it must be."""
    done: list[Part] = []
    for part in parts:
        if isinstance(part, Fact):
            left, right = (new if node == old else node for node in (part.left, part.right))
            asked = new if part.asked == old and isinstance(new, Unknown) else part.asked
            done.append(replace(part, left=left, right=right, asked=asked))
        elif isinstance(part, Kind | Preferred | Most) and part.node == old:
            done.append(replace(part, node=new))
        else:
            done.append(part)
    return tuple(done)


def settled(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], Mapping[int, Kinds]] | None:
    """The parts with those links only that fit, and what kinds each unknown may be; None if it can't be."""
    kinds: dict[int, Kinds] = {}

    def narrow(node: Node, to: Kinds) -> bool:
        if isinstance(node, Unknown):
            kinds[node.place] = kinds.get(node.place, node.kinds) & to
            return bool(kinds[node.place])
        return fits(node, to)

    def fits(node: Node, to: Kinds) -> bool:
        if isinstance(node, Unknown):
            return not to.isdisjoint(kinds.get(node.place, node.kinds))
        return all(thing.kind in to for thing in _things(node))

    done = list(parts)
    preferred = [(part.node, part.kind) for part in parts if isinstance(part, Preferred)]
    for _ in range(3):
        before = dict(kinds)
        for number, part in enumerate(done):
            if isinstance(part, Kind):
                if not narrow(part.node, part.kinds):
                    return None
            elif isinstance(part, Fact):
                links = tuple(
                    link
                    for link in part.links
                    if fits(part.left, link.left)
                    and fits(part.right, link.right)
                    and _has_value(part.left, link.left_values)
                    and _has_value(part.right, link.right_values)
                )
                if not links:
                    return None
                for node, kind in preferred:
                    if node in (part.left, part.right):
                        best = (one for one in links if kind in (one.left if node == part.left else one.right))
                        links = tuple(best) or links
                if not narrow(part.left, frozenset().union(*(link.left for link in links))):
                    return None
                if not narrow(part.right, frozenset().union(*(link.right for link in links))):
                    return None
                if len(links) < len(part.links):
                    done[number] = replace(part, links=links)
        if kinds == before:
            break
    return tuple(done), kinds


def _things(node: Node) -> tuple[Thing, ...]:
    return node.things if isinstance(node, Choice) else (node,) if isinstance(node, Thing) else ()


def _has_value(node: Node, values: str) -> bool:
    return not values or all(re.fullmatch(values, thing.label.lower()) for thing in _things(node))
