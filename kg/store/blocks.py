"""The blocks of a store: what articles say of entities of like names, and what these are known by, all considered.

Each profile that some article has stands in the default graph below every name that it may be joined by. So a block is
found without looking at articles, and holds a profile once, however many articles have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kg.link.across import EntityKey, is_contested, is_crowded, keys, other_names, own_names
from kg.link.profiles import Profile, parsed
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.base import Store
from kg.store.pending import Pending

_MAX_CACHED = 50_000


@dataclass(frozen=True, slots=True)
class Change:
    """What it comes to when profiles come and go.

    `keys` has all that are in a block with one of them, then; `moved` those that were there before and are known by
    another key, with the former one.
    """

    come: frozenset[Profile]
    gone: frozenset[Profile]
    keys: Mapping[Profile, EntityKey]
    moved: Mapping[Profile, EntityKey]


class Blocks:
    """The blocks, as they will be once all that is pending is written."""

    def __init__(self, store: Store, pending: Pending, shape: Shape) -> None:
        self._store = store
        self._pending = pending
        self._base = shape.base
        # Both hold what is pending, too, and so are emptied only when nothing is.
        self._blocks: dict[str, frozenset[Profile]] = {}
        self._keys: dict[Profile, EntityKey] = {}
        # The change that was asked for last: whether it can be made is asked before it is made.
        self._last: tuple[tuple[AbstractSet[Profile], ...], Change] | None = None

    def discard(self) -> None:
        self._blocks, self._keys, self._last = {}, {}, None

    def written(self) -> None:
        """All that was pending is in the store."""
        if len(self._blocks) + len(self._keys) > _MAX_CACHED:
            self.discard()

    def expect(self, profiles: Iterable[Profile]) -> list[NamedNode]:
        """What is going to be looked up for these profiles."""
        return [self._node(name) for profile in profiles for name in _names(profile) if name not in self._blocks]

    def key(self, profile: Profile) -> EntityKey:
        """What a profile that is there is known by."""
        if profile not in self._keys:
            region = self._region([profile], [_View(self)])
            self._keys.update(keys(region, _View(self).contested(region)))
        return self._keys[profile]

    def named(self, slug: str) -> set[EntityKey]:
        """What those with this slug are known by."""
        return {key for profile in self.of(slug) if (key := self.key(profile)).slug == slug}

    def change(self, come: AbstractSet[Profile], gone: AbstractSet[Profile]) -> Change:
        """What it comes to when these come and go; some may be there already, or not."""
        new = frozenset(profile for profile in come if profile not in self.of(profile.slug))
        lost = frozenset(profile for profile in gone - come if profile in self.of(profile.slug))
        if not new and not lost:
            return Change(new, lost, {profile: self.key(profile) for profile in come}, {})
        if self._last is not None and self._last[0] == (come, new, lost):
            return self._last[1]
        then = _View(self, new, lost)
        region = self._region(new | lost, [_View(self), then])
        before = {profile: self.key(profile) for profile in region - new}
        after = keys(region - lost, then.contested(region))
        moved = {profile: key for profile, key in before.items() if profile in after and after[profile] != key}
        others = {profile: self.key(profile) for profile in come - after.keys()}
        change = Change(new, lost, after | others, moved)
        self._last = (frozenset(come), new, lost), change
        return change

    def apply(self, change: Change) -> None:
        self._last = None
        for profile in change.gone:
            del self._keys[profile]
            for name in _names(profile):
                self._blocks[name] = self.of(name) - {profile}
                self._pending.remove(self._quad(name, profile))
        for profile in change.come:
            for name in _names(profile):
                self._blocks[name] = self.of(name) | {profile}
                self._pending.add(self._quad(name, profile))
        self._keys.update(change.keys)

    def _region(self, start: Iterable[Profile], views: Sequence[_View]) -> frozenset[Profile]:
        """All on which the keys of these depend, in one of the views."""
        found = set(start)
        names: set[str] = set()
        todo = list(found)
        while todo:
            profile = todo.pop()
            for name in _names(profile) - names:
                is_own = name in own_names(profile)
                for view in views:
                    is_crowded = view.is_crowded(name)
                    is_open = not is_crowded and not view.is_contested(name)
                    if (is_own and not is_crowded) or is_open or name == profile.slug:
                        names.add(name)
                    for other in view.of(name):
                        is_alike = is_own and not is_crowded and name in own_names(other)
                        if other not in found and (is_open or is_alike or other.slug == name == profile.slug):
                            found.add(other)
                            todo.append(other)
        return frozenset(found)

    def of(self, name: str) -> frozenset[Profile]:
        """The profiles that have this name, or are said to have it."""
        block = self._blocks.get(name)
        if block is None:
            quads = self._store.match(self._node(name), v.PROFILE, None, DEFAULT)
            block = frozenset(parsed(quad.object.value) for quad in quads if isinstance(quad.object, Literal))
            self._blocks[name] = block
        return block

    def _quad(self, name: str, profile: Profile) -> Quad:
        return Quad(self._node(name), v.PROFILE, Literal(profile.written()), DEFAULT)

    def _node(self, name: str) -> NamedNode:
        return node_of(self._base, name)


def node_of(base: str, name: str) -> NamedNode:
    """What a graph with this base IRI has the profiles of a name below."""
    return NamedNode(f"{base}name/{quote(name)}")


class _View:
    """The blocks as they are, or when some profiles have come and others gone."""

    def __init__(self, blocks: Blocks, come: Iterable[Profile] = (), gone: AbstractSet[Profile] = frozenset()) -> None:
        self._blocks = blocks
        self._gone = gone
        self._coming: dict[str, set[Profile]] = {}
        for profile in come:
            for name in _names(profile):
                self._coming.setdefault(name, set()).add(profile)

    def of(self, name: str) -> frozenset[Profile]:
        return (self._blocks.of(name) - self._gone) | self._coming.get(name, frozenset())

    def is_contested(self, name: str) -> bool:
        return is_contested(name, self.of(name))

    def is_crowded(self, name: str) -> bool:
        return is_crowded(name, self.of(name))

    def contested(self, profiles: Iterable[Profile]) -> frozenset[str]:
        """Which of the names that these are said to have are contested, and which that they have are crowded."""
        names = {name for profile in profiles for name in other_names(profile)}
        own = {name for profile in profiles for name in own_names(profile)}
        crowded = {f" {name}" for name in own if self.is_crowded(name)}
        return frozenset(crowded | {name for name in names if self.is_contested(name)})


def _names(profile: Profile) -> frozenset[str]:
    return own_names(profile) | other_names(profile)
