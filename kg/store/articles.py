"""Adds, corrects and forgets articles, and keeps the default graph a function of the articles that are there.

What stands in the default graph has a support in an article's graph: an entity, the article that mentions it; a name,
a mention (or a statement of another name); a Wikidata item, a mention that links to it; a statement, a reference; a
direct edge, a statement. What an article adds is looked up and added where it is missing; what a departing article
leaves without support is taken out. So the work for an article depends on the article, not on the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.link.across import EntityKey, entity_keys
from kg.link.profiles import Profile, parsed, profiles
from kg.model import ArticleFacts
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, ArticleTriples, Shape
from kg.search import texts
from kg.search.texts import Text
from kg.store.base import Matching, Store, iri
from kg.store.blocks import Blocks, Change
from kg.store.decided import Decided
from kg.store.decisions import Content, Kept
from kg.store.identities import Identity
from kg.store.names import Names, alternative
from kg.store.pending import Pending, quads_of
from kg.store.readings import Reading, Readings, said
from kg.store.renaming import rename
from kg.store.shared import Shared

_MAX_CACHED = 100_000


class Articles:
    """The articles of a store. Changes are pending until `write`."""

    def __init__(self, store: Store, shape: Shape) -> None:
        self._pending = Pending(store)
        self._store = store
        self._shape = shape
        self._names = Names(store, self._pending, shape)
        self._shared = Shared(store, self._pending, shape, self._names)
        self._blocks = Blocks(store, self._pending, shape)
        # The entities of each slug. Holds what is pending, too, and so is emptied only when nothing is.
        self._homonyms: dict[str, frozenset[EntityKey]] = {}
        self._new: set[NamedNode] = set()
        self._read: tuple[ArticleFacts, Mapping[str, Profile]] | None = None
        self._known: Decided | None = None
        self._readings = Readings(self._pending, shape)
        self.texts: set[Text] = set()
        """The names, titles and sentences that are to be written, and some that are there."""
        self.renamed: dict[str, str] = {}
        """The entities that got another IRI since the last `write`, from the old one to the new one."""

    @property
    def batch(self) -> int:
        """How many quads are best written at a time."""
        return self._store.batch

    @property
    def view(self) -> Matching:
        """The store as it will be once what is pending is written."""
        return self._pending

    @property
    def pending(self) -> int:
        """How many quads are to be written."""
        return len(self._pending)

    @property
    def retracts(self) -> bool:
        """Whether quads are to be taken out."""
        return self._pending.deletes

    def write(self) -> list[Text]:
        """Write all pending changes; after a crash meanwhile, the store holds some of the articles, each whole.

        Returns the names, titles and sentences that the store has lost.
        """
        removed = set(texts.of_quads(self._pending.removed))
        self._pending.write()
        self._new = set()
        self.texts = set()
        self.renamed = {}
        self._names.written()
        self._blocks.written()
        if len(self._homonyms) > _MAX_CACHED:
            self._homonyms = {}
        return [text for text in removed if not texts.is_in(self._store, text)]

    def discard(self) -> None:
        """Drop all changes that are not written."""
        if len(self._pending):
            self._pending.discard()
            self._blocks.discard()
            self._homonyms = {}
            self._names.discard()
            self._known = None
        self._new = set()
        self.texts = set()
        self.renamed = {}

    def holds(self, identifier: str) -> bool:
        """Whether an article is there."""
        article = self._shape.article(identifier)
        return article in self._new or self._pending.contains(Quad(article, v.TYPE, v.ARTICLE, article))

    def only_adds(self, facts: ArticleFacts) -> bool:
        """Whether an article is new and no entity must be renamed for it: then what is pending is not looked through.

        It may still take the place of a label.
        """
        if self.holds(facts.document.id):
            return False
        found = self._profiles_of(facts)
        self._expect(found.values())
        change = self._blocks.change(set(found.values()), set())
        keys = set(self._keys(facts.document.id, found, change.keys).values())
        if change.moved or self.decided.kept.about(key.slug for key in keys):
            return False
        by_slug: dict[str, set[EntityKey]] = defaultdict(set)
        for key in keys:
            by_slug[key.slug].add(key)
        return all(len(self._block(slug)) != 1 or new <= self._block(slug) for slug, new in by_slug.items())

    def put(self, facts: ArticleFacts) -> bool:
        """Add an article, or put it in the place of its former version; whether anything changed."""
        article = self._shape.article(facts.document.id)
        is_new = not self.holds(facts.document.id)
        found = self._profiles_of(facts)
        self._expect(found.values())
        with self._changed(article, is_new, set(found.values())) as change:
            across = {identifier: change.keys[profile] for identifier, profile in found.items()}
            keys = self._keys(facts.document.id, found, change.keys)
            texts_of = {identifier: profile.written() for identifier, profile in found.items()}
            if across == keys and len(set(keys.values())) == len(set(found.values())):
                is_kept = not is_new and self._readings.keep(article, None)
                as_joined = _typed(facts, keys)
                new = self._put(article, is_new, set(keys.values()), lambda: self._triples(as_joined, keys, texts_of))
            else:
                forms = {identifier: self._readings.form(key) for identifier, key in entity_keys(facts).items()}
                reading = self._readings.of_triples(self._shape.triples(facts, forms, texts_of))
                is_kept, new = self._put_reading(article, is_new, reading)
        if new is not None:
            self.texts.update(texts.of_article(facts, new.names.values()))
        self._pending.mark()
        return is_kept or new is not None

    def _put(
        self, article: NamedNode, is_new: bool, keys: set[EntityKey], make: Callable[[], ArticleTriples]
    ) -> ArticleTriples | None:
        """Add an article, or what it is now; its triples, unless they are there. `make` makes them, with known IRIs."""
        self._settle(article, is_new, keys)
        triples = make()
        if is_new:
            self._pending.add_new(triples.own)
            self._new.add(article)
        else:
            former = list(self._pending.match(None, None, None, article))
            own = set(quads_of(triples.own))
            if set(former) == own and all(
                self._pending.contains(Quad(entity, v.TYPE, iri, DEFAULT)) for entity, iri in triples.types.items()
            ):
                return None
            self._shared.withdraw(former, triples)
            for quad in own:
                self._pending.add(quad)
        self._shared.add(triples, is_new)
        return triples

    def _triples(self, facts: ArticleFacts, keys: Mapping[str, EntityKey], said: Mapping[str, str]) -> ArticleTriples:
        return self._shape.triples(facts, {identifier: self._iri(key) for identifier, key in keys.items()}, said)

    def forget(self, identifier: str) -> bool:
        """Take an article out; whether it was there."""
        article = self._shape.article(identifier)
        if not self.holds(identifier):
            return False
        with self._changed(article, False, set()):
            self._settle(article, False, set())
            self._new.discard(article)
            self._shared.withdraw(list(self._pending.match(None, None, None, article)), None)
            self._readings.keep(article, None)
        self._pending.empty(article)
        return True

    # Decisions.

    @property
    def decided(self) -> Decided:
        if self._known is None:
            kept = Kept(self._store, self._shape)
            self._known = Decided(kept, self._pending, self._shape, self, self.find)
        return self._known

    def key(self, entity: NamedNode) -> EntityKey:
        """What an entity is known by. Raises StoreError where it is no entity of articles."""
        found = self._types(self._pending, entity)
        if len(found) != 1:
            raise StoreError(f"{entity.value} is no entity that articles mention.")
        plain = EntityKey(self._shape.slug(entity), found[0])
        return plain if entity == self._shape.entity(*plain[:2], False) else EntityKey(*self._shape.parts(entity))

    def _identifier(self, article: NamedNode) -> str:
        return article.value.removeprefix(self._shape.article("").value)

    def _keys(
        self, identifier: str, found: Mapping[str, Profile], across: Mapping[Profile, EntityKey]
    ) -> dict[str, EntityKey]:
        """The key of each entity of an article, after all that people said of which entity is which."""
        identities = self.decided.kept.identities
        return {id: identities.of(across[profile], identifier) for id, profile in found.items()}

    def _profiles_of(self, facts: ArticleFacts) -> Mapping[str, Profile]:
        """Whether an article only adds is asked before it is put, so that they are kept for a moment."""
        if self._read is None or self._read[0] is not facts:
            self._read = facts, profiles(facts)
        return self._read[1]

    def _profiles(self, article: NamedNode) -> dict[NamedNode, Profile]:
        """What an article that is in the graph alone says of its entities, by the mention that bears it."""
        found = self._pending.match(None, v.PROFILE, None, article)
        return {iri(quad.subject): parsed(quad.object.value) for quad in found if isinstance(quad.object, Literal)}

    def _local_key(self, article: NamedNode) -> Callable[[NamedNode], EntityKey]:
        """What entities would be known by, if there were only this article."""
        found: dict[NamedNode, EntityKey] = {}
        for mention, profile in self._profiles(article).items():
            for quad in self._pending.match(mention, v.IDENTIFIES, None, article):
                found[iri(quad.object)] = EntityKey(profile.slug, profile.type)
        return lambda entity: found[entity] if entity in found else self.key(entity)

    @contextmanager
    def _changed(self, article: NamedNode, is_new: bool, come: set[Profile]) -> Iterator[Change]:
        """While an article comes or goes: before it, what is known of its entities changes; after it, the articles whose
        entities have become others follow."""
        former = set() if is_new else set(self._profiles(article).values())
        change = self._blocks.change(come, {each for each in former - come if not self._is_said(each, article)})
        others = sorted(
            {
                iri(quad.graph_name)
                for profile in change.moved
                for quad in self._pending.match(None, v.PROFILE, Literal(profile.written()))
                if quad.graph_name not in (DEFAULT, article)
            },
            key=lambda other: other.value,
        )
        was = {key: self._iri(key) for key in change.moved.values()}
        keys = {*change.keys.values(), *was}
        for key in keys:
            self._block(key.slug)
        with self._undecided([article, *others] if not is_new else others, keys):
            readings = {other: self._readings.of_article(other, self._local_key(other)) for other in others}
            self._blocks.apply(change)
            yield change
            for reading in readings.values():
                self._put_reading(reading.article, False, reading)
        for profile, key in sorted(change.moved.items()):
            if key not in self._block(key.slug):
                self.renamed[was[key].value] = self._iri(self._blocks.key(profile)).value

    def _is_said(self, profile: Profile, but: NamedNode) -> bool:
        """Whether another article says the same of an entity."""
        found = self._pending.match(None, v.PROFILE, Literal(profile.written()))
        return any(quad.graph_name not in (DEFAULT, but) for quad in found)

    @contextmanager
    def identified(self, said: Identity) -> Iterator[None]:
        """See `kg.store.decided.Facts`."""
        kept = self.decided.kept
        former = kept.identities.of(said.entity, said.article)
        iri_before = self._iri(former)
        articles = self._concerned(said)
        slugs = {said.entity.slug, said.other.slug, *kept.identities.slugs()}
        slugs |= {self._shape.slug(entity) for article in articles for entity in self.mentioned(article)}
        with self.decided.lifted(slugs):
            readings = {article: self._readings.of_article(article, self._local_key(article)) for article in articles}
            yield
            for article, reading in readings.items():
                self._put_reading(article, False, reading)
        now = kept.identities.of(said.entity, said.article)
        if now in self._block(now.slug):
            # It is where it leads to, or it is back.
            self.renamed[self._iri(now).value] = self._iri(now).value
            if former not in self._block(former.slug):
                self.renamed[iri_before.value] = self._iri(now).value

    def _concerned(self, said: Identity) -> list[NamedNode]:
        """The articles in which an entity is another one if something else is said of it."""
        identities = self.decided.kept.identities
        if said.article is not None:
            found = {self._shape.article(said.article)} if self.holds(said.article) else set()
        else:
            as_one = identities.of(said.entity)
            found = {iri(quad.subject) for quad in self._pending.match(None, v.MENTIONS, self._iri(as_one))}
            found |= {
                self._shape.article(article)
                for article in identities.articles()
                if identities.of(said.entity, article) != as_one and self.holds(article)
            }
        return sorted(found, key=lambda article: article.value)

    def _put_reading(self, article: NamedNode, is_new: bool, reading: Reading) -> tuple[bool, ArticleTriples | None]:
        """Let an article be what was read, after all that people said of which entity is which."""
        across = self._readings.entities(reading) | {
            entity: self._blocks.key(profile) for entity, profile in said(reading.own).items()
        }
        identifier = self._identifier(article)
        keys = {entity: self.decided.kept.identities.of(key, identifier) for entity, key in across.items()}
        # What is told by the article's graph need not be kept.
        is_told = keys == across and len(set(keys.values())) == len(keys)
        is_kept = self._readings.keep(article, None if is_told else reading)
        return is_kept, self._put(
            article, is_new, set(keys.values()),
            lambda: self._readings.triples(reading, {entity: (self._iri(key), key) for entity, key in keys.items()}),
        )  # fmt: skip

    def _undecided(self, articles: Iterable[NamedNode], keys: Iterable[EntityKey]) -> AbstractContextManager[None]:
        """For a moment, let nothing be decided about the entities in `keys` and those of the articles as they are."""
        if not self.decided.kept.all:
            return nullcontext()
        former = (self._shape.slug(entity) for article in articles for entity in self.mentioned(article))
        identities = self.decided.kept.identities
        return self.decided.lifted({*former, *(each.slug for key in keys for each in (key, identities.of(key)))})

    def find(self, key: EntityKey) -> NamedNode | None:
        """The IRI of an entity; None if it is not there."""
        # A decision may have been made when there were others of this name and type, or none.
        block = self._block(key.slug)
        if key in block:
            return self._iri(key)
        alike = [other for other in block if other.type == key.type]
        return self._iri(alike[0]) if len(alike) == 1 else None

    def state(self, statement: NamedNode, content: Content) -> None:
        """See `kg.store.decided.Facts`, as for the next two."""
        self._pending.add(Quad(statement, v.TYPE, v.STATEMENT, DEFAULT))
        for predicate, value in content:
            self._pending.add(Quad(statement, predicate, value, DEFAULT))
        parts = dict(content)
        subject, relation, value = iri(parts[v.SUBJECT]), iri(parts[v.PREDICATE]), parts[v.OBJECT]
        if relation in self._shape.naming and isinstance(value, Literal):
            self._names.add(subject, value.value)
            self.texts.update(texts.of_quads([alternative(subject, value.value)]))
        else:
            self._pending.add(Quad(subject, relation, value, DEFAULT))

    def retract(self, statement: NamedNode) -> None:
        names: dict[NamedNode, set[str]] = defaultdict(set)
        self._shared.remove_statement(statement, names)
        for entity, lost in names.items():
            self._names.withdraw(entity, lost)

    def is_linked(self, entity: NamedNode, item: NamedNode) -> bool:
        return self._shared.is_linked(entity, item)

    def _expect(self, found: Iterable[Profile]) -> None:
        """Tell the store what is going to be looked up: what is known of these names, and the entities that have them."""
        shape = self._shape
        found = set(found)
        slugs = {profile.slug for profile in found} - self._homonyms.keys()
        self._store.expect(
            (
                *self._blocks.expect(found),
                *(shape.entity(slug, "", False) for slug in slugs),
                *(shape.homonym(slug, entity_type) for slug in slugs for entity_type in shape.types),
            )
        )

    # Homonyms: the entities that share a slug.

    def _iri(self, key: EntityKey) -> NamedNode:
        is_homonym = len(self._block(key.slug)) > 1 or key.which != ""
        return self._shape.entity(key.slug, key.type, is_homonym, key.which)

    def _block(self, slug: str) -> frozenset[EntityKey]:
        """The entities with this slug."""
        block = self._homonyms.get(slug)
        if block is None:
            plain = self._types(self._store, self._shape.entity(slug, "", False))
            found = {EntityKey(slug, key) for key in plain}
            if not found:
                known = {EntityKey(slug, key) for key in self._shape.types}
                known |= self._blocks.named(slug) | self.decided.kept.identities.named(slug)
                found = {
                    key
                    for key in known
                    if self._store.contains(
                        Quad(self._shape.homonym(*key), v.TYPE, self._shape.types[key.type], DEFAULT)
                    )
                }
            block = self._homonyms[slug] = frozenset(found)
        return block

    def _settle(self, article: NamedNode, is_new: bool, keys: set[EntityKey]) -> None:
        """Let the entities in `keys` come, and those go that only the article's former version has; rename who must."""
        former = [] if is_new else self.mentioned(article)
        gone = {self.key(entity) for entity in former if not self._is_mentioned(entity, article)} - keys
        for slug in {key.slug for key in keys} | {key.slug for key in gone}:
            before = self._block(slug)
            leave = {key for key in gone if key.slug == slug}
            after = (before - leave) | {key for key in keys if key.slug == slug}
            self._homonyms[slug] = after
            if (len(before) > 1) == (len(after) > 1):
                continue
            for key in sorted(before - leave):
                if not key.which:
                    self._rename(*(self._shape.entity(slug, key.type, len(which) > 1) for which in (before, after)))

    def _types(self, store: Store | Pending, entity: NamedNode) -> list[str]:
        """The type that articles give an entity, if there is one; somebody else may have given it further classes."""
        found = (self._shape.keys.get(quad.object) for quad in store.match(entity, v.TYPE, None, DEFAULT))
        return [key for key in found if key is not None]

    def mentioned(self, article: NamedNode) -> list[NamedNode]:
        """The entities that an article mentions."""
        return [iri(quad.object) for quad in self._pending.match(article, v.MENTIONS, None, article)]

    def _is_mentioned(self, entity: NamedNode, but: NamedNode) -> bool:
        return any(quad.graph_name != but for quad in self._pending.match(None, v.MENTIONS, entity))

    def _rename(self, old: NamedNode, new: NamedNode) -> None:
        rename(self._pending, self._shape, old, new)
        self._names.rename(old, new)
        self.renamed[old.value] = new.value


def _typed(facts: ArticleFacts, keys: Mapping[str, EntityKey]) -> ArticleFacts:
    """The same, with the types that the entities have across articles."""
    if all(entity.type == keys[entity.id].type for entity in facts.entities):
        return facts
    return replace(facts, entities=tuple(replace(each, type=keys[each.id].type) for each in facts.entities))
