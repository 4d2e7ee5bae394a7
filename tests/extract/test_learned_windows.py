"""How a document is cut into windows of word pieces, and what stands beside each piece."""

from __future__ import annotations

import numpy as np
import pytest

import ontology
from kg.extract.learned.labels import Labels, labels_of
from kg.extract.learned.windows import CLS, CORE, LONGEST, SEP, SHAPES, Window, Windows
from kg.model import Document, Mention
from kg.read import document
from tests.extract.marked import read

ARTICLE = (
    "Quillpad 3.1 is out. Its maintainers, Ada Okafor and Björn Ek, thank Brightwater Ltd. for three years of work. "
) * 20


@pytest.fixture(scope="module")
def labels() -> Labels:
    return labels_of(ontology.load())


@pytest.fixture(scope="module")
def windows(labels: Labels) -> Windows:
    return Windows(labels)


def written(window: Window, text: Document) -> list[str]:
    return [text.text[start:end] for start, end in window.offsets[1:-1].tolist()]


def test_every_piece_of_a_document_is_in_one_window(windows: Windows) -> None:
    article = document(ARTICLE)
    found = windows.of(article, [])
    cores = [(start, end) for window in found for start, end in window.offsets[1:-1].tolist()]
    assert len(found) > 3
    assert cores == sorted(set(cores))
    assert "".join(article.text[start:end] for start, end in cores) == "".join(article.text.split())


def test_windows_are_whole_sentences_and_no_longer_than_allowed(windows: Windows) -> None:
    article = document(ARTICLE)
    starts = {sentence.start for sentence in article.sentences}
    for window in windows.of(article, []):
        assert window.core.start == int(window.offsets[1, 0]) in starts
        assert len(window.ids) <= CORE + 2
        assert (window.ids[0], window.ids[-1]) == (CLS, SEP)


def test_a_sentence_that_is_too_long_is_cut_and_nothing_of_it_is_lost(windows: Windows) -> None:
    article = document("Names: " + ", ".join(f"Person{n}" for n in range(300)) + ".")
    found = windows.of(article, [])
    assert max(len(window.ids) for window in found) == LONGEST + 2
    assert "".join(piece for window in found for piece in written(window, article)) == article.text.replace(" ", "")


def test_mentions_are_candidates_at_their_pieces_and_hints_tell_their_types(windows: Windows, labels: Labels) -> None:
    article, mentions = read("[PyTorch|Software] was made by [it|] in [May 2006=2006-05|Date].")
    (window,) = windows.of(article, mentions)
    assert [candidate.mention for candidate in window.candidates] == mentions
    for candidate in window.candidates:
        text = article.text[window.offsets[candidate.first, 0] : window.offsets[candidate.last, 1]]
        assert text == candidate.mention.text
        number = labels.types.index(candidate.mention.type) if candidate.mention.type else labels.no_type
        assert window.hints[candidate.first] == 1 + 2 * number
        assert set(window.hints[candidate.first + 1 : candidate.last + 1].tolist()) <= {2 + 2 * number}
    assert window.hints.max() < windows.hints
    assert np.count_nonzero(window.hints) == sum(c.last - c.first + 1 for c in window.candidates)


def test_words_that_are_written_differently_have_different_shapes(windows: Windows) -> None:
    words = ["rust", "Rust", "RUST", "rustUp", "x86a", "X86A", "1986", "%"]
    found = {}
    for word in words:
        (window,) = windows.of(document(word), [])
        found[word] = int(window.shapes[1])
    assert len(set(found.values())) == len(words)
    (window,) = windows.of(document("(Rust Rust"), [])
    glued, apart = window.shapes[2], window.shapes[3]
    assert glued != apart == found["Rust"]
    assert 0 < max(found.values()) < SHAPES


def test_a_mention_of_characters_that_have_no_piece_is_no_candidate(windows: Windows) -> None:
    article = document("Ada \u200d Park")
    assert windows.of(article, [Mention(4, 5, "Person", "name", "\u200d")])[0].candidates == ()


def test_a_text_without_a_word_has_no_window(windows: Windows) -> None:
    assert windows.of(document("\u200d"), []) == []


def test_labels_fit_together_as_the_ontology_says(labels: Labels) -> None:
    assert labels.relations == tuple(ontology.load().relations)
    known = ontology.load()
    for number, relation in enumerate(known.relations.values()):
        fitting = {labels.types[t] for t in np.flatnonzero(labels.subjects[number, :-1])}
        assert fitting == set(relation.domain)
        assert labels.objects[number, -1] == bool(relation.range)
        carried = {labels.qualifiers[q] for q in np.flatnonzero(labels.carries[number])}
        assert carried == set(relation.qualifiers)
