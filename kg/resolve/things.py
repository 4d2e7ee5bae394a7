"""Which names of organizations, programs, products and places are one: acronyms, short forms, other spellings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

from kg.resolve.forms import PERSON, PLACE, THING, Form, join
from kg.resolve.language import Language


class Known(Protocol):
    """One thing that a name can stand for: `kg.link.aliases.Candidate`."""

    @property
    def qid(self) -> str | None: ...

    @property
    def type(self) -> str: ...

    @property
    def label(self) -> str: ...


class Aliases(Protocol):
    """What a name can stand for in the world: `kg.link.aliases.AliasIndex`."""

    def candidates(self, name: str) -> Sequence[Known]: ...

    def __hash__(self) -> int: ...


def join_known(forms: Sequence[Form], knowledge: Knowledge) -> None:
    """Join names that are known for one and the same thing, and for nothing else: "sklearn" and "scikit-learn"."""
    by_item: dict[tuple[str, str], Form] = {}
    for form in forms:
        item = knowledge.only_item(form)
        if item is not None:
            join(by_item.setdefault((form.family, item), form), form)


def join_acronyms(forms: Sequence[Form], text: str, knowledge: Knowledge, language: Language) -> None:
    """Join "RIAA" with "Recording Industry Association of America": in brackets, or where the initials fit one only."""
    by_initials: dict[str, list[Form]] = {}
    for form in forms:
        if form.family != PERSON and len(form.tokens) > 1:
            for letters in initials(form.tokens, language):
                by_initials.setdefault(letters, []).append(form)
    permuted: dict[str, list[str]] = {}
    for key in by_initials:
        permuted.setdefault("".join(sorted(key)), []).append(key)
    for form in forms:
        if form.family == PERSON or not is_acronym(form):
            continue
        letters = _letters(form.tokens[0])
        longs = [
            long
            for long in by_initials.get(letters, ())
            if in_brackets(form, long, text) or (long.family == form.family and knowledge.same(form, long) is not False)
        ] or [
            # The initials of its name in another language: "CEI (Italian Episcopal Conference)".
            long
            for key in permuted.get("".join(sorted(letters)), ())
            for long in by_initials[key]
            if long.family == form.family and in_brackets(form, long, text)
        ]
        if longs and len({id(long.root) for long in longs}) == 1:
            join(longs[0], form)


def _letters(word: str) -> str:
    return word.replace(".", "").replace("&", "")


def is_acronym(form: Form) -> bool:
    if len(form.tokens) != 1:
        return False
    letters = _letters(form.text)[: len(_letters(form.tokens[0]))]
    return 2 <= len(letters) <= 8 and sum(map(str.isupper, letters)) >= len(letters) - 1 and letters[:1].isupper()


def initials(tokens: tuple[str, ...], language: Language) -> set[str]:
    """What a name may be abbreviated to: all its initials, or those of its greater words."""
    words = [word for token in tokens for word in token.split("-") if word]
    return {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in language.small),
        "".join(token[0] for token in tokens if token not in language.small),
    }


def in_brackets(short: Form, long: Form, text: str) -> bool:
    """Whether one of the two names stands in brackets right after the other: "CNCF (Cloud Native …)" too."""
    return any(_follows(a, b, text) for a, b in ((short, long), (long, short)))


def _follows(inner: Form, outer: Form, text: str) -> bool:
    ends = {mention.end for mention in outer.mentions}
    for mention in inner.mentions[:2]:
        gap = text[max(0, mention.start - 3) : mention.start]
        opened = len(gap) - len(gap.rstrip(" ([\"“'‘"))
        if ("(" in gap or "[" in gap) and mention.start - opened in ends:
            return True
    return False


def join_short_forms(
    forms: Sequence[Form], sentence_of: Callable[[int], int], knowledge: Knowledge, language: Language
) -> None:
    """Join "Hirtenberger" with "Hirtenberger Defence Group", "Stream" with "CentOS Stream", but not "Red Hat" with
    "Red Hat Enterprise Linux", nor "openSUSE" with "openSUSE Board"."""
    by_tokens = {form.tokens: form for form in reversed(forms) if form.family != PERSON}
    _join_middle_forms(by_tokens, language)
    fitting: dict[int, list[tuple[Form, Form]]] = {}
    for long in by_tokens.values():
        n = len(long.tokens)
        for cut in range(1, n):
            for short_tokens, rest, is_head in (
                (long.tokens[:cut], long.tokens[cut:], False),
                (long.tokens[cut:], long.tokens[:cut], True),
            ):
                short = by_tokens.get(short_tokens)
                if (
                    short is not None
                    and is_short_form(short, long, rest, is_head, knowledge, language)
                    and (is_head or language.whole.issuperset(rest) or not _meet(short, long, sentence_of))
                ):
                    fitting.setdefault(id(short), []).append((short, long))
    for pairs in fitting.values():
        if len({id(long.root) for _, long in pairs}) == 1:
            for short, long in pairs:
                join(long, short)


def is_short_form(
    short: Form, long: Form, rest: tuple[str, ...], is_head: bool, knowledge: Knowledge, language: Language
) -> bool:
    """Whether a name that `long` begins with (or with `is_head`, ends in) is short for it; `rest` is left out."""
    if short.root is long.root:
        return True
    if short.family != long.family or short.type != long.type:
        return False
    known = knowledge.same(short, long)
    if known is not None:
        return known
    if short.family == PLACE:
        return long.text.lower().startswith(short.text.lower() + ",")  # "Exeter, Devon"
    apart = knowledge.knows(short)  # known for itself, and the long name is not: "Google" and "Google Brain"
    if any(token[:1].isdigit() for token in rest):
        return False  # a version or a year tells two products apart
    words = [token for token in rest if token not in language.small]
    if is_head:
        if apart:  # "Firefox" and "Mozilla Firefox", but not "Linux" and "Acme Linux"
            return not language.whole.issuperset(short.tokens) and (
                " ".join(rest) in language.countries or knowledge.is_group(" ".join(long.text.split()[: len(rest)]))
            )
        # "Stream": a word of its own, first heard of as the end of the long name.
        return short.first > long.first
    if not words or long.tokens[-1] in language.parts or words[0] in language.parts:
        return False
    if apart or short.first < long.first:
        return all(word in language.whole for word in words)
    return True


def _meet(short: Form, long: Form, sentence_of: Callable[[int], int]) -> bool:
    """Whether a sentence has both names: then it speaks of two things."""
    return not {sentence_of(m.start) for m in short.mentions}.isdisjoint(sentence_of(m.start) for m in long.mentions)


def _join_middle_forms(by_tokens: dict[tuple[str, ...], Form], language: Language) -> None:
    """Join "Scripps Oceanography" with "Scripps Institution of Oceanography": what is left out says only its kind."""
    by_ends: dict[tuple[str, str], list[Form]] = {}
    for form in by_tokens.values():
        if len(form.tokens) > 1:
            by_ends.setdefault((form.tokens[0], form.tokens[-1]), []).append(form)
    for alike in by_ends.values():
        for short in alike:
            for long in alike:
                if len(short.tokens) < len(long.tokens) and short.type == long.type:
                    left = list(long.tokens)
                    if all(_drop(token, left) for token in short.tokens) and all(
                        token in language.whole or token in language.small for token in left
                    ):
                        join(long, short)


def _drop(token: str, tokens: list[str]) -> bool:
    if token in tokens:
        tokens.remove(token)
        return True
    return False


_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


class Knowledge:
    """What an alias index knows of names. What was looked up is kept, as names come again in other articles."""

    def __init__(self, aliases: Aliases | None, language: Language) -> None:
        self._aliases = aliases
        self._types = {THING: language.things, PERSON: language.people, PLACE: language.places}
        self._groups = language.groups

    def same(self, a: Form, b: Form) -> bool | None:
        """Whether two names are known to stand for one thing (True), for two (False), or not known (`None`).

        Only Wikidata items tell two things apart: an index has many labels of one thing without its item.
        """
        (labels_a, items_a), (labels_b, items_b) = self._of(a), self._of(b)
        if labels_a & labels_b or items_a & items_b:
            return True
        return False if items_a and items_b else None

    def is_group(self, name: str) -> bool:
        """Whether a name is known for an organization."""
        if self._aliases is None:
            return False
        return any(candidate.type in self._groups for candidate in self._aliases.candidates(name))

    def only_item(self, form: Form) -> str | None:
        """The Wikidata item of a name that is known for one thing only, among those of its family."""
        labels, items = self._of(form)
        return next(iter(items)) if len(items) == 1 == len(labels) else None

    def knows(self, form: Form) -> bool:
        """Whether the name is known for a thing of its own family."""
        return bool(self._of(form)[0])

    def _of(self, form: Form) -> tuple[frozenset[str], frozenset[str]]:
        """The labels and the Wikidata items of the things of its family that a name can stand for."""
        if self._aliases is None:
            return _NOTHING
        return _known(self._aliases, form.text, self._types.get(form.family, _NOTHING[0]) or frozenset((form.family,)))


@lru_cache(maxsize=65536)
def _known(aliases: Aliases, name: str, types: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    fitting = [candidate for candidate in aliases.candidates(name) if not candidate.type or candidate.type in types]
    return frozenset(c.label for c in fitting), frozenset(c.qid for c in fitting if c.qid)
