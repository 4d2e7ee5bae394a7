"""Settings that stand together in a table of TOML, and in the environment with one prefix: fields of a dataclass.

Each field says here what it is for, its unit and the least that it may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, field, fields
from typing import Any

from kg.errors import UsageError

_COMMA = ","


def text(help: str, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"unit": "text", "help": help})


def texts(help: str, default: tuple[str, ...] = ()) -> Any:
    """A list of texts; in the environment, with commas between them."""
    return field(default=default, metadata={"unit": "texts", "help": help})


def whole(default: int, help: str, least: int = 0) -> Any:
    return field(default=default, metadata={"unit": "whole", "help": help, "least": least})


def number(default: float | None, help: str) -> Any:
    return field(default=default, metadata={"unit": "number", "help": help, "least": 0})


def helps(table: type) -> dict[str, str]:
    """What each setting is, by its name."""
    return {each.name: str(each.metadata["help"]) for each in fields(table)}


def defaults(table: type) -> dict[str, Any]:
    """The defaults that say something, by the names of the settings."""
    return {each.name: each.default for each in fields(table) if each.default not in (MISSING, None, "", ())}


def variable(prefix: str, name: str) -> str:
    """The environment's name of a setting."""
    return prefix + name.upper()


def values(table: type, given: Mapping[str, object], prefix: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a table of TOML gives, and the environment, which wins. Raises UsageError."""
    found: dict[str, Any] = {}
    units = {each.name: each.metadata for each in fields(table)}
    for name, value in given.items():
        found[name] = tuple(value) if units[name]["unit"] == "texts" and isinstance(value, list) else value
    for name, metadata in units.items():
        if written := environment.get(variable(prefix, name)):
            found[name] = _converted(variable(prefix, name), metadata, written)
    return found


def check(title: str, table: type, given: object, hint: str = "") -> None:
    """Raises UsageError where the table of this title holds what is no setting, or can't be one's value.

    `hint` is added where a setting is unknown.
    """
    if not isinstance(given, Mapping):
        raise UsageError(f'{title} must be a table, such as [{title}] and {fields(table)[1].name} = "…".')
    known = {each.name: each.metadata for each in fields(table)}
    for name, value in given.items():
        if name not in known:
            raise UsageError(f"There is no setting {name!r} under [{title}]{hint}. All settings: {', '.join(known)}.")
        _check(f"{title}.{name}", known[name], value)


def _check(name: str, metadata: Mapping[str, Any], value: object) -> None:
    unit = metadata["unit"]
    if unit == "text":
        if not isinstance(value, str):
            raise UsageError(f"{name} is {value!r}: it must be a text.")
        return
    if unit == "texts":
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one for one in value):
            raise UsageError(f'{name} is {value!r}: it must be a list of texts, such as ["…"].')
        return
    fits = isinstance(value, int if unit == "whole" else int | float) and not isinstance(value, bool)
    # Not "less than": nan is neither.
    if not fits or not (isinstance(value, int | float) and value >= metadata["least"]):
        noun = "a whole number" if unit == "whole" else "a number"
        raise UsageError(f"{name} is {value!r}: it must be {noun}, {metadata['least']} or more.")


def _converted(name: str, metadata: Mapping[str, Any], text: str) -> object:
    value: object = text
    if metadata["unit"] == "texts":
        value = tuple(part.strip() for part in text.split(_COMMA) if part.strip())
    elif metadata["unit"] in ("whole", "number"):
        try:
            value = int(text) if metadata["unit"] == "whole" else float(text)
        except ValueError as error:
            raise UsageError(f"{name} is {text!r}: it must be a number.") from error
    _check(name, metadata, value)
    return value
