"""Dates of publication, in the forms in which pages, feeds, headers and the heads of articles give them.

A date is ISO 8601 at the precision at which it was given: `2025`, `2025-11`, `2025-11-06`. The day is the one that
was written, in its own time zone.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)",
        r"(?P<year>\d{4})/(?P<number>\d\d?)/(?P<day>\d\d?)(?!\d)",
        r"(?P<year>\d{4})(?P<number>\d\d)(?P<day>\d\d)(?!\d)",
        r"(?P<year>\d{4})-(?P<number>\d\d)(?![\d-])",
        r"(?P<year>\d{4})(?![\d/-])",
        rf"(?P<month>{_MONTH})\s*(?P<day>\d\d?)(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})\s*,?\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?P<month>{_MONTH})\s*,?\s+(?P<year>\d{{4}})(?!\d)",
    )
)

# A day, as it stands in a dateline or on a line of its own at the head of an article.
_DAY = (
    rf"{_WEEKDAY}(?:\d{{4}}-\d\d-\d\d|{_MONTH}\s+\d\d?(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d\d?(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}})"
)
_CLOCK = r"(?:[T,|·\s]+(?:at\s+)?\d\d?:\d\d\S*(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?)?"
_OWN_LINE = re.compile(
    rf"(?:(?:first\s+)?(?:published|posted|issued|released|date)(?:\s+on)?\s*:?\s+)?(?P<date>{_DAY}){_CLOCK}\s*$"
    rf"|(?:by\s[^.!?]{{2,60}}?|[^.!?]{{2,40}}?)\s*[|·•,–—-]\s*(?P<after>{_DAY}){_CLOCK}\s*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    rf"[A-Z][\w.,'’ -]{{1,50}}?(?:,|\s[–—-]|\()\s*(?P<date>(?i:{_DAY}))\)?\s*(?:\([^()]{{1,40}}\)|/[^/]{{1,30}}/)?\s*"
    r"(?:--|[-–—:])\s"
)
_HEAD_LINES = 8


def iso_date(text: str) -> str | None:
    """The date with which `text` begins; None if it begins with none, or with an impossible one."""
    for form in _FORMS:
        if found := form.match(text.strip()):
            return _iso(found.groupdict())
    return None


def _iso(parts: dict[str, str | None]) -> str | None:
    year, day = int(parts["year"] or 0), int(parts.get("day") or 1)
    name, number = parts.get("month"), parts.get("number")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(number or 1)
    try:
        exact = date(year, month, day).isoformat()
    except ValueError:  # 30 February
        return None
    return exact[: 10 if parts.get("day") else 7 if name or number else 4]


def date_of_head(text: str) -> str | None:
    """The date that the head of an article gives plainly: on a line of its own, in a byline, or in a dateline."""
    for line in [line.strip() for line in text[:2000].split("\n") if line.strip()][:_HEAD_LINES]:
        found = _DATELINE.match(line) if len(line) > 100 else _OWN_LINE.match(line) or _DATELINE.match(line)
        if found:
            groups = found.groupdict()
            return iso_date(groups["date"] or groups["after"] or "")
    return None
