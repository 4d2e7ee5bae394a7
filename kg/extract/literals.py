"""Titles, degrees, amounts of money, versions and addresses in English text.

The words are data (`ontology/english/titles.toml`, `ontology/english/literals.toml`). Each function returns mentions
that are sorted and do not overlap each other; mentions of two functions may overlap, and who uses them chooses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.extract import vocabulary
from kg.model import Mention, Span

_WORD = 40
"""How many characters before a literal are looked at for the word that stands there."""


def find_titles(text: str, sentences: Sequence[Span]) -> list[Mention]:
    """Positions and offices: "vice president of engineering", "co-founder", "Senior Software Engineer".

    The field of work after "of" is part of a title, the name of an organization is not, and neither are articles and
    "former". `value` is the title as the text writes it, in the singular where the text has the plural.
    """
    words = _titles()
    starts = [sentence.start for sentence in sentences]
    mentions: list[Mention] = []
    for head in words.head.finditer(text):
        if mentions and head.start() < mentions[-1].end:
            continue
        index = bisect_right(starts, head.start()) - 1
        start = _modified(text, starts[index] if index >= 0 else 0, head.start(), words.modifiers)
        while mentions and start < mentions[-1].end:  # what looked like a head was a modifier: "developer advocate"
            start = min(start, mentions.pop().start)
        field = words.field.match(text, head.end())
        end = field.end() if field else head.end()
        if head["weak"] and start == head.start() and not field and not words.before_name.match(text, start):
            continue
        if words.not_after.search(text, max(0, start - _WORD), start):
            continue
        singular = head[0].removesuffix(head["plural"] or "")
        value = text[start : head.start()] + singular + text[head.end() : end]
        mentions.append(Mention(start, end, "Title", "literal", text[start:end], " ".join(value.split())))
    return mentions


def find_degrees(text: str) -> list[Mention]:
    """Academic degrees: "PhD in oceanography", "law degree"."""
    words = _degrees()
    mentions: list[Mention] = []
    for head in words.head.finditer(text):
        start = _modified(text, mentions[-1].end if mentions else 0, head.start(), words.modifiers)
        field = words.field.match(text, head.end())
        if head["weak"] and start == head.start() and not field:
            continue
        end = field.end() if field else head.end()
        mentions.append(Mention(start, end, "Degree", "literal", text[start:end], " ".join(text[start:end].split())))
    return mentions


def find_amounts(text: str) -> list[Mention]:
    """Amounts of money: "$50 million", "€300m", "34 billion dollars". `value` has the scale in full: "€300 million"."""
    words = _amounts()
    mentions: list[Mention] = []
    for match in words.pattern.finditer(text):
        prefix = words.prefix.search(text, max(0, match.start() - _WORD), match.start())
        if not (match["sign"] or match["currency"] or (prefix and prefix["code"])):
            continue
        start, end = prefix.start() if prefix else match.start(), match.end()
        number = text[start : match.end("number")]
        scale = words.scales.get((match["scale"] or "").casefold(), "")
        value = " ".join(f"{number} {scale} {match['currency'] or ''}".split())
        mentions.append(Mention(start, end, "Amount", "literal", text[start:end], value))
    return mentions


def find_versions(text: str) -> list[Mention]:
    """Versions of programs: "1.9.0", "v2.0", "version 3.2". The mention and `value` leave out "v" and "version"."""
    words = _versions()
    mentions: list[Mention] = []
    for match in words.pattern.finditer(text):
        start, end = match.span("version")
        is_labelled = match["label"] or words.label_after.match(text, end)
        if is_labelled or (words.is_after_name(text, start) and not words.not_before.match(text, end)):
            mentions.append(Mention(start, end, "Version", "literal", match["version"], match["version"]))
    return mentions


def find_urls(text: str) -> list[Mention]:
    """Addresses on the web, with or without a scheme: "https://pytorch.org/docs", "pytorch.org".

    A domain without a scheme must be in lower case; with a capital it is the name of a company.
    """
    words = _urls()
    spans = [match.span() for match in words.address.finditer(text)]
    for domain in words.domain.finditer(text):
        host = words.host.search(text, max(0, domain.start() - _WORD), domain.start())
        if host and not any(start <= domain.start() < end for start, end in spans):
            spans.append((host.start(), domain.end()))
    return [Mention(start, end, "URL", "literal", text[start:end], text[start:end]) for start, end in sorted(spans)]


@dataclass(frozen=True, slots=True)
class _Titles:
    head: re.Pattern[str]
    before_name: re.Pattern[str]
    field: re.Pattern[str]
    not_after: re.Pattern[str]
    modifiers: frozenset[str]


def _modified(text: str, floor: int, start: int, modifiers: frozenset[str]) -> int:
    """Where a title begins whose head begins at `start`: before all modifiers that stand directly before the head.

    Before a head in lower case, a word with a capital belongs to a name: "Scripps Oceanography director".
    """
    is_lower = text[start].islower()
    while start > floor and text[start - 1] in " -":
        begin = max(floor, text.rfind(" ", floor, start - 1) + 1)
        word = text[begin : start - 1]
        if word.casefold() not in modifiers or (is_lower and word[:1].isupper() and not word.isupper()):
            break
        start = begin
    return start


@cache
def _titles() -> _Titles:
    words = vocabulary.read("titles")
    heads = words["heads"]
    before_of, before_at = vocabulary.alternation(heads["before_of"]), vocabulary.alternation(heads["before_at"])
    strong, weak = (vocabulary.alternation(_cases(heads[kind])) for kind in ("words", "weak"))
    field, preposition = _field(), vocabulary.alternation(words["fields"]["before"])
    return _Titles(
        head=re.compile(rf"(?<!\w)(?:{strong}|(?P<weak>{weak}))(?P<plural>s)?(?!\w|['\u2019]s\b|-\w)(?!\.\w)"),
        before_name=re.compile(rf"(?i:{before_of} of\b|{before_at} (?:at|with) )(?!\w+ing\b)"),
        field=re.compile(
            rf"(?:(?i: {preposition}) (?:(?!(?:the|an?|its|his|her|their|our) )[a-z]+ )?|, (?=[A-Z])){field}"
        ),
        not_after=re.compile(rf"(?i)\b{vocabulary.alternation(heads['not_after'])}[ -]$"),
        modifiers=frozenset(words["modifiers"]["words"]),
    )


def _field() -> str:
    """An expression for a field of work: "computer science", "physics and astronomy"."""
    words = vocabulary.read("titles")["fields"]
    nouns, adjectives, joiners = (vocabulary.alternation(words[kind]) for kind in ("words", "adjectives", "joiners"))
    one = rf"(?:{adjectives} )*{nouns}(?!\w)"
    return rf"(?i:{one}(?:(?:,? {joiners} | ){one})*)"


@dataclass(frozen=True, slots=True)
class _Degrees:
    head: re.Pattern[str]
    field: re.Pattern[str]
    modifiers: frozenset[str]


@cache
def _degrees() -> _Degrees:
    words = vocabulary.read("titles")
    degrees = words["degrees"]
    heads, weak_heads = ([*_cases(degrees[kind])] for kind in ("heads", "weak"))
    strong, weak = vocabulary.alternation(heads), vocabulary.alternation(weak_heads)
    initials = vocabulary.initials([*heads, *weak_heads])
    return _Degrees(
        head=re.compile(rf"(?={initials})(?<!\w)(?:{strong}|(?P<weak>{weak}))(?!\w)(?<!\.\w\.\w\.)"),
        field=re.compile(rf" (?:in|of) (?:[a-z]+ )?{_field()}"),
        modifiers=frozenset(degrees["modifiers"]),
    )


@dataclass(frozen=True, slots=True)
class _Amounts:
    pattern: re.Pattern[str]
    prefix: re.Pattern[str]
    scales: Mapping[str, str]


@cache
def _amounts() -> _Amounts:
    words = vocabulary.read("literals")["amounts"]
    signs = "".join(words["signs"])
    scale = vocabulary.alternation(words["scales"])
    currency = rf"(?:{vocabulary.alternation(words['nations'])} )?{vocabulary.alternation(words['currencies'])}"
    prefixes, codes = vocabulary.alternation(words["sign_prefixes"]), vocabulary.alternation(words["codes"])
    return _Amounts(
        # It begins with one set of characters, to which `re` skips; what can't stand before them is looked at after.
        re.compile(
            rf"[{signs}\d](?:(?<=\d)(?<![\w.,]\d)|(?<=(?P<sign>[{signs}]))\s?\d)(?P<number>(?:\d|,\d{{3}})*(?:\.\d+)?)"
            rf"(?:[\s-]?(?i:(?P<scale>{scale}))(?!\w))?(?:[\s-](?P<currency>{currency})(?!\w))?"
        ),
        re.compile(rf"\b(?:{prefixes}(?=$)|(?P<code>{codes})\s?)$"),
        words["scales"],
    )


@dataclass(frozen=True, slots=True)
class _Versions:
    pattern: re.Pattern[str]
    label_after: re.Pattern[str]
    never_after: re.Pattern[str]
    not_after: re.Pattern[str]
    not_before: re.Pattern[str]

    def is_after_name(self, text: str, start: int) -> bool:
        """Whether what stands before a number without a label can be the name of a program.

        A number of three parts is nothing but a version, whatever stands before it; another needs a name, which has
        a capital or some sign that common words do not have.
        """
        word = _LAST_WORD.search(text, max(0, start - _WORD), start)
        if word is None or self.never_after.fullmatch(word[1]):
            return False
        if _THREE_PARTS.match(text, start):
            return True
        return _NAME_LIKE.search(word[1]) is not None and not self.not_after.fullmatch(word[1])


_LAST_WORD = re.compile(r"([\w+#!.-]*[\w+#!])[)\"'\u201d\u2019]? $")
_NAME_LIKE = re.compile(r"[A-Z\d_+#-]")
_THREE_PARTS = re.compile(r"(?!\d\d?\.\d\d?\.(?:19|20)\d\d)\d+\.\d+\.\d+(?!\.?\d)")


@cache
def _versions() -> _Versions:
    words = vocabulary.read("literals")["versions"]
    stage = rf"(?:[ .-]?(?i:{vocabulary.alternation(words['stages'])})(?:[ .-]?\d+(?:\.\d+)*)?(?!\w))?"
    labels = ["v", *_cases(words["words"])]
    label = vocabulary.alternation(labels[1:])
    number = rf"(?P<version>\d+(?:\.\d+)*{stage})"
    return _Versions(
        re.compile(
            rf"(?=\d|{vocabulary.initials(labels)})\b(?:(?P<label>{label} v?|v)|(?<![$\u20ac\u00a3/.,-])(?=\d+\.\d)){number}(?![\w%]|\.\d)"
        ),
        re.compile(rf" {vocabulary.alternation(words['words_after'])}(?!\w)"),
        re.compile(rf"(?i){vocabulary.alternation(words['never_after'])}"),
        re.compile(rf"(?i){vocabulary.alternation(words['not_after'])}"),
        re.compile(rf"(?i)[ -]?{vocabulary.alternation(words['not_before'])}(?!\w)"),
    )


@dataclass(frozen=True, slots=True)
class _Urls:
    address: re.Pattern[str]
    domain: re.Pattern[str]
    host: re.Pattern[str]


@cache
def _urls() -> _Urls:
    """RFC 3986, less the punctuation that a sentence adds at the end."""
    outside = r"\s<>\"'\u201c\u201d\u2019()"
    path = rf"(?:[/?#](?:[^{outside}]*[^{outside}.,;:!?*])?)?"
    domains = vocabulary.alternation(vocabulary.read("literals")["urls"]["domains"])
    return _Urls(
        address=re.compile(rf"https?://[^{outside}/?#]*[^{outside}/?#.,;:!?]{path}"),
        domain=re.compile(rf"\.{domains}(?![\w@-]|\.\w){path}"),
        host=re.compile(r"(?<![\w@./-])[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$"),
    )


def _cases(words: Iterable[str]) -> Iterator[str]:
    """Each word as it is, with a capital, with capitals, and in capitals."""
    for word in words:
        titled = re.sub(r"\b(?<!['\u2019])(?!of\b|in\b|the\b)[a-z]", lambda letter: letter[0].upper(), word)
        yield from (word, word[0].upper() + word[1:], titled, word.upper())
