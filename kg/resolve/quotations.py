"""Who says what: the quotations of a text and the mention that names each speaker."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.model import Mention
from kg.resolve.language import Language

# Straight, curly and angle marks; single ones only where punctuation ends them, as apostrophes look the same. A
# quotation may run over paragraphs, each of which opens it again.
# Each kind begins with a plain character, by which `re` searches fast; what may not precede it is looked at after.
# One alternative for each character, and a bound, keep it linear in a text full of apostrophes.
_SINGLE = r"(\w(?:[^'’‘\n]|['’](?=\w)|(?<![.,!?…])['’](?!\w)){0,2000}?[.,!?…])['’](?!\w)"
_QUOTATION = re.compile(
    r"“([^“”]{2,}?)(?:”|(?=\n\s*\n)|\Z)"
    r"|\"(?<![\w\"]\")([^\"]{2,}?)(?:\"|(?=\n\s*\n)|\Z)"
    r"|«([^«»]{2,}?)»"
    rf"|‘(?<![\w'’]‘){_SINGLE}|'(?<![\w'’]'){_SINGLE}"
)
_LEAD = 160
"""Characters within which a quotation's attribution stands."""
_GOES_ON = (",", ".", "!", "?", "-", "—", "…", "–")
_MARKS = " ,\"”'’—–-)\n"
_BREAK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n\s*\n")
_TO_VERB = re.compile(r"(?:\s*,)?(?:\s+(?:also|then|later|has|had|have|further|recently|once|who|\w+ly))*\s*")
_APPOSITION = re.compile(r"\s*,[^.!?\n\"“”]{2,140},\s*(?:\w+ly\s+|also\s+|later\s+)?")
_TITLES = re.compile(r"[^.!?\n\"“”:;]{0,100}")


@dataclass(frozen=True, slots=True)
class Quotation:
    """The characters between a pair of quotation marks, and the name or pronoun that stands for who says them."""

    start: int
    end: int
    speaker: Mention | None


def quotation_at(quotations: Sequence[Quotation], starts: Sequence[int], position: int) -> Quotation | None:
    """The quotation that holds a character. `starts` are the starts of `quotations`."""
    i = bisect_right(starts, position) - 1
    return quotations[i] if i >= 0 and position < quotations[i].end else None


def find_quotations(text: str, mentions: Sequence[Mention], language: Language) -> list[Quotation]:
    """All quotations in order. `mentions` are those that can name a speaker, sorted."""
    spans = [match.span(match.lastindex or 0) for match in _QUOTATION.finditer(text)]
    if not spans:
        return []
    attribution = _Attribution(text, mentions, language)
    found: list[Quotation] = []
    for i, (start, end) in enumerate(spans):
        following = spans[i + 1][0] if i + 1 < len(spans) else len(text)
        speaker = attribution.after(end, following) or attribution.before(start, spans[i - 1][1] if i else 0)
        if speaker is None and found and _continues(text, found[-1].end, start):
            speaker = found[-1].speaker
        found.append(Quotation(start, end, speaker))
    for i in range(len(found) - 2, -1, -1):
        this, following_one = found[i], found[i + 1]
        if this.speaker is None and not text[this.end : following_one.start].strip(_MARKS + "“‘"):
            found[i] = replace(this, speaker=following_one.speaker)
    return found


def _continues(text: str, end: int, start: int) -> bool:
    """Whether the same person goes on: in the same paragraph, or where a quotation was left open at its end."""
    between = text[end : start - 1]
    breaks = len(_BREAK.findall(between))
    return (breaks == 0 and len(between) < 2 * _LEAD) or (breaks == 1 and not between.strip())


class _Attribution:
    """Finds the mention of the speaker around a quotation."""

    def __init__(self, text: str, mentions: Sequence[Mention], language: Language) -> None:
        self._text = text
        self._mentions = mentions
        self._starts = [mention.start for mention in mentions]
        self._language = language

    def after(self, end: int, limit: int) -> Mention | None:
        """`"…," said Ann`, `"…," Ann said`, `"…," Ann, head of design, said`; none after `limit`."""
        text, language = self._text, self._language
        if text[end - 1 : end] not in _GOES_ON and text[end + 1 : end + 2] != ",":
            return None
        limit = min(limit, end + 2 * _LEAD)
        stop = _SENTENCE_END.search(text, end + 1, limit)
        limit = stop.start() if stop else limit
        verb = language.speech.search(text, end, limit) or language.according.search(text, end, limit)
        if verb is None:
            return None
        speaker = self._subject(end, verb.start())
        if speaker is not None:
            return speaker if not text[end : speaker.start].strip(_MARKS) or speaker.start - end < 60 else None
        return None if text[end : verb.start()].strip(_MARKS) else self._object(verb.end(), limit)

    def before(self, start: int, floor: int) -> Mention | None:
        """`Ann said: "…"`, `According to Ann, "…"`, `We asked Ann to tell us: "…"`; none before `floor`."""
        text, language = self._text, self._language
        floor = max(floor, start - 2 * _LEAD)
        for stop in _SENTENCE_END.finditer(text, floor, start - 1):
            if text[stop.end() : start - 1].strip():
                floor = stop.end()
        verbs = list(language.speech.finditer(text, floor, start))
        if verbs and start - verbs[-1].end() < 100:
            verb = verbs[-1]
            asked = next((v for v in verbs if language.asked.fullmatch(v[0])), None)
            if asked is not None:
                colon = text[:start].rstrip(" \"“‘'").endswith(":")
                return self._object(asked.end(), start) if colon else None
            subject = self._subject(floor, verb.start())
            if subject is not None:
                return subject
            people = [m for m in self._between(floor, verb.start()) if self._is_person(m)]
            return people[0] if len(people) == 1 and not self._between(verb.end(), start) else None
        according = language.according.search(text, floor, start)
        return self._object(according.end(), start) if according else None

    def _between(self, start: int, end: int) -> Sequence[Mention]:
        within = self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [mention for mention in within if mention.end <= end]

    def _is_person(self, mention: Mention) -> bool:
        return mention.kind == "pronoun" or mention.type in self._language.people

    def _subject(self, start: int, verb: int) -> Mention | None:
        """Who does the speaking that the verb at `verb` tells: people first, the nearest first."""
        for mention in sorted(self._between(start, verb), key=lambda m: (not self._is_person(m), -m.start)):
            gap = self._text[mention.end : verb]
            if _TO_VERB.fullmatch(gap) or _APPOSITION.fullmatch(gap):
                return mention
        return None

    def _object(self, start: int, limit: int) -> Mention | None:
        """Who follows the verb, with at most a title or an employer's name in between."""
        following = self._between(start, limit + 1)
        for mention in following[:3]:
            gap = self._text[start : mention.start]
            if not _TITLES.fullmatch(gap) or gap.endswith(", "):
                return None
            if self._is_person(mention):
                return mention
        return following[0] if following and following[0].start - start < 6 else None
