"""The plug-in `model`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.extract.learned.decode import Decoder
from kg.extract.learned.folder import packaged
from kg.extract.learned.model import Model
from kg.extract.learned.windows import Windows
from kg.extract.mentions import mentions_of
from kg.model import Document, Extraction, Mention
from ontology import load


class Learned:
    """The plug-in `model`: mentions and facts by the network in a folder, the package's own where none is given.

    Raises UsageError where the folder holds no model.
    """

    name = "model"

    def __init__(self, folder: Path | None = None) -> None:
        known = load()
        model = Model(packaged() if folder is None else folder, known)
        self._windows = Windows(model.labels)
        self._decoder = Decoder(model, known, model.thresholds)

    def extract(self, document: Document) -> Extraction:
        """The mentions of a document, and the facts among them, each with its probability."""
        rules = mentions_of(document)
        mentions, relations = self._decoder.decode(document, self._windows.of(document, rules))
        return Extraction(self.name, mentions, relations, rejected(rules, mentions))


def rejected(rules: Iterable[Mention], mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The rules' mentions that the network does not hold for mentions, or for mentions of another type."""
    kept = {(mention.start, mention.end, mention.type) for mention in mentions}
    return tuple(mention for mention in rules if (mention.start, mention.end, mention.type) not in kept)
