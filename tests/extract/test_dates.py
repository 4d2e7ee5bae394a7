"""Dates: what is one, how exact it is, and what only looks like one."""

from __future__ import annotations

import gzip
import itertools
import json
import time
from pathlib import Path

import pytest

from kg.extract.dates import find_dates
from kg.model import Mention, Span

PUBLISHED = "2025-11-06"  # a Thursday

ABSOLUTE = [
    ("The foundation opened its doors on November 6, 2025.", ["2025-11-06"]),
    ("It was tagged on 6 Nov 2025 and shipped later.", ["2025-11-06"]),
    ("On the 6th of November 2025 the board met.", ["2025-11-06"]),
    ("Posted 2025-11-06 by the editors.", ["2025-11-06"]),
    ("Logged at 2025-11-06T09:30Z.", ["2025-11-06"]),
    ("Invoice dated 11/25/2025.", ["2025-11-25"]),
    ("Rechnung vom 6.11.2025.", ["2025-11-06"]),
    ("Updated on 2025/11/06 at noon.", ["2025-11-06"]),
    ("He signed on Thursday, November 6, 2025, in Oslo.", ["2025-11-06"]),
    ("Last updated Thu, Nov. 6, 2025 at noon.", ["2025-11-06"]),
    ("OSLO, NOVEMBER 6, 2025 - The project", ["2025-11-06"]),
    ("The talks ran November 4-6, 2025 in Vienna.", ["2025-11"]),
    ("She joined in March 2019.", ["2019-03"]),
    ("She joined in March of 2019.", ["2019-03"]),
    ("She joined in Sept. 2019.", ["2019-09"]),
    ("The code went public in early 2016.", ["2016"]),
    ("The rewrite began in mid-2018.", ["2018"]),
    ("He moved there in the spring of 2014.", ["2014"]),
    ("He moved there in summer 2014.", ["2014"]),
    ("At the end of 2003 the server was switched off.", ["2003"]),
    ("Sales doubled in Q3 2019.", ["2019"]),
    ("Sales doubled in the first half of 2019.", ["2019"]),
    ("The company was founded in 1939.", ["1939"]),
    ("Ada Holm (1926-2019) wrote compilers.", ["1926", "2019"]),
    ("Ada Holm (1926\u20132019) wrote compilers.", ["1926", "2019"]),
    ("Ada Holm (born 1953) writes compilers.", ["1953"]),
    ("He led the lab 2010-2015.", ["2010", "2015"]),
    ("He led the lab from 2010 to 2015.", ["2010", "2015"]),
    ("He led the lab in 2010\u201315.", ["2010", "2015"]),
    ("Elections were held in 1975, 1978 and 1980.", ["1975", "1978", "1980"]),
    ("The abbey was burnt in AD 793.", ["0793"]),
    ("The abbey was burnt in 793 CE.", ["0793"]),
    ("She won the 2018 Turing Award.", ["2018"]),
    ("2014 was a good year for the project.", ["2014"]),
    ("They married on New Year's Eve 1999.", ["1999-12-31"]),
    ("Between March and May 2019 it lost users.", ["2019-03", "2019-05"]),
    ("From November 2018 to March 2019 it lost users.", ["2018-11", "2019-03"]),
    ("From December to March 2019 it lost users.", ["2018-12", "2019-03"]),
    ("It fell on the night of 12 March 1998.", ["1998-03-12"]),
    ("He was there Jan 2020 – Mar 2021.", ["2020-01", "2021-03"]),
    ("In the third quarter of 2021 it grew.", ["2021"]),
    ("She is of the class of 1999.", ["1999"]),
    ("He has been chair (2001-present) ever since.", ["2001"]),
    ("It appeared in July or August 2014.", ["2014-07", "2014-08"]),
    ("It appeared on Dec 31st 1999.", ["1999-12-31"]),
    ("It ran in the 2024/25 season.", ["2024", "2025"]),
    ("It was devised around 1970.", ["1970"]),
    ("From roughly 1948 to 1951 he was editor.", ["1948", "1951"]),
    ("Copyright 2014 by the authors.", ["2014"]),
    ("At 20:15 on 4 June 2010 it rained.", ["2010-06-04"]),
    ("It has been there since at least 2005.", ["2005"]),
    ("In 1990 it was Bonn. Two years later it was Berlin.", ["1990", "1992"]),
]

RELATIVE = [
    ("The foundation said today that it has moved.", ["2025-11-06"]),
    ("He resigned yesterday.", ["2025-11-05"]),
    ("The maintainers said Saturday that they agree.", ["2025-11-01"]),
    ("She left last Thursday.", ["2025-10-30"]),
    ("She left on Thursday.", ["2025-11-06"]),
    ("She left on Tuesday.", ["2025-11-04"]),
    ("On Tuesday Meta confirmed it.", ["2025-11-04"]),
    ("This Friday he was named chair.", ["2025-10-31"]),
    ("The vote is next Monday.", ["2025-11-10"]),
    ("The vote will be held on Monday.", ["2025-11-10"]),
    ("He joined last year.", ["2024"]),
    ("He joined late last year.", ["2024"]),
    ("He joined last month.", ["2025-10"]),
    ("He joined earlier this month.", ["2025-11"]),
    ("He joined this year.", ["2025"]),
    ("He left five years ago.", ["2020"]),
    ("He left two months ago.", ["2025-09"]),
    ("He left three days ago.", ["2025-11-03"]),
    ("He left in March.", ["2025-03"]),
    ("He left in November.", ["2025-11"]),
    ("He left in December.", ["2024-12"]),
    ("December saw another release.", ["2024-12"]),
    ("He left on May 5.", ["2025-05-05"]),
    ("He left on February 5.", ["2025-02-05"]),
    ("He takes up the job on December 5.", ["2025-12-05"]),
    ("He left on Tuesday, November 4.", ["2025-11-04"]),
    ("The office stays open until December 5.", ["2025-12-05"]),
    ("He left last spring.", ["2025"]),
    ("He left since late October.", ["2025-10"]),
    ("He left three weeks ago.", ["2025-10"]),
    ("He left on Monday, 3 November.", ["2025-11-03"]),
    ("He left at the end of last month.", ["2025-10"]),
    ("He leaves next spring.", ["2026"]),
    ("He left on Wednesday, Nov 5.", ["2025-11-05"]),
    ("He left last July.", ["2025-07"]),
    ("The build broke on New Year's Eve.", ["2024-12-31"]),
    ("It opened in 2014. A year later it closed.", ["2014", "2015"]),
    ("It opened in 2014. The following year it closed.", ["2014", "2015"]),
    ("It opened in 2014 and closed in the same year.", ["2014", "2014"]),
    ("It opened in May 2014 and closed two months later.", ["2014-05", "2014-07"]),
    ("It opened on 31 May 2014 and closed the next day.", ["2014-05-31", "2014-06-01"]),
    ("It opened on 3 March 2019 and closed on 5 April.", ["2019-03-03", "2019-04-05"]),
]

NO_DATES = [
    "He had been there for 11 years.",
    "After a 25-year career she left.",
    "It took 10 years of work.",
    "She is 46 years old, the 46-year-old said.",
    "Tools of the mid-1990s and the early 1980s.",
    "The 1990's were a good time.",
    "Some 2000 people came, of 2000 people invited.",
    "The list grew to 1500 users by 1200 hours of work.",
    "It runs on macOS 10.15 and Office 2016.",
    "It costs $2000, or 1999 euros.",
    "On 30 February 2020 nothing happened.",
    "On 11/6/2025 or 6/11/2025.",
    "A decade ago all was different, and about five years ago too.",
    "Every Monday the Sunday Times has a column.",
    "In 1200 BC there was iron.",
    "In fiscal 2019 profits fell.",
    "See https://example.org/2025-11-06-leaving for more.",
    "May Holm and April Berg march on, as June Carter did.",
    "Ports 1024-2048 people", "It may break; the march goes on.",
    "Over the last year much has changed.",
    "The paper has 2019 words, and Room 2012 is over 1900 miles away.",
    "It opened two days before, a fortnight ago, in the late 2010s.",
]  # fmt: skip


def dates(text: str, published: str | None = PUBLISHED) -> list[Mention]:
    stops = [
        index + 1 for index, character in enumerate(text) if character == "." and text[index + 1 : index + 2] == " "
    ]
    bounds = [0, *stops, len(text)]
    sentences = [Span(start + (start > 0), end) for start, end in itertools.pairwise(bounds)]
    return find_dates(text, sentences, published)


@pytest.mark.parametrize(("text", "values"), ABSOLUTE)
def test_an_absolute_date_needs_no_date_of_publication(text: str, values: list[str]) -> None:
    assert [mention.value for mention in dates(text, None)] == values


@pytest.mark.parametrize(("text", "values"), RELATIVE)
def test_a_relative_date_counts_from_publication_or_from_the_date_before(text: str, values: list[str]) -> None:
    assert [mention.value for mention in dates(text)] == values


@pytest.mark.parametrize("text", NO_DATES)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert dates(text) == []


def test_without_a_date_of_publication_what_is_relative_to_it_is_left_out() -> None:
    assert dates("He left last Thursday, in March, five years ago, today.", None) == []


def test_a_date_of_publication_without_its_day_still_dates_years_and_months() -> None:
    text = "Last year, in March, last month and on Tuesday."
    assert [mention.value for mention in dates(text, "2025-11")] == ["2024", "2025-03", "2025-10"]
    assert [mention.value for mention in dates(text, "2025")] == ["2024"]


def test_the_preposition_is_no_part_of_a_mention_but_early_and_the_weekday_are() -> None:
    text = "In early 2016, on Thursday, November 6, 2025, and at the end of 2003."
    assert [mention.text for mention in dates(text)] == ["early 2016", "Thursday, November 6, 2025", "the end of 2003"]
    assert all(text[mention.start : mention.end] == mention.text for mention in dates(text))


def test_a_year_later_does_not_count_from_a_date_three_sentences_back() -> None:
    assert [m.value for m in dates("It opened in 2014. One. Two. Three. A year later it closed.")] == ["2014"]


def test_mentions_are_sorted_literals_without_overlap() -> None:
    text = " ".join(text for text, _ in ABSOLUTE + RELATIVE)
    found = dates(text)
    assert len(found) > len(ABSOLUTE + RELATIVE)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert {(mention.type, mention.kind) for mention in found} == {("Date", "literal")}


@pytest.mark.parametrize("text", ["", "2019", "in 2019", "\n\n", "١٩٣٩ in ٢٠١٩", "in 99999 or 20190 or 0000-00-00"])
def test_odd_texts_do_no_harm(text: str) -> None:
    assert {mention.value for mention in find_dates(text, [], "not a date")} <= {"2019"}


def test_the_dates_that_knowledgenet_marks_are_found(shared: Path) -> None:
    marked = found = 0
    with gzip.open(shared / "datasets" / "knowledgenet.fold1.jsonl.gz", "rt", encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            spans = [
                fact["object_span"]
                for fact in document["facts"]
                if fact.get("object_span") and "DATE" in fact["relation"]
            ]
            mentions = find_dates(document["text"], [Span(0, len(document["text"]))], None)
            marked += len(spans)
            found += sum(any(m.start < end and start < m.end for m in mentions) for start, end in spans)
    assert found / marked > 0.95


def test_finding_dates_takes_a_few_microseconds_a_word() -> None:
    text = " ".join(text for text, _ in ABSOLUTE) + " and words that name no day at all, as most words do" * 400
    find_dates(text, [Span(0, len(text))], PUBLISHED)
    begun = time.process_time()
    find_dates(text, [Span(0, len(text))], PUBLISHED)
    assert (time.process_time() - begun) / len(text.split()) < 10e-6
