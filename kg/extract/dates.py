"""Dates in English text, each as exact as the text lets a reader say: `2025`, `2025-11`, `2025-11-06`.

The words and forms are data (`ontology/english/dates.toml`): the slots of the form that matches make the date, in one
of the readings below. Relative dates are resolved against the day
of publication ("last Thursday"), or against the date mentioned before ("the following year").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kg.extract.dates_grammar import Grammar, grammar
from kg.model import Mention, Span

_NEAR = 2
"""How many sentences back the date may stand that "a year later" counts from."""

_REACH = 40
"""How far a date reaches, in characters, to either side of a word that only dates hold."""

_SOON = 60
"""A day without a year that comes within so many days is meant, rather than the one of the year before."""

_EDGE = 24
"""How many characters before and after a possible date decide whether it is one."""


class _Date(NamedTuple):
    """A date of any precision."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, day: date) -> _Date:
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, iso: str | None) -> _Date | None:
        match = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", iso or "")
        if match is None:
            return None
        year, month, day = match.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    def exact(self) -> date | None:
        """The day, or none where only the month or year is known, or where there is no such day."""
        if not self.month or not self.day:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    def iso(self) -> str | None:
        """In ISO 8601, or none where there is no such date."""
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return None
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in self[1:] if part)])

    def plus_months(self, count: int) -> _Date | None:
        if self.month is None:
            return None
        months = self.year * 12 + self.month - 1 + count
        return _Date(months // 12, months % 12 + 1)


class _Found(NamedTuple):
    start: int
    end: int
    date: _Date


def find_dates(text: str, sentences: Sequence[Span], published: str | None) -> list[Mention]:
    """The dates in a text, sorted, without overlap; `value` is the date in ISO 8601 with its precision.

    `published` is the ISO date of publication, of any precision: without it, dates that are relative to it are left
    out. So are durations, ages, decades, and numbers that only look like years. A preposition before the date is not
    part of the mention; "early", "the end of" and the day of the week are.
    """
    found = _Reader(grammar(), text, sentences, _Date.parse(published)).read()
    return [
        Mention(start, end, "Date", "literal", text[start:end], value)
        for start, end, day in found
        if (value := day.iso()) is not None
    ]


class _Reader:
    """Reads the dates of one text. One method a reading (see `dates.toml`); each gives none, one or two dates."""

    def __init__(self, grammar: Grammar, text: str, sentences: Sequence[Span], today: _Date | None) -> None:
        self.grammar = grammar
        self.text = text
        self.starts = [sentence.start for sentence in sentences]
        self.today = today
        self.found: list[_Found] = []

    def read(self) -> list[_Found]:
        readings = {
            "calendar": self._calendar,
            "slashes": self._slashes,
            "years": self._years,
            "year": self._year,
            "recent": self._recent,
            "day": self._day,
            "ago": self._ago,
            "period": self._period,
            "sequel": self._sequel,
        }
        for window in self._windows():
            for match in self.grammar.pattern.finditer(self.text, *window):
                reading, slots = self._slots(match)
                if reading in readings:
                    self.found += (found for found in readings[reading](match, slots) if found.date.iso())
        return self.found

    def _windows(self) -> list[Span]:
        """The parts of the text that can hold a date, apart from each other: all forms are slow to try everywhere."""
        windows: list[Span] = []
        for trigger in self.grammar.trigger.finditer(self.text):
            if windows and trigger.start() - _REACH <= windows[-1].end:
                start = windows.pop().start
            else:
                start = max(0, trigger.start() - _REACH)
            end = self.text.find(" ", trigger.end() + _REACH)
            windows.append(Span(start, end if end >= 0 else len(self.text)))
        return windows

    def _slots(self, match: re.Match[str]) -> tuple[str, dict[str, str]]:
        reading, pattern = self.grammar.forms[match.lastgroup or ""]
        inner = pattern.match(self.text, match.start())
        slots = inner.groupdict() if inner else {}
        return reading, {slot: value for slot, value in slots.items() if value is not None}

    # What the slots say

    def _date(self, slots: Mapping[str, str], year: int) -> _Date:
        """The date that the slots name, in the given year."""
        if "holiday" in slots:
            month, day = self.grammar.words["holidays"][slots["holiday"]].split("-")
            return _Date(year, int(month), int(day))
        month = self._month(slots)
        return _Date(year, month, int(slots["day"]) if "day" in slots else None)

    def _month(self, slots: Mapping[str, str]) -> int | None:
        if "month_number" in slots:
            return int(slots["month_number"])
        return self.grammar.months[slots["month"].casefold()] if "month" in slots else None

    def _number(self, slots: Mapping[str, str]) -> int:
        number = slots["number"].casefold()
        return self.grammar.numbers.get(number) or int(number)

    def _direction(self, slots: Mapping[str, str]) -> int | None:
        direction = slots.get("direction")
        return None if direction is None else int(self.grammar.words["directions"][direction.casefold()])

    def _before(self, start: int, what: str) -> bool:
        return self.grammar.before[what].search(self.text[max(0, start - _EDGE) : start]) is not None

    def _after(self, end: int, what: str) -> bool:
        return self.grammar.after[what].match(self.text, end) is not None

    def _sentence(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def _is_future(self, start: int) -> bool:
        index = self._sentence(start)
        begin = self.starts[index] if index >= 0 else 0
        return self.grammar.before["future"].search(self.text, begin, start) is not None

    # Dates with a year

    def _calendar(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        yield _Found(match.start(), match.end(), self._date(slots, int(slots.get("year") or slots["any_year"])))

    def _slashes(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        """11/25/2025: which number is the month is plain only where the other can't be one."""
        first, second, year = int(slots["first"]), int(slots["second"]), int(slots["year"])
        if first == second or first > 12 >= second:
            yield _Found(match.start(), match.end(), _Date(year, second, first))
        elif second > 12 >= first:
            yield _Found(match.start(), match.end(), _Date(year, first, second))

    def _years(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        """2010-2015, 2010-15: two dates."""
        first, until = slots["year"], slots["until"]
        second = first[: 4 - len(until)] + until
        if first < second and not self._after(match.end(), "counted"):
            yield _Found(match.start(), match.start() + 4, _Date(int(first)))
            yield _Found(match.end() - len(until), match.end(), _Date(int(second)))

    def _year(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        if self._is_year(match.start(), match.end()):
            yield _Found(match.start(), match.end(), _Date(int(slots["year"])))

    def _is_year(self, start: int, end: int) -> bool:
        """Whether what stands around a number of four digits says that it is a year."""
        if self._after(end, "counted") or self._before(start, "before_no_year"):
            return False
        if self.text.startswith("00", end - 2) and self._after(end, "plural"):
            return False
        if self._before(start, "before_year") or (self._before(start, "bracket") and self._after(end, "closing")):
            return True
        if self._before(start, "comma") and self._after(end, "end"):
            return True
        if self._before(start, "the") and self._after(end, "capital"):
            return True
        if start in self.starts and self._after(end, "after_year"):
            return True
        if (
            self.found
            and (between := self.text[self.found[-1].end : start]) in self.grammar.words["context"]["connectors"]
        ):
            return "," not in between or self._after(end, "closing")
        return False

    # Dates relative to publication

    def _recent(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        day = self._recent_date(match, slots)
        if day is not None:
            yield _Found(match.start(), match.end(), day)

    def _recent_date(self, match: re.Match[str], slots: Mapping[str, str]) -> _Date | None:
        """A weekday, month, day or season without its year."""
        start, end = match.span()
        direction = self._direction(slots)
        bare = "day" not in slots and "holiday" not in slots and direction is None
        if bare and self._before(start, "not_before"):
            return None
        if bare and self._after(end, "capital") and not self._before(start, "before_time"):
            return None
        if "season" in slots:
            return self._season(slots["season"].casefold(), direction or 0)
        if "weekday_name" in slots:
            return self._weekday(self.grammar.weekdays[slots["weekday_name"].casefold()], direction, start)
        if bare and not self._is_month(start, slots["month"], bool(slots.get("part"))):
            return None
        return (
            self._year_after(end, slots) or self._year_near(start, slots) or self._month_or_day(slots, direction, start)
        )

    def _is_month(self, start: int, name: str, has_part: bool) -> bool:
        ambiguous = name.title() in self.grammar.words["context"]["month_words"]
        return has_part or not ambiguous or self._before(start, "before_month")

    def _year_after(self, end: int, slots: Mapping[str, str]) -> _Date | None:
        """From "March to May 2019": the year of the date that follows, or the year before where it began earlier."""
        connector = self.grammar.after["connector"].match(self.text, end)
        follower = self.grammar.pattern.match(self.text, connector.end()) if connector else None
        if follower is None:
            return None
        reading, others = self._slots(follower)
        if reading != "calendar" or "month" not in others:
            return None
        year = int(others["year"])
        mine, other = self._date(slots, year), self._date(others, year)
        return mine._replace(year=year - 1) if mine[1:2] > other[1:2] else mine

    def _year_near(self, start: int, slots: Mapping[str, str]) -> _Date | None:
        """From "5 March 2019 … 7 April": the year of a date with a month before in the same sentence."""
        if not self.found or self._sentence(self.found[-1].start) != self._sentence(start):
            return None
        last = self.found[-1].date
        mine = self._date(slots, last.year)
        if last.month is None or mine.month is None or mine.month < last.month:
            return None
        return mine

    def _month_or_day(self, slots: Mapping[str, str], direction: int | None, start: int) -> _Date | None:
        if self.today is None or self.today.month is None:
            return None
        mine = self._date(slots, self.today.year)
        now = self.today[1 : 2 if mine.day is None else 3]
        then = mine[1 : 2 if mine.day is None else 3]
        if None in now or direction == 0:
            return mine if direction == 0 else None
        is_soon = "day" in slots and self._is_soon(mine)
        if direction == 1 or (direction is None and then > now and (is_soon or self._is_future(start))):
            return mine._replace(year=mine.year + (then <= now))
        past = then < now or (then == now and direction is None)
        return mine._replace(year=mine.year - (not past))

    def _is_soon(self, day: _Date) -> bool:
        today, then = self.today.exact() if self.today else None, day.exact()
        return today is not None and then is not None and (then - today).days <= _SOON

    def _season(self, season: str, direction: int) -> _Date | None:
        """The year of "last spring". The season that began now or three months ago may be meant or not: none."""
        begins = int(self.grammar.words["seasons"][season])
        if self.today is None or self.today.month is None or begins == 12:
            return None
        if direction == 0:
            return _Date(self.today.year)
        if begins <= self.today.month < begins + 3:
            return None
        is_over = self.today.month >= begins
        return _Date(self.today.year - (not is_over) if direction < 0 else self.today.year + is_over)

    def _weekday(self, weekday: int, direction: int | None, start: int) -> _Date | None:
        today = self.today.exact() if self.today else None
        if today is None:
            return None
        back = (today.weekday() - weekday) % 7
        if direction == 1 or (back and direction != -1 and self._is_future(start)):
            return _Date.of(today + timedelta(7 - back))
        return _Date.of(today - timedelta(7 if direction == -1 and not back else back))

    def _day(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        today = self.today.exact() if self.today else None
        if today is not None:
            day = today + timedelta(self.grammar.words["days"][slots["days"].casefold()])
            yield _Found(match.start(), match.end(), _Date.of(day))

    def _ago(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        if self.today is None or self._before(match.start(), "before_estimate"):
            return
        day = self._moved(self.today, -self._number(slots), self.grammar.words["units"][slots["unit"].casefold()])
        if day is not None:
            yield _Found(match.start(), match.end(), day)

    def _moved(self, base: _Date, count: int, unit: str) -> _Date | None:
        """The date that lies so many units from another, as exact as the unit; none where it is not exact enough."""
        today = base.exact()
        if unit == "year":
            is_estimate = abs(count) > 10 and count % 10 == 0
            return None if is_estimate else _Date(base.year + count)
        if unit == "month":
            return base.plus_months(count)
        if today is None:
            return None
        if unit == "day":
            return _Date.of(today + timedelta(count))
        week = today + timedelta(7 * count)
        return _common(week - timedelta(3), week + timedelta(3))

    def _period(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        """Last year, earlier this month."""
        unit, written = self.grammar.words["units"][slots["unit"].casefold()], slots["unit"].casefold()
        if self.today is None or unit != written or unit == "day" or self._before(match.start(), "not_before"):
            return
        direction = self._direction(slots) or 0
        today = self.today.exact()
        day: _Date | None = None
        if unit != "week":
            day = self._moved(self.today, direction, unit)
        elif today is not None:
            monday = today + timedelta(7 * direction - today.weekday())
            day = _common(monday, monday + timedelta(6) if direction else today)
        if day is not None:
            yield _Found(match.start(), match.end(), day)

    # Dates relative to the date before

    def _sequel(self, match: re.Match[str], slots: Mapping[str, str]) -> Iterator[_Found]:
        """A year later, the following month, that day."""
        if not self.found or self._before(match.start(), "before_estimate"):
            return
        last = self.found[-1]
        if self._sentence(match.start()) - self._sentence(last.start) > _NEAR:
            return
        words = self.grammar.words
        unit = words["units"][slots["unit"].casefold()]
        if "step" in slots:
            count = self._number(slots) * words["steps"][slots["step"].casefold()]
        else:
            count = words["sequels"][slots["sequel"].casefold()]
        day = self._moved(last.date, count, unit) if unit != "week" else None
        if day is not None:
            yield _Found(match.start(), match.end(), day)


def _common(first: date, last: date) -> _Date | None:
    """The month that holds both days."""
    return _Date(first.year, first.month) if (first.year, first.month) == (last.year, last.month) else None
