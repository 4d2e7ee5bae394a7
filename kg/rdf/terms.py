"""Names, numbers and dates as IRIs and literals."""

from __future__ import annotations

import datetime
import os
import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote, urljoin

from pyoxigraph import Literal, NamedNode

from kg.errors import UsageError
from kg.rdf import vocabulary as v

SUFFIX = "_"
"""Stands between the slug of a homonym and its type; no slug holds one, so no two entities get one IRI."""

_MAX_SLUG = 80
_SPELLED_OUT = str.maketrans(
    {"+": "plus", "#": "sharp", "&": " and ", "'": None, "\N{RIGHT SINGLE QUOTATION MARK}": None}
)
_NOT_IN_SLUG = re.compile(r"[\W_]+")
_HALF = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
_SAFE_URL = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`\x7f-\xa0]+", re.IGNORECASE)


@lru_cache(maxsize=65536)
def slug(name: str) -> str:
    """`name` as a readable part of an IRI: "Jürgen Schmidhuber" is `jurgen-schmidhuber`, "C++" is `cplusplus`.

    Names that differ in case, accents, punctuation or a leading "The" alone have one slug.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_SPELLED_OUT))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    found = _NOT_IN_SLUG.sub("-", unicodedata.normalize("NFC", plain).casefold()).strip("-")
    found = found.removeprefix("the-")
    if name.startswith("."):
        found = "dot-" + found
    if found and len(found) <= _MAX_SLUG:
        return found
    return f"{found[:_MAX_SLUG].rstrip('-')}-{digest(name.casefold())}".lstrip("-")


def digest(*parts: str) -> str:
    """20 hexadecimal digits that stand for `parts`."""
    return blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=10).hexdigest()


def one_line(text: str) -> str:
    """`text` with single blanks for white space; what is no character (half a surrogate pair) becomes U+FFFD."""
    line = " ".join(text.split())
    return line if line.isascii() else line.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def string(text: str) -> Literal:
    """A plain literal, on one line."""
    return Literal(one_line(text))


def whole(text: str) -> Literal:
    """A plain literal in which each character keeps its place; half a surrogate pair becomes U+FFFD."""
    return Literal(_HALF.sub("\N{REPLACEMENT CHARACTER}", text))


def name(text: str) -> Literal:
    """The name of an entity, which `one_line` gave."""
    return Literal(text, language="en")


@lru_cache(maxsize=16384)
def integer(value: int) -> Literal:
    return Literal(str(value), datatype=v.INTEGER)


@lru_cache(maxsize=2048)
def score(value: float) -> Literal:
    """A probability with at most three decimals, in the canonical form in which the engine gives it back."""
    return Literal(f"{value:.3f}".rstrip("0").rstrip(".") or "0", datatype=v.DECIMAL)


def is_date(value: str) -> bool:
    """Whether `value` is a year, a month or a day of the calendar, in ISO 8601."""
    if not _DATE.fullmatch(value) or not value.isascii():
        return False
    year, month, day = (int(part) for part in (value + "-01-01")[:10].split("-"))
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def date(value: str) -> Literal:
    """A date of its precision: `2025` is an xsd:gYear; what is no date of the calendar stays a string."""
    return Literal(value, datatype=v.DATES[len(value)]) if is_date(value) else string(value)


def link(url: str) -> NamedNode | Literal:
    """A web address as an IRI; one that can't be an IRI, or is not of the web, stays a string."""
    if not _SAFE_URL.fullmatch(url):
        return string(url)
    try:
        return NamedNode(url)
    except ValueError:
        return string(url)


def literal(value: str, literal_type: str | None) -> Literal:
    """The value of a literal type of the ontology (`Date`, `URL`, …). Versions and amounts stay as written."""
    if literal_type == "Date":
        return date(value)
    if literal_type == "URL":
        return Literal(one_line(value), datatype=v.ANY_URI)
    return string(value)


def absolute(base: str, iri: str) -> NamedNode:
    """`iri`, which may be relative to `base`. Raises `UsageError` where it is none."""
    try:
        return NamedNode(urljoin(base, iri))
    except ValueError as error:
        raise UsageError(f"{iri!r} is no IRI: {error}") from error


def graph_name(base: str, name: str) -> NamedNode:
    """The graph for a file called `name`."""
    return NamedNode(f"{base}graph/{quote(os.fsencode(name))}")
