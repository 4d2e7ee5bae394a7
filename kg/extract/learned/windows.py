"""Windows of sentences, as the model reads them: word pieces, how they are written, and what the rules take them for.

A window is a few whole sentences; the windows of a document follow one another without a gap, and depend on nothing but
their document. They are short: facts were found best in windows of one to three sentences, with no sentence before them
for context. The pieces are those of BERT's word-piece vocabulary (Devlin et al. 2019), lower-cased; so the shape of each
word is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from kg.extract.learned.labels import Labels
from kg.model import Document, Mention, Span

CORE = 48
"""Pieces that the sentences of one window have together; a longer sentence is a window of its own."""
LONGEST = 254
"""Pieces of one sentence in one window; what is longer is cut, and its parts are windows of their own."""
CLS, SEP = 101, 102
"""The pieces before and after a window."""

_CLASSES = 8
SHAPES = 1 + 3 * _CLASSES
"""How many shapes there are: 0 for the pieces that are no text, then for each way to write a word three: it begins after
white space, it begins right after what stands before, it goes on."""

Ints = NDArray[np.int64]
_Number = TypeVar("_Number", np.int64, np.int32)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention inside a window: its first and its last piece, both included."""

    mention: Mention
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What the model reads at once, T pieces.

    `core` are the characters of the document that this window is of. `ids`, `shapes` and `hints` are [T]:
    the pieces; how their words are written (0 to `SHAPES` - 1); what the rules take them for: 0 nothing, 1 + 2t the
    beginning and 2 + 2t the rest of a mention of type t (of `Labels.types`, then "no type"). `offsets` is
    [T, 2]: a piece's characters of the document, (0, 0) for the first and the last, which are none. `candidates` are
    the rules' mentions inside the window, in their order.
    """

    core: Span
    ids: Ints
    shapes: Ints
    hints: Ints
    offsets: NDArray[np.int32]
    candidates: tuple[Candidate, ...]


class Windows:
    """Cuts documents into windows, for a model with the given labels."""

    def __init__(self, labels: Labels) -> None:
        self._types = {key: number for number, key in enumerate(labels.types)}
        self._no_type = labels.no_type
        self._tokenizer = Tokenizer.from_str(
            files("newsgraph_data").joinpath("model", "tokenizer.json").read_text(encoding="utf-8")
        )
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @property
    def hints(self) -> int:
        """How many hints there are."""
        return 2 * self._no_type + 3

    def of(self, document: Document, mentions: Sequence[Mention]) -> list[Window]:
        """The windows of a document, in order; none for a text without a word. `mentions` are the rules', sorted."""
        encoding = self._tokenizer.encode(document.text, add_special_tokens=False)
        if not encoding.ids:
            return []
        offsets = np.array(encoding.offsets, dtype=np.int32)
        pieces = np.array(encoding.ids, dtype=np.int64)
        shapes = _shapes(document.text, encoding)
        # The first and the last piece of each mention; none for what has no piece of its own, such as a lone accent.
        starts = np.searchsorted(offsets[:, 1], [mention.start for mention in mentions], side="right")
        ends = np.searchsorted(offsets[:, 0], [mention.end for mention in mentions], side="left") - 1
        hints = np.zeros(len(pieces), dtype=np.int64)
        placed = []
        for mention, first, last in zip(mentions, starts.tolist(), ends.tolist(), strict=True):
            if first <= last:
                hint = 1 + 2 * self._types.get(mention.type, self._no_type)
                hints[first + 1 : last + 1] = hint + 1
                hints[first] = hint
                placed.append((mention, first, last))
        windows = []
        passed = 0
        for begin, end in _cuts(_lengths(document, offsets)):
            inside = []
            while passed < len(placed) and placed[passed][1] < end:
                mention, first, last = placed[passed]
                passed += 1
                if begin <= first and last < end:
                    inside.append(Candidate(mention, first - begin + 1, last - begin + 1))
            ids = np.empty(end - begin + 2, dtype=np.int64)
            ids[0], ids[1:-1], ids[-1] = CLS, pieces[begin:end], SEP
            windows.append(
                Window(
                    Span(int(offsets[begin, 0]), int(offsets[end - 1, 1])),
                    ids,
                    _between(shapes[begin:end]),
                    _between(hints[begin:end]),
                    _between(offsets[begin:end]),
                    tuple(inside),
                )
            )
        return windows


def _between(values: NDArray[_Number]) -> NDArray[_Number]:
    """The values of pieces, with zeros for the one before and the one after them."""
    found = np.zeros((len(values) + 2, *values.shape[1:]), dtype=values.dtype)
    found[1:-1] = values
    return found


def _lengths(document: Document, offsets: NDArray[np.int32]) -> list[int]:
    """How many pieces each sentence has."""
    ends = np.searchsorted(offsets[:, 0], [sentence.end for sentence in document.sentences], side="left")
    ends[-1] = len(offsets)
    lengths: list[int] = np.diff(ends, prepend=0).tolist()
    return lengths


def _cuts(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each window begins and ends, in pieces of the document."""
    begin = end = 0
    for length in lengths:
        if end > begin and end + length - begin > CORE:
            yield begin, end
            begin = end
        end += length
        while end - begin > LONGEST:
            yield begin, begin + LONGEST
            begin += LONGEST
    if end > begin:
        yield begin, end


def _shapes(text: str, encoding: Encoding) -> Ints:
    """How the word of each piece is written."""
    shapes = []
    words = encoding.word_ids
    offsets = encoding.offsets
    count = len(words)
    place = 0
    known = _KNOWN
    while place < count:
        word = words[place]
        end = place + 1
        while end < count and words[end] == word:
            end += 1
        start = offsets[place][0]
        written = text[start : offsets[end - 1][1]]
        kind = known.get(written)
        if kind is None:
            kind = _class(written)
            if len(known) < _MOST:
                known[written] = kind
        glued = start > 0 and not text[start - 1].isspace()
        shapes.append(1 + 3 * kind + glued)
        shapes += [3 + 3 * kind] * (end - place - 1)
        place = end
    return np.array(shapes, dtype=np.int64)


_KNOWN: dict[str, int] = {}
"""How words are written that were met before; a memory that changes nothing but the time."""
_MOST = 65536


def goes_on(shapes: Ints) -> NDArray[np.bool_]:
    """Whether each piece goes on a word that began before it, by its shape."""
    found: NDArray[np.bool_] = (shapes > 0) & (shapes % 3 == 0)
    return found


def _class(word: str) -> int:
    """0 lower case, 1 a capital first, 2 CAPITALS, 3 mIxed, 4 small with d1gits, 5 other with D1gits, 6 digits, 7 else."""
    if not any(map(str.isalnum, word)):
        return 7
    if word.isdigit():
        return 6
    if any(map(str.isdigit, word)):
        return 4 if word.islower() else 5
    if word.islower() or not (word.isupper() or any(map(str.isupper, word))):
        return 0
    if word.isupper():
        return 1 if len(word) == 1 else 2
    return 1 if word[1:].islower() else 3
