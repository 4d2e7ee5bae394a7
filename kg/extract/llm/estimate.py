"""What reading with a service will come to, before it is begun: questions, tokens and, with prices, money."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.extract.llm.extractor import Llm
from kg.extract.llm.service import Service
from kg.model import Document

_CHARACTERS = 4
"""How many characters of English a token has, about."""
_UNKNOWN = 6_000
"""How many characters an article on the web is taken to have, which is not fetched for an estimate."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is to be asked; `cost` is None where the service's prices are not known."""

    articles: int
    questions: int
    tokens_in: int
    tokens_out: int
    cost: float | None

    def passes(self, service: Service) -> bool:
        """Whether it is more than may be spent without being asked for."""
        is_dear = self.cost is not None and service.limit_cost is not None and self.cost > service.limit_cost
        return is_dear or self.tokens_in + self.tokens_out > service.limit_tokens

    def describe(self, service: Service) -> str:
        """One line for a person."""
        money = "" if self.cost is None else f", about {self.cost:,.2f}"
        return (
            f"{service.model} at {service.address}: {self.articles:,} articles, {self.questions:,} questions that "
            f"were not asked before, about {self.tokens_in:,} tokens to send and {self.tokens_out:,} to receive{money}"
        )


def estimate(documents: Iterable[Document], service: Service, unknown: Sequence[str] = ()) -> Estimate:
    """What it takes to read these documents, and then what is at addresses that are still `unknown`.

    An answer is taken to be as long as the text that it is about. Raises UsageError as `Llm` does.
    """
    llm = Llm(service)
    articles = questions = sent = received = 0
    rules = len(json.dumps(llm.question(""), ensure_ascii=False))
    for document in documents:
        articles += 1
        for body in llm.questions(document):
            questions += 1
            length = len(json.dumps(body, ensure_ascii=False))
            sent += length
            received += length - rules
    articles += len(unknown)
    questions += len(unknown)
    sent += len(unknown) * (rules + _UNKNOWN)
    received += len(unknown) * _UNKNOWN
    tokens_in, tokens_out = -(-sent // _CHARACTERS), -(-received // _CHARACTERS)
    return Estimate(articles, questions, tokens_in, tokens_out, service.cost(tokens_in, tokens_out))
