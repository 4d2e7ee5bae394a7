"""The steps of resolution in their order: mentions, names, pronouns, entities, facts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter

import ontology
from kg.confidence import Calibration
from kg.model import Document, Entity, Extraction, Fact, Mention, RelationMention, Span
from kg.resolve.facts import likely, make_facts
from kg.resolve.former import join_aliases, join_stated, other_names
from kg.resolve.forms import PERSON, Form, family_of, parse, read_forms, share_names
from kg.resolve.language import Language, english
from kg.resolve.mentions import Mentions, reconcile
from kg.resolve.people import gender_of, join_people
from kg.resolve.pronouns import Scan, Thing
from kg.resolve.quotations import find_quotations
from kg.resolve.spelling import join_misspellings
from kg.resolve.things import Aliases, Knowledge, initials, join_acronyms, join_known, join_short_forms

_SPAN = attrgetter("start", "end")
FACT = 2.0
"""How many mentions a fact outweighs in the choice of an entity's type."""


def resolve(
    document: Document,
    extractions: Sequence[Extraction],
    aliases: Aliases | None,
    known: ontology.Ontology | None = None,
    calibration: Calibration | None = None,
    least: float | None = None,
) -> tuple[tuple[Entity, ...], tuple[Fact, ...]]:
    """Make entities and facts of what the extractors found in `document`.

    Entities are those with a name in the text, in order of first mention, with all names and pronouns that stand for
    them, and of nominals and "we" those that carry a fact. A fact of which a side stands for no such entity is left out. `aliases`
    tells which names are known to be one thing's, or two things'; `known` is the ontology, the package's own if not
    given. Offsets are those of the mentions, and scores as well, unless a `calibration` makes confidences of them: then
    facts of less than `least` are left out, or of less than the calibration's own least.
    """
    relations = (ontology.load() if known is None else known).relations
    language = english()
    mentions = reconcile(extractions, _families())
    alias_relations = other_names(extractions, relations)
    names = _names(mentions, alias_relations)
    forms = read_forms(document.text, names, mentions.votes, language)
    forms = _join_names(document, forms, names, alias_relations, aliases, language)
    form_of = {(mention.start, mention.end): form.root for form in forms for mention in form.mentions}
    clusters: dict[Form, list[Form]] = {}
    for form in forms:
        clusters.setdefault(form.root, []).append(form)
    _vote(extractions, relations, mentions, form_of)
    types = {root: _type(group) for root, group in clusters.items()}
    root_of = form_of | _other_mentions(document, mentions, clusters, types, form_of, language)
    return _output(extractions, relations, mentions, clusters, types, root_of, language, calibration, least)


@cache
def _families() -> dict[str, str]:
    language = english()
    return {
        entity_type: family_of(entity_type, language)
        for entity_type in language.people | language.things | language.places
    }


def _names(mentions: Mentions, alias_relations: Sequence[RelationMention]) -> list[Mention]:
    """The names that were found, and the other names that a relation gives where no extractor saw a name."""
    names = [mention for mention in mentions.kept if mention.kind == "name"]
    added = {
        (relation.object.start, relation.object.end): replace(
            relation.object, kind="name", type=relation.subject.type, value=None
        )
        for relation in alias_relations
        if mentions.find(relation.object) is None
    }
    return sorted([*names, *added.values()]) if added else names


def _join_names(
    document: Document,
    forms: list[Form],
    names: Sequence[Mention],
    alias_relations: Sequence[RelationMention],
    aliases: Aliases | None,
    language: Language,
) -> list[Form]:
    """All ways in which names of one thing are told, the surest first. Returns the forms, with those split up."""
    text = document.text
    knowledge = Knowledge(aliases, language)
    starts = [sentence.start for sentence in document.sentences]

    def sentence_of(position: int) -> int:
        return bisect_right(starts, position)

    share_names(forms, language)
    join_known(forms, knowledge)
    forms = forms + join_people([form for form in forms if form.family == PERSON], language)
    others = [form for form in forms if form.family != PERSON]
    join_acronyms(others, text, knowledge, language)
    join_short_forms(others, sentence_of, knowledge, language)
    form_of = {(mention.start, mention.end): form for form in forms for mention in form.mentions}
    join_aliases(alias_relations, form_of, knowledge)
    join_stated(names, form_of, text, language)
    join_misspellings(forms, text, sentence_of, knowledge, language)
    return forms


def _vote(
    extractions: Sequence[Extraction],
    relations: Mapping[str, ontology.Relation],
    mentions: Mentions,
    form_of: Mapping[tuple[int, int], Form],
) -> None:
    """Let the relations that an entity stands in have a say in its type: as subject, one of the domain."""
    for extraction in extractions:
        for relation in extraction.relations:
            known = relations.get(relation.relation)
            if known is None:
                continue
            for side, types in ((relation.subject, known.domain), (relation.object, known.range)):
                mention = mentions.find(side) if types and side.kind != "literal" else None
                form = form_of.get((mention.start, mention.end)) if mention else None
                if form is not None:
                    for entity_type in types:
                        weight = FACT * relation.score / len(types)
                        form.weights[entity_type] = form.weights.get(entity_type, 0.0) + weight


def _other_mentions(
    document: Document,
    mentions: Mentions,
    clusters: Mapping[Form, list[Form]],
    types: Mapping[Form, str],
    form_of: Mapping[tuple[int, int], Form],
    language: Language,
) -> dict[tuple[int, int], Form]:
    """What the pronouns and nominals stand for."""
    things = {root: _thing(types[root], group, language) for root, group in clusters.items()}
    by_span = {span: things[root] for span, root in form_of.items()}
    speakers = [m for m in mentions.kept if m.kind == "pronoun" or m.type in language.people | language.groups]
    scan = Scan(
        document.text,
        document.sentences,
        by_span,
        find_quotations(document.text, speakers, language),
        language,
        speaking=_publisher(document, clusters, things, language),
        writer=_author(document, clusters, things, language),
    )
    root_of = {thing: root for root, thing in things.items()}
    return {span: root_of[thing] for span, thing in scan.run(mentions.kept).items()}


def _thing(entity_type: str, group: Sequence[Form], language: Language) -> Thing:
    is_person = entity_type in language.people
    genders = [gender for form in group if (gender := gender_of(form, language))] if is_person else []
    return Thing(
        entity_type,
        is_person=is_person,
        is_group=entity_type in language.groups,
        is_thing=entity_type in language.things,
        gender=genders[0] if genders else None,
        words=frozenset([token for form in group for token in form.tokens]),
        kind=next((form.tokens[-1] for form in group if form.tokens[-1] in language.institutions), None),
        mentions=[mention for form in group for mention in form.mentions],
    )


def _publisher(
    document: Document, clusters: Mapping[Form, list[Form]], things: Mapping[Form, Thing], language: Language
) -> Thing | None:
    """The organization that speaks as "we": the publisher, where the text names it, or its initials."""
    if not document.publisher:
        return None
    tokens = parse(document.publisher, language).tokens
    core = tuple(token for token in tokens if token not in language.publication)
    names = {tokens, core} | {(letters,) for letters in initials(tokens, language) if len(letters) > 2}
    for root, group in clusters.items():
        if things[root].is_group and not names.isdisjoint(form.tokens for form in group):
            return things[root]
    return None


def _author(
    document: Document, clusters: Mapping[Form, list[Form]], things: Mapping[Form, Thing], language: Language
) -> Thing | None:
    """Who speaks as "I" outside quotations: the author, where there is one and the text names them."""
    if len(document.authors) != 1:
        return None
    tokens = parse(document.authors[0], language).tokens
    for root, group in clusters.items():
        if things[root].is_person and any(form.tokens == tokens for form in group):
            return things[root]
    return None


def _type(group: Sequence[Form]) -> str:
    if len(group) == 1:
        return group[0].type
    weights: dict[str, float] = {}
    for form in group:
        for entity_type, weight in form.weights.items():
            weights[entity_type] = weights.get(entity_type, 0.0) + weight
    return max(weights.items(), key=lambda item: (item[1], item[0]))[0]


def _name(group: Sequence[Form], language: Language) -> str:
    """The fullest name: not one that is only another name or a slip, then the one with most words and letters."""
    texts = {mention.text: form.is_alias for form in reversed(group) for mention in form.mentions}
    if len(texts) == 1:
        return next(iter(texts))

    def rank(text: str) -> tuple[bool, bool, int, int, str]:
        small = text.lower()
        is_demonym = language.countries.get(small, small) != small
        return texts[text], is_demonym, -len(text.split()), -len(text), text

    return min(texts, key=rank)


def _output(
    extractions: Sequence[Extraction],
    relations: Mapping[str, ontology.Relation],
    mentions: Mentions,
    clusters: Mapping[Form, list[Form]],
    types: Mapping[Form, str],
    root_of: Mapping[tuple[int, int], Form],
    language: Language,
    calibration: Calibration | None,
    least: float | None,
) -> tuple[tuple[Entity, ...], tuple[Fact, ...]]:
    found: dict[Form, list[Mention]] = {root: [] for root in sorted(clusters, key=lambda root: root.first)}
    ids = {root: f"e{number}" for number, root in enumerate(found, 1)}

    def entity_of(side: Mention) -> str | None:
        mention = mentions.find(side)
        root = root_of.get((mention.start, mention.end)) if mention else None
        return ids[root] if root else None

    places: dict[str, list[int]] = {}
    for (start, _), root in sorted(root_of.items(), key=lambda item: item[0]):
        places.setdefault(ids[root], []).append(start)

    def is_mentioned(entity: str, span: Span) -> bool:
        known = places[entity]
        number = bisect_left(known, span.start)
        return number < len(known) and known[number] < span.end

    symmetric = {key for key, relation in relations.items() if relation.symmetric}
    literal = {key for key, relation in relations.items() if relation.literal_type is not None}
    if calibration is not None:
        floor = calibration.least if least is None else least
        extractions = likely(extractions, entity_of, literal, symmetric, calibration, floor)
    facts = make_facts(extractions, entity_of, symmetric, lambda entity: int(entity[1:]), literal, is_mentioned)
    carrying = {
        (mention.start, mention.end)
        for extraction in extractions
        for relation in extraction.relations
        for side in (relation.subject, relation.object, *(value for _, value in relation.qualifiers))
        if side.kind != "literal" and (mention := mentions.find(side))
    }
    for root, group in clusters.items():
        for form in group:
            found[root] += form.mentions
    for mention in mentions.kept:
        if mention.kind == "name":
            continue
        span = mention.start, mention.end
        referent = root_of.get(span)
        if referent and ((mention.kind == "pronoun" and mention.text.lower() not in language.we) or span in carrying):
            found[referent].append(mention)
    entities = tuple(
        Entity(
            ids[root],
            types[root],
            _name(clusters[root], language),
            tuple(sorted(of_root, key=_SPAN)),
        )
        for root, of_root in found.items()
    )
    return entities, facts
