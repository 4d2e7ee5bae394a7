"""Windows of sentences, as the model reads them: word pieces, how they are written, and what the rules take them for.

A window is a core of consecutive whole sentences, which are this window's own, after sentences that only give context.
The cores of a document follow one another without a gap, and windows depend on nothing but their document. The pieces
are those of BERT's word-piece vocabulary (Devlin et al. 2019), lower-cased; so the shape of each word is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from kg.extract.learned.labels import Labels
from kg.model import Document, Mention, Span

CORE = 112
"""Pieces that sentences of one core have together; a longer sentence is a core of its own."""
CONTEXT = 24
"""Pieces that the sentences before a core may have."""
LONGEST = 254
"""Pieces of one sentence in one window; what is longer is cut, and its parts are cores of their own."""
CLS, SEP = 101, 102
"""The pieces before and after a window."""

_CLASSES = 8
SHAPES = 1 + 3 * _CLASSES
"""How many shapes there are: 0 for the pieces that are no text, then for each way to write a word three: it begins after
white space, it begins right after what stands before, it goes on."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention inside a window: its first and its last piece, both included."""

    mention: Mention
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What the model reads at once, T pieces.

    `core` are the characters of the document that this window answers for. `ids`, `shapes` and `hints` are [T]:
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
        for context, begin, end in _cuts(_lengths(document, offsets)):
            while passed < len(placed) and placed[passed][1] < context:
                passed += 1
            inside = []
            for mention, first, last in placed[passed:]:
                if first >= end:
                    break
                if last < end:
                    inside.append(Candidate(mention, first - context + 1, last - context + 1))
            windows.append(
                Window(
                    Span(int(offsets[begin, 0]), int(offsets[end - 1, 1])),
                    np.concatenate(((CLS,), pieces[context:end], (SEP,))),
                    np.pad(shapes[context:end], 1),
                    np.pad(hints[context:end], 1),
                    np.pad(offsets[context:end], ((1, 1), (0, 0))),
                    tuple(inside),
                )
            )
        return windows


def _lengths(document: Document, offsets: NDArray[np.int32]) -> list[int]:
    """How many pieces each sentence has."""
    ends = np.searchsorted(offsets[:, 0], [sentence.end for sentence in document.sentences], side="left")
    ends[-1] = len(offsets)
    lengths: list[int] = np.diff(ends, prepend=0).tolist()
    return lengths


def _cuts(lengths: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """For each window where its context, its core and what follows begin, in pieces of the document."""
    place = 0
    before: list[int] = []  # where the sentences before the core begin
    core = 0
    for length in lengths:
        if core and core + length > CORE:
            yield _with_context(before, place - core, place)
            core = 0
        if length > LONGEST:
            for start in range(place, place + length, LONGEST):
                yield start, start, min(start + LONGEST, place + length)
        else:
            core += length
        before.append(place)
        place += length
    if core:
        yield _with_context(before, place - core, place)


def _with_context(before: Sequence[int], begin: int, end: int) -> tuple[int, int, int]:
    context = begin
    for start in reversed(before):
        if begin - start > CONTEXT:
            break
        context = min(context, start)
    return context, begin, end


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
