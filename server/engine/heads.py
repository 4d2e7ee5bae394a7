"""The prefixes at the beginning of a serialization: in order, and where all of it is there, only those that it uses.

The engine writes them in another order each time.
"""

from __future__ import annotations

import re

_TURTLE = re.compile(rb"(?:@prefix [^\n]*\n)+")
_PREFIX = re.compile(rb"@prefix ([^:]*):")
_XML = re.compile(rb"<rdf:RDF((?:\s+xmlns:[^=]+=\"[^\"]*\")+)")
_NAMESPACE = re.compile(rb"xmlns:([^=]+)=\"[^\"]*\"")
_SYNTAX = b"rdf"
"""The prefix of RDF/XML's own elements."""


def tidied(format: str, data: bytes, *, is_whole: bool) -> bytes:
    """The beginning of a serialization in `format`, or if `is_whole` all of it, with its prefixes in order."""
    if format in ("ttl", "trig"):
        found = _TURTLE.match(data)
        if found is None:
            return data
        rest = data[found.end() :]
        lines = [line for line in found[0].splitlines() if not is_whole or _is_used(_PREFIX.match(line), rest)]
        return b"".join(line + b"\n" for line in sorted(lines)) + rest
    if format == "rdf" and (found := _XML.search(data)) is not None:
        start, end = found.span(1)
        rest = data[end:]
        namespaces = [
            one[0] for one in _NAMESPACE.finditer(found[1]) if not is_whole or one[1] == _SYNTAX or _is_used(one, rest)
        ]
        return data[:start] + b" " + b" ".join(sorted(namespaces)) + rest
    return data


def _is_used(found: re.Match[bytes] | None, rest: bytes) -> bool:
    return found is None or re.search(rb"(?<![\w:])" + re.escape(found[1]) + b":", rest) is not None
