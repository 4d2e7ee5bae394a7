"""The forms of dates of `ontology/english/dates.toml`, made into one regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.extract import vocabulary

_QUARTER = r"(?:Q[1-4]|H[12]|(?:first|second|third|fourth|last) (?:quarter|half))"
_LISTS = (
    *("months", "short_months", "weekdays", "short_weekdays", "seasons", "holidays", "days"),
    *("numbers", "units", "directions", "sequels", "steps"),
)
_WRITTEN = re.compile(r"(?<![ \w\\{<-])[A-Za-z]+")
"""The words of a form, but for the names of slots and what stands after a blank."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What `dates.toml` says, made ready.

    `trigger` finds what every date holds, quickly; `pattern` is all forms, one group for each; `forms` gives for each
    group its reading and its expression with slots.
    """

    trigger: re.Pattern[str]
    pattern: re.Pattern[str]
    forms: Mapping[str, tuple[str, re.Pattern[str]]]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    words: Mapping[str, Any]
    before: Mapping[str, re.Pattern[str]]
    after: Mapping[str, re.Pattern[str]]


@cache
def grammar() -> Grammar:
    """The grammar, built once."""
    words = vocabulary.read("dates")
    context = words["context"]
    months = {**words["months"], **words["short_months"], **{f"{m}.": n for m, n in words["short_months"].items()}}
    weekdays = {**words["weekdays"], **words["short_weekdays"]}
    slots = {
        "year": r"(?P<year>1\d{3}|20\d\d)(?![\d%]|[.,]\d)",
        "any_year": r"(?P<any_year>[1-9]\d{2,3})",
        "mm": r"(?P<month_number>0[1-9]|1[0-2])",
        "dd": r"(?P<day>0[1-9]|[12]\d|3[01])",
        "m": r"(?P<month_number>0?[1-9]|1[0-2])",
        "d": r"(?P<day>0?[1-9]|[12]\d|3[01])",
        "day": r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\w)",
        "quarter": _QUARTER,
        "number": rf"(?P<number>{vocabulary.alternation(words['numbers'])}|\d{{1,3}})",
        "month": _named("month", months),
        "month_name": _named("month", words["months"]),
        "weekday": rf"{_named('weekday', weekdays)}\.?",
        "weekday_name": _named("weekday_name", words["weekdays"]),
        "season": rf"(?P<season>{vocabulary.alternation(words['seasons'])})",
        "holiday": rf"(?-i:(?P<holiday>{vocabulary.alternation(words['holidays'])}))",
        "days": rf"(?P<days>{vocabulary.alternation(words['days'])})",
        "unit": rf"(?P<unit>{vocabulary.alternation(words['units'])})",
        "direction": rf"(?P<direction>{vocabulary.alternation(words['directions'])})",
        "sequel": rf"(?P<sequel>{vocabulary.alternation(words['sequels'])})",
        "step": rf"(?P<step>{vocabulary.alternation(words['steps'])})",
        "part": rf"(?P<part>(?:the )?{vocabulary.alternation(words['parts']['words'])})",
    }
    forms: dict[str, tuple[str, str]] = {}
    for form in words["form"]:
        for pattern in form["patterns"]:
            written = re.sub(r"\{([a-z_]+)\}", lambda slot: slots[slot[1]], pattern)
            forms[f"f{len(forms)}"] = (form["reading"], written)
    plain = (f"(?P<{name}>{re.sub(r'[?]P<[a-z_]+>', '?:', written)})" for name, (_, written) in forms.items())
    unit = vocabulary.alternation(words["units"])
    days = [*_capitals([*months, *words["weekdays"]]), *_sentence_case(words["days"]), *words["holidays"]]
    directions, sequels = (_sentence_case(words[name]) for name in ("directions", "sequels"))
    initials = vocabulary.initials(["AD", *days, *directions, *sequels, *words["units"]])
    triggers = [
        r"1\d{3}|20\d\d|\d{3} [AC]\.?[DE]|A\.?D\.? \d+",
        vocabulary.alternation(days),
        f"{vocabulary.alternation(directions)} (?:{unit}|{slots['season']})",
        f"{vocabulary.alternation(sequels)} {unit}",
        f"{unit} (?:ago|{vocabulary.alternation(words['steps'])})",
    ]
    return Grammar(
        trigger=re.compile(rf"(?<!\w)(?=\d|{initials})(?:{'|'.join(triggers)})\b"),
        pattern=re.compile(rf"(?i)(?<![\w$€£¥#@/.])(?<!\d[,-])(?=\d|{_beginning(words)})(?:{'|'.join(plain)})(?!\w)"),
        forms={name: (reading, re.compile(f"(?i){written}")) for name, (reading, written) in forms.items()},
        months={name.casefold(): number for name, number in months.items()},
        weekdays={name.casefold(): number for name, number in weekdays.items()},
        numbers=words["numbers"],
        words=words,
        before={
            **{
                name: re.compile(rf"(?i)(?<!\w){vocabulary.alternation(context[name])} \(?$")
                for name in (
                    "before_year",
                    "before_no_year",
                    "before_month",
                    "before_time",
                    "not_before",
                    "before_estimate",
                )
            },
            "future": re.compile(rf"(?i)(?<!\w){vocabulary.alternation(context['future'])}(?!\w)"),
            "bracket": re.compile(r"[(\[]$"),
            "comma": re.compile(r"\w, $"),
            "the": re.compile(r"(?i)\bthe $"),
        },
        after={
            "counted": re.compile(rf"(?i)[ -]{vocabulary.alternation(context['counted'])}(?!\w)"),
            "after_year": re.compile(rf" {vocabulary.alternation(context['after_year'])}(?!\w)"),
            "connector": re.compile(vocabulary.alternation(context["connectors"])),
            "plural": re.compile(r" [a-z]+s\b"),
            "capital": re.compile(r" [A-Z]"),
            "closing": re.compile(r"[])},;.]|$| and\b| ?[-\u2013\u2014]"),
            "end": re.compile(r"[);]"),
        },
    )


def _beginning(words: Mapping[str, Any]) -> str:
    """What a date begins with, if not with a digit: so the forms are not all tried at every word.

    More than need be: the first words of all lists, and what the forms say elsewhere than after a blank.
    """
    listed = [entry for name in _LISTS for entry in words[name]]
    forms = [pattern for form in words["form"] for pattern in form["patterns"]]
    written = [word for pattern in (_QUARTER, *forms) for word in _WRITTEN.findall(pattern)]
    first = [re.split(r"\W", word, maxsplit=1)[0] for word in (*listed, *words["parts"]["words"], *written)]
    return rf"{vocabulary.alternation(map(str.casefold, first))}(?![^\W\d])"


def _named(slot: str, names: Iterable[str]) -> str:
    """A slot for names that are written large, or in capitals throughout."""
    return f"(?-i:(?P<{slot}>{vocabulary.alternation(_capitals(names))}))"


def _capitals(names: Iterable[str]) -> list[str]:
    return [form for name in names for form in (name, name.upper())]


def _sentence_case(words: Iterable[str]) -> list[str]:
    return [form for word in words for form in (word, word[0].upper() + word[1:])]
