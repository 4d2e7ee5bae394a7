"""Where sentences end. A bar marks each end that must be found, and there must be no other."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.sentences import sentences, unwrap


@pytest.mark.parametrize(
    "marked",
    [
        "Acme Robotics Inc. said on Monday that it would close.| Its shares fell.",
        "She works for Acme Robotics Inc.| The company is in Boston.",
        "Tesla Inc. CEO Elon Musk spoke.| Ford Motor Co. Chairman Bill Ford did not.",
        "He moved to the U.S. in 1998.| He left the U.S.| It was cold.",
        "The U.S. Department of Energy paid.| U.S. Senator Lee knew.",
        "Dr. Jane Smith, Ph.D., met Mr. Jones at 5 p.m. on Friday.| They talked.",
        "J. R. R. Tolkien wrote it.| He died in 1973.",
        "Version 2.0 was released on Jan. 3, 2020.| It has bugs.",
        "He was born in Washington, D.C.| His father was a judge.",
        '"I am leaving," she said.| "It is time."',
        '"I am leaving.| It is time," she said.',
        "'I lead the software layer.| It's hard to let go,' he said.| 'I could have stayed.'",
        "“We won’t stop.| We can’t,” said Maria Lopez, the chief executive.",
        "He said: “We won’t stop.”| Then he left.",
        "“Why?” asked Anna.| “Because I can.”",
        "Yahoo! bought Flickr in 2005.| It sold it later.",
        "ZooKeeper began at Yahoo.| With version 2, it grew.",
        "Linux is written in C.| Torvalds wrote it with Edsger W. Dijkstra in mind.",
        "Node.js runs on .NET Core, says example.com.| Not here.",
        "It works (with the right tools).| Nobody (not even Linus) knew.",
        "He left in 2014.[2]| She stayed.",
        "1. Install it.| Run it.",
        "A title without a full stop|\n\nThe text begins.",
        "Changes:|\n- It is faster|\n- It is smaller|\n- It works on Linux. And on Windows.".replace(
            "Linux. ", "Linux.| "
        ),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(marked: str) -> None:
    parts = marked.split("|")
    text = "".join(parts)
    assert [text[start:end] for start, end in sentences(text)] == [part.strip() for part in parts]


def test_a_line_broken_for_its_width_goes_on_in_the_next() -> None:
    text = "Linus Torvalds released the first version of the\nkernel in 1991, and Greg Kroah-Hartman maintains\nits stable branch."
    assert unwrap(text) == text.replace("\n", " ")


def test_a_heading_above_its_paragraph_does_not_go_on_in_it() -> None:
    text = "A new release\nThe project released version 2.0 of its compiler today, after three years of work by many."
    assert unwrap(text) == text


def test_a_list_in_a_broken_text_stays_a_list() -> None:
    text = "These are the changes, as the project lists them now:\n- the first change that we made to the program, and\n  its reason\n- two"
    assert [text[start:end] for start, end in sentences(unwrap(text))][1:][-1] == "- two"


@given(st.text(alphabet=st.sampled_from("aB1 .!?\"'“”()\n-–é𝄞\u00a0[]:;"), max_size=200))
def test_sentences_cover_every_visible_character_once_and_in_order(text: str) -> None:
    unwrapped = unwrap(text)
    assert len(unwrapped) == len(text)
    position = 0
    for start, end in sentences(unwrapped):
        assert position <= start < end
        assert not unwrapped[position:start].strip()
        assert unwrapped[start:end] == unwrapped[start:end].strip()
        assert "\n" not in unwrapped[start:end]
        position = end
    assert not unwrapped[position:].strip()


@pytest.mark.parametrize("piece", ["<?x?>", "He left the firm. ", '"A." ', "a.b.", "? ", "1. "])
def test_time_grows_with_the_length_of_a_line_and_not_faster(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        sentences(piece * count)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(80_000) < 12 * seconds(20_000) + 0.2
