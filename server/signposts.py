"""What a page tells programs about itself: links as FAIR Signposting has them, Open Graph, and JSON-LD.

https://signposting.org/FAIR/, https://ogp.me/, RFC 8288.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import request, url_for

from server import formats
from server.app import settings
from server.formats import Format

ATOM = "application/atom+xml"
_SCHEMA = "https://schema.org/"
_TURTLE = "text/turtle"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of RFC 8288; `rel` may be several relations."""

    rel: str
    href: str
    type: str = ""
    title: str = ""

    def __str__(self) -> str:
        """As it stands in a `Link` header. A title goes into the page alone: a header holds no more than ASCII."""
        return f'<{self.href}>; rel="{self.rel}"' + (f'; type="{self.type}"' if self.type else "")


@dataclass(frozen=True, slots=True)
class About:
    """What programs are told of a page. `kind` is Open Graph's, `schema` JSON-LD in schema.org's words."""

    title: str
    description: str
    iri: str
    kind: str
    schema: Mapping[str, object]
    links: tuple[Link, ...]


def of_page(kind: str, name: str, iri: str, schema: Mapping[str, object], table: Format) -> Iterator[Link]:
    """The links of the page of an entity, an article or a statement; `table` is the format that has its facts."""
    yield Link("cite-as", iri)
    yield Link("alternate", address(kind, name, formats.HTML), formats.HTML.media_type)
    for found in formats.GRAPHS.values():
        yield Link("alternate describedby", address(kind, name, found), found.media_type)
    yield Link("alternate item", address(kind, name, table), table.media_type)
    source = schema.get("url")
    if isinstance(source, str) and schema.get("headline"):
        yield Link("item", _ascii(source), formats.HTML.media_type)
    yield Link("type", f"{_SCHEMA}AboutPage")
    if isinstance(about := schema.get("@type"), str):
        yield Link("type", _SCHEMA + about)
    yield from of_all()


def of_data(kind: str, name: str, chosen: Format, offered: Iterable[Format]) -> Iterator[Link]:
    """The links of what is no page, but describes or holds what a page shows."""
    yield Link("describes" if chosen.key in formats.GRAPHS else "collection", address(kind, name, formats.HTML))
    for found in offered:
        yield Link("alternate", address(kind, name, found), found.media_type)
    yield from of_all()


def of_all() -> Iterator[Link]:
    """What is true of everything here."""
    yield Link("collection", url_for("void.void"), _TURTLE)
    if settings().license:
        yield Link("license", settings().license or "")


def feed(title: str, entity: str) -> Link:
    """Where the new facts about an entity come out."""
    return Link("alternate", url_for("feeds.show", entity=entity), ATOM, title)


def address(kind: str, name: str, found: Format) -> str:
    return f"{request.script_root}/{kind}/{quote(name)}.{found.key}"


def _ascii(url: str) -> str:
    """A web address as a header holds it."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")
