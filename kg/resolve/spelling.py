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

MOST = 40
"""Names that share so much that it is a list of like names, none a slip for another."""
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
    people = _Blocks()
    things: _Blocks | None = None
    for form in forms:
        if form.family == PERSON and len(form.tokens) > 1:
            people.add(form, form.tokens)
            people.add(form, form.tokens[-1:])
    for group in list(clusters.values()):
        odd = group[0]
        if len(group) > 1 or odd.family == PLACE:
            continue
        if odd.family == PERSON:
            fits = [form for form in people.near(odd) if _same_person(odd, form, language)]
        elif len(odd.mentions) > 1 or odd.text.isupper() or max(map(len, odd.tokens)) < 7 or knowledge.knows(odd):
            continue
        else:
            if things is None:  # most articles have none that is odd
                things = _Blocks()
                for form in forms:
                    if form.family != PERSON:
                        things.add(form, form.tokens)
            fits = [
                form
                for form in things.near(odd)
                if len(form.mentions) > 1 and form.type == odd.type and _near_tokens(odd.tokens, form.tokens)
            ]
        if fits:
            _join_only(odd, fits, clusters, text, sentence_of, language)


class _Blocks:
    """Forms by what two spellings of one name share: all words but one, and that one's first letter."""

    def __init__(self) -> None:
        self._forms: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[Form]] = {}

    def add(self, form: Form, tokens: tuple[str, ...]) -> None:
        for key in self._keys(tokens):
            self._forms.setdefault(key, []).append(form)

    def near(self, odd: Form) -> list[Form]:
        blocks = [self._forms.get(key, []) for key in self._keys(odd.tokens)]
        return [form for block in blocks if len(block) <= MOST for form in block if form.root is not odd.root]

    @staticmethod
    def _keys(tokens: tuple[str, ...]) -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
        return [(tokens[:i], tokens[i + 1 :], token[:1]) for i, token in enumerate(tokens)]


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
