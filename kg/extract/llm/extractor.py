"""The plug-in `llm`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from kg.errors import ReadError
from kg.extract.llm.answer import Checker
from kg.extract.llm.client import Client
from kg.extract.llm.kept import Answer, Kept
from kg.extract.llm.parts import halves, parts
from kg.extract.llm.prompt import Prompt
from kg.extract.llm.service import Service
from kg.extract.mentions import mentions_of, without_overlap
from kg.model import Document, Extraction, Mention, RelationMention, Span
from ontology import load


class Llm:
    """The plug-in `llm`: mentions and facts by a language model, checked against the article and the ontology.

    Without a `service`, the one that the environment describes; raises UsageError where that describes none.
    """

    name = "llm"

    def __init__(self, service: Service | None = None) -> None:
        self._service = Service.of({}) if service is None else service
        self._ontology = load()
        self._prompt = Prompt(self._ontology, self._service.model, self._service.without)
        self._kept = Kept(self._service.kept, self._service.address)

    @cached_property
    def _client(self) -> Client:
        return Client(self._service)

    def extract(self, document: Document) -> Extraction:
        """What the model finds. Raises ReadError where it fails for this article, UsageError where for any.

        Pronouns are the rules'; what they stand for is found out later, with all names at hand.
        """
        rules = mentions_of(document)
        checker = Checker(document, rules, self._ontology)
        mentions: list[Mention] = [each for each in rules if each.kind == "pronoun"]
        relations: dict[RelationMention, None] = {}
        waiting = parts(document.sentences, self._service.part)[::-1]
        while waiting:
            part = waiting.pop()
            answer = self._ask(document, part)
            if answer.is_cut:
                both = halves(part, document.sentences)
                if both is None:
                    raise ReadError(_name(document), f"the model's answer on one sentence is too long: {self._where()}")
                waiting += reversed(both)
                continue
            found, stated = checker.check(json.loads(answer.content), part)
            mentions += found
            relations |= dict.fromkeys(stated)
        in_order = sorted(relations, key=lambda each: (each.subject.start, each.object.start, each.relation))
        return Extraction(self.name, tuple(without_overlap(mentions)), tuple(in_order))

    def question(self, text: str) -> dict[str, Any]:
        """The question about a text, as it is sent."""
        return self._prompt.of(text)

    def questions(self, document: Document) -> Iterator[dict[str, Any]]:
        """What will have to be asked about a document, and paid for: all that is not known from another time."""
        for part in parts(document.sentences, self._service.part):
            body = self.question(document.text[part.start : part.end])
            if self._kept.get(body) is None:
                yield body

    def _ask(self, document: Document, part: Span) -> Answer:
        body = self.question(document.text[part.start : part.end])
        answer = self._kept.get(body)
        if answer is None:
            answer = self._client.ask(body, _name(document))
            self._kept.put(body, answer)
        return answer

    def _where(self) -> str:
        return f"{self._service.model} at {self._service.address}"


def _name(document: Document) -> str:
    return document.source or document.title or document.id
