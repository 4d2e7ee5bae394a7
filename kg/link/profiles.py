"""What one article alone says of an entity, as far as it tells whether an entity of another article is the same.

A profile is written as one line of JSON, which the article's graph keeps; so it must be the same for the same article,
and short. What is known for each name is a few fields, ties and years: so the more articles call an entity by a name,
the fewer of their profiles are new.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import ontology
from kg.link.fields import MOST, best, homonyms
from kg.model import ArticleFacts, Entity, Fact, Span
from kg.rdf import vocabulary as v
from kg.rdf.terms import one_line, slug

if TYPE_CHECKING:
    from kg.resolve.language import Language

_YEAR = re.compile(r"\b1\d{3}\b|\b20\d{2}\b")
_IN = re.compile(r",? (?:(?:the|a|an) (?:[\w-]+ ){1,5}(?:of|in) |in |on )?(?:the )?")
_GENDERS = ("male", "female")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&.]{1,6}")
_MOST_TIES, _MOST_AREAS = 4, 2


@dataclass(frozen=True, slots=True, order=True)
class Profile:
    """An entity as one article has it. All names are slugs.

    `names` are others that the article states for the same thing: former ones, acronyms. `item` is its link. `is_bound`
    says that the article could not say what it says of a thing of another type. `fields` are what it is known for, as
    in `ontology/english/homonyms.toml`; `ties` those to which facts tie a person, or who stand near; `areas` the places that
    stand near; `gender` what pronouns tell; `place` where it is, by the words after its name; `years` the first and the last one in sentences about it;
    `values` what it can have only one of, such as a year of birth, with the relation before it.
    """

    slug: str
    type: str
    item: str = ""
    names: tuple[str, ...] = ()
    is_bound: bool = False
    fields: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    gender: str = ""
    place: str = ""
    years: tuple[int, ...] = ()
    values: tuple[str, ...] = ()

    def written(self) -> str:
        """As one line: what is empty is left out."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}, ensure_ascii=False)


def parsed(text: str) -> Profile:
    """The profile that was written so."""
    found: dict[str, Any] = json.loads(text)
    for key, value in found.items():
        if isinstance(value, list):
            found[key] = tuple(value)
    return Profile(**found)


@cache
def language() -> Language:
    """What is known of English names. It is imported late, as a graph that nothing is added to needs none of it."""
    from kg.resolve.language import english

    return english()


def profiles(facts: ArticleFacts) -> dict[str, Profile]:
    """The profile of each entity of an article, by its `id` there. Those of one name and type, or item, share one."""
    english = language()
    relations = ontology.load().relations
    entities = {entity.id: entity for entity in facts.entities}
    slugs = {entity.id: slug(one_line(entity.name)) for entity in facts.entities}
    of_facts: dict[str, list[Fact]] = {entity.id: [] for entity in facts.entities}
    for fact in facts.facts:
        of_facts[fact.subject].append(fact)
        if fact.object_is_entity and fact.object != fact.subject:
            of_facts[fact.object].append(fact)
    found: dict[tuple[str, str], Profile] = {}
    around = _Around(facts, slugs, english)
    for entity in facts.entities:
        own = of_facts[entity.id]
        names = set(_names(entity, own, relations, english)) - {slugs[entity.id]}
        profile = Profile(
            slugs[entity.id],
            entity.type,
            # What has another name may have the link of that one, and whether it is its own is what is asked.
            "" if names else entity.qid or "",
            tuple(sorted(names)),
            _is_bound(entity, own, relations, entities, english),
        )
        if entity.type in english.people | english.things | english.places:
            profile = around.completed(profile, entity, own, relations)
        key = profile.slug, profile.type
        found[key] = _both(found[key], profile) if key in found else profile
    for slug_of, kind in list(found):
        # An article that has one name for two kinds of things tells them apart.
        if any((slug_of, other) in found for other in english.things - {kind}):
            found[slug_of, kind] = replace(found[slug_of, kind], is_bound=kind in english.things)
    return {entity.id: found[slugs[entity.id], entity.type] for entity in facts.entities}


def _both(one: Profile, other: Profile) -> Profile:
    return replace(
        one,
        item=min(filter(None, (one.item, other.item)), default=""),
        names=tuple(sorted({*one.names, *other.names})),
        is_bound=one.is_bound or other.is_bound,
        fields=tuple(sorted({*one.fields, *other.fields}))[:MOST],
        ties=tuple(sorted({*one.ties, *other.ties}))[:_MOST_TIES],
        areas=tuple(sorted({*one.areas, *other.areas}))[:_MOST_AREAS],
        gender=one.gender if one.gender == other.gender else "",
        place=one.place or other.place,
        years=_span((*one.years, *other.years)),
        values=tuple(sorted({*one.values, *other.values})),
    )


def _span(years: Sequence[int]) -> tuple[int, ...]:
    return (min(years), max(years)) if years else ()


def _names(
    entity: Entity, facts: Iterable[Fact], relations: Mapping[str, ontology.Relation], english: Language
) -> Iterator[str]:
    """Other names that are as good as the first: stated ones, acronyms, and those that have no word in common with it."""
    words = set(slug(one_line(entity.name)).split("-"))
    for mention in entity.mentions:
        text = one_line(mention.text)
        if mention.kind == "name" and not english.countries.get(text.lower()):
            other = slug(text)
            if (entity.type in english.things and (_ACRONYM.fullmatch(text) or words.isdisjoint(other.split("-")))) or (
                entity.type in english.people and _is_like(other, words)
            ):
                yield other
    for fact in facts:
        if fact.subject == entity.id and v.ALTERNATIVE.value in relations[fact.relation].matches:
            other = slug(one_line(fact.object))
            if entity.type in english.things or (entity.type in english.people and _is_like(other, words)):
                yield other


def _is_like(other: str, words: AbstractSet[str]) -> bool:
    """Whether a full name can be another one of a person: one who marries keeps the given name."""
    parts = other.split("-")
    return len(parts) > 1 and not words.isdisjoint(parts)


def _is_bound(
    entity: Entity,
    facts: Iterable[Fact],
    relations: Mapping[str, ontology.Relation],
    entities: Mapping[str, Entity],
    language: Language,
) -> bool:
    """Whether a fact, or a legal form in the name, calls for this type among those that one name may stand for."""
    if entity.type not in language.things:
        return False
    if entity.type in language.groups and slug(one_line(entity.name)).split("-")[-1] in language.legal:
        return True
    for fact in facts:
        relation = relations[fact.relation]
        types = relation.domain if fact.subject == entity.id else relation.range
        if types and not language.things & set(types) - {entity.type}:
            return True
    return False


class _Around:
    """What stands around the mentions of entities in an article."""

    def __init__(self, facts: ArticleFacts, slugs: Mapping[str, str], language: Language) -> None:
        document = facts.document
        self._text = document.text
        self._sentences = document.sentences
        self._starts = [sentence.start for sentence in document.sentences]
        self._language = language
        self._slugs = slugs
        self._named: dict[int, dict[str, None]] = {}
        self._people: dict[int, list[Span]] = {}
        self._places: dict[int, str] = {}
        for entity in facts.entities:
            for mention in entity.mentions:
                if mention.kind == "name":
                    self._add(entity, mention.span)
        self._types = {entity.id: entity.type for entity in facts.entities}
        self._of_sentence: dict[tuple[int, bool], tuple[Counter[str], list[int]]] = {}

    def _add(self, entity: Entity, span: Span) -> None:
        number = self._number(span.start)
        if entity.type in self._language.places:
            self._places[span.start] = self._slugs[entity.id]
        elif entity.type in self._language.people:
            self._people.setdefault(number, []).append(span)
        if entity.type in self._language.people | self._language.things | self._language.places:
            self._named.setdefault(number, {})[entity.id] = None

    def completed(
        self, profile: Profile, entity: Entity, facts: Sequence[Fact], relations: Mapping[str, ontology.Relation]
    ) -> Profile:
        numbers = sorted({self._number(mention.start) for mention in entity.mentions})
        is_person = entity.type in self._language.people
        told = Counter[str]()
        years: list[int] = []
        for number in numbers:
            counts, in_sentence = self._told(number, is_person)
            told.update(counts)
            years += in_sentence
        # An item tells more than those who stand near, and is the same in all articles.
        has_ties = is_person and not entity.qid
        return replace(
            profile,
            fields=() if entity.type in self._language.places else best(told),
            ties=self._ties(entity, facts, numbers) if has_ties else (),
            areas=self._nearest(entity, self._language.places, _MOST_AREAS, (), numbers) if has_ties else (),
            gender=self._gender(entity) if is_person else "",
            place="" if is_person else self._place(entity),
            years=_span([year // 10 * 10 for year in years]) if is_person else (),
            values=tuple(sorted(set(_only(entity, facts, relations)))) if is_person else (),
        )

    def _number(self, position: int) -> int:
        """The sentence in which a character stands."""
        return max(0, bisect_right(self._starts, position) - 1)

    def _told(self, number: int, is_person: bool) -> tuple[Counter[str], list[int]]:
        """The fields that the words of a sentence tell, and its years. People's names are no words; what organizations
        are called tells what they do, and nothing of a person beside them."""
        if (number, is_person) not in self._of_sentence:
            sentence = self._sentences[number]
            text = self._text[sentence.start : sentence.end]
            for span in self._people.get(number, ()):
                start, end = span.start - sentence.start, span.end - sentence.start
                text = text[:start] + "." * (end - start) + text[end:]
            years = [int(year) for year in _YEAR.findall(text)]
            self._of_sentence[number, is_person] = Counter(homonyms().told(text, small=is_person)), years
        return self._of_sentence[number, is_person]

    def _ties(self, entity: Entity, facts: Iterable[Fact], numbers: Sequence[int]) -> tuple[str, ...]:
        """Those to which facts tie it, those that stand in a sentence with it, and in the one before or after it."""
        known = self._language.people | self._language.things
        tied = (other for fact in facts for other in (fact.subject, fact.object) if other in self._types)
        return self._nearest(entity, known, _MOST_TIES, tied, numbers)

    def _nearest(
        self, entity: Entity, types: Container[str], most: int, tied: Iterable[str], numbers: Sequence[int]
    ) -> tuple[str, ...]:
        beside = (other for number in numbers for other in self._named.get(number, ()))
        near = (other for step in (-1, 1) for number in numbers for other in self._named.get(number + step, ()))
        found = {self._slugs[each]: None for each in chain(tied, beside, near) if self._types[each] in types}
        found.pop(self._slugs[entity.id], None)
        return tuple(sorted(list(found)[:most]))

    def _gender(self, entity: Entity) -> str:
        told = Counter(
            pronoun.group
            for mention in entity.mentions
            if mention.kind == "pronoun"
            and (pronoun := self._language.pronouns.get(mention.text.lower())) is not None
            and pronoun.group in _GENDERS
        )
        return next(iter(told)) if len(told) == 1 else ""

    def _place(self, entity: Entity) -> str:
        """The place whose name stands right behind one of its names."""
        for mention in entity.mentions:
            behind = _IN.match(self._text, mention.end) if mention.kind == "name" else None
            if behind is not None and behind.end() in self._places:
                return self._places[behind.end()]
        return ""


def _only(entity: Entity, facts: Iterable[Fact], relations: Mapping[str, ontology.Relation]) -> Iterator[str]:
    """What a thing can have only one of. Of a date, the year: another article may know more of it."""
    for fact in facts:
        if fact.subject == entity.id and relations[fact.relation].functional:
            yield f"{fact.relation} {fact.object[:4]}"
