"""Public data sets, by the table of data/training/datasets.toml: their types and relations in terms of the ontology.

A data set is JSON Lines, one document a line:

    {"id": "…", "text": "…", "split"?, "entities": [{"id", "type", "mentions": [[start, end], …]}],
     "facts": [{"subject": id, "relation": "…", "object": id or literal, "evidence": [[start, end], …],
                "subject_span"?, "object_span"?}],
     "passages"?: [{"span": [start, end], "exhaustive": [{"relation": "…"}]}]}

Where a fact has spans, or each entity one mention, the facts are between mentions; else they are between entities.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from kg.errors import ReadError, UsageError
from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, RelationMention, Span
from kg.read import document
from kg.train.annotated import Annotated, between_mentions
from ontology import Ontology

AROUND = 25
"""Characters before and after a pair in which a pattern is looked for."""

FindMentions = Callable[[Document], list[Mention]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a relation of a data set is here: `relation`, or none of ours. See the table for the rest."""

    relation: str | None
    is_turned: bool
    when: re.Pattern[str] | None
    subject: str | None
    object: str | None


@dataclass(frozen=True, slots=True)
class DataSet:
    """A block of the table."""

    name: str
    files: tuple[str, ...]
    use: Literal["train", "tune", "evaluate"]
    licence: str
    splits: frozenset[str]
    share: float
    empty: float
    weight: float
    pronouns: bool
    exhaustive: frozenset[str]
    not_mentions: frozenset[str]
    types: Mapping[str, tuple[str, ...]]
    relations: Mapping[str, tuple[Reading, ...]]

    @property
    def all_relations(self) -> frozenset[str]:
        return frozenset(each.relation for readings in self.relations.values() for each in readings if each.relation)


def table() -> dict[str, DataSet]:
    """All data sets by name, also those that are only measured with."""
    text = files("newsgraph_data").joinpath("training", "datasets.toml").read_text(encoding="utf-8")
    blocks = tomllib.loads(text)
    found: dict[str, DataSet] = {}
    for name, block in blocks.items():
        block = blocks[block["like"]] | block if "like" in block else block
        found[name] = DataSet(
            name,
            tuple(block["files"]),
            block["use"],
            block["licence"],
            frozenset(block.get("splits", ())),
            block.get("share", 1.0),
            block.get("empty", 1.0),
            block.get("weight", 1.0),
            block.get("pronouns", False),
            frozenset(block.get("exhaustive", ())),
            frozenset(block.get("not_mentions", ())),
            {key: (kind,) if isinstance(kind, str) else tuple(kind) for key, kind in block.get("types", {}).items()},
            {key: tuple(map(_reading, readings)) for key, readings in block.get("relations", {}).items()},
        )
    return found


def _reading(written: Mapping[str, Any]) -> Reading:
    when = re.compile(written["when"], re.IGNORECASE) if "when" in written else None
    return Reading(written.get("is"), written.get("turned", False), when, written.get("subject"), written.get("object"))


def read(dataset: DataSet, folder: Path, find: FindMentions, ontology: Ontology) -> Iterator[Annotated]:
    """The texts of a data set. `find` gives the mentions that the rules find in a document.

    Raises UsageError for a data set that is only for evaluation, ReadError where a file can't be read.
    """
    if dataset.use == "evaluate":
        raise UsageError(
            f"{dataset.name} is for evaluation only; data/training/datasets.toml says which are to train on"
        )
    for line in lines(dataset, folder):
        for part in _parts(line):
            yield _Text(dataset, part, find, ontology).annotated()


def lines(dataset: DataSet, folder: Path) -> Iterator[dict[str, Any]]:
    """The documents of a data set as they are written. Raises ReadError where a file can't be read."""
    for name in dataset.files:
        path = folder / name
        try:
            with gzip.open(path, "rt", encoding="utf-8") as written:
                for text in written:
                    line = json.loads(text)
                    if not dataset.splits or line["split"] in dataset.splits:
                        yield line
        except (OSError, ValueError) as error:
            raise ReadError(str(path), f"can't be read: {error}") from error


def _parts(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each passage of a document as a document of its own: what is annotated differs from one to the next."""
    passages = line.get("passages")
    if not passages:
        yield line
        return
    for number, passage in enumerate(passages):
        start, end = passage["span"]

        def inside(span: list[int], start: int = start, end: int = end) -> bool:
            return start <= span[0] and span[1] <= end

        def moved(span: list[int], start: int = start) -> list[int]:
            return [span[0] - start, span[1] - start]

        yield {
            "id": f"{line['id']}/{number}",
            "text": line["text"][start:end],
            "exhaustive": [each["relation"] for each in passage["exhaustive"]],
            "entities": [
                each | {"mentions": [moved(span) for span in each["mentions"] if inside(span)]}
                for each in line["entities"]
            ],
            "facts": [
                fact
                | {key: moved(fact[key]) for key in ("subject_span", "object_span")}
                | {"evidence": [[0, end - start]]}
                for fact in line["facts"]
                if inside(fact["subject_span"]) and inside(fact["object_span"])
            ],
        }


class _Text:
    """One text of a data set."""

    def __init__(self, dataset: DataSet, line: Mapping[str, Any], find: FindMentions, ontology: Ontology) -> None:
        self.dataset = dataset
        self.line = line
        self.ontology = ontology
        self.document = document(line["text"], identifier=f"{dataset.name}/{line['id']}", language="en")
        self.found = find(self.document)
        self.rules = {mention.span: mention for mention in self.found}
        self.entities = {each["id"]: each for each in line["entities"]}
        self.unsure: list[tuple[Span, frozenset[str]]] = []
        self.literal_types = {
            key: relation.literal_type for key, relation in ontology.relations.items() if relation.literal_type
        }

    def annotated(self) -> Annotated:
        by_mention = all("subject_span" in fact for fact in self.line["facts"]) or all(
            len(each["mentions"]) == 1 for each in self.line["entities"]
        )
        mentions = {mention.span: mention for each in self.line["entities"] for mention in self._mentions(each)}
        relations = self.dataset.all_relations
        if "exhaustive" in self.line:
            named = [self.dataset.relations[key] for key in self.line["exhaustive"]]
            relations = frozenset(each.relation for readings in named for each in readings if each.relation)
        facts, unknown = self._by_mention(mentions) if by_mention else self._by_entity(mentions)
        for fact in facts:
            mentions |= {fact.subject.span: fact.subject, fact.object.span: fact.object}
        if not self.dataset.pronouns:
            self.unsure += [
                (mention.span, frozenset())
                for mention in self.found
                if mention.kind in ("pronoun", "nominal") and mention.span not in mentions
            ]
        return Annotated(
            self.document,
            tuple(sorted(mentions.values(), key=attrgetter("start", "end"))),
            tuple(facts),
            frozenset(unknown),
            tuple(self.unsure),
            self.dataset.exhaustive,
            relations,
            frozenset(),
            self.dataset.pronouns,
            self.dataset.weight,
        )

    def _mentions(self, entity: Mapping[str, Any]) -> Iterator[Mention]:
        """The mentions of an entity whose type is known here; the others are noted as unsure."""
        for span in entity["mentions"]:
            place = Span(*span)
            kinds = self.dataset.types.get(entity["type"], ())
            if not kinds or self._text(place).lower() in self.dataset.not_mentions:
                continue
            kind = self._kind(place, kinds)
            if kind is None:
                self.unsure.append((place, frozenset(kinds)))
            else:
                yield self._mention(place, kind)

    def _kind(self, place: Span, kinds: tuple[str, ...]) -> str | None:
        """The only type, else that of the rules if it is among them."""
        rule = self.rules.get(place)
        return kinds[0] if len(kinds) == 1 else rule.type if rule and rule.type in kinds else None

    def _mention(self, place: Span, kind: str) -> Mention:
        rule = self.rules.get(place)
        is_literal = kind not in self.ontology.types
        value = rule.value if rule and rule.type == kind else self._text(place)
        return Mention(
            *place, kind, "literal" if is_literal else "name", self._text(place), value if is_literal else None
        )

    def _text(self, place: Span) -> str:
        return self.document.text[place.start : place.end]

    def _by_mention(
        self, mentions: Mapping[Span, Mention]
    ) -> tuple[list[RelationMention], set[tuple[Span, str, Span]]]:
        facts: dict[tuple[Span, Span], list[RelationMention]] = {}
        unknown: set[tuple[Span, str, Span]] = set()
        sure_first = sorted(self.line["facts"], key=lambda fact: len(self.dataset.relations.get(fact["relation"], ())))
        for fact in sure_first:
            readings = self.dataset.relations.get(fact["relation"], ())
            sides = self._sides(fact)
            evidence = self._evidence(fact)
            if not readings or not evidence:
                continue
            unknown |= {
                (sides[each.is_turned], each.relation, sides[1 - each.is_turned]) for each in readings if each.relation
            }
            known = {one.relation for pair in (sides, sides[::-1]) for one in facts.get(pair, ())}
            if known & {each.relation for each in readings}:
                continue
            reading = self._fitting(readings, sides)
            if reading.relation is None:
                continue
            places = sides[::-1] if reading.is_turned else sides
            subject, value = self._side(places, reading, mentions)
            if subject and value:
                facts.setdefault(sides, []).append(RelationMention(reading.relation, subject, value, evidence))
        stated = [fact for found in facts.values() for fact in found]
        symmetric = {key for key, relation in self.ontology.relations.items() if relation.symmetric}
        stated += [
            RelationMention(fact.relation, fact.object, fact.subject, fact.evidence)
            for fact in stated
            if fact.relation in symmetric
        ]
        unknown |= {(value, key, subject) for subject, key, value in unknown if key in symmetric}
        return _once(stated), unknown - {(fact.subject.span, fact.relation, fact.object.span) for fact in stated}

    def _sides(self, fact: Mapping[str, Any]) -> tuple[Span, Span]:
        if "subject_span" in fact:
            return Span(*fact["subject_span"]), Span(*fact["object_span"])
        subject, value = (Span(*self.entities[fact[side]]["mentions"][0]) for side in ("subject", "object"))
        return subject, value

    def _evidence(self, fact: Mapping[str, Any]) -> tuple[Span, ...]:
        return tuple(Span(*span) for span in fact["evidence"])

    def _fitting(self, readings: tuple[Reading, ...], sides: tuple[Span, Span]) -> Reading:
        start, end = min(sides[0].start, sides[1].start), max(sides[0].end, sides[1].end)
        near = self.document.text[max(0, start - AROUND) : end + AROUND]
        fitting = (each for each in readings if each.when is None or each.when.search(near))
        return next(fitting, Reading(None, False, None, None, None))

    def _side(
        self, places: tuple[Span, Span], reading: Reading, mentions: Mapping[Span, Mention]
    ) -> tuple[Mention | None, Mention | None]:
        """The mentions of both sides, of types that the relation takes; None for one that cannot be."""
        relation = self.ontology.relations[reading.relation or ""]
        objects = relation.range or ((relation.literal_type,) if relation.literal_type else ())
        sides: list[Mention | None] = []
        for place, told, allowed in (
            (places[0], reading.subject, relation.domain),
            (places[1], reading.object, objects),
        ):
            known, rule = mentions.get(place), self.rules.get(place)
            if self._text(place).lower() in self.dataset.not_mentions:
                sides.append(None)
            elif known and (known.type in allowed or (relation.literal_type and place == places[1])):
                sides.append(known)
            elif told:
                sides.append(self._mention(place, told))
            elif rule and rule.type in allowed:
                sides.append(self._mention(place, rule.type))
            else:
                sides.append(self._mention(place, allowed[0]) if known is None and len(allowed) == 1 else None)
        return sides[0], sides[1]

    def _by_entity(self, mentions: Mapping[Span, Mention]) -> tuple[list[RelationMention], set[tuple[Span, str, Span]]]:
        """Facts between entities: those with a sentence that shows them, and the rest as unknown."""
        kinds: dict[str, str] = {}
        shown: list[Fact] = []
        hidden: list[tuple[str, str, str]] = []
        for fact in self.line["facts"]:
            for reading in self.dataset.relations.get(fact["relation"], ())[:1]:
                ids = (fact["object"], fact["subject"]) if reading.is_turned else (fact["subject"], fact["object"])
                evidence = self._evidence(fact)
                if reading.relation is None or ids[0] == ids[1]:
                    continue
                hidden.append((ids[0], reading.relation, ids[1]))
                for key, told in zip(ids, (reading.subject, reading.object), strict=True):
                    own = self.dataset.types.get(self.entities[key]["type"])
                    kinds.setdefault(key, own[0] if own else told or "")
                if evidence and self._fits(reading.relation, kinds[ids[0]], kinds[ids[1]]):
                    references = tuple(Reference(span, self.dataset.name, 1.0) for span in evidence)
                    shown.append(Fact(ids[0], reading.relation, ids[1], True, (), references))
        entities = tuple(
            Entity(key, kind, key, tuple(self._mention(Span(*span), kind) for span in sorted(each["mentions"])))
            for key, each in self.entities.items()
            if (kind := kinds.get(key) or next(iter(self.dataset.types.get(each["type"], ("",)))))
        )
        spans = {key: [Span(*span) for span in each["mentions"]] for key, each in self.entities.items()}
        stated = between_mentions(ArticleFacts(self.document, entities, tuple(shown)), (), self.ontology)
        facts = [
            fact
            for fact in stated.facts
            if any(
                span.start <= fact.subject.start < span.end and span.start <= fact.object.start < span.end
                for span in self.document.sentences
            )
        ]
        pairs = {(fact.subject.span, fact.relation, fact.object.span) for fact in facts}
        unknown = {
            (one, relation, other)
            for subject, relation, value in hidden
            for one in spans[subject]
            for other in spans[value]
        }
        return facts, (unknown | stated.unknown) - pairs

    def _fits(self, relation: str, subject: str, value: str) -> bool:
        known = self.ontology.relations[relation]
        return subject in known.domain and value in (*known.range, known.literal_type)


def _once(facts: list[RelationMention]) -> list[RelationMention]:
    return list({(fact.subject.span, fact.relation, fact.object.span): fact for fact in facts}.values())
