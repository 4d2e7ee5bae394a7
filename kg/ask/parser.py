"""The grammar of questions: all ways to understand one, the likeliest first.

What is not read to its end by some way is not understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.ask.meaning import Fact, Form, Kind, Node, Part, Preferred, Question, Thing, Times, Unknown, replaced, settled
from kg.ask.phrases import BARE, LEFT, MISSING, RIGHT, Gap, Group, Phrases, dated

Reading = tuple[Form, tuple[Node, ...], tuple[Part, ...], float]
"""The form of a question, what is asked for, what must hold, and the cost."""


class Parser(Phrases):
    """Reads one question."""

    def questions(self) -> list[Question]:
        """All ways to understand it, the likeliest first."""
        found: dict[tuple[object, ...], Question] = {}
        for question in self._questions(0, ()):
            settled_ = settled(question.parts)
            if settled_ is None:
                continue
            question = replace(question, parts=settled_[0])
            key = (question.form, question.asked, question.parts)
            if key not in found or question.cost < found[key].cost:
                found[key] = question
        return sorted(found.values(), key=lambda one: one.cost)

    # Whole questions

    def _questions(self, start: int, fronted: Times) -> Iterator[Question]:
        if start == 0:
            for end, times, state, _ in self._adjunct(0):
                if end and not state:
                    yield from self._questions(end + (self._word(end) == ","), times)
        for form, asked, parts, cost in self._asked(start):
            if fronted:
                parts = dated(parts, fronted, "")
            yield Question(form, asked, parts, cost)

    def _asked(self, start: int) -> Iterator[Reading]:
        yield from self._about(start)
        yield from self._connected(start)
        for form, group in self._question_words(start):
            for parts, cost in self._rest(group):
                yield form, (group.node,), (*group.parts, *parts), group.cost + cost
            for parts, cost in self._having(group):
                yield form, (group.node,), parts, group.cost + cost
        if self._word(start) in self._grammar.prepositions:
            for form, group in self._question_words(start + 1):
                for parts, cost in self._moved(group, "adverb"):
                    yield form, (group.node,), (*group.parts, *parts), group.cost + cost
        yield from self._when(start)
        for end in self._starts(start, self._words.value):
            value = Unknown(start, self._lexicon.all_kinds, "value")
            for parts, cost in self._moved(Group(end, (value,), (), 0.0), "value"):
                yield "list", (value,), parts, cost
        yield from self._copula(start)
        yield from self._whether(start)
        for end in (start, *self._starts(start, self._words.wanted)):
            for group in self.group(end):
                if self._is_end(group.end) and isinstance(group.node, Unknown):
                    yield "list", group.nodes, group.parts, group.cost + 0.2

    def _about(self, start: int) -> Iterator[Reading]:
        for end in (*self._starts(start, self._words.about), start):
            for group in self.named(end):
                if self._is_end(group.end):
                    yield "about", group.nodes, (), group.cost + (end == start)

    def _connected(self, start: int) -> Iterator[Reading]:
        for end in self._starts(start, self._words.connected["before"]):
            for one in self.named(end):
                for between in self._starts(one.end, self._words.connected["between"]):
                    for other in self.named(between):
                        ends = (other.end, *self._starts(other.end, self._words.connected["after"]))
                        if any(map(self._is_end, ends)):
                            yield "path", (one.node, other.node), (), one.cost + other.cost

    def _question_words(self, start: int) -> Iterator[tuple[Form, Group]]:
        """ "who", "which company", "what program", "how many people": what is asked for."""
        word, asks = self._word(start), self._words.asks
        if word in asks and word not in self._words.adverbs:
            node = Unknown(start, frozenset(asks[word]) or self._lexicon.all_kinds, word)
            if len(asks[word]) > 1:
                yield "list", Group(start + 1, (node,), (Preferred(node, asks[word][0]),), 0.0)
                yield "list", Group(start + 1, (node,), (), 0.5)
            else:
                yield "list", Group(start + 1, (node,), (), 0.0)
            if not asks[word]:
                # "which of the programs …" is "which programs …".
                after = start + 1 + (self._word(start + 1) in self._words.loose)
                yield from (("list", group) for group in self.nominal(after))
        for end in self._starts(start, self._words.count):
            yield from (("count", group) for group in self.nominal(end))

    def _rest(self, group: Group) -> Iterator[tuple[tuple[Part, ...], float]]:
        """What is said of what is asked for, to the end of the question."""
        node, start = group.node, group.end
        if self._word(start) == "'s":
            start += 1
        for clause in self.clause(start):
            if self._is_end(clause.end):
                yield replaced(clause.parts, LEFT, node), clause.cost
        yield from self._moved(group, "right")
        if self._is_end(start) and any(isinstance(part, Fact) for part in group.parts):
            yield (), 0.5
        if self._word(start) in self._grammar.passive and self._word(start + 1) == "there" and self._is_end(start + 2):
            yield (), 0.0

    def _having(self, group: Group) -> Iterator[tuple[tuple[Part, ...], float]]:
        """ "which members does X have": the question's noun is one for a relation."""
        first = group.parts[0] if group.parts else None
        if not isinstance(first, Fact) or not isinstance(first.right, Unknown) or first.right.place < MISSING:
            return
        for end, aux in self._auxiliaries(group.end):
            for owner in self.group(end) if aux.do else ():
                if self._word(owner.end) in self._words.have and self._is_end(owner.end + 1):
                    parts = replaced(group.parts, first.right, owner.node)
                    yield (*parts, *owner.parts), owner.cost - BARE

    def _moved(self, group: Group, gap: Gap) -> Iterator[tuple[tuple[Part, ...], float]]:
        """ "which companies does X own": what is asked for stands before its verb."""
        for end, aux in self._auxiliaries(group.end):
            for subject in self.group(end):
                verb, state = self._state(subject.end)
                for clause in self.predicate(verb, aux, gap):
                    if self._is_end(clause.end):
                        parts = dated(clause.parts, (), state)
                        parts = replaced(replaced(parts, LEFT, subject.node), RIGHT, group.node)
                        yield (*subject.parts, *parts), subject.cost + clause.cost
                if not aux.be:
                    continue
                if self._word(subject.end) in self._words.loose and self._is_end(subject.end + 1):
                    # "which city is X in"
                    yield (*subject.parts, self._loosely(group.node, subject.node)), subject.cost + 1
                for role_end, role in self._roles(subject.end):
                    is_end = gap == "adverb" or self._word(role_end) in role.prepositions
                    if is_end and self._is_end(role_end + (gap != "adverb")):
                        yield (*subject.parts, self._role_fact(role, subject.node, group.node)), subject.cost

    def _when(self, start: int) -> Iterator[Reading]:
        """ "where does X work", "when did X leave Y": the question word stands for a thing with its preposition."""
        word = self._word(start)
        if word in self._words.adverbs:
            kinds, after = frozenset(self._words.asks[word]), start + 1
        else:
            after = start + (word in self._grammar.prepositions)
            is_date = self._word(after) in self._words.asks and self._word(after + 1) in self._words.date_nouns
            if not is_date and not (after > start and self._word(after) in self._words.adverbs):
                return
            kinds, after = frozenset({"Date"}), after + 1 + is_date
        asked = Unknown(start, kinds, word if "Date" not in kinds else "")
        group = Group(after, (asked,), (), 0.0)
        if "Date" not in kinds:
            for parts, cost in self._moved(group, "adverb"):
                yield "list", (asked,), parts, cost
            for end, aux in self._auxiliaries(after):
                if aux.be:
                    for role in self.group(end):
                        if self._is_end(role.end) and isinstance(role.node, Unknown):
                            yield "list", (role.node,), (*role.parts, Kind(role.node, kinds)), role.cost + 1
            return
        for end, aux in self._auxiliaries(after):
            for subject in self.group(end):
                for clause in self.predicate(subject.end, aux, ""):
                    if self._is_end(clause.end):
                        parts = (*subject.parts, *replaced(clause.parts, LEFT, subject.node))
                        yield from self._with_date(parts, asked, subject.cost + clause.cost)
                for clause in self.complements(subject.end, aux):
                    if self._is_end(clause.end):
                        parts = (*subject.parts, *replaced(clause.parts, LEFT, subject.node))
                        yield from self._with_date(parts, asked, subject.cost + clause.cost)

    def _with_date(self, parts: tuple[Part, ...], asked: Unknown, cost: float) -> Iterator[Reading]:
        """The date of the last fact is asked for: its value, or when it came about."""
        facts = [number for number, part in enumerate(parts) if isinstance(part, Fact)]
        if not facts:
            return
        number = facts[-1]
        fact = parts[number]
        assert isinstance(fact, Fact)
        is_value = all(link.date == "object" for link in fact.links)
        fact = replace(fact, right=asked) if is_value else replace(fact, asked=asked)
        yield "list", (asked,), (*parts[:number], fact, *parts[number + 1 :]), cost

    def _copula(self, start: int) -> Iterator[Reading]:
        """ "who is the founder of X", "what is X's licence"."""
        for form, group in self._question_words(start):
            end = group.end + (self._word(group.end) == "'s" or self._word(group.end) in self._grammar.passive)
            if end == group.end:
                continue
            for role in self.group(end):
                if not isinstance(role.node, Unknown) or not role.parts:
                    continue
                kinds = group.node.kinds if isinstance(group.node, Unknown) else frozenset()
                parts = (*group.parts, *role.parts)
                for at, times, state, cost in self._adjunct(role.end):
                    if self._is_end(at):
                        settled_parts = replaced(parts, group.node, role.node)
                        if times or state:
                            settled_parts = dated(settled_parts, times, state)
                        yield (
                            form, (role.node,), (*settled_parts, Kind(role.node, kinds)),
                            group.cost + role.cost + cost,
                        )  # fmt: skip

    def _whether(self, start: int) -> Iterator[Reading]:
        """ "did X found Y", "is X the founder of Y"."""
        for end, aux in self._auxiliaries(start):
            if aux.be and self._word(end) == "there":
                for group in self.group(end + 1):
                    if self._is_end(group.end):
                        yield "yes", group.nodes, group.parts, group.cost
            for subject in self.group(end):
                verb, state = self._state(subject.end)
                for clause in self.predicate(verb, aux, ""):
                    if self._is_end(clause.end):
                        said = replaced(dated(clause.parts, (), state), LEFT, subject.node)
                        parts = (*subject.parts, *said)
                        yield "yes", (subject.node,), parts, subject.cost + clause.cost
                for clause in self.complements(subject.end, aux):
                    if self._is_end(clause.end) and isinstance(subject.node, Thing):
                        parts = (*subject.parts, *replaced(clause.parts, LEFT, subject.node))
                        yield "yes", (subject.node,), parts, subject.cost + clause.cost
