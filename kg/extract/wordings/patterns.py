"""The three kinds of wording, and their patterns over encoded sentences.

The wording language is described at `ng:wording` in `ontology/news.ttl`. Patterns are compiled when they are first
needed, since an article uses few of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property

from kg.errors import OntologyError
from kg.extract.wordings.encode import ENTITY, TITLE, TITLE_CLOSE, TITLE_OPEN, Alphabet
from kg.extract.wordings.grammar import Grammar
from ontology import Ontology, Relation

ELEMENT = re.compile(r"\{[^}]+\}|\[[^\]]+\]|<[^>]+>|\((?! )[^()]*\)\??|@\w+|\S+")
GAP = r'(?:(?![;:.!?"]\s)\S+ ){0,8}?'
# What may stand between a verb and its preposition: "worked as a draftsman for".
ADJUNCT = r"(?:(?![,;:.!?\"]\s|and |who |which |that )\S+ ){0,5}?"
PRONOUNS = "[\ue020-\ue02f]"
DATES = "[\ue040-\ue04f]"
SLOT = re.compile(r"\{(\w+)(?::(\w+))?(?:=([^}!~]+))?([~!])?\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """`{name}`, `{name:Type}`, `{name=value|* value}`, `{name~}` or `{name!}`.

    Only mentions of the type, or with one of the texts, or that abbreviate the other side, or only names of which
    the type is sure.
    """

    name: str
    type: str | None
    values: tuple[str, ...]
    sure: bool

    @staticmethod
    def parse(element: str) -> Slot:
        match = SLOT.fullmatch(element)
        if match is None:
            raise OntologyError(
                f"{element!r} is no slot; write {{name}}, {{name:Type}}, {{name=text|* text}}, {{name~}}, {{name!}}"
            )
        values = tuple(match[3].split("|")) if match[3] else ()
        return Slot(match[1], match[2], values, match[4] == "!")

    @property
    def pattern(self) -> str:
        """A pattern of the texts that the slot takes, in lower case."""
        return "|".join(
            re.escape(v.lower()).replace(r"\*\ ", r"(?:[\w-]+ )+").replace(r"\*", r".*") for v in self.values
        )


class Slots:
    """Makes the pattern of a slot of a relation."""

    def __init__(self, ontology: Ontology, grammar: Grammar, alphabet: Alphabet) -> None:
        self._ontology = ontology
        self._alphabet = alphabet
        stop = (
            grammar.prepositions
            | grammar.conjunctions
            | grammar.relatives
            | grammar.auxiliaries
            | grammar.coordinators
            | grammar.no_modifiers
        )
        words = "|".join(sorted(re.escape(w) for w in stop if w[0].isalnum() and " " not in w))
        determiners = "|".join(sorted(grammar.determiners))
        self.possessives = grammar.possessives
        self.determiner = f"(?:(?:{determiners}) |{PRONOUNS} 's |{DATES} 's )?"
        self.described = rf"(?:(?!(?:{words}) )[a-z0-9/{TITLE_OPEN}{TITLE_CLOSE}][\w-]* ){{0,8}}?"
        self.word = rf"(?:(?!(?:{words}) )[a-z0-9][\w-]*|{TITLE}) "
        self.modifiers = rf"{self.determiner}(?:(?!(?:{words}) )[a-z0-9][\w-]* |{TITLE} ){{0,4}}?"

    def inside(self, relation: Relation, slot: Slot) -> str:
        """The character class of the mentions that the slot takes, or the pattern of a literal."""
        if slot.name == "subject":
            types, literal = relation.domain, None
        elif slot.name == "object":
            types, literal = relation.range, relation.literal_type
        elif slot.name in relation.qualifiers:
            qualifier = self._ontology.qualifiers[slot.name]
            types, literal = qualifier.types, qualifier.literal_type
        else:
            raise OntologyError(
                f"a wording of {relation.key} has the slot {{{slot.name}}}; "
                f"it has subject, object, {', '.join(relation.qualifiers)}"
            )
        if literal:
            pattern = self._alphabet.literal_pattern(literal)
            if slot.values and not pattern.startswith("["):
                return f"{pattern}|(?:{slot.pattern})(?= )"
            return pattern
        if slot.type and slot.type not in types:
            raise OntologyError(f"a wording of {relation.key} asks for {slot.type}; the slot takes {', '.join(types)}")
        return f"[{self._alphabet.entity_class((slot.type,) if slot.type else types, sure=slot.sure)}]"

    def named(self, relation: Relation, slot: Slot) -> str:
        """The pattern of the slot as a group of its name."""
        return f"(?P<{slot.name}>{self.inside(relation, slot)})"


@dataclass(frozen=True)
class Wording:
    """What all wordings share. `date` is the qualifier that an "in/on <date>" of the clause fills."""

    relation: Relation
    source: str
    date: str | None
    slots: Slots = field(repr=False)
    values: dict[str, re.Pattern[str]] = field(repr=False)

    @property
    def abbreviates(self) -> bool:
        """Whether the object must be an abbreviation of the subject."""
        return "{object~}" in self.source

    def sequence(self, elements: list[str], *, modifiers: bool) -> str:
        """The pattern of the elements one after the other, each with the space that follows it."""
        parts = []
        for number, element in enumerate(elements):
            if element == "~":
                between = 0 < number < len(elements) - 1 and elements[number - 1][0] == elements[number + 1][0] == "{"
                parts.append(self.slots.described if between else GAP)
            elif element.startswith("{"):
                slot = Slot.parse(element)
                literal = slot.name == "object" and self.relation.literal_type is not None
                before = ""
                if not literal and (modifiers or (number and _is_words(elements[number - 1]))):
                    before = self.slots.modifiers
                elif number == 0 or literal:
                    before = self.slots.determiner if number else ""
                follow = elements[number + 1] if number + 1 < len(elements) else ""
                if follow == '"' and elements[number - 1] == '"':
                    parts.append(f'(?P<{slot.name}>[^"]{{2,40}}?) ')
                    continue
                if number == 0 and _is_copula(follow):
                    owner = "(?: ,)?(?: (?:who|which|that))?"
                    parts.append(f"{before}{self.slots.named(self.relation, slot)}{owner} ")
                    continue
                owner = "" if follow == "'s" or "'s" in follow or literal else "(?! 's )"
                parts.append(f"{before}{self.slots.named(self.relation, slot)}{owner} ")
            elif element.startswith("(") and len(element) > 1:
                optional = element.endswith("?")
                inner = element[1:-2] if optional else element[1:-1]
                choices = [
                    self.sequence(ELEMENT.findall(choice.strip()), modifiers=modifiers) for choice in inner.split("|")
                ]
                parts.append(f"(?:{'|'.join(choices)}){'?' if optional or '' in choices else ''}")
            elif element == "*":
                parts.append(self.slots.word)
            elif element in self.slots.possessives:
                parts.append(f"(?:{element}|{PRONOUNS} 's) ")
            else:
                parts.append(re.escape(element.lower()) + " ")
        return "".join(parts)


@dataclass(frozen=True)
class VerbWording(Wording):
    """`{object} [found] {subject}`: `before` is the slot before the verb, `rest` what follows it.

    Without a slot before the verb, whoever did it does not matter: `[elect] {subject} to {object}`.
    """

    before: Slot | None
    lemmas: tuple[str, ...]
    rest: tuple[str, ...]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The characters of the mentions that may be the verb's subject in the active voice."""
        return characters(self.slots.inside(self.relation, self.before)) if self.before else frozenset()

    @cached_property
    def object(self) -> Slot | None:
        """The slot of the direct object."""
        return Slot.parse(self.rest[0]) if self.rest and self.rest[0].startswith("{") else None

    @cached_property
    def needs(self) -> frozenset[str] | None:
        """The characters of which one must follow the verb in the active voice; None where that can't be said."""
        slot = next((Slot.parse(element) for element in self.rest if element.startswith("{")), None)
        inside = self.slots.inside(self.relation, slot) if slot else "|"
        return None if "|" in inside else characters(inside)

    @cached_property
    def active(self) -> re.Pattern[str]:
        gap = "" if self.object or not self.rest else ADJUNCT
        return re.compile(gap + self.sequence(list(self.rest), modifiers=True))

    @cached_property
    def patients(self) -> frozenset[str]:
        """The characters of the mentions that may be the verb's direct object."""
        return characters(self.slots.inside(self.relation, self.object)) if self.object else frozenset()

    @cached_property
    def reduced(self) -> re.Pattern[str]:
        """What follows a participle without auxiliary, of which nobody is named as the agent: "X, built with Y"."""
        others = list(self.rest[1:])
        return re.compile(self.sequence(others, modifiers=True)) if others else re.compile("(?!)")

    @cached_property
    def after_object(self) -> re.Pattern[str]:
        """What follows the verb where its object stands before it."""
        return re.compile(f"(?![{ENTITY}]|the [{ENTITY}])" + self.sequence(list(self.rest[1:]), modifiers=True))

    @cached_property
    def passive(self) -> re.Pattern[str]:
        others = list(self.rest[1:])
        rest = self.sequence(others, modifiers=True)
        if self.before is None:
            return re.compile(ADJUNCT + rest)
        agent = self.slots.named(self.relation, self.before)
        by = rf'(?:(?![;:.!?"]\s|and |who |which )\S+ ){{0,9}}?by {self.slots.modifiers}{agent} '
        if not others:
            return re.compile(by)
        late = re.sub(r"\?P<(\w+)>", r"?P<\1_after>", rest)
        return re.compile(
            f"(?:{rest}{by}|{by.replace('?P<', '?P<late_')}{late})".replace(
                "late_" + self.before.name, self.before.name + "_after"
            )
        )


@dataclass(frozen=True)
class NounWording(Wording):
    """`{object} <founder> of {subject}`: holder, nouns, prepositions, anchor. `nouns` is empty for a title slot."""

    holder: Slot
    nouns: tuple[tuple[str, ...], ...]
    title: Slot | None
    prepositions: tuple[str, ...]
    anchor: Slot
    definite: bool


@dataclass(frozen=True)
class PlainWording(Wording):
    """Any other pattern. `needs` are the numbers of the needs (see `Needs`) that a sentence must meet."""

    elements: tuple[str, ...]
    needs: frozenset[int]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(r"(?<!\S)" + self.sequence(list(self.elements), modifiers=False))


def _is_copula(element: str) -> bool:
    """Whether an element of a wording is a form of "be", after which a relative pronoun may stand."""
    return not {"is", "was", "are", "were"}.isdisjoint(re.findall(r"\w+", element))


def _is_words(element: str) -> bool:
    return element[-1].isalnum() or (element[0] == "(" and len(element) > 1)


@cache
def characters(pattern: str) -> frozenset[str]:
    """The characters of mentions that the pattern of a slot may begin with."""
    if TITLE_OPEN in pattern:
        return frozenset(TITLE_OPEN)
    return frozenset(c for c in map(chr, range(0xE000, 0xE050)) if re.match(pattern, c))
