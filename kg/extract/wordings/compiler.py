"""The wordings of an ontology, parsed, and found again by what triggers them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import OntologyError
from kg.extract.wordings.encode import Encoder
from kg.extract.wordings.grammar import Grammar
from kg.extract.wordings.patterns import ELEMENT, SLOT, NounWording, PlainWording, Slot, Slots, VerbWording, characters
from ontology import Ontology, Relation


class Needs:
    """Sets of tokens of which a sentence must have one for a plain wording to be worth trying, by number."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], int] = {}
        self._of_token: dict[str, list[int]] = {}

    def number(self, tokens: frozenset[str]) -> int:
        """The number of the need of one of these tokens."""
        if tokens not in self._numbers:
            self._numbers[tokens] = len(self._numbers)
            for token in tokens:
                self._of_token.setdefault(token, []).append(self._numbers[tokens])
        return self._numbers[tokens]

    def met(self, tokens: set[str]) -> set[int]:
        """The needs that a sentence of these tokens meets."""
        of_token = self._of_token
        return {number for token in tokens & of_token.keys() for number in of_token[token]}


@dataclass(frozen=True, slots=True)
class Constructions:
    """The constructions for one pair of slots, and the characters that may stand in these."""

    ways: tuple[Construction, ...]
    holders: frozenset[str]
    anchors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Construction:
    """One way in which a role noun links its holder to its anchor, compiled for one wording's slots."""

    left: re.Pattern[str]
    right: re.Pattern[str]
    bare: bool
    date: str | None
    presupposed: bool
    score: float


class Compiler:
    """Parses the wordings of an ontology and indexes them by what triggers them."""

    def __init__(self, ontology: Ontology, grammar: Grammar, encoder: Encoder) -> None:
        self.slots = Slots(ontology, grammar, encoder.alphabet)
        self._grammar = grammar
        self._dropped = encoder.dropped
        self._constructions: dict[tuple[str, str, tuple[str, ...]], Constructions] = {}
        self._of_wording: dict[int, Constructions] = {}
        self.needs = Needs()
        self.verbs: dict[str, list[tuple[VerbWording, str]]] = {}
        self.nouns: dict[str, list[tuple[NounWording, tuple[str, ...]]]] = {}
        self.titles: list[NounWording] = []
        self.plain: dict[int, list[PlainWording]] = {}
        for relation in ontology.relations.values():
            for source in relation.wordings:
                self._add(relation, source)

    def _add(self, relation: Relation, source: str) -> None:
        elements = ELEMENT.findall(source)
        date = elements.pop()[1:] if elements and elements[-1].startswith("@") else None
        if date and date not in relation.qualifiers and (date != "object" or relation.literal_type != "Date"):
            raise OntologyError(f"a wording of {relation.key} ends in @{date}; it has {', '.join(relation.qualifiers)}")
        elements = self._plainly(self._kept(elements))
        marked = [i for i, e in enumerate(elements) if e[0] in "[<" and len(e) > 2]
        values = {}
        for element in SLOT.finditer(source):
            slot = Slot.parse(element[0])
            if slot.values:
                values[slot.name] = re.compile(slot.pattern)
        if len(marked) > 1 or (marked and marked[0] == 0 and elements[0][0] == "<"):
            raise OntologyError(f"the wording {source!r} of {relation.key} needs one slot before its one verb or noun")
        if marked and elements[marked[0]][0] == "[":
            verb = marked[0]
            wording = VerbWording(
                relation, source, date, self.slots, values,
                Slot.parse(elements[0]) if verb else None, tuple(elements[verb][1:-1].split("|")), tuple(elements[verb + 1 :]),
            )  # fmt: skip
            for lemma in wording.lemmas:
                for form, kind in self._forms(lemma):
                    self.verbs.setdefault(form, []).append((wording, kind))
        elif marked:
            self._add_noun(relation, source, date, values, elements)
        else:
            needs = [self.needs.number(tokens) for tokens in self._needs(relation, elements)]
            if not needs:
                raise OntologyError(
                    f"the wording {source!r} of {relation.key} needs a slot or a word that must be there"
                )
            plain = PlainWording(relation, source, date, self.slots, values, tuple(elements), frozenset(needs))
            self.plain.setdefault(needs[0], []).append(plain)

    def _kept(self, elements: list[str]) -> list[str]:
        """The elements without the adverbs that the encoding leaves out."""
        done = []
        for element in elements:
            if element.startswith("(") and len(element) > 1:
                optional = element.endswith("?")
                choices = [
                    " ".join(self._kept(ELEMENT.findall(choice)))
                    for choice in element[1 : -2 if optional else -1].split("|")
                ]
                left = [choice for choice in dict.fromkeys(choices) if choice]
                optional = optional or "" in choices
                if left:
                    done.append(f"({'|'.join(left)}){'?' if optional else ''}")
            elif not self._dropped(element.lower()):
                done.append(element)
        return done

    def _plainly(self, elements: list[str]) -> list[str]:
        """The elements, with a verb after more than one element, or a noun without preposition, as plain words."""
        done = []
        for number, element in enumerate(elements):
            if element[0] == "[" and len(element) > 2 and number > 1:
                forms = {
                    form
                    for lemma in element[1:-1].split("|")
                    for form, kind in self._forms(lemma)
                    if kind != "infinitive"
                }
                done += ["(has|have|had|was|were|is|are)?", f"({'|'.join(sorted(forms))})"]
            elif element[0] == "<" and len(element) > 2 and elements[number + 1][0] == "{":
                done.append(f"({element[1:-1]})")
            else:
                done.append(element)
        return done

    def _forms(self, lemma: str) -> Iterator[tuple[str, str]]:
        forms = self._grammar.forms(lemma)
        yield forms.past, "past"
        if forms.participle != forms.past:
            yield forms.participle, "participle"
        yield forms.present, "present"
        yield forms.gerund, "gerund"
        if forms.lemma not in (forms.past, forms.participle):
            yield forms.lemma, "base" if forms.base else "infinitive"

    def _add_noun(
        self,
        relation: Relation,
        source: str,
        date: str | None,
        values: dict[str, re.Pattern[str]],
        elements: list[str],
    ) -> None:
        holder, noun, *rest = elements
        inside = noun[1:-1]
        if len(rest) < 2 or not rest[-1].startswith("{"):
            raise OntologyError(
                f"the wording {source!r} of {relation.key} needs a preposition and a slot after its noun"
            )
        prepositions = tuple(p for e in rest[:-1] for p in e.strip("()?").split("|"))
        title = Slot.parse(inside.removeprefix("the ")) if "{" in inside else None
        definite = inside.startswith("the ")
        nouns = () if title else tuple(tuple(n.lower().removeprefix("the ").split()) for n in inside.split("|"))
        wording = NounWording(
            relation,
            source,
            date,
            self.slots,
            values,
            Slot.parse(holder),
            nouns,
            title,
            prepositions,
            Slot.parse(rest[-1]),
            definite,
        )
        if title:
            self.titles.append(wording)
        for words in nouns:
            for last in {words[-1], _plural(words[-1])}:
                self.nouns.setdefault(last, []).append((wording, (*words[:-1], last)))

    def _needs(self, relation: Relation, elements: list[str]) -> list[frozenset[str]]:
        """For each required element the tokens of which one must be there, the rarest first."""
        needs: list[tuple[int, frozenset[str]]] = []
        common = self._grammar.prepositions | self._grammar.determiners | self._grammar.auxiliaries
        for element in elements:
            if element in ("~", "*") or element.endswith("?"):
                continue
            if element.startswith("{"):
                slot = Slot.parse(element)
                pattern = self.slots.inside(relation, slot)
                words = characters(pattern)
                weight = 0 if pattern.startswith("[") else 2
                if weight and slot.values:
                    words |= {value.lower().split()[-1] for value in slot.values}
                    if any(value.endswith("*") for value in slot.values):
                        continue
            elif element.startswith("(") and len(element) > 1:
                firsts = {ELEMENT.findall(c.strip())[0].lower() if c.strip() else "" for c in element[1:-1].split("|")}
                if "" in firsts or any(word[0] in "{*~" for word in firsts):
                    continue
                words, weight = frozenset(firsts), min(len(word) for word in firsts)
            else:
                words, weight = frozenset({element.lower()}), len(element)
            if words.isdisjoint(self.slots.possessives):
                needs.append((min(weight, 1) if words <= common else weight, words))
        return [words for _, words in sorted(needs, key=lambda need: -need[0])]

    def constructions(self, wording: NounWording) -> Constructions:
        """The constructions of the grammar with this wording's slots and prepositions."""
        known = self._of_wording.get(id(wording))
        if known is not None:
            return known
        holder = self.slots.inside(wording.relation, wording.holder)
        anchor = self.slots.inside(wording.relation, wording.anchor)
        key = (holder, anchor, wording.prepositions)
        if key not in self._constructions:
            of = "(?:" + "|".join(re.escape(p) for p in wording.prepositions) + ")"

            def fill(text: str) -> str:
                text = text.replace("{P} {A}", f"{of} {self.slots.modifiers}{{A}}(?! 's )").replace("{P}", of)
                text = (
                    text.replace("{HC}", holder)
                    .replace("{H}", f"(?P<holder>{holder})")
                    .replace("{A}", f"(?P<anchor>{anchor})")
                )
                return text

            ways = tuple(
                Construction(
                    re.compile(fill(n.left) + ("$" if n.left.endswith(" )") or n.left.endswith("and )") else " $")),
                    re.compile(fill(n.right) + (" " if n.right else "")),
                    n.bare,
                    n.date,
                    n.presupposed,
                    n.score,
                )
                for n in self._grammar.nouns
            )
            self._constructions[key] = Constructions(ways, characters(holder), characters(anchor))
        self._of_wording[id(wording)] = self._constructions[key]
        return self._constructions[key]


def _plural(noun: str) -> str:
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
