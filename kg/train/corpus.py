"""All that the model learns from: the passages of our own, the user's, and the public data sets, epoch by epoch."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.resources import files
from pathlib import Path

from kg.annotations import article, load
from kg.errors import ReadError, UsageError
from kg.extract.learned.labels import Labels
from kg.extract.learned.windows import Windows
from kg.extract.mentions import find_mentions
from kg.link.aliases import AliasIndex
from kg.model import ArticleFacts, Document
from kg.train import datasets, markup
from kg.train.annotated import Annotated, Lost, between_mentions
from kg.train.augment import Names
from kg.train.examples import Example, examples
from ontology import Ontology

HELD_OUT = 10
"""Of so many of our own passages, one is never trained on, and chooses thresholds and calibration."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the texts are: marked texts (`*.txt`, see kg.train.markup) and annotated JSON Lines (see kg.annotations),
    and the folder of the public data sets, where there is one. `uses` are the uses of data sets that are trained on.
    `weight` is how much a text of the files counts where one of the data sets counts 1; they are written for what
    newsgraph is to read. `varied` is the share of texts that have other names in an epoch.
    """

    files: tuple[Path, ...]
    datasets: Path | None = None
    uses: tuple[str, ...] = ("train",)
    weight: float = 2.0
    varied: float = 0.5
    seed: int = 1


@dataclass(slots=True)
class _Part:
    """The texts of one source, of which an epoch reads a share."""

    name: str
    texts: list[Annotated]
    share: float = 1.0
    empty: float = 1.0
    made: dict[int, list[Example]] = field(default_factory=dict)


class Corpus:
    """Reads all sources when it is made. Raises ReadError where a file is wrong, UsageError where there is nothing."""

    def __init__(self, sources: Sources, labels: Labels, ontology: Ontology) -> None:
        self.sources = sources
        self.labels = labels
        self.lost = Lost()
        self._windows = Windows(labels)
        self._find = partial(find_mentions, aliases=AliasIndex.open(), ontology=ontology)
        own = [
            replace(between_mentions(passage, self._find(passage.document), ontology, self.lost), weight=sources.weight)
            for path in sources.files
            for passage in passages(path)
        ]
        self._held_out = [text for text in own if is_held_out(text.document)]
        self._parts = [_Part("own", [text for text in own if not is_held_out(text.document)])]
        for dataset in datasets.table().values() if sources.datasets else ():
            if dataset.use in sources.uses and sources.datasets:
                texts = list(datasets.read(dataset, sources.datasets, self._find, ontology))
                self._parts.append(_Part(dataset.name, texts, dataset.share, dataset.empty))
        if not any(part.texts for part in self._parts):
            raise UsageError("There is nothing to train on: name annotated files, or the folder of the data sets")
        self._names = Names(text for part in self._parts for text in part.texts)

    def counts(self) -> dict[str, int]:
        """How many texts each source has."""
        return {part.name: len(part.texts) for part in self._parts} | {"held out": len(self._held_out)}

    def epoch(self, number: int) -> list[Example]:
        """The examples of an epoch, the same for the same number and seed, in no order that matters."""
        chance = random.Random(f"{self.sources.seed} {number}")
        found: list[Example] = []
        for part in self._parts:
            for place, text in enumerate(part.texts):
                if chance.random() >= part.share:
                    continue
                if chance.random() < self.sources.varied:
                    seed = f"{self.sources.seed} {number} {part.name} {place}"
                    made = self._examples(self._names.varied(text, seed))
                else:
                    made = part.made.get(place) or part.made.setdefault(place, self._examples(text))
                found += (each for each in made if len(each.spans) or chance.random() < part.empty)
        return found

    def held_out(self) -> list[Example]:
        """The examples of our own passages that no epoch has."""
        return [each for text in self._held_out for each in self._examples(text)]

    def _examples(self, text: Annotated) -> list[Example]:
        return examples(text, self._find(text.document), self._windows, self.labels)


def passages(path: Path) -> Iterator[ArticleFacts]:
    """The annotated articles of a file of either kind."""
    if path.suffix == ".jsonl":
        yield from load(path)
        return
    for line in markup.articles(path):
        try:
            yield article(line, path.name)
        except (KeyError, ValueError) as error:
            raise ReadError(str(path), f"{line['id']}: {error}") from error


def shipped() -> list[Path]:
    """The passages that newsgraph comes with."""
    return sorted(Path(str(files("newsgraph_data")), "training").glob("*.txt"))


def is_held_out(document: Document) -> bool:
    return int(document.id, 16) % HELD_OUT == 0
