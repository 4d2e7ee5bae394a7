"""Who says what: the quotations of a text and the mention that names each speaker."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Mention
from kg.resolve.language import Language

# Straight, curly and angle marks; single ones only where punctuation ends them, as apostrophes look the same. A
# quotation may run over paragraphs, each of which opens it again.
_QUOTATION = re.compile(
    r"“(?P<a>[^“”]{2,}?)(?:”|(?=\n\s*\n)|\Z)"
    r"|(?<![\w\"])\"(?P<b>[^\"]{2,}?)(?:\"|(?=\n\s*\n)|\Z)"
    r"|«(?P<d>[^«»]{2,}?)»"
    r"|(?<![\w'’])[‘'](?P<c>\w(?:[^'’‘\n]|['’](?=\w)|(?<![.,!?…])['’])*?[.,!?…])['’](?!\w)"
)
_GOES_ON = (",", ".", "!", "?", "-", "—", "…", "–")
_LONGEST_LEAD = 160
_BREAK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n\s*\n")
_ADVERBS = r"(?:\s*,)?(?:\s+(?:also|then|later|has|had|have|further|recently|once|who|\w+ly))*\s*"
_TO_VERB = re.compile(_ADVERBS + r"\Z")
_APPOSITION = re.compile(r"\s*,[^.!?\n\"“”]{2,140},\s*\Z")
_TITLES = re.compile(r"(?:[^.!?\n\"“”:;]{0,100}?)\Z")


@dataclass(frozen=True, slots=True)
class Quotation:
    """The characters between a pair of quotation marks, and the name or pronoun that stands for who says them."""

    start: int
    end: int
    speaker: Mention | None


def find_quotations(text: str, mentions: Sequence[Mention], language: Language) -> list[Quotation]:
    """All quotations in order. `mentions` are those that can name a speaker, sorted."""
    starts = [mention.start for mention in mentions]
    found: list[Quotation] = []
    spans = [match.span(match.lastgroup or 0) for match in _QUOTATION.finditer(text)]
    for i, (start, end) in enumerate(spans):
        previous_end = spans[i - 1][1] if i else 0
        next_start = spans[i + 1][0] if i + 1 < len(spans) else len(text)
        speaker = _after(text, start, end, next_start, mentions, starts, language)
        if speaker is None:
            speaker = _before(text, start, previous_end, mentions, starts, language)
        if speaker is None and found:
            speaker = _continued(text, found[-1], start)
        found.append(Quotation(start, end, speaker))
    return found


def _after(
    text: str,
    start: int,
    end: int,
    next_start: int,
    mentions: Sequence[Mention],
    starts: list[int],
    language: Language,
) -> Mention | None:
    """`"…," said Ann`, `"…," Ann said`, `"…," Ann, head of design, said`."""
    if text[end - 1 : end] not in _GOES_ON and text[end + 1 : end + 2] != ",":
        return None
    limit = min(next_start, end + 2 * _LONGEST_LEAD)
    stop = _SENTENCE_END.search(text, end + 1, limit)
    limit = stop.start() if stop else limit
    verb = language.speech.search(text, end, limit) or language.according.search(text, end, limit)
    if verb is None:
        return None
    if text[end - 1 : end] == "." and verb.start() - end > 60:
        return None
    lead = text[end : verb.start()]
    first = bisect_left(starts, end)
    before = [m for m in mentions[first : bisect_left(starts, verb.start())] if m.end <= verb.start()]
    for mention in before[:1]:
        gap = text[mention.end : verb.start()]
        if _TO_VERB.fullmatch(gap) or _APPOSITION.fullmatch(gap):
            return mention
    if lead.strip(" ,\"”'’—–-)\n"):
        return None
    return _next(text, verb.end(), limit, mentions, starts)


def _next(text: str, start: int, limit: int, mentions: Sequence[Mention], starts: list[int]) -> Mention | None:
    """The person who follows the verb, with at most a title or the name of the employer in between."""
    after = [m for m in mentions[bisect_left(starts, start) : bisect_right(starts, limit)] if m.end <= limit + 1]
    for mention in after[:3]:
        gap = text[start : mention.start]
        if len(gap) > _LONGEST_LEAD or not _TITLES.fullmatch(gap) or "," in gap[-2:]:
            return None
        if mention.kind == "pronoun" or mention.type in _speaking:
            return mention
    return after[0] if after and after[0].start - start < 6 else None


_speaking: frozenset[str] = frozenset(("Person",))


def _before(
    text: str, start: int, previous_end: int, mentions: Sequence[Mention], starts: list[int], language: Language
) -> Mention | None:
    """`Ann said: "…"`, `According to Ann, "…"`, `We asked Ann to tell us: "…"`, `She said that "…"`."""
    floor = max(previous_end, start - 2 * _LONGEST_LEAD)
    for stop in _SENTENCE_END.finditer(text, floor, start - 1):
        if text[stop.end() : start - 1].strip():
            floor = stop.end()
    candidates = [m for m in mentions[bisect_left(starts, floor) : bisect_left(starts, start)] if m.end <= start]
    if not candidates:
        return None
    verbs = list(language.speech.finditer(text, floor, start))
    if verbs and len(text[verbs[-1].end() : start]) < 100:
        verb = verbs[-1]
        to = [m for m in candidates if m.start >= verb.end()]
        if language.asked.fullmatch(verb[0]):
            return to[0] if to and text[start - 3 : start].strip().startswith(":") else None
        subjects = [m for m in candidates if m.end <= verb.start()]
        for mention in reversed(subjects):
            gap = text[mention.end : verb.start()]
            if _TO_VERB.fullmatch(gap) or _APPOSITION.fullmatch(gap):
                return mention
        return subjects[0] if len(subjects) == 1 and not to else None
    according = language.according.search(text, floor, start)
    return candidates[0] if according and candidates[0].start >= according.end() else None


def _continued(text: str, last: Quotation, start: int) -> Mention | None:
    """The speaker goes on: in the same paragraph, or where the last quotation was left open at its end."""
    between = text[last.end : start - 1]
    breaks = _BREAK.findall(between)
    if not breaks and len(between) < 2 * _LONGEST_LEAD:
        return last.speaker
    if len(breaks) == 1 and not between.strip():
        return last.speaker
    return None


def quotation_at(quotations: Sequence[Quotation], starts: Sequence[int], position: int) -> Quotation | None:
    """The quotation that holds a character. `starts` are the starts of `quotations`."""
    i = bisect_right(starts, position) - 1
    return quotations[i] if i >= 0 and position < quotations[i].end else None
