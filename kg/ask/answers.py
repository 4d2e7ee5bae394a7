"""Asks a question: from its words to SPARQL, and from the rows to answers with the sentences that state them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Literal

import pyoxigraph as ox
from markupsafe import Markup
from pyoxigraph import BlankNode, NamedNode, QuerySolutions
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg import notebook
from kg.ask.lexicon import Lexicon, lexicon
from kg.ask.meaning import Ignored, Node, Question, Thing, Unknown
from kg.ask.names import Name, Names
from kg.ask.nearest import Nearest
from kg.ask.parser import Parser
from kg.ask.sparql import Evidence, Query, Writer
from kg.ask.words import Token, tokens
from kg.extract.dates import find_dates
from kg.facts import Facts, Named, Statement
from kg.model import Span
from kg.paths import shortest
from kg.rdf import vocabulary as v
from kg.search.hits import Search
from kg.store.base import Object, Store

LONGEST = 400
"""How many characters a question may have."""
_READINGS = 6
"""So many ways to understand a question are tried until one has an answer."""
_DOUBT = 0.6
"""And none that is so much less likely than the first."""
_SHORTEST = 5
"""Shorter words are not taken for misspelled ones, and in those of eight letters two may be wrong."""
_BEST = 10
"""How many answers are shown to a question for most."""
_WAYS = 3
_NAMED = 4
"""More relations than these are not named one by one."""
_ROWS = 2000
"""So many rows of a query are read; what is counted, the query counts."""
_SHOWN = 100
"""How many answers come with their sentences."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and the facts that show it; `number` is how many things it has where most were asked for."""

    value: Named
    facts: tuple[Statement, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a question.

    `form` is "list", "count" and "yes" where it became the query `sparql`; "about" and "path" where it is about one
    thing, or how two are connected (`things`); "nothing" where it was not understood. `total` is how many answers
    there are, of which `answers` are the first. `meant` says in words how it was understood, `ignored` which words were
    not taken into account, `unknown` those that mean nothing here, `corrected` what was taken for misspelled, with what
    it was taken for. `nearest` are questions that have an answer.
    """

    question: str
    form: Literal["list", "count", "yes", "about", "path", "nothing"]
    sparql: str
    answers: tuple[Answer, ...]
    total: int
    things: tuple[Named, ...]
    meant: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...]
    nearest: tuple[str, ...]

    def _repr_html_(self) -> str:
        parts = [notebook.heading(self.question), notebook.soft("; ".join(self.meant) or "not understood")]
        if self.form in ("count", "yes"):
            parts.append(
                notebook.heading(
                    str(self.total) if self.form == "count" else "Yes" if self.total else "The graph does not say so"
                )
            )
        for answer in self.answers:
            parts += [notebook.heading(notebook.linked(answer.value.iri, answer.value.label))]
            parts += [notebook.fact(each) for each in answer.facts]
        if self.nearest:
            parts.append(notebook.soft(f"It has an answer to: {' '.join(self.nearest)}"))
        return notebook.block(*parts, Markup("<pre>{}</pre>").format(self.sparql) if self.sparql else Markup())


@dataclass(frozen=True, slots=True)
class Read:
    """A question's words, and the ways to understand them."""

    tokens: tuple[Token, ...]
    named: frozenset[int]
    questions: tuple[Question, ...]
    things: tuple[Thing, ...]
    corrected: tuple[tuple[str, str], ...]


class Asking:
    """Answers questions about one graph."""

    def __init__(self, facts: Facts, store: Store, search: Search, base: str, words: Lexicon | None = None) -> None:
        """`base` is that of the graph's IRIs."""
        self._base = base
        self._facts = facts
        self._store = store
        self.lexicon = words or lexicon()
        found = self.lexicon.ontology
        self._names = Names(facts, search, {each.iri: key for key, each in found.types.items()})
        self._writer = Writer(found, self.lexicon.words)
        self._nearest = Nearest(self.lexicon, facts, store)

    def ask(self, question: str, today: date | None = None) -> Reply:
        """The reply to a question of at most `LONGEST` characters; `today` is the day that "last year" counts from."""
        question = " ".join(question.split())[:LONGEST]
        read = self.read(question, today)
        first: Reply | None = None
        for found in _likely(read.questions):
            reply = self._answered(question, read, found)
            if reply.answers or reply.things:
                return reply
            first = first or reply
        nearest = self._nearest.to(question, read.things)
        return replace(first or self._reply(question, read, None), nearest=nearest)

    def read(self, question: str, today: date | None = None) -> Read:
        """All ways to understand a question."""
        words = self.lexicon.words
        dates = find_dates(question, (Span(0, len(question)),), (today or date.today()).isoformat())
        every = tokens(question, frozenset(self.lexicon.suffixes))
        kept = [token for token in every if token.word not in words.skipped]
        placed = {}
        for found in dates:
            inside = [number for number, token in enumerate(kept) if found.start <= token.start < found.end]
            if inside and found.value:
                placed[inside[0]] = (inside[-1] + 1, found.value)
        named = self._names.find(question, kept, self.lexicon.known)
        meant = self._corrected(kept, named)
        parser = Parser(meant, named, placed, self.lexicon)
        covered = {number for start, names in named.items() for name in names for number in range(start, name.end)}
        covered |= {number for start, (end, _) in placed.items() for number in range(start, end)}
        things = {name.thing.iri: name.thing for names in named.values() for name in names if name.cost < 1}
        changed = ((one.text, other.word) for one, other in zip(kept, meant, strict=True) if one.word != other.word)
        return Read(
            tuple(kept), frozenset(covered), tuple(parser.questions()), tuple(things.values()), tuple(changed)
        )  # fmt: skip

    def _corrected(self, kept: list[Token], named: Mapping[int, Sequence[Name]]) -> list[Token]:
        """The tokens, with words that mean nothing taken for those that they are nearly spelled like."""
        covered = {place for start, names in named.items() for one in names for place in range(start, one.end)}
        done = []
        for place, token in enumerate(kept):
            word = token.word
            if place not in covered and word not in self.lexicon.known and len(word) >= _SHORTEST and word.isalpha():
                furthest = 1 if len(word) < _SHORTEST + 3 else 2
                near = process.extractOne(
                    word, self.lexicon.spelled, scorer=OSA.distance, score_cutoff=furthest
                )  # fmt: skip
                word = near[0] if near else word
            done.append(replace(token, word=word))
        return done

    def _answered(self, question: str, read: Read, found: Question) -> Reply:
        if found.form == "about":
            return self._reply(question, read, found)
        if found.form == "path":
            answers = tuple(self._ways(found))
            return self._reply(question, read, found, "", answers, len(answers))
        query = self._writer.query(found, self._base, _ROWS)
        answers, total = self._answers(found, query)
        return self._reply(question, read, found, query.text, answers, total)

    def _ways(self, question: Question) -> Iterator[Answer]:
        """The shortest chains of facts from the first thing to the second."""
        ends = [NamedNode(node.iri) for node in question.asked if isinstance(node, Thing)]
        for number, path in enumerate(shortest(self._store, ends[0], ends[1], _WAYS), 1):
            facts = tuple(fact for node, _ in path if (fact := self._facts.statement(node.value)) is not None)
            yield Answer(Named(None, str(number)), facts)

    def _answers(self, question: Question, query: Query) -> tuple[tuple[Answer, ...], int]:
        numbers = self._numbers(query) if query.counted else {}
        best = list(numbers)[:_BEST]
        groups: dict[Object | None, list[Mapping[str, Object]]] = {value: [] for value in best}
        for row in self._rows(query.of(map(str, best)) if query.counted else query.rows):
            groups.setdefault(row.get(query.answer) if question.form != "yes" else None, []).append(row)
        shown = list(groups.items())[:_SHOWN]
        statements = self._statements(query, [row for _, some in shown for row in some])
        answers = []
        for value, some in shown:
            iris = dict.fromkeys(
                iri for row in some for number, one in enumerate(query.facts)
                for iri in statements.get((number, *_ends(one, row)), ())
            )  # fmt: skip
            facts = tuple(fact for iri in iris if (fact := self._facts.statement(iri)) is not None)
            named = Named(None, "yes") if value is None else self._facts.named(value)
            answers.append(Answer(named, tuple(_about(named.iri, facts)), numbers.get(value)))
        if any(fact.state == "now" for fact in question.facts):
            answers.sort(key=_newest, reverse=True)
        total = _number(self._rows(query.text)[0]) if question.form == "count" else len(numbers) or len(groups)
        return tuple(answers), total

    def _numbers(self, query: Query) -> dict[Object | None, int]:
        """How many things each answer has, those with most first: counted over all rows, of which only some are read."""
        rows = self._rows(query.text)
        return {row[query.answer]: _number(row) for row in rows if not isinstance(row[query.answer], BlankNode)}

    def _statements(
        self, query: Query, rows: list[Mapping[str, Object]]
    ) -> dict[tuple[int, str | None, str | None, str | None], list[str]]:
        """The IRIs of the statements that show the facts of the rows, by the number of the fact and its ends."""
        found: dict[tuple[int, str | None, str | None, str | None], list[str]] = {}
        for number, one in enumerate(query.facts):
            ends = dict.fromkeys(_ends(one, row) for row in rows)
            if one.statement is not None:
                for statement, left, right in ends:
                    if statement is not None:
                        found[number, statement, left, right] = [statement[1:-1]]
                continue
            for forward, relations in ((True, one.forward), (False, one.backward)):
                pairs = [(left, right) for _, left, right in ends if left is not None and right is not None]
                if not pairs or not relations:
                    continue
                for fact, left, right in self._proofs(pairs, relations, forward):
                    found.setdefault((number, None, left, right), []).append(fact)
        return found

    def _proofs(
        self, pairs: list[tuple[str, str]], relations: tuple[str, ...], forward: bool
    ) -> Iterator[tuple[str, str, str]]:
        values = " ".join(f"({left} {right})" for left, right in pairs)
        subject, value = ("?left", "?right") if forward else ("?right", "?left")
        kinds = " ".join(f"<{iri}>" for iri in relations)
        rows = self._rows(
            f"SELECT ?fact ?left ?right {{ VALUES (?left ?right) {{ {values} }} VALUES ?relation {{ {kinds} }}"
            f" ?fact rdf:subject {subject} ; rdf:object {value} ; rdf:predicate ?relation }} ORDER BY ?fact"
        )
        for row in rows:
            fact = row["fact"]
            if isinstance(fact, NamedNode):
                yield fact.value, str(row["left"]), str(row["right"])

    def _rows(self, query: str) -> list[Mapping[str, Object]]:
        found = self._store.query(query, base=self._base, prefixes=v.PREFIXES, union=True)
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in islice(found, _ROWS)
        ]

    def _reply(
        self,
        question: str,
        read: Read,
        found: Question | None,
        sparql: str = "",
        answers: tuple[Answer, ...] = (),
        total: int = 0,
    ) -> Reply:
        strange = [
            token.text for number, token in enumerate(read.tokens)
            if number not in read.named and token.word not in self.lexicon.known
        ]  # fmt: skip
        things = (
            [Named(node.iri, node.label) for node in found.asked if isinstance(node, Thing)]
            if found is not None and found.form in ("about", "path")
            else []
        )
        return Reply(
            question,
            found.form if found else "nothing",
            sparql,
            answers,
            total,
            tuple(things),
            tuple(self._meant(found)) if found else (),
            tuple(part.word for part in found.parts if isinstance(part, Ignored)) if found else (),
            tuple(dict.fromkeys(strange)) if found is None else (),
            read.corrected if found else (),
            (),
        )

    def _meant(self, question: Question) -> Iterator[str]:
        """The facts that are looked for, in words."""
        for fact in question.facts:
            labels = dict.fromkeys(self.lexicon.ontology.relations[link.relation].label for link in fact.links)
            few = " or ".join(labels) if len(labels) <= _NAMED else "any relation"
            ends = [_said(node, question.asked) for node in (fact.left, fact.right)]
            subject, value = ends if fact.links[0].forward else reversed(ends)
            times = " and ".join(f"{self.lexicon.words.spoken[operator]} {day}" for operator, day in fact.times)
            asked = f"{fact.wanted or 'when'}?" if fact.asked else ""
            title = f"as {fact.title.text}" if fact.title else ""
            yield ", ".join(filter(None, (f"{subject} – {few} – {value}", title, times, fact.state, asked)))


def _likely(questions: tuple[Question, ...]) -> list[Question]:
    """Those ways to understand a question that are nearly as likely as the first, and leave no more of it out."""
    if not questions:
        return []
    most = questions[0].cost + _DOUBT
    ignored = _ignored(questions[0])
    return [one for one in questions if one.cost <= most and _ignored(one) <= ignored][:_READINGS]


def _ignored(question: Question) -> int:
    return sum(isinstance(part, Ignored) for part in question.parts)


def _said(node: Node, asked: tuple[Node, ...]) -> str:
    if isinstance(node, Thing):
        return node.label
    if isinstance(node, Unknown):
        return (node.noun or "something") + "?" * (node in asked)
    return " or ".join(thing.label for thing in node.things)


def _about(value: str | None, facts: Iterable[Statement]) -> list[Statement]:
    """The facts, those about the answer itself first."""
    return sorted(facts, key=lambda fact: value not in (fact.subject.iri, fact.object.iri))


def _number(row: Mapping[str, Object]) -> int:
    number = row["number"]
    assert isinstance(number, ox.Literal), "COUNT gives a number"
    return int(number.value)


def _newest(answer: Answer) -> str:
    """The day of the newest article that shows an answer."""
    days = (citation.source.published or "" for fact in answer.facts for citation in fact.citations)
    return max(days, default="")


def _ends(one: Evidence, row: Mapping[str, Object]) -> tuple[str | None, str | None, str | None]:
    """The statement of a fact in a row, or its two ends, in SPARQL's terms."""

    def end(name: str) -> str | None:
        return name if name.startswith("<") else None if name not in row else str(row[name])

    if one.statement is not None:
        return end(one.statement), None, None
    return None, end(one.left), end(one.right)
