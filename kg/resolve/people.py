"""Which names of people are one person: full names with and without initials, surnames, given names, nicknames."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Mention
from kg.resolve.forms import Form, join
from kg.resolve.language import Gender, Language

ACTIVE = 600
"""Characters within which a person who was mentioned before is still the likelier owner of a shared surname."""


def join_people(forms: Sequence[Form], language: Language) -> list[Form]:
    """Join the forms of each person. Returns the forms that take the place of short ones that several may own."""
    by_token: dict[str, list[Form]] = {}
    added: list[Form] = []
    for form in sorted(forms, key=lambda f: (-len(f.tokens), f.first)):
        owners = _owners(form, by_token, language)
        roots = {id(owner.root): owner for owner in owners}
        if len(roots) == 1:
            join(owners[0], form)
        elif len(roots) > 1:
            added += _share_out(form, list(roots.values()))
        elif len(form.tokens) > 1:
            for token in {*form.tokens, *((form.nickname,) if form.nickname else ())}:
                by_token.setdefault(token, []).append(form)
    return added


def _owners(form: Form, by_token: dict[str, list[Form]], language: Language) -> list[Form]:
    """The full names that `form` may be short for: the same person's, else by surname, given name, other part."""
    best: list[Form] = []
    rank = 9
    tokens = form.tokens
    for full in by_token.get(tokens[-1], ()):
        fit = fitness(tokens, full, language)
        if fit is None or not _gender_fits(form, full, language) or fit > rank:
            continue
        if fit < rank:
            best, rank = [], fit
        best.append(full)
    return best


def fitness(tokens: tuple[str, ...], full: Form, language: Language) -> int | None:
    """How well a name can be another form of a longer one: 0 the same, 1 its surname, 2 its beginning, 3 a part."""
    n = len(tokens)
    if n > 1 and same_person(tokens, full, language):
        return 0
    if n >= len(full.tokens):
        return None
    if full.tokens[-n:] == tokens:
        return 1
    if full.tokens[:n] == tokens or (n == 1 and tokens[0] == full.nickname):
        return 2
    return 3 if n == 1 and tokens[0] in full.tokens and len(tokens[0]) > 2 else None


def same_person(tokens: tuple[str, ...], full: Form, language: Language) -> bool:
    """Whether two full names fit: the surname, the given name (or its initial, or a nickname), what is between."""
    other = full.tokens
    if len(tokens) == 2 and tokens == other[::-1]:
        return True  # in some languages the family name comes first
    if tokens[-1] != other[-1] or len(other) < 2:
        return False
    given = (other[0], full.nickname) if full.nickname else (other[0],)
    if not any(_given_fits(tokens[0], name, language) for name in given if name):
        return False
    middle = iter(other[1:-1])
    return len(tokens) > len(other) or all(
        any(_given_fits(token, candidate, language) for candidate in middle) for token in tokens[1:-1]
    )


def _given_fits(a: str, b: str, language: Language) -> bool:
    if a == b:
        return True
    if len(a) <= 2 or len(b) <= 2:
        short, long = sorted((a.rstrip("."), b.rstrip(".")), key=len)
        return len(short) == 1 and long.startswith(short)
    return bool(language.nicknames.get(a, frozenset()) & language.nicknames.get(b, frozenset()))


def gender_of(form: Form, language: Language) -> Gender | None:
    """He or she, by title, given name or nickname; `None` where the name leaves it open."""
    if form.gender:
        return form.gender
    names = [form.tokens[0], *([form.nickname] if form.nickname else [])]
    return next((language.given[name] for name in names if name in language.given), None)


def _gender_fits(form: Form, full: Form, language: Language) -> bool:
    return form.gender is None or gender_of(full, language) in (None, form.gender)


def _share_out(form: Form, owners: list[Form]) -> list[Form]:
    """Give each mention of a name that several people have to one of them.

    The one who has once been called by it keeps it, as writers use full names for the others. Before that, it is the
    first introduced of those mentioned lately, else the nearest.
    """
    shares: dict[int, Form] = {}
    settled: Form | None = None
    for mention in form.mentions:
        owner = settled or _nearest(mention, owners)
        if form.gender is None:
            settled = owner
        share = shares.get(id(owner))
        if share is None:
            share = shares[id(owner)] = Form(form.tokens, form.text, form.family, gender=form.gender)
            share.weights = dict(form.weights)
        share.mentions.append(mention)
    first, *rest = shares.items()
    by_id = {id(owner): owner for owner in owners}
    form.mentions = first[1].mentions
    join(by_id[first[0]], form)
    for owner_id, share in rest:
        join(by_id[owner_id], share)
    return [share for _, share in rest]


def _nearest(mention: Mention, owners: list[Form]) -> Form:
    before = [
        (max(m.start for m in owner.mentions if m.start < mention.start), owner)
        for owner in owners
        if owner.first < mention.start
    ]
    lately = [owner for last, owner in before if mention.start - last <= ACTIVE]
    if lately:
        return min(lately, key=lambda owner: owner.first)
    if before:
        return max(before, key=lambda item: item[0])[1]
    return min(owners, key=lambda owner: owner.first)
