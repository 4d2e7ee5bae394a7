"""Which entities of different articles are the same: a function of what each of the articles alone says of them.

Profiles of like names make up a block, and within a block those are joined, the likeliest first, for which more speaks
than against (`evidence`). So the order in which articles come is nothing to it, and every join can be explained.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

from kg.link.fields import homonyms
from kg.link.profiles import Profile, language
from kg.model import ArticleFacts
from kg.rdf.terms import digest, one_line, slug

# What speaks for or against, in steps of how sure it makes: above 0, two are one.
_NAME = 1.5
_PERSON = 3.0
"""The full name of a person."""
_COMMON_PERSON = 0.25
"""Likewise, with a surname that very many have."""
_TELLING_NAME = 3.5
"""A name of an organization or program that is more than words of the language."""
_LIKE_NAME = -1.0
"""A name that is only alike: a nickname, a middle name that is left out."""
_OTHER_NAME = 3.5
"""One is called what the other is said to be called, too."""
_SAME_ITEM = 4.0
_ITEM_OF_NAME = 1.0
"""The same link of people of the same name, which may follow from the name."""
_SHARED_TIE = 3.0
_OTHER_TIES = -1.4
_SHARED_AREA = 1.5
_OTHER_AREAS = -1.3
_SHARED_FIELD = 1.0
_OTHER_FIELD = -3.0
_OTHER_GENDER = -3.0
_OTHER_PLACE = -3.0
_OTHER_TIME = -8.0
_SAME_VALUE = 3.0
_OTHER_VALUE = -2.0
_NEVER = -100.0
_CROWD = 60
"""So many profiles of one name, or names that are only alike, are compared two by two."""
_LIFE = 70
"""Years between which one person is seldom in the news."""


class EntityKey(NamedTuple):
    """What an entity is known by, over all articles: those with equal keys are one.

    `which` tells it from others of its name and type, where there are such; else it is empty.
    """

    slug: str
    type: str
    which: str = ""


class Evidence(NamedTuple):
    """What speaks for two being one (`weight` above 0), or against it."""

    what: str
    weight: float


@lru_cache(maxsize=65536)
def own_names(profile: Profile) -> frozenset[str]:
    """By what a profile is looked for as the one that it is: its name, what is left of that, and its item."""
    core = _core(profile.slug, _family(profile.type))
    return frozenset({profile.slug, core, *filter(None, (profile.item,))})


@lru_cache(maxsize=65536)
def other_names(profile: Profile) -> frozenset[str]:
    """What it is said to be called, too."""
    return frozenset(_core(name, _family(profile.type)) for name in profile.names)


def is_contested(name: str, profiles: Iterable[Profile]) -> bool:
    """Whether several things are said to be called so, too: then that says nothing of either, and a link neither."""
    found = (each for each in profiles if name in other_names(each))
    return len({_core(each.slug, _family(each.type)) for each in found} - {name}) > 1


def is_crowded(name: str, profiles: Iterable[Profile]) -> bool:
    """Whether so many different names are alike in it that being alike says nothing."""
    return len({each.slug for each in profiles if name in own_names(each)}) > _CROWD


def keys(profiles: Iterable[Profile], contested: Container[str] = ()) -> dict[Profile, EntityKey]:
    """The key of each of these profiles, which have in common with no others a name that is not `contested`; a crowded
    name is among these with a blank before it."""
    groups = _groups(sorted(set(profiles)), contested)
    return {profile: key for group, key in _named(groups) for profile in group.profiles}


def evidence(one: Sequence[Profile], other: Sequence[Profile]) -> tuple[Evidence, ...]:
    """What speaks for and against two sets of profiles, each of one entity, being one; empty where it can't be asked."""
    return tuple(_evidence(_Group(tuple(one)), _Group(tuple(other))))


def entity_keys(facts: ArticleFacts) -> dict[str, EntityKey]:
    """The key of each entity of an article by its `id` there, as far as the article alone says."""
    return {entity.id: EntityKey(slug(one_line(entity.name)), entity.type) for entity in facts.entities}


# Names.


@lru_cache(maxsize=1024)
def _family(kind: str) -> str:
    """The types of which one name may stand for one thing."""
    return "" if kind in language().things else kind


@lru_cache(maxsize=65536)
def _core(name: str, family: str) -> str:
    """What is left of a slug when all is taken away that one name may have and another of the same thing may not."""
    english = language()
    if family in english.people:
        first, _, last, suffix = _parts(name)
        groups = english.nicknames.get(first)
        given = f"{min(groups)}" if groups else _plain(first)
        return " ".join(filter(None, (given if last else "", _plain(last or first), suffix)))
    if not family:
        parts = name.split("-")
        while len(parts) > 1 and parts[-1] in english.legal:
            parts.pop()
        return "".join(parts)
    return name


@lru_cache(maxsize=65536)
def _parts(name: str) -> tuple[str, tuple[str, ...], str, str]:
    """A person's first name, middle names, surname, and what follows it, such as "jr"."""
    words = name.split("-")
    suffix = words.pop() if len(words) > 2 and words[-1] in language().suffixes else ""
    return words[0], tuple(words[1:-1]), words[-1] if len(words) > 1 else "", suffix


def _plain(word: str) -> str:
    """A word without what is written in two ways: an umlaut, or its vowel with an e."""
    for written, plain in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        word = word.replace(written, plain)
    return word


# Groups: profiles that are one entity.


@dataclass(frozen=True, slots=True)
class _Summed:
    items: frozenset[str]
    names: frozenset[str]
    cores: frozenset[str]
    claims: frozenset[str]
    bound: frozenset[str]
    fields: frozenset[str]
    ties: frozenset[str]
    areas: frozenset[str]
    genders: frozenset[str]
    places: frozenset[str]
    years: tuple[int, int] | None
    values: frozenset[str]
    middles: frozenset[tuple[str, ...]]


class _Group:
    """Profiles of one entity, sorted, and all that they say."""

    __slots__ = ("all", "family", "profiles")

    def __init__(self, profiles: tuple[Profile, ...], contested: Container[str] = ()) -> None:
        """A name that is `contested` says nothing of who is called so, too."""
        self.profiles = profiles
        self.family = family = _family(profiles[0].type)
        is_person = family in language().people
        years = [year for each in profiles for year in each.years]
        self.all = _Summed(
            frozenset(each.item for each in profiles if each.item),
            frozenset(each.slug for each in profiles),
            frozenset(core for each in profiles if f" {(core := _core(each.slug, family))}" not in contested),
            frozenset(name for each in profiles for name in other_names(each) if name not in contested),
            frozenset(each.type for each in profiles if each.is_bound),
            frozenset(field for each in profiles for field in each.fields),
            frozenset(tie for each in profiles for tie in each.ties),
            frozenset(area for each in profiles for area in each.areas),
            frozenset(each.gender for each in profiles if each.gender),
            frozenset(each.place for each in profiles if each.place),
            (min(years), max(years)) if years else None,
            frozenset(value for each in profiles for value in each.values),
            frozenset(_initials(each.slug) for each in profiles if _initials(each.slug)) if is_person else frozenset(),
        )

    @property
    def is_telling(self) -> bool:
        """Whether anything is known by which it can be told from others of its name."""
        told = self.all
        return bool(
            told.items or told.fields or told.ties or told.areas or told.genders or told.places or told.years or told.values
            or told.middles
        )  # fmt: skip


def _initials(name: str) -> tuple[str, ...]:
    return tuple(word[0] for word in _parts(name)[1])


def _evidence(one: _Group, other: _Group) -> Iterator[Evidence]:
    """Nothing where two can't be one, or their names are not alike."""
    a, b = one.all, other.all
    if one.family != other.family or len(a.items | b.items) > 1 or len(a.bound | b.bound) > 1:
        return
    if a.middles and b.middles and len(a.middles | b.middles) > 1:
        return
    by_name = _of_names(one, other)
    if a.items & b.items:
        is_of_name = one.family in language().people and a.names & b.names
        yield Evidence("the same item", _ITEM_OF_NAME if is_of_name else _SAME_ITEM)
    elif by_name is None:
        return
    if by_name is not None:
        yield by_name
    if a.ties & b.ties:
        yield Evidence(f"both with {_listed(a.ties & b.ties)}", _SHARED_TIE)
    elif a.ties and b.ties:
        yield Evidence("with others", _OTHER_TIES)
    if a.areas & b.areas:
        yield Evidence(f"both in {_listed(a.areas & b.areas)}", _SHARED_AREA)
    elif a.areas and b.areas:
        yield Evidence("in other places", _OTHER_AREAS)
    if a.fields and b.fields:
        if homonyms().agree(a.fields, b.fields):
            yield Evidence(f"fields that go together: {_listed(a.fields | b.fields)}", _SHARED_FIELD)
        else:
            yield Evidence(f"other fields: {_listed(a.fields)}; {_listed(b.fields)}", _OTHER_FIELD)
    if a.genders and b.genders and a.genders.isdisjoint(b.genders):
        yield Evidence("he and she", _OTHER_GENDER)
    if a.places and b.places and a.places.isdisjoint(b.places):
        yield Evidence(f"other places: {_listed(a.places)}; {_listed(b.places)}", _OTHER_PLACE)
    if a.years and b.years and max(a.years[0] - b.years[1], b.years[0] - a.years[1]) >= _LIFE:
        yield Evidence("other times", _OTHER_TIME)
    if a.values & b.values:
        yield Evidence(_listed(a.values & b.values), _SAME_VALUE)
    elif {value.split()[0] for value in a.values} & {value.split()[0] for value in b.values}:
        yield Evidence(f"{_listed(a.values)}; {_listed(b.values)}", _OTHER_VALUE)


def _of_names(one: _Group, other: _Group) -> Evidence | None:
    a, b = one.all, other.all
    if a.names & b.names:
        name = min(a.names & b.names)
        return Evidence(f"the same name: {name}", _weight(name, one.family))
    if a.cores & b.cores:
        name = min(a.names | b.names)
        alike = _weight(name, one.family) + (_LIKE_NAME if one.family in language().people else 0.0)
        return Evidence(f"like names: {_listed(a.names | b.names)}", alike)
    called = (a.claims & b.cores) | (b.claims & a.cores)
    if called:
        return Evidence(f"one is also called what the other is: {_listed(a.names | b.names)}", _OTHER_NAME)
    return None


def _weight(name: str, family: str) -> float:
    """How much it says that two have this name."""
    english = language()
    if family in english.people:
        return _COMMON_PERSON if _parts(name)[2] in homonyms().surnames else _PERSON
    if family:
        return _NAME
    is_plain = all(_is_plain(word) for word in name.split("-"))
    return _NAME if "-" not in name or is_plain else _TELLING_NAME


@lru_cache(maxsize=16384)
def _is_plain(word: str) -> bool:
    """Whether a word of a name tells little of which one it is: one of the language, or a given name."""
    # Imported here, as a graph that is only read needs no words.
    from kg.extract.names_words import words

    known = homonyms()
    singular = word.removesuffix("s")
    return word in words().common or word in known.words or word in known.plain or singular in language().given


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


# Joining.


def _groups(profiles: Sequence[Profile], contested: Container[str]) -> list[_Group]:
    by_name: dict[tuple[str, str], list[Profile]] = defaultdict(list)
    for profile in profiles:
        by_name[_family(profile.type), profile.slug].append(profile)
    first: list[_Group] = []
    for same in by_name.values():
        whole = _Group(tuple(same), contested)
        # Most often nothing speaks against; then this is what joining two by two comes to.
        parts = [(each,) for each in same] if len(same) <= _CROWD else _by_kind(same)
        first += [whole] if _is_at_one(whole) else [_Group(part, contested) for part in parts]
    telling = _joined([group for group in first if group.is_telling], contested)
    others = [group for group in first if not group.is_telling]
    return _joined(_with_the_only_one(telling, others, contested), contested)


def _by_kind(profiles: Iterable[Profile]) -> list[tuple[Profile, ...]]:
    """Those of a very common name, which are too many to be compared two by two, by what is known of most."""
    found: dict[tuple[object, ...], list[Profile]] = defaultdict(list)
    for each in profiles:
        found[each.item, each.fields, each.gender, each.slug].append(each)
    return [tuple(same) for same in found.values()]


def _is_at_one(group: _Group) -> bool:
    """Whether any two profiles of one name are one, whatever else is known of it."""
    told = group.all
    (name,) = told.names
    is_person = group.family in language().people
    return (
        _weight(name, group.family) + (_OTHER_TIES + _OTHER_AREAS if is_person else 0.0) > 0
        and max(map(len, (told.items, told.bound, told.middles, told.genders, told.places))) <= 1
        and (told.years is None or told.years[1] - told.years[0] < _LIFE)
        and len({value.split()[0] for value in told.values}) == len(told.values)
        and all(homonyms().agree((one,), (other,)) for one in told.fields for other in told.fields)
    )


def _joined(groups: list[_Group], contested: Container[str]) -> list[_Group]:
    """Join two, the likeliest first, while there are two for which more speaks than against."""
    groups = list(groups)
    by_name: dict[str, list[int]] = defaultdict(list)
    likely: list[tuple[float, int, int]] = []
    gone: set[int] = set()

    def compare(new: int) -> None:
        """With those that have a name in common with it, or an item."""
        told = groups[new].all
        names = told.names | told.cores | told.claims | told.items
        for other in {other for name in names for other in by_name[name]} - gone:
            weight = _sum(groups[other], groups[new])
            if weight > 0:
                heappush(likely, (-weight, other, new))
        for name in names:
            by_name[name].append(new)

    for number in range(len(groups)):
        compare(number)
    while likely:
        _, a, b = heappop(likely)
        if gone.isdisjoint((a, b)):
            gone |= {a, b}
            groups.append(_Group(tuple(sorted((*groups[a].profiles, *groups[b].profiles))), contested))
            compare(len(groups) - 1)
    return [group for number, group in enumerate(groups) if number not in gone]


def _with_the_only_one(telling: list[_Group], others: list[_Group], contested: Container[str]) -> list[_Group]:
    """Of whom nothing is known but the name is the one of that name, if there is only one."""
    joined: dict[int, list[Profile]] = defaultdict(list)
    left = []
    for group in others:
        fitting = [number for number, each in enumerate(telling) if _sum(each, group) > 0]
        if len(fitting) == 1:
            joined[fitting[0]] += group.profiles
        else:
            left.append(group)
    return left + [
        _Group(tuple(sorted((*group.profiles, *joined[number]))), contested) if number in joined else group
        for number, group in enumerate(telling)
    ]


def _sum(one: _Group, other: _Group) -> float:
    found = [each.weight for each in _evidence(one, other)]
    return sum(found) if found else _NEVER


# What the joined are called.


def _named(groups: Sequence[_Group]) -> Iterator[tuple[_Group, EntityKey]]:
    by_key: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for group in sorted(groups, key=lambda each: each.profiles):
        by_key[_slug(group), _type(group)].append(group)
    for (name, kind), same in by_key.items():
        marks = [_marks(group) for group in same]
        for number, group in enumerate(same):
            others = {mark for place, found in enumerate(marks) if place != number for mark in found}
            own = next((mark for mark in marks[number] if mark not in others), None)
            which = own or digest(*(profile.written() for profile in group.profiles))[:6]
            yield group, EntityKey(name, kind, which if len(same) > 1 else "")


def _slug(group: _Group) -> str:
    """The name that the others are said to have, too, as it is the one that most know; else the shortest."""
    english = language()

    def rank(name: str) -> tuple[bool, bool, int, str]:
        is_legal = not group.family and name.split("-")[-1] in english.legal
        return _core(name, group.family) not in group.all.claims, is_legal, len(name), name

    return min(group.all.names, key=rank)


def _type(group: _Group) -> str:
    """The type that facts call for; else that of the one that is linked; else the first in the alphabet."""
    linked = {profile.type for profile in group.profiles if profile.item}
    return min(group.all.bound or linked or {profile.type for profile in group.profiles})


def _marks(group: _Group) -> list[str]:
    """What it may be told by from others of its name, the best first."""
    told = group.all
    initials = ["-".join(found) for found in sorted(told.middles)]
    years = [str(told.years[0])] if told.years else []
    found = (sorted(item.lower() for item in told.items), initials, sorted(told.fields), sorted(told.places))
    more = (sorted(told.ties), sorted(told.areas), sorted(told.genders), years)
    return [mark for marks in (*found, *more) for mark in marks]
