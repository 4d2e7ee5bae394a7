"""Who speaks in a quotation."""

from __future__ import annotations

from time import process_time

import pytest

from kg.resolve.language import english
from kg.resolve.quotations import find_quotations
from tests.resolve.marked import entities, expected, grouped, read

CASES = {
    "said after the quotation": '"[I|1] am leaving [Acme|O2]," said [Ada Park|P1].',
    "the name before the verb": '"[I|1] am leaving," [Ada Park|P1] said.',
    "the name before the quotation": '[Ada Park|P1] said: "[I|1] am leaving."',
    "the name and a comma before the quotation": '[Ada Park|P1] wrote, "[I|1] am leaving."',
    "single quotation marks": "'[I|1] couldn't stay at [Acme|O2],' [Ada Park|P1] said.",
    "curly quotation marks": "“[I|1] am leaving,” said [Ada Park|P1].",
    "in the middle of the quotation": '"[I|1] am leaving," [Ada Park|P1] said. "[I|1] have to."',
    "with a role in between": '"[I|1] am leaving," says founder and chief [Ada Park|P1].',
    "with an apposition after the name": '"[I|1] am leaving," [Ada Park|P1], head of [Acme|O2], said.',
    "with an apposition before a quotation": '[Ada Park|P1], who founded [Acme|O2], said: "[I|1] am leaving."',
    "a pronoun speaks": '[Ada Park|P1] came. "[I|1] am leaving," [she|1] said.',
    "several sentences": '"[I|1] was here. [I|1] am leaving. It is over," [Ada Park|P1] said.',
    "an adverb before the verb": '"[I|1] am leaving," [Ada Park|P1] later added.',
    "according to": 'According to [Ada Park|P1], "[I|1] am leaving."',
    "asked to tell": 'We asked [Ada Park|P1] to share her plans: "[I|1] am leaving."',
    "two speakers": '"[I|1] am leaving," said [Ada Park|P1]. "[I|2] am not," said [Omar Lund|P2].',
    "who is talked about is not the speaker": (
        '[Walter Munk|P1] swam. "[He|1] was brilliant," said [Eric Voss|P2]. [Voss|P2] spoke of "[his|1] great mind".'
    ),
    "the speaker's employer does not speak": '"[I|1] am leaving," said [Ada Park|P1] of [Acme|O2].',
    "the name of the wife, not of her husband's office": (
        '[Omar Lund|P1] died. [Lund|P1]\'s wife [Mary Lund|P2], also [ACME|O3], said, "[I|2] loved him."'
    ),
    "a quotation over two paragraphs": "“[I|1] was here.\n\n“[I|1] am leaving,” [Ada Park|P1] said.",
    "we, the speaker's organization": '"[We|2] are leaving," said [Ada Park|P1], head of [Acme|O2].',
    "we, where two organizations are named": '"[We|0] are leaving," said [Ada Park|P1] of [Acme|O2] and [Bolt|O3].',
    "we, where none is named": '"[We|0] are leaving," said [Ada Park|P1].',
    "nobody is named": '"[I|0] am leaving," somebody said.',
    "a word in quotation marks is not speech": '[Ada Park|P1] called it "a glider". [She|1] was glad.',
    "an apostrophe opens no quotation": "The users' [Fizz|S1] isn't [Ada Park|P2]'s. [I|0] say so.",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_the_first_person_is_who_speaks(text: str) -> None:
    marked = read(text)
    assert grouped(marked, entities(marked)) == expected(marked)


def test_many_apostrophes_take_linear_time() -> None:
    """A text of which the time is asked by its ratio, as apostrophes once doubled it each."""

    def seconds(count: int) -> float:
        text = "'He said the users' and makers' tools. " * count
        best = 9.0
        for _ in range(3):
            start = process_time()
            find_quotations(text, [], english())
            best = min(best, process_time() - start)
        return best

    assert seconds(400) < 40 * max(seconds(40), 1e-4)
