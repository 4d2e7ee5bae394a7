"""RDF: N-Triples line by line (also of dumps with billions of them), and all other forms as a whole.

Which properties give names, descriptions and classes is said in `data/entities/vocabulary.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, islice
from pathlib import Path

import pyoxigraph as ox

from kg.errors import ReadError
from kg.link.collecting import ALIAS, Said, Subclass
from kg.link.sources.reading import TOGETHER, How, Part
from kg.link.sources.streams import Stream
from kg.link.sources.vocabulary import fame, in_new_form, vocabulary

_LINES = 20_000
Statement = tuple[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, ox.NamedNode, object]


def read_lines(path: Path, how: How, position: str) -> Iterator[Part]:
    """The things of a file in N-Triples. Lines that say nothing of names or classes are passed over unread."""
    with Stream(path, position) as stream:
        lines = iter(stream)
        while block := [(stream.number, line) for line in islice(lines, _LINES)]:
            wrong: list[ReadError] = []
            kept = []
            for number, line in block:
                parts = line.split(None, 2)
                if len(parts) == 3 and parts[1] in _telling():
                    kept.append((number, line))
                elif parts and not parts[0].startswith(b"#") and not line.rstrip().endswith(b"."):
                    wrong.append(_wrong(path, number, "does not end in a full stop"))
            found = list(_things(_parsed(path, kept, wrong), how))
            yield Part(found, wrong, stream.position, stream.done)
        yield Part((), stream.faults, stream.position, stream.done)


def _parsed(path: Path, lines: list[tuple[int, bytes]], wrong: list[ReadError]) -> Iterator[ox.Quad]:
    """The triples of some lines; where one is wrong, each is looked at alone."""
    try:
        yield from list(ox.parse(b"\n".join(line for _, line in lines), format=ox.RdfFormat.N_TRIPLES))
        return
    except SyntaxError:
        pass
    for number, line in lines:
        try:
            yield from list(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))
        except SyntaxError as error:
            wrong.append(_wrong(path, number, " ".join(str(error.msg).split())))


def _wrong(path: Path, number: int, reason: str) -> ReadError:
    return ReadError(f"{path}:{number}", f"is no triple ({reason}); the line is left out")


def read(path: Path, how: How, position: str, *, format: ox.RdfFormat) -> Iterator[Part]:
    """The things of a file in another form of RDF; always from its beginning."""
    wrong: list[ReadError] = []

    def quads(stream: Stream) -> Iterator[ox.Quad]:
        try:
            yield from ox.parse(stream.file(), format=format, base_iri=path.absolute().as_uri(), lenient=True)
        except SyntaxError as error:
            line = "" if error.lineno is None else f":{error.lineno}"
            reason = " ".join(str(error.msg).split())
            wrong.append(ReadError(f"{path}{line}", f"is not valid here ({reason}): what comes after is left out"))

    with Stream(path) as stream:
        found = quads(stream)
        while block := list(islice(found, TOGETHER)):
            yield Part(list(_things(block, how)), (), "", stream.done)
        yield Part((), [*wrong, *stream.faults], "", stream.done)


@cache
def _meanings() -> dict[str, str]:
    """What the properties tell, by their IRIs in both forms."""
    table = vocabulary()["rdf"]
    return {iri: key for key, iris in table.items() for iri in iris if key != "terms"}


@cache
def _telling() -> frozenset[bytes]:
    """The properties as they stand in N-Triples."""
    old = {iri.replace("https://schema.org/", "http://schema.org/") for iri in _meanings()}
    return frozenset(f"<{iri}>".encode() for iri in old | _meanings().keys())


def _things(quads: Iterable[ox.Quad], how: How) -> Iterator[Said | Subclass]:
    for subject, group in groupby(quads, key=lambda quad: quad.subject):
        if isinstance(subject, ox.NamedNode):
            yield from _thing(subject.value, list(group), how)


def _thing(iri: str, quads: list[ox.Quad], how: How) -> Iterator[Said | Subclass]:
    label, description, sitelinks = "", "", None
    names: list[tuple[str, float]] = []
    classes: list[str] = []
    for quad in quads:
        what, value = _meanings().get(in_new_form(quad.predicate.value)), quad.object
        if isinstance(value, ox.NamedNode) and what == "class":
            classes.append(in_new_form(value.value))
        elif isinstance(value, ox.NamedNode) and what == "subclass":
            yield Subclass(in_new_form(iri), in_new_form(value.value))
        elif isinstance(value, ox.Literal) and _is_wanted(value, how):
            is_first = value.language in (None, how.languages[0])
            if what == "label":
                label = label or (value.value if is_first else "")
                names.append((value.value, 1.0))
            elif what == "alias":
                names.append((value.value, ALIAS))
            elif what == "description":
                description = description or (value.value if is_first else "")
            elif what == "sitelinks" and value.value.isdecimal():
                sitelinks = float(value.value)
    try:
        identifier = how.identifiers.of(iri)
    except ValueError:
        return  # an IRI with signs that none may hold
    if identifier is not None and (names or classes or description or sitelinks is not None):
        known = None if sitelinks is None else fame(sitelinks)
        yield Said(identifier, label, tuple(names), description, tuple(classes), known)


def _is_wanted(value: ox.Literal, how: How) -> bool:
    language = value.language
    return language is None or language in (*how.languages, "mul") or language.partition("-")[0] in how.languages
