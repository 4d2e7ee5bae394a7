"""Which rare name is another one of the article, misspelt.

Letters alone can't tell: Chintala and Chintara are one person, Anderson and Andersen two, and both pairs are alike to
any measure. So the article has to speak for it: only one of the two ever has a full name, the other is nobody that is
known or introduced, and they never act in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kg.model import Mention
from kg.resolve.forms import PERSON, PLACE, Form, join
from kg.resolve.language import Language
from kg.resolve.things import Knowledge

_INTRODUCED_AFTER = re.compile(r",? (?:\(?(?:a|an|the|who|aged?|\d\d)\b|of\b|from\b)")
_ROLES = ("er", "or", "ist", "ian", "man", "ant", "ent", "yst")
_WORD_BEFORE = re.compile(r"\b([a-z]{5,}) $")
SentenceOf = Callable[[int], int]


def near(a: str, b: str) -> bool:
    """Whether two words differ by a slip: one letter from 5 letters, two from 9, and never the first one."""
    longest = max(len(a), len(b))
    if a == b or min(len(a), len(b)) < 5 or a[0] != b[0] or abs(len(a) - len(b)) > 2 or not (a + b).isalpha():
        return False
    from rapidfuzz.distance import OSA  # only here: most articles have no such pair, and it takes time to load

    allowed = 1 if longest < 9 else 2
    return OSA.distance(a, b, score_cutoff=allowed) <= allowed


def join_misspellings(
    forms: Sequence[Form], text: str, sentence_of: SentenceOf, knowledge: Knowledge, language: Language
) -> None:
    """Join each form that is a misspelling of exactly one other thing's name."""
    clusters: dict[int, list[Form]] = {}
    for form in forms:
        clusters.setdefault(id(form.root), []).append(form)
    people = [group for group in clusters.values() if group[0].root.family == PERSON]
    full = [form for group in people for form in group if len(form.tokens) > 1]
    for group in people:
        if len(group) == 1:
            odd = group[0]
            fits = [form for form in full if form.root is not odd.root and _same_person(odd, form, language)]
            _join_only(odd, fits, clusters, text, sentence_of, language)
    things = [group for group in clusters.values() if group[0].root.family not in (PERSON, PLACE)]
    by_shape: dict[tuple[int, str], list[Form]] = {}
    for group in things:
        for form in group:
            by_shape.setdefault((len(form.tokens), form.tokens[0][:1]), []).append(form)
    for group in things:
        odd = group[0]
        if len(group) == 1 and len(odd.mentions) == 1 and not knowledge.knows(odd):
            fits = [
                form
                for form in by_shape[(len(odd.tokens), odd.tokens[0][:1])]
                if form.root is not odd.root and len(form.mentions) > 1 and form.type == odd.type
                if max(map(len, odd.tokens)) >= 7 and not odd.text.isupper() and _near_tokens(odd.tokens, form.tokens)
            ]
            _join_only(odd, fits, clusters, text, sentence_of, language)


def _same_person(odd: Form, full: Form, language: Language) -> bool:
    """Whether a bare surname, or a full name, can be a misspelt form of a person's full name."""
    if len(odd.tokens) == 1:
        a, b = odd.tokens[0], full.tokens[-1]
        return not {a, b} <= language.near_surnames and near(a, b)
    if len(odd.tokens) != len(full.tokens) or not _near_tokens(odd.tokens, full.tokens):
        return False
    if len(odd.mentions) > len(full.mentions):
        return False
    if odd.tokens[-1] != full.tokens[-1]:
        return not {odd.tokens[-1], full.tokens[-1]} <= language.near_surnames
    return not {odd.tokens[0], full.tokens[0]} <= language.given.keys()


def _near_tokens(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    different = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(different) == 1 and near(*different[0])


def _join_only(
    odd: Form, fits: list[Form], clusters: dict[int, list[Form]], text: str, sentence_of: SentenceOf, language: Language
) -> None:
    roots = {id(form.root): form for form in fits}
    if len(roots) != 1:
        return
    right = fits[0]
    own = {sentence_of(mention.start) for mention in odd.mentions}
    others = {sentence_of(m.start) for form in clusters.get(id(right.root), [right]) for m in form.mentions}
    if not own & others and not _introduced(odd.mentions[0], text, language):
        odd.is_alias = True
        join(right, odd)


def _introduced(mention: Mention, text: str, language: Language) -> bool:
    """Whether the first mention of a name presents somebody new: "analyst Andersen", "Andersen, a professor"."""
    before = _WORD_BEFORE.search(text[max(0, mention.start - 30) : mention.start])
    if before and before[1].endswith(_ROLES) and before[1] not in language.prepositions | language.clauses:
        return True
    after = _INTRODUCED_AFTER.match(text[mention.end : mention.end + 12])
    return after is not None and after[0].startswith(",")
