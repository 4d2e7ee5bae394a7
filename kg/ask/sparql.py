"""From what a question means to SPARQL that a person can read, and that finds what shows each answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.ask.meaning import Choice, Fact, Kind, Kinds, Link, Most, Node, Question, Thing, Times, Unknown, settled
from kg.ask.words import Words
from kg.rdf.vocabulary import NG
from ontology import Ontology

_OBJECT = "object"
_LOOSE = 8
"""A loose fact that may be of more relations than these is of any."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, and how its rows are read.

    `text` is the query as it is shown; `rows` gives the answers one by one, where `text` only counts them or says yes.
    `answer` is the variable of the answers, and `facts` has for each fact its variable or its two ends and the
    relations that it may be of, with whether the first of the ends is the subject. Answers with most different values of
    the variable `counted`, if there is one, come first: `text` counts them as `?number`.
    """

    text: str
    rows: str
    answer: str
    facts: tuple[Evidence, ...]
    counted: str = ""

    def of(self, answers: Iterable[str]) -> str:
        """`rows` for these answers alone, given in SPARQL's terms."""
        return self.rows.replace("WHERE {", f"WHERE {{\n  VALUES ?{self.answer} {{ {' '.join(answers)} }}", 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a row tells which statement shows a fact: in the variable `statement`, or by its two ends.

    An end is a variable's name, or an IRI in angle brackets. `forward` and `backward` are the IRIs of relations, of
    which the left end is the subject, or the object.
    """

    statement: str | None
    left: str
    right: str
    forward: tuple[str, ...]
    backward: tuple[str, ...]


class Writer:
    """Writes the queries of one ontology."""

    def __init__(self, ontology: Ontology, words: Words) -> None:
        self._ontology = ontology
        self._words = words
        self._stronger: dict[str, list[str]] = defaultdict(list)
        for relation in ontology.relations.values():
            for key in relation.supersedes:
                self._stronger[key].append(relation.key)

    def query(self, question: Question, base: str, limit: int) -> Query:
        """The query of a question that asks for a list, a number or a yes."""
        return _One(self, question, base).query(limit)

    def widened(self, link: Link) -> Iterator[Link]:
        """The link, and those of relations that say more of the same two things, which leave this one out."""
        yield link
        relation = self._ontology.relations[link.relation]
        if relation.symmetric:
            yield replace(link, forward=not link.forward)
        subject, value = (link.left, link.right) if link.forward else (link.right, link.left)
        for key in self._stronger[link.relation]:
            other = self._ontology.relations[key]
            if not (subject.isdisjoint(other.domain) or value.isdisjoint(other.range)):
                yield replace(link, relation=key, events=())
            elif not (subject.isdisjoint(other.range) or value.isdisjoint(other.domain)):
                yield replace(link, relation=key, forward=not link.forward, events=())

    def iri(self, relation: str) -> str:
        return self._ontology.relations[relation].iri

    def qualifier(self, key: str) -> str:
        return _short(self._ontology.qualifiers[key].iri)

    def kind(self, key: str) -> str:
        return _short(self._ontology.types[key].iri)

    def label(self, kinds: Kinds) -> str:
        """What to call something of these kinds."""
        types = [kind for kind in kinds if kind in self._ontology.types]
        if len(types) == 1:
            return self._ontology.types[types[0]].label
        return "thing" if types or not kinds else min(kinds).lower()

    def implied(self, links: Iterable[Link], *, left: bool) -> Kinds:
        """What the relations themselves say that one of their sides is."""
        found: Kinds = frozenset()
        for link in links:
            relation = self._ontology.relations[link.relation]
            is_subject = link.forward == left
            found |= frozenset(relation.domain if is_subject else relation.range or (relation.literal_type or "",))
        return found

    @property
    def words(self) -> Words:
        return self._words

    @property
    def entity_kinds(self) -> Kinds:
        return frozenset(self._ontology.types)


class _One:
    """Writes one query."""

    def __init__(self, writer: Writer, question: Question, base: str) -> None:
        found = settled(question.parts)
        assert found is not None, "a question is settled before it is written"
        self._parts, self._kinds = found
        self._writer = writer
        self._question = question
        self._base = base
        self._names: dict[int, str] = {}
        self._used: set[str] = set()
        self._lines: list[str] = []
        self._evidence: list[Evidence] = []
        self._columns: list[str] = []
        self._newest: str | None = None

    def query(self, limit: int) -> Query:
        asked = self._question.asked[0]
        answer = self._term(asked) if not isinstance(asked, Thing) else ""
        for part in self._parts:
            if isinstance(part, Fact):
                self._fact(part)
        self._types()
        order = answer
        columns = [answer] if answer else []
        if isinstance(asked, Unknown) and self._kinds.get(asked.place, asked.kinds) & self._writer.entity_kinds:
            order = self._fresh("name")
            self._lines.append(f"OPTIONAL {{ {answer} rdfs:label {order} }}")
            columns.append(order)
        columns += [column for column in self._columns if column not in columns]
        body = "\n".join(f"  {line}" for line in self._lines)
        tail = f"\nORDER BY {order}" if order else ""
        rows = f"SELECT DISTINCT {' '.join(columns) or '*'} WHERE {{\n{body}\n}}{tail}\nLIMIT {limit}"
        text = rows.removesuffix(f"\nLIMIT {limit}")
        if self._question.form == "count":
            text = f"SELECT (COUNT(DISTINCT {answer}) AS ?number) WHERE {{\n{body}\n}}"
        elif self._question.form == "yes":
            text = f"ASK {{\n{body}\n}}"
        most = next((part.node for part in self._parts if isinstance(part, Most)), None)
        is_ranked = most != asked and self._question.form == "list"
        counted = self._term(most) if is_ranked and most is not None else ""
        if counted:
            shown = " ".join(columns[:2])
            text = f"SELECT {shown} (COUNT(DISTINCT {counted}) AS ?number) WHERE {{\n{body}\n}}"
            text += f"\nGROUP BY {shown}\nORDER BY DESC(?number) {order}"
        return Query(text, rows, answer.removeprefix("?"), tuple(self._evidence), counted.removeprefix("?"))

    def _fresh(self, wanted: str) -> str:
        name = re.sub(r"\W+", "_", wanted.lower()).strip("_") or "thing"
        number = 1
        while (found := f"?{name}{number if number > 1 else ''}") in self._used:
            number += 1
        self._used.add(found)
        return found

    def _term(self, node: Node) -> str:
        if isinstance(node, Thing):
            return f"<{node.iri.removeprefix(self._base)}>"
        if node.place not in self._names:
            if isinstance(node, Choice):
                name = self._fresh("one")
                values = " ".join(map(self._term, node.things))
                self._lines.append(f"VALUES {name} {{ {values} }}")
            else:
                noun = node.noun.split()[-1] if node.noun else ""
                name = self._fresh(noun or self._writer.label(self._kinds.get(node.place, node.kinds)))
            self._names[node.place] = name
            self._columns.append(name)
        return self._names[node.place]

    def _types(self) -> None:
        """The classes of unknowns, where the relations do not say them."""
        implied: dict[int, Kinds] = {}
        nodes: dict[int, Unknown] = {}
        for part in self._parts:
            if isinstance(part, Kind) and isinstance(part.node, Unknown):
                nodes.setdefault(part.node.place, part.node)
            if isinstance(part, Fact):
                links = [wide for link in part.links for wide in self._writer.widened(link)]
                for node, left in ((part.left, True), (part.right, False)):
                    if isinstance(node, Unknown):
                        nodes.setdefault(node.place, node)
                        kinds = self._writer.implied(links, left=left)
                        implied[node.place] = implied.get(node.place, kinds) & kinds
        for place, node in nodes.items():
            kinds = self._kinds.get(place, node.kinds) & self._writer.entity_kinds
            if kinds and kinds != self._writer.entity_kinds and kinds != implied.get(place):
                term = self._term(node)
                classes = sorted(map(self._writer.kind, kinds))
                if place not in implied:
                    # Nothing else says what it is.
                    self._lines.append(f"VALUES {(variable := self._fresh('class'))} {{ {' '.join(classes)} }}")
                    self._lines.append(f"{term} a {variable} .")
                elif len(classes) == 1:
                    self._lines.append(f"FILTER EXISTS {{ {term} a {classes[0]} }}")
                else:
                    self._lines.append(f"FILTER EXISTS {{ {term} a ?class FILTER (?class IN ({', '.join(classes)})) }}")

    def _fact(self, fact: Fact) -> None:
        links = list(dict.fromkeys(wide for link in fact.links for wide in self._writer.widened(link)))
        left, right = self._term(fact.left), self._term(fact.right)
        ends = all(link.date == self._writer.words.end for link in links)
        is_plain = not (fact.times or fact.state or fact.asked or fact.title or ends)
        if fact.is_loose and is_plain and len(links) > _LOOSE:
            relation = self._fresh("relation")
            self._lines.append(
                f"{{ {left} {relation} {right} }} UNION {{ {right} {relation} {left} }}"
                f" FILTER (STRSTARTS(STR({relation}), STR(ng:)))"
            )
            self._prove(None, left, right, links)
            return
        dates = [link for link in links if link.date == _OBJECT]
        if dates:
            self._lines.append(f"{self._path(left, right, links)} .")
            self._filter(right, fact.times)
            self._prove(None, left, right, links)
            return
        if is_plain:
            self._lines.append(f"{self._path(left, right, links)} .")
            self._prove(None, left, right, links)
            return
        self._statement(fact, left, right, links, ends)

    def _path(self, left: str, right: str, links: Iterable[Link]) -> str:
        found = dict.fromkeys((_short(self._writer.iri(link.relation)), link.forward) for link in links)
        if not any(forward for _, forward in found):
            left, right = right, left
            found = dict.fromkeys((name, not forward) for name, forward in found)
        return f"{left} {'|'.join(name if forward else '^' + name for name, forward in found)} {right}"

    def _statement(self, fact: Fact, left: str, right: str, links: list[Link], ends: bool) -> None:
        """A fact of which the direct edge does not tell all; what must be there stands in each of its ways."""
        statement = self._fresh("fact")
        self._columns.append(statement)
        words, writer = self._writer.words, self._writer
        start, end, at = (writer.qualifier(key) for key in (words.start, words.end, words.at))
        events = dict.fromkeys(event for link in links for event in link.events)
        dates = {link.date for link in links}
        # Who was employed in a year may have been hired before: what has a reading that lasts, lasts.
        keys = set() if None in dates else {date for date in dates if date}
        names = [writer.qualifier(key) for key in sorted(keys)] if keys else [start]
        names += [at] * (end not in names and at not in names)
        asked = fact.asked if not fact.wanted else None
        date = self._term(asked) if asked else self._seen("date") if fact.times and (keys or events) else ""
        extra, filters = "", []
        if fact.wanted and fact.asked:
            extra += f" ; {writer.qualifier(fact.wanted)} {self._term(fact.asked)}"
        if fact.title:
            position = self._fresh("position")
            extra += f" ; {writer.qualifier(fact.title.qualifier)} {position}"
            filters.append(f'FILTER (CONTAINS(LCASE(STR({position})), "{_escaped(fact.title.text)}"))')
        if fact.state == "former" or (ends and not date):
            extra += f" ; {end} {self._seen('end')}"
        if date and keys and not events:
            extra += f" ; {'|'.join(names)} {date}"
        elif date and not events:
            kind = self._seen("kind_of_date")
            extra += f" ; {kind} {date}"
            filters.append(f"FILTER ({kind} IN ({start}, {end}, {at}))")
        self._lines.append(self._about(statement, left, right, links, extra))
        self._prove(statement, left, right, links)
        self._lines += filters
        if date and events:
            found = [self._fresh(date)]
            self._lines.append(f"OPTIONAL {{ {statement} {'|'.join(names)} {found[0]} }}")
            for relation, is_left in events:
                found.append(self._fresh(date))
                thing = left if is_left else right
                self._lines.append(f"OPTIONAL {{ {thing} {_short(writer.iri(relation))} {found[-1]} }}")
                self._evidence.append(
                    Evidence(None, self._end(thing), self._end(date), (writer.iri(relation),), ())
                )  # fmt: skip
            self._lines.append(f"BIND (COALESCE({', '.join(found)}) AS {date}) FILTER (BOUND({date}))")
        if fact.state == "now":
            other = self._fresh("other")
            about = self._about(other, left, right, links, f" ; {end} {self._fresh('end')}")
            self._lines.append(f"FILTER NOT EXISTS {{\n  {about}\n  }}")
        if date:
            self._filter(date, fact.times)
        elif fact.times:
            self._during(statement, fact.times, start, end, at)

    def _during(self, statement: str, times: Times, start: str, end: str, at: str) -> None:
        """What began before the time was over, and ended not before it began; one of the dates is known."""
        first, last, point = self._seen("start"), self._seen("end"), self._seen("at")
        for name, variable in ((start, first), (end, last), (at, point)):
            self._lines.append(f"OPTIONAL {{ {statement} {name} {variable} }}")
        begins = [_compared(last, operator.replace("=", ">=") if operator == "=" else operator, day)
                  for operator, day in times if operator in ("=", ">", ">=")]  # fmt: skip
        ends = [_compared(first, "<=" if operator == "=" else operator, day)
                for operator, day in times if operator in ("=", "<", "<=")]  # fmt: skip
        within = " && ".join(
            [f"(BOUND({first}) || BOUND({last}))"]
            + [f"(!BOUND({last}) || {each})" for each in begins]
            + [f"(!BOUND({first}) || {each})" for each in ends]
        )
        at_once = " && ".join(_compared(point, operator, day) for operator, day in times)
        self._lines.append(f"FILTER (({within}) || (BOUND({point}) && {at_once}))")

    def _seen(self, name: str) -> str:
        variable = self._fresh(name)
        self._columns.append(variable)
        return variable

    def _filter(self, variable: str, times: Times) -> None:
        if times:
            found = " && ".join(_compared(variable, operator, day) for operator, day in times)
            self._lines.append(f"FILTER ({found})")

    def _about(self, statement: str, left: str, right: str, links: list[Link], extra: str) -> str:
        """That a node is a statement of one of the relations, of which `extra` holds, too."""
        ways = []
        for forward in (True, False):
            names = dict.fromkeys(_short(self._writer.iri(each.relation)) for each in links if each.forward == forward)
            if names:
                subject, value = (left, right) if forward else (right, left)
                predicate = next(iter(names)) if len(names) == 1 else self._fresh("relation")
                way = f"{statement} rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {value}{extra} ."
                if len(names) > 1:
                    way += f"\n    FILTER ({predicate} IN ({', '.join(names)}))"
                ways.append(way)
        return ways[0] if len(ways) == 1 else "\n  UNION\n  ".join(f"{{ {way} }}" for way in ways)

    def _prove(self, statement: str | None, left: str, right: str, links: Iterable[Link]) -> None:
        both = {True: dict[str, None](), False: dict[str, None]()}
        for link in links:
            both[link.forward][self._writer.iri(link.relation)] = None
        found = None if statement is None else statement[1:]
        self._evidence.append(Evidence(found, self._end(left), self._end(right), tuple(both[True]), tuple(both[False])))

    def _end(self, term: str) -> str:
        return f"<{self._base}{term[1:]}" if term.startswith("<") else term.removeprefix("?")


def _compared(variable: str, operator: str, day: str) -> str:
    """A comparison as exact as `day` is."""
    if operator == "=":
        return f'STRSTARTS(STR({variable}), "{day}")'
    return f'SUBSTR(STR({variable}), 1, {len(day)}) {operator} "{day}"'


def _short(iri: str) -> str:
    return f"ng:{iri.removeprefix(NG)}" if iri.startswith(NG) else f"<{iri}>"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
