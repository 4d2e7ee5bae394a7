"""The words that express relations in questions, made from the ontology: its wordings, labels and cues.

A wording is written for whole sentences; here it is taken apart into what stands between its two sides. So a relation
that is added to the ontology can be asked for at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Literal

import ontology as ontologies
from kg.ask.meaning import Kinds, Link, Title
from kg.ask.words import Words, english
from kg.extract.wordings import grammar as grammars
from kg.extract.wordings.grammar import Grammar
from kg.extract.wordings.patterns import ELEMENT, Slot
from ontology import Ontology, Relation

Tokens = tuple[str, ...]
Form = Literal["past", "participle", "present", "gerund", "base", "be"]
_MOST = 96
"""How many ways of saying one wording are taken at most."""
_SIDES = ("subject", "object")
_OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands after one side of a relation and, unless it is `open`, before the other one.

    `words` begin with a verb in this `form`, or stand after a form of "be". `tail` follows the other side.
    A phrase that is `bare` lacks its preposition, as after "where". Between a verb with a `value` and its other side
    stands the value of this qualifier: "paid" … "for".
    """

    words: Tokens
    form: Form
    is_passive: bool
    is_open: bool
    is_bare: bool
    tail: Tokens
    links: tuple[Link, ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A noun for one side of a relation, and what stands between it and the other: "founder" "of"."""

    words: Tokens
    singular: Tokens
    prepositions: frozenset[str]
    links: tuple[Link, ...]
    title: Title | None


class Lexicon:
    """All phrases by their first word, and nouns; see `lexicon`."""

    def __init__(self, ontology: Ontology, words: Words, grammar: Grammar) -> None:
        self.ontology = ontology
        self.words = words
        self.grammar = grammar
        self.all_kinds: Kinds = frozenset(ontology.types) | {
            each.literal_type for each in ontology.relations.values() if each.literal_type
        }
        self._links: dict[tuple[Tokens, Form, bool, bool, bool, Tokens], dict[Link, None]] = defaultdict(dict)
        self._values: dict[tuple[Tokens, Form, str], dict[Link, None]] = defaultdict(dict)
        self._roles: dict[tuple[Tokens, Tokens, Title | None], tuple[set[str], dict[Link, None]]] = {}
        self._suffixes: dict[str, dict[Link, None]] = defaultdict(dict)
        self._compounds: dict[str, dict[Link, None]] = defaultdict(dict)
        self._titles: list[tuple[frozenset[str], Title, Link]] = []
        self._dated: dict[tuple[str, Kinds], str] = {}
        self._verbs = {
            lemma.split()[0]
            for relation in ontology.relations.values() for wording in relation.wordings
            for element in ELEMENT.findall(wording) if element[0] == "[" and len(element) > 2
            for lemma in element[1:-1].split("|")
        }  # fmt: skip
        self.singulars: dict[str, str] = {}
        self.nouns = self._nouns()
        for relation in ontology.relations.values():
            self._note_dates(relation)
        for relation in ontology.relations.values():
            for wording in relation.wordings:
                self._add(relation, wording)
            self._add_label(relation, relation.label, is_inverse=False)
            self._add_label(relation, relation.inverse_label, is_inverse=True)
        self.phrases: Mapping[str, tuple[Phrase, ...]] = self._gathered()
        self.roles: dict[str, list[Role]] = defaultdict(list)
        for (tokens, singular, title), (prepositions, links) in self._roles.items():
            self.roles[tokens[0]].append(Role(tokens, singular, frozenset(prepositions), tuple(links), title))
        self.suffixes = {suffix: tuple(links) for suffix, links in self._suffixes.items()}
        self.compounds = {noun: tuple(links) for noun, links in self._compounds.items()}
        self.titles = tuple(self._titles)
        self.loose = tuple(self._loose())
        self.known = self._known()
        self.spelled = sorted(word for word in self.known if len(word) > 2)

    def _note_dates(self, relation: Relation) -> None:
        """Verbs whose direct object gets a date by this relation: what was founded has the date when it was."""
        if relation.literal_type != "Date":
            return
        for wording in relation.wordings:
            elements = ELEMENT.findall(wording)
            if len(elements) == 3 and elements[0][0] == "[" and elements[2] == "@object":
                for lemma in elements[0][1:-1].split("|"):
                    self._dated[lemma, frozenset(relation.domain)] = relation.key

    def _link(self, relation: Relation, left: Slot | None, right: Slot | None, date: str | None = None) -> Link:
        """The link from one slot of a wording to the other; where one is None, it is the one that is not there."""
        forward = left.name == "subject" if left else right is None or right.name == "object"
        sides = [relation.domain, relation.range or (relation.literal_type or "",)]
        before, after = sides if forward else reversed(sides)
        return Link(
            relation.key, forward,
            frozenset((left.type,) if left and left.type else before),
            frozenset((right.type,) if right and right.type else after),
            date, (),
            left.pattern if left else "", right.pattern if right else "",
        )  # fmt: skip

    def _add(self, relation: Relation, wording: str) -> None:
        elements = [each for each in ELEMENT.findall(wording) if each not in ("~", "*")]
        date = elements.pop()[1:] if elements[-1][0] == "@" else None
        places = [place for place, each in enumerate(elements) if each[0] == "{"]
        slots = [Slot.parse(elements[place]) for place in places]
        if any(slot.name not in _SIDES for slot in slots) or not slots:
            if len(slots) == 3 and slots[1].name in relation.qualifiers:
                self._add_value(relation, elements, places, slots, date)
            return
        kinds = [each[0] if each[0] in "[<" and len(each) > 2 else "" for each in elements]
        if "[" in kinds and kinds.index("[") <= 1:
            self._add_verb(relation, elements, kinds.index("["), slots, date)
        elif "<" in kinds and kinds.index("<") == 1 and len(slots) == 2:
            self._add_noun(relation, elements, slots)
        elif len(slots) == 2 and not any(kinds) and places[0] == 0 and places[1] == len(elements) - 1:
            self._add_plain(relation, elements[1:-1], slots)

    def _add_verb(
        self, relation: Relation, elements: list[str], verb: int, slots: list[Slot], date: str | None
    ) -> None:
        lemmas, rest = elements[verb][1:-1].split("|"), elements[verb + 1 :]
        inside = [place for place, each in enumerate(rest) if each[0] == "{"]
        is_dated = date == _OBJECT
        if verb == 1 and len(slots) == 2:
            before, after = self._said(rest[: inside[0]]), self._said(rest[inside[0] + 1 :])
            link = self._link(relation, slots[0], slots[1], date)
            for lemma, mid, tail in product(lemmas, before, after):
                dated = replace(link, events=self._events(lemma, link.right, mid))
                self._verb(lemma, mid, tail, dated)
                if not mid or set(mid) <= self.grammar.prepositions:
                    self._passive(lemma, (*mid, *tail), dated.reversed())
        elif verb == 1 and is_dated:
            for lemma, words in product(lemmas, self._said(rest)):
                self._verb(lemma, words, (), self._link(relation, slots[0], None, date), is_open=True)
        elif verb == 0 and inside and inside[0] == 0:
            if len(slots) == 2:
                link = self._link(relation, slots[0], slots[1], date)
                mids, tails = self._said(rest[1 : inside[1]]), self._said(rest[inside[1] + 1 :])
                for lemma, mid, tail in product(lemmas, mids, tails):
                    self._participle(lemma, mid, tail, link)
            elif is_dated:
                for lemma, words in product(lemmas, self._said(rest[1:])):
                    self._participle(lemma, words, (), self._link(relation, slots[0], None, date), is_open=True)

    def _add_value(
        self, relation: Relation, elements: list[str], places: list[int], slots: list[Slot], date: str | None
    ) -> None:
        """A verb, the value of a qualifier, and the other side: "{object} [pay] {price} for {subject}"."""
        if places[:2] != [0, 2] or elements[1][0] != "[" or places[2] != len(elements) - 1:
            return
        link = self._link(relation, slots[0], slots[2], date)
        for lemma, mid in product(elements[1][1:-1].split("|"), self._said(elements[3:-1])):
            for word, form in self._forms(lemma):
                self._values[(word, *mid), form, slots[1].name][link] = None

    def _events(self, lemma: str, patient: Kinds, mid: Tokens) -> tuple[tuple[str, bool], ...]:
        """The relations that tell when this was done to its direct object, which stands after the verb."""
        if mid:
            return ()
        found = {key for (verb, kinds), key in self._dated.items() if verb == lemma and kinds & patient}
        return tuple((key, False) for key in sorted(found))

    def _add_noun(self, relation: Relation, elements: list[str], slots: list[Slot]) -> None:
        inside = elements[1][1:-1].removeprefix("the ")
        prepositions = {word for words in self._said(elements[2:-1]) for word in words}
        link = self._link(relation, slots[0], slots[1])
        if inside.startswith("{"):
            title = Slot.parse(inside)
            if title.name not in relation.qualifiers:
                return
            for value in title.values:
                if "*" not in value:
                    self._role(tuple(value.lower().split()), prepositions, link, Title(title.name, value.lower()))
            if not title.values:
                self._titles.append((frozenset(prepositions), Title(title.name, ""), link))
        else:
            for noun in inside.split("|"):
                self._role(tuple(noun.lower().split()), prepositions, link)

    def _add_plain(self, relation: Relation, elements: list[str], slots: list[Slot]) -> None:
        link = self._link(relation, slots[0], slots[1])
        if elements and elements[0] == "'s":
            for words in self._said(elements[1:]):
                self._role(words, {"of", "for"}, link.reversed())
        elif elements and elements[0][0] == "-":
            self._suffixes[elements[0].lower()][link.reversed()] = None
        elif slots[0].values and elements and slots[1].name == "subject":
            for words in self._said(elements[-1:]):
                self._compounds[words[-1] if words else ""][link.reversed()] = None
        else:
            for words in self._said(elements):
                self._predicate(words, link, bool(slots[1].values))

    def _predicate(self, words: Tokens, link: Link, is_narrow: bool = False) -> None:
        """Words after a form of "be"."""
        if "Date" in link.right:
            words = self._bare(words)
            self._put(words, "be", link=replace(link, date=_OBJECT), is_open=True)
        elif is_narrow or not set(words) <= self.grammar.prepositions:
            self._put(words, "be", link=link)
            if words[:-1] in self.nouns and words[-1] in self.grammar.prepositions:
                self._role(words[:-1], {words[-1]}, link)

    def _add_label(self, relation: Relation, label: str, *, is_inverse: bool) -> None:
        words = tuple(word for word in label.lower().split() if word not in self.words.skipped)
        link = self._link(relation, None, None)
        if "Date" in link.right:
            link = replace(link, date=_OBJECT)
        link = link.reversed() if is_inverse else link
        if not words:
            return
        if words[-1] in self.grammar.prepositions and len(words) > 1:
            self._predicate(words, link)
            self._role(words[:-1], {words[-1]}, link)
        elif words[0] in self.words.have:
            self._role(words[1:], {"of", "in"}, link.reversed())
        else:
            self._role(words, {"of", "for", "at", "in"}, link.reversed())
        lemma = self.lemma(words[0])
        if lemma and link.date != _OBJECT and words[1:2] != ("by",):
            self._verb(lemma, words[1:], (), link)
            if len(words) == 1:
                self._passive(lemma, (), link.reversed())
        elif lemma:
            self._participle(lemma, words[1:], (), link, is_open=True)

    def lemma(self, word: str) -> str | None:
        """The verb of which `word`, that of a label, is the present or the past."""
        for lemma, irregular in self.grammar.irregular.items():
            if word in irregular[:3] and not self.grammar.passive | self.words.have | self.words.do >= {word}:
                return lemma
        found = []
        for ending, other in (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("d", ""), ("ed", "")):
            lemma = word.removesuffix(ending) + other
            if word.endswith(ending) and len(lemma) > 2:
                forms = self.grammar.forms(lemma)
                if word == forms.past or (word == forms.present and lemma in self._verbs):
                    found.append(lemma)
        return next((lemma for lemma in found if lemma in self._verbs), next(iter(found), None))

    def _said(self, elements: Iterable[str]) -> list[Tokens]:
        """All ways to say elements between two sides, without what only completes a sentence."""
        ways: list[Tokens] = [()]
        left_out = self.words.skipped | self.grammar.passive | self.grammar.perfect | {",", ":", "(", ")", '"'}
        for element in elements:
            optional = element.endswith("?") and element[0] == "("
            choices = element.strip("()?").split("|") if element[0] == "(" and len(element) > 1 else [element]
            options = dict.fromkeys(
                tuple(word for word in choice.lower().split() if word not in left_out and word[0] not in "{@[<~*")
                for choice in choices
            )
            if optional:
                options[()] = None
            ways = [(*way, *option) for way in ways for option in options][:_MOST]
        return list(dict.fromkeys(ways))

    def _verb(self, lemma: str, mid: Tokens, tail: Tokens, link: Link, *, is_open: bool = False) -> None:
        first, *rest = lemma.split()
        if first == "be":
            self._put((*rest, *mid), "be", tail=tail, link=link, is_open=is_open)
            return
        for word, form in self._forms(first):
            self._put((word, *rest, *mid), form, tail=tail, link=link, is_open=is_open)

    def _forms(self, lemma: str) -> list[tuple[str, Form]]:
        forms = self.grammar.forms(lemma)
        return [
            (forms.past, "past"), (forms.participle, "participle"), (forms.present, "present"),
            (forms.gerund, "gerund"), (lemma, "base"),
        ]  # fmt: skip

    def _passive(self, lemma: str, rest: Tokens, link: Link) -> None:
        self._participle(lemma, (*rest, "by"), (), link)
        self._participle(lemma, rest, (), link, is_open=True)

    def _participle(self, lemma: str, mid: Tokens, tail: Tokens, link: Link, *, is_open: bool = False) -> None:
        first, *rest = lemma.split()
        words = (self.grammar.forms(first).participle, *rest, *mid)
        self._put(words, "participle", is_passive=True, tail=tail, link=link, is_open=is_open)

    def _put(
        self,
        words: Tokens,
        form: Form,
        *,
        link: Link,
        is_passive: bool = False,
        tail: Tokens = (),
        is_open: bool = False,
    ) -> None:
        if not words:
            return
        self._links[words, form, is_passive, is_open, False, tail][link] = None
        bare = self._bare(words)
        if bare and not is_open and (bare != words or not tail):
            self._links[bare, form, is_passive, False, True, ()][link] = None

    def _bare(self, words: Tokens) -> Tokens:
        while words and words[-1] in self.grammar.prepositions:
            words = words[:-1]
        return words

    def _role(self, words: Tokens, prepositions: set[str], link: Link, title: Title | None = None) -> None:
        words = tuple(word for word in words if word not in self.words.skipped)
        if not words:
            return
        for last in (words[-1], *plurals(words[-1])):
            known, links = self._roles.setdefault(((*words[:-1], last), words, title), (set(), {}))
            known |= prepositions
            links[link] = None

    def _gathered(self) -> dict[str, tuple[Phrase, ...]]:
        found: dict[str, list[Phrase]] = defaultdict(list)
        for (words, form, is_passive, is_open, is_bare, tail), links in self._links.items():
            found[words[0]].append(Phrase(words, form, is_passive, is_open, is_bare, tail, tuple(links)))
        for (words, form, value), links in self._values.items():
            found[words[0]].append(Phrase(words, form, False, False, False, (), tuple(links), value))
        return {first: tuple(sorted(each, key=lambda one: -len(one.words))) for first, each in found.items()}

    def _nouns(self) -> dict[Tokens, Kinds]:
        """The nouns for types, in both numbers."""
        found: dict[Tokens, Kinds] = defaultdict(frozenset)
        for kind in self.ontology.types.values():
            for noun in (kind.label, *kind.cues):
                *words, last = noun.lower().split()
                for form in (last, *plurals(last)):
                    found[*words, form] |= {kind.key}
                    self.singulars.setdefault(form, last)
        for noun, kinds in self.words.nouns.items():
            for form in (noun, *plurals(noun)):
                found[form,] |= kinds or frozenset(self.ontology.types)
                self.singulars.setdefault(form, noun)
        return dict(found)

    def _loose(self) -> Iterator[Link]:
        """Whatever two things may have to do with each other."""
        for relation in self.ontology.relations.values():
            if relation.range:
                link = self._link(relation, None, None)
                yield from (link, link.reversed())

    def _known(self) -> frozenset[str]:
        """All words that mean something in a question."""
        words, grammar = self.words, self.grammar
        found = set(
            words.skipped
            | words.do
            | words.have
            | words.become
            | words.most
            | words.both
            | words.either
            | words.former
            | words.now
        )
        found |= words.date_nouns | words.loose | words.adverbs | set(words.asks) | words.negations
        found |= grammar.passive | grammar.relatives | grammar.prepositions | {"'s", ",", "there", "whose"}
        for some in (words.count, words.wanted, words.about, *words.times.values(), *words.connected.values()):
            found.update(word for phrase in some for word in phrase)
        for phrases in self.phrases.values():
            found.update(word for phrase in phrases for word in (*phrase.words, *phrase.tail))
        found.update(word for roles in self.roles.values() for role in roles for word in role.words)
        found.update(word for noun in self.nouns for word in noun)
        return frozenset(found | set(self.suffixes))


def plurals(noun: str) -> tuple[str, ...]:
    """How a noun may end in the plural, by the rules."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return (noun + "es",)
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return (noun[:-1] + "ies",)
    if noun.endswith("man"):
        return (noun[:-3] + "men",)
    return (noun + "s",)


@cache
def _default() -> Lexicon:
    return Lexicon(ontologies.load(), english(), grammars.english())


def lexicon(ontology: Ontology | None = None) -> Lexicon:
    """The words for an ontology; for the package's own, made only once."""
    return _default() if ontology is None else Lexicon(ontology, english(), grammars.english())
