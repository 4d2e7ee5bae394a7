"""What is written into the forms of pages, and so stands in their addresses: names, and whole numbers."""

from __future__ import annotations

from flask import request

from server.errors import BadRequest

LONGEST = 200
"""Characters of a name."""


def name(parameter: str) -> str:
    """What one is to look for, on one line; empty where nothing is given. Raises BadRequest where it is too long."""
    return _checked(request.args.get(parameter, ""))


def names(parameter: str, most: int) -> list[str]:
    """All that one is to look for. Raises BadRequest where it is too much."""
    found = [text for value in request.args.getlist(parameter) if (text := _checked(value))]
    if len(found) > most:
        raise BadRequest(f"No more than {most} are shown at once, and {len(found)} are named.")
    return found


def number(parameter: str, default: int) -> int:
    """Raises BadRequest where the parameter is no whole number."""
    text = request.args.get(parameter) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise BadRequest(f"The parameter '{parameter}' is {text!r}; it must be a whole number.")
    return int(text)


def _checked(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise BadRequest(f"A text to look for is longer than {LONGEST} characters.")
    return text
