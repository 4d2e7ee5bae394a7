"""How sources say what a thing is called and what it is: `data/entities/vocabulary.toml`, and the ontology."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from math import sqrt

from pyoxigraph import NamedNode

import ontology
from kg.errors import UsageError
from kg.link.aliases import ID

_SIGNS = re.compile(r"[\W_]+")
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*://|urn:", re.IGNORECASE)
_OLD_SCHEMA, _SCHEMA = "http://schema.org/", "https://schema.org/"
_HALF_FAMOUS = 30.0


@cache
def vocabulary() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The tables of the file: of each key, all that it may be called."""
    text = files("newsgraph_data").joinpath("entities", "vocabulary.toml").read_text(encoding="utf-8")
    return {
        name: {key: (found,) if isinstance(found, str) else tuple(found) for key, found in table.items()}
        for name, table in tomllib.loads(text).items()
    }


def types(given: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """The entity type of each class, by its IRI, and by what tables call it in small letters.

    `given` are further pairs of an entity type and a class. Raises UsageError where there is no such type.
    """
    known = ontology.load().types
    found: dict[str, str] = {}
    for kind in known.values():
        for cue in kind.cues:
            found.setdefault(cue.lower(), kind.key)
    for kind in known.values():
        names = (
            kind.key.lower(),
            kind.label.lower(),
            kind.iri,
            *kind.matches,
            *vocabulary()["classes"].get(kind.key, ()),
        )
        found |= dict.fromkeys(names, kind.key)
    for key, name in given:
        if key not in known:
            raise UsageError(f"there is no entity type {key!r}; there are: {', '.join(known)}")
        found[in_new_form(name)] = key
        found[name.lower()] = key
    return found


def in_new_form(iri: str) -> str:
    """An IRI as it is compared: schema.org has two forms of each."""
    return _SCHEMA + iri.removeprefix(_OLD_SCHEMA) if iri.startswith(_OLD_SCHEMA) else iri


def is_iri(text: str) -> bool:
    """Whether a text is an IRI as RDF has them."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def column(name: str) -> str:
    """The name of a column as it is compared."""
    return _SIGNS.sub("", name).lower()


def fame(sitelinks: float) -> float:
    """How well known an item is that so many Wikipedias and other projects have a page on: from .18 to 1."""
    return sqrt((1 + sitelinks) / (1 + sitelinks + _HALF_FAMOUS))


class Identifiers:
    """How the IRIs of a register are made of its identifiers: by a pattern, such as `https://ror.org/{id}`."""

    def __init__(self, pattern: str) -> None:
        """Raises UsageError where it is no pattern of an IRI."""
        if pattern.count(ID) != 1 or not (pattern == ID or is_iri(pattern.replace(ID, "x"))):
            raise UsageError(f"{pattern!r} is no pattern of an IRI: write {ID} once, as in https://ror.org/{ID}")
        self.pattern = pattern
        self._before, _, self._after = pattern.partition(ID)

    def iri(self, identifier: str) -> str:
        """The IRI of an identifier."""
        return self._before + identifier + self._after

    def of(self, text: str) -> str | None:
        """The identifier that a source writes so, as an IRI or alone; None where it is one of another register.

        Raises ValueError, with a reason that is a clause, where it can be none, and UsageError where IRIs are wanted.
        """
        if text.startswith(self._before) and text.endswith(self._after) and self._before:
            text = text[len(self._before) : len(text) - len(self._after)]
        elif self._before and _WHOLE.match(text):
            return None
        if not text or not is_iri(self.iri(text)):
            if self.pattern == ID and not _WHOLE.match(text):
                raise UsageError(
                    f"the identifier {text!r} is no IRI: say by --iri how one is made of it, as in https://ror.org/{ID}"
                )
            raise ValueError(
                f"the identifier {text!r} can't be part of an IRI: it holds a blank, or a sign such as < or %"
            )
        return text
