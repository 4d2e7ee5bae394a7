"""Which pairs of surnames are one name and a slip, and which are two: letters alone can't tell."""

from __future__ import annotations

import pytest

from tests.resolve.marked import entities, read

SLIPS = """
    Stroustrup/Stroustrop Zuckerberg/Zuckerburg Torvalds/Torvolds Chintala/Chintara Moolenaar/Molenaar Kernighan/Kernigan
    Nadella/Nadela Pichai/Pichia Stallman/Stalman Shuttleworth/Shuttlewort Hashimoto/Hashimito Matsumoto/Matsumito
    Mullenweg/Mullenwig Widenius/Widenuis Hejlsberg/Hejlsburg Stenberg/Stenburg Lattner/Latner Rochko/Rocko
    Kurtzer/Kurzter Dijkstra/Djikstra Knuth/Knuht Wozniak/Wosniak
"""
TWO_NAMES = """
    Anderson/Andersen Hansen/Hanson Johnson/Johnston Meyer/Mayer Schmidt/Schmitt Hoffman/Hoffmann Petersen/Peterson
    Clark/Clarke Larsen/Larson Nielsen/Nielson Gonzalez/Gonzales Fernandez/Fernandes Rodriguez/Rodrigues Mendez/Mendes
    Weber/Webber Fischer/Fisher Thomson/Thompson Philips/Phillips Jensen/Jenson Eriksson/Erikson Davis/Davies
    Martinez/Martines Becker/Decker Moore/Moon Stewart/Stuart Reed/Reid Brown/Braun Khan/Kahn Wang/Wong Lopez/Lopes
    Miller/Muller Bauer/Baker Carson/Larson
"""


def people(first: str, second: str) -> int:
    return len(entities(read(f"[Nadia {first}|P1] left the firm. [{second}|P1] had been glad. [{first}|P1] slept.")))


@pytest.mark.parametrize("pair", SLIPS.split())
def test_a_slip_of_the_pen_is_no_other_person(pair: str) -> None:
    assert people(*pair.split("/")) == 1


@pytest.mark.parametrize("pair", TWO_NAMES.split())
def test_two_surnames_that_people_have_are_two_people(pair: str) -> None:
    first, second = pair.split("/")
    assert people(first, second) == 2
    assert people(second, first) == 2
