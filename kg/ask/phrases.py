"""Reads the phrases of a question: things with what is said of them, and verbs with what follows.

A method reads one kind of phrase from a token on, and gives all that it may be: where it ends, what it means, and a
cost, which grows with the doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, Literal, NamedTuple

from kg.ask.lexicon import Phrase
from kg.ask.meaning import (
    Choice,
    Fact,
    Ignored,
    Kind,
    Link,
    Most,
    Node,
    Part,
    State,
    Thing,
    Times,
    Unknown,
    replaced,
    settled,
)
from kg.ask.scanner import NO_AUX, Aux, Scanner

LEFT, RIGHT = Unknown(-1, frozenset()), Unknown(-2, frozenset())
MISSING = 1000
"""Unknowns that no word stands for have places from here on."""
_IGNORED, _LOOSE, _LEFT_OUT, BARE = 3.0, 4.0, 2.0, 0.6
"""The costs: of a word that is not taken into account, of an unnamed relation, of a side of a verb or of a noun that is
not said."""
_MODIFIERS = 2
_TITLE = 5
_MOST = 60


class Group(NamedTuple):
    """Words for one or several things; `parts` is what must hold of them besides."""

    end: int
    nodes: tuple[Node, ...]
    parts: tuple[Part, ...]
    cost: float

    @property
    def node(self) -> Node:
        return self.nodes[0]


class Clause(NamedTuple):
    """A verb with what follows; `parts` say something of `LEFT`, and of `RIGHT` where that is asked for."""

    end: int
    parts: tuple[Part, ...]
    cost: float


Gap = Literal["", "right", "adverb", "value"]
_REDUCED = Aux(be=True)


def _kept(method: Callable[..., Iterator[Any]]) -> Callable[..., list[Any]]:
    """Keep what a method gives, and no more than the best of it; what contains itself is not looked for again."""

    @wraps(method)
    def wrapper(self: Phrases, *arguments: Any) -> list[Any]:
        key = (method.__name__, *arguments)
        if key not in self.memory:
            self.memory[key] = []
            found: dict[Any, Any] = {}
            for one in method(self, *arguments):
                same = one[:-1]
                if same not in found or one.cost < found[same].cost:
                    found[same] = one
            self.memory[key] = sorted(found.values(), key=lambda one: one.cost)[:_MOST]
        return self.memory[key]

    return wrapper


class Phrases(Scanner):
    """Reads phrases of one question."""

    @_kept
    def group(self, start: int) -> Iterator[Group]:
        """Words for a thing: a name, a noun with what belongs to it, "X's founder"."""
        yield from self.named(start)
        yield from self.nominal(start)
        for owner in self.named(start):
            yield from self._owned(owner, 0)

    def _owned(self, owner: Group, depth: int) -> Iterator[Group]:
        """ "X's founder", "X's founder's employer", "Mozilla CEO"."""
        genitive = self._word(owner.end) == "'s"
        after = owner.end + genitive
        state_end, state = self._state(after)
        for end, role in self._roles(state_end):
            node = Unknown(state_end, self._kinds_of(role), " ".join(role.singular))
            fact = self._role_fact(role, node, owner.node, state)
            base = Group(end, (node,), (*owner.parts, fact), owner.cost + (0.0 if genitive else 0.4))
            yield from self._described(base)
            if depth < 2 and self._word(end) == "'s":
                yield from self._owned(base, depth + 1)
        if genitive:
            for noun_end, kinds, cost in self._noun(state_end):
                node = Unknown(state_end, kinds, self._text(state_end, noun_end))
                fact = self._loosely(node, owner.node, state)
                parts = (*owner.parts, Kind(node, kinds), fact)
                yield Group(noun_end, (node,), parts, owner.cost + cost + _LOOSE)

    @_kept
    def named(self, start: int) -> Iterator[Group]:
        """A name, perhaps after a noun that says what it is: "the company Meta"."""
        for name in self._names.get(start, ()):
            yield Group(name.end, (name.thing,), (), name.cost)
        for end, kinds, cost in self._noun(start):
            for name in self._names.get(end, ()):
                if name.thing.kind in kinds:
                    yield Group(name.end, (name.thing,), (), name.cost + cost)

    @_kept
    def nominal(self, start: int) -> Iterator[Group]:
        """A noun with what stands before and after it."""
        if self._word(start) in self._words.most:
            for group in self.nominal(start + 1):
                yield group._replace(parts=(*group.parts, Most(group.node)))
        first, state = self._state(start)
        for end, role in self._roles(first):
            node = Unknown(first, self._kinds_of(role), " ".join(role.singular))
            if self._word(end) in role.prepositions:
                for anchors in self.several(end + 1):
                    facts = tuple(self._role_fact(role, node, anchor, state) for anchor in anchors.nodes)
                    yield from self._described(Group(anchors.end, (node,), (*anchors.parts, *facts), anchors.cost))
            fact = self._role_fact(role, node, _missing(end, role.links), state)
            yield from self._described(Group(end, (node,), (fact,), BARE))
        yield from self._titled(first, state)
        for end, kinds, cost in self._noun(first):
            node = Unknown(first, kinds, self._text(first, end))
            base = Group(end, (node,), (Kind(node, kinds),), cost)
            yield from self._described(base, state)
        yield from self._compound(first)
        for skipped in range(1, _MODIFIERS + 1):
            words = self._tokens[first : first + skipped]
            if all(map(self._is_modifier, range(first, first + skipped))) and not self._is_end(first + skipped):
                ignored = tuple(Ignored(word) for word in words)
                for end, kinds, cost in self._noun(first + skipped):
                    node = Unknown(first, kinds, self._text(first + skipped, end))
                    base = Group(end, (node,), (Kind(node, kinds), *ignored), cost + _IGNORED * skipped)
                    yield from self._described(base, state)

    def _compound(self, start: int) -> Iterator[Group]:
        """ "Python libraries", "Berlin-based companies"."""
        for name in self._names.get(start, ()):
            suffix = self._lexicon.suffixes.get(self._word(name.end))
            for end, kinds, cost in self._noun(name.end + (suffix is not None)):
                node = Unknown(name.end, kinds, self._text(name.end + (suffix is not None), end))
                noun = self._tokens[end - 1]
                narrow = suffix or self._lexicon.compounds.get(_singular(noun, self._lexicon.compounds), ())
                facts = [(Fact(node, name.thing, narrow), 0.0)] if narrow else []
                facts += [(self._loosely(node, name.thing), _LOOSE)] if suffix is None else []
                for fact, price in facts:
                    parts = (Kind(node, kinds), fact)
                    yield from self._described(Group(end, (node,), parts, name.cost + cost + price))

    def _titled(self, start: int, state: State) -> Iterator[Group]:
        """ "the chief scientist of X": a position that is no relation's noun."""
        if any(self._roles(start)):
            return
        for prepositions, title, link in self._lexicon.titles:
            for end in range(start + 1, min(start + _TITLE, len(self._tokens)) + 1):
                if self._word(end) not in prepositions:
                    continue
                words = self._tokens[start:end]
                if any(self._is_function(word) for word in words):
                    break
                if self._lexicon.singulars.get(words[-1]) in self._words.nouns:
                    continue
                for anchor in self.named(end + 1):
                    node = Unknown(start, link.left, " ".join(words))
                    fact = Fact(
                        node, anchor.node, (link,), " ".join(words), state=state,
                        title=replace(title, text=" ".join(words)),
                    )  # fmt: skip
                    yield Group(anchor.end, (node,), (fact,), anchor.cost + 1.0)

    def _loosely(self, one: Node, other: Node, state: State = "") -> Fact:
        """That two things have to do with each other."""
        return Fact(one, other, self._lexicon.loose, state=state, is_loose=True)

    def _described(self, base: Group, state: State = "") -> Iterator[Group]:
        """The noun, and the noun with what is said of it after it, up to two times."""
        if not state:
            yield base
        for once in self._once_described(base):
            first = once._replace(parts=dated(once.parts, (), state)) if state else once
            yield first
            yield from self._once_described(once._replace(cost=once.cost + 0.1))

    def _once_described(self, base: Group) -> Iterator[Group]:
        for clause in self.modifier(base.end):
            parts = (*base.parts, *replaced(clause.parts, LEFT, base.node))
            if settled(parts) is not None:
                yield Group(clause.end, base.nodes, parts, base.cost + clause.cost)
        for end, times, state, cost in self._adjunct(base.end):
            if end > base.end and any(isinstance(part, Fact) for part in base.parts):
                yield Group(end, base.nodes, dated(base.parts, times, state), base.cost + cost + 0.3)

    @_kept
    def modifier(self, start: int) -> Iterator[Clause]:
        """What follows a noun: a relative clause, a participle, a preposition with a name."""
        after = start + (self._word(start) == ",")
        word = self._word(after)
        if word in self._grammar.relatives:
            yield from self.clause(after + 1)
        for begin in {after, after + (word in self._grammar.relatives)}:
            for subject in self.named(begin):
                for end, aux in (*self._auxiliaries(subject.end), (subject.end, NO_AUX)):
                    for clause in self.predicate(end, aux, "right"):
                        parts = replaced(replaced(clause.parts, LEFT, subject.node), RIGHT, LEFT)
                        yield Clause(clause.end, parts, subject.cost + clause.cost)
        if word == "whose":
            for end, role in self._roles(after + 1):
                node = Unknown(after + 1, self._kinds_of(role), " ".join(role.singular))
                fact = self._role_fact(role, node, LEFT)
                for clause in self.clause(end):
                    parts = (fact, *replaced(clause.parts, LEFT, node))
                    yield Clause(clause.end, parts, clause.cost)
                if self._word(end) in self._grammar.passive:
                    for other in self.named(end + 1):
                        yield Clause(other.end, replaced((fact,), node, other.node), other.cost)
        yield from self.predicate(start, _REDUCED, "")
        if word in self._words.loose:
            for other in self.named(after + 1):
                yield Clause(other.end, (self._loosely(LEFT, other.node),), other.cost + _LOOSE)

    @_kept
    def several(self, start: int) -> Iterator[Group]:
        """One thing, or names joined by "and" (all of them) or "or" (one of them)."""
        yield from self.group(start)
        for first in self.named(start):
            yield from self._joined(first)

    def _joined(self, first: Group) -> Iterator[Group]:
        word = self._word(first.end)
        if word == ",":
            word = self._word(first.end + 1) if self._word(first.end + 1) in self._words.both else word
        if word not in self._words.both | self._words.either | {","}:
            return
        begin = first.end + 1 + (self._word(first.end) == "," and word != ",")
        for after in (begin, begin + 1):
            if after > begin and self._word(begin) not in self._grammar.prepositions:
                continue
            for other in self.named(after):
                if word in self._words.either:
                    things = tuple(node for node in (first.node, other.node) if isinstance(node, Thing))
                    yield Group(other.end, (Choice(first.end, things),), (), first.cost + other.cost)
                else:
                    joined = Group(other.end, (*first.nodes, *other.nodes), (), first.cost + other.cost)
                    yield joined
                    yield from self._joined(joined)

    # Verbs

    @_kept
    def clause(self, start: int) -> Iterator[Clause]:
        """A verb and what follows, said of `LEFT`; several that are joined by "and"."""
        for clause in self._one_clause(start):
            yield clause
            if self._word(clause.end) in self._words.both:
                for other in self.clause(clause.end + 1):
                    parts = (*clause.parts, *other.parts)
                    yield Clause(other.end, parts, clause.cost + other.cost)

    def _one_clause(self, start: int) -> Iterator[Clause]:
        begin, cost = start, 0.0
        used = self._words.used_to
        if tuple(self._tokens[begin : begin + len(used)]) == used:
            yield from self.predicate(begin + len(used), Aux(do=True), "")
        _, state = self._state(begin)
        if state:
            begin, cost = begin + 1, 0.0
        for end, aux in ((begin, NO_AUX), *self._auxiliaries(begin)):
            after, late = self._state(end) if end > begin else (end, "")
            for clause in self.predicate(after, aux, ""):
                parts = dated(clause.parts, (), late or state) if late or state else clause.parts
                yield Clause(clause.end, parts, clause.cost + cost)
            yield from self.complements(end, aux)

    def complements(self, start: int, aux: Aux) -> Iterator[Clause]:
        """What something is, or became: "the founder of X"."""
        word = self._word(start)
        if aux.be and word in self._words.loose:
            for other in self.named(start + 1):
                yield Clause(other.end, (self._loosely(LEFT, other.node),), other.cost + _LOOSE)
        if aux.be:
            for role in self.group(start):
                if isinstance(role.node, Unknown) and role.parts:
                    yield Clause(role.end, replaced(role.parts, role.node, LEFT), role.cost)
        if word in self._words.become:
            for role in self.group(start + 1):
                if isinstance(role.node, Unknown) and any(isinstance(part, Fact) for part in role.parts):
                    parts = replaced(_begun(role.parts, self._words.start), role.node, LEFT)
                    for at, times, state, cost in self._adjunct(role.end):
                        yield Clause(at, dated(parts, times, state), role.cost + cost)

    @_kept
    def predicate(self, start: int, aux: Aux, gap: Gap) -> Iterator[Clause]:
        """A verb, or words after "be", with the other side of its relation, or a `gap` in the place of that."""
        for phrase in self._lexicon.phrases.get(self._word(start), ()):
            end = start + len(phrase.words)
            if tuple(self._tokens[start:end]) != phrase.words or not _agrees(phrase, aux):
                continue
            for clause in self._completed(phrase, end, gap):
                for at, times, state, cost in self._adjunct(clause.end):
                    parts = dated(clause.parts, times, state) if times or state else clause.parts
                    yield Clause(at, parts, clause.cost + cost)

    def _completed(self, phrase: Phrase, end: int, gap: Gap) -> Iterator[Clause]:
        words = " ".join(phrase.words)
        if phrase.value or gap == "value":
            if phrase.value and gap == "value":
                for other in self.group(end):
                    fact = Fact(LEFT, other.node, phrase.links, words, asked=RIGHT, wanted=phrase.value)
                    yield Clause(other.end, (*other.parts, fact), other.cost)
        elif phrase.is_open:
            # What was founded has a date of its own, and somebody who did it.
            for dated, cost in ((True, 0.0), (False, 0.1)):
                links = tuple(link for link in phrase.links if (link.date == "object") == dated)
                if links and not gap:
                    yield Clause(end, (Fact(LEFT, _missing(end, links), links, words),), cost)
        elif phrase.is_bare:
            if gap == "adverb":
                yield Clause(end, (Fact(LEFT, RIGHT, phrase.links, words),), 0.0)
            elif not gap:
                yield Clause(end, (Fact(LEFT, _missing(end, phrase.links), phrase.links, words),), _LEFT_OUT)
        elif gap == "right":
            if tuple(self._tokens[end : end + len(phrase.tail)]) == phrase.tail:
                yield Clause(end + len(phrase.tail), (Fact(LEFT, RIGHT, phrase.links, words),), 0.0)
        elif not gap:
            is_vague = self._grammar.prepositions.issuperset(phrase.words)
            for other in self.several(end):
                if is_vague and not isinstance(other.node, Thing):
                    continue
                if tuple(self._tokens[other.end : other.end + len(phrase.tail)]) == phrase.tail:
                    facts = tuple(Fact(LEFT, node, phrase.links, words) for node in other.nodes)
                    yield Clause(other.end + len(phrase.tail), (*other.parts, *facts), other.cost)


def _missing(place: int, links: Sequence[Link]) -> Unknown:
    """The side of a relation that no word stands for."""
    return Unknown(MISSING + place, frozenset().union(*(link.right for link in links)))


def _agrees(phrase: Phrase, aux: Aux) -> bool:
    """Whether the form of the verb fits its auxiliaries."""
    if phrase.is_passive or phrase.form == "be":
        return aux.be
    if aux.be:
        return phrase.form == "gerund"
    if aux.do:
        return phrase.form == "base"
    if aux.have:
        return phrase.form in ("participle", "past")
    return phrase.form in ("past", "present", "base")


def dated(parts: tuple[Part, ...], times: Times, state: State) -> tuple[Part, ...]:
    """The parts, the last fact of which, and all that say the same of other things, held then."""
    facts = [part for part in parts if isinstance(part, Fact)]
    if not facts or not (times or state):
        return parts
    last = facts[-1]

    def with_time(part: Part) -> Part:
        if isinstance(part, Fact) and (part.left, part.links) == (last.left, last.links):
            return replace(part, times=(*part.times, *times), state=state or part.state)
        return part

    return tuple(map(with_time, parts))


def _begun(parts: tuple[Part, ...], start: str) -> tuple[Part, ...]:
    """The parts, with a last fact that is dated by when it began."""
    last = max(number for number, part in enumerate(parts) if isinstance(part, Fact))
    fact = parts[last]
    assert isinstance(fact, Fact)
    links = tuple(replace(link, date=link.date or start) for link in fact.links)
    return (*parts[:last], replace(fact, links=links), *parts[last + 1 :])


def _singular(noun: str, known: Mapping[str, object]) -> str:
    """A plural's singular, where that is known."""
    for ending, other in (("ies", "y"), ("es", ""), ("s", "")):
        if noun.endswith(ending) and noun.removesuffix(ending) + other in known:
            return noun.removesuffix(ending) + other
    return noun
