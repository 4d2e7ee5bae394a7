"""Which service is asked, and how: settings from a table in TOML and from the environment, which wins.

The key is no setting of the table: it stands in KG_LLM_KEY, or in a file that the table names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.errors import UsageError

PREFIX = "KG_LLM_"
KEY = PREFIX + "KEY"
"""What in the environment holds the key."""
FOLDER = "newsgraph/llm"
PATHS = {"key_file", "cache"}
"""The settings that are names of files."""


def _text(help: str, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"unit": "text", "help": help})


def _whole(default: int, help: str, least: int = 0) -> Any:
    return field(default=default, metadata={"unit": "whole", "help": help, "least": least})


def _number(default: float | None, help: str) -> Any:
    return field(default=default, metadata={"unit": "number", "help": help, "least": 0})


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is asked, in seconds, characters, tokens and units of the currency of its prices."""

    address: str = _text("What the service's addresses begin with, before /chat/completions: https://host/v1.")
    model: str = _text("The name of the model, as the service calls it.")
    key_file: str | None = _text("A file that holds the key. KG_LLM_KEY in the environment wins over it.", None)
    cache: str | None = _text("The folder where answers are kept, in place of newsgraph/llm in the user's cache.", None)
    part: int = _whole(12_000, "How many characters of an article are sent at once, at most.", least=500)
    timeout: float = _number(120.0, "How many seconds one answer may take.")
    retries: int = _whole(4, "How often a question is asked again where the service is busy, fails or is silent.")
    wait: float = _number(1.0, "How many seconds to wait before the first of these, each time twice as long.")
    requests_per_minute: float = _number(0.0, "How many questions a minute, by all processes together; 0 is no limit.")
    price_in: float | None = _number(None, "What a million tokens sent cost.")
    price_out: float | None = _number(None, "What a million tokens received cost.")
    limit_tokens: int = _whole(200_000, "How many tokens a command may come to without being asked for.")
    limit_cost: float | None = _number(None, "How much a command may cost without being asked for.")
    without: str = _text("Fields that the service refuses, with commas: temperature, seed.", "")

    @classmethod
    def of(cls, table: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Service:
        """The service that a table and the environment describe. Raises UsageError, also where they describe none."""
        environment = os.environ if environment is None else environment
        check(table)
        values: dict[str, Any] = dict(table)
        for each in fields(cls):
            given = environment.get(variable(each.name))
            if given:
                values[each.name] = _converted(variable(each.name), each.metadata, given)
        missing = [name for name in ("address", "model") if not values.get(name)]
        if missing:
            raise UsageError(
                f"the extractor llm has no {' and no '.join(missing)}: set them under [llm] in newsgraph.toml, "
                f"or as {' and '.join(map(variable, missing))}"
            )
        parts = urlsplit(values["address"])
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise UsageError(f"the address of the llm is no plain http or https address: {values['address']!r}")
        return cls(**values)

    def key(self) -> str | None:
        """The key; None where neither the environment nor a file has one. Raises UsageError for an empty file."""
        found = os.environ.get(KEY, "").strip()
        if found or self.key_file is None:
            return found or None
        try:
            found = Path(self.key_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{self.key_file}, the key of the llm, can't be read: {error}") from error
        if not found or not found.isprintable() or not found.isascii():
            raise UsageError(f"{self.key_file} holds no key: one line of printable characters")
        return found

    @property
    def kept(self) -> Path:
        """The folder where answers are kept."""
        if self.cache is not None:
            return Path(self.cache)
        home = os.environ.get("XDG_CACHE_HOME")
        return (Path(home) if home else Path.home() / ".cache") / FOLDER

    @property
    def identity(self) -> str:
        """Stands for what may change an answer: another service or model may read something else."""
        return "\n".join((self.address.rstrip("/"), self.model, str(self.part), self.without))

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        """What so many tokens cost; None where the prices are not known."""
        if self.price_in is None or self.price_out is None:
            return None
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


HELP = {each.name: str(each.metadata["help"]) for each in fields(Service)}
"""What each setting is, by its name."""
DEFAULTS = {each.name: each.default for each in fields(Service) if each.default not in (MISSING, None, "")}


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return PREFIX + name.upper()


def check(table: object) -> None:
    """Raises UsageError where a table of settings holds what is no setting, or can't be one's value."""
    if not isinstance(table, Mapping):
        raise UsageError('llm must be a table, such as [llm] and model = "…".')
    known = {each.name: each.metadata for each in fields(Service)}
    for name, value in table.items():
        if name not in known:
            hint = f"; the key stands in {KEY}, or in the file that key_file names" if "key" in str(name) else ""
            raise UsageError(f"There is no setting {name!r} under [llm]{hint}. All settings: {', '.join(known)}.")
        _check(f"llm.{name}", known[name], value)


def _check(name: str, metadata: Mapping[str, Any], value: object) -> None:
    unit = metadata["unit"]
    if unit == "text":
        if not isinstance(value, str):
            raise UsageError(f"{name} is {value!r}: it must be a text.")
        return
    fits = isinstance(value, int if unit == "whole" else int | float) and not isinstance(value, bool)
    # Not "less than": nan is neither.
    if not fits or not (isinstance(value, int | float) and value >= metadata["least"]):
        noun = "a whole number" if unit == "whole" else "a number"
        raise UsageError(f"{name} is {value!r}: it must be {noun}, {metadata['least']} or more.")


def _converted(name: str, metadata: Mapping[str, Any], text: str) -> object:
    value: object = text
    if metadata["unit"] in ("whole", "number"):
        try:
            value = int(text) if metadata["unit"] == "whole" else float(text)
        except ValueError as error:
            raise UsageError(f"{name} is {text!r}: it must be a number.") from error
    _check(name, metadata, value)
    return value
