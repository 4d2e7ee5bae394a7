"""Which service is asked, and how: settings from a table in TOML and from the environment, which wins.

The key is no setting of the table: it stands in KG_LLM_KEY, or in a file that the table names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg import tables
from kg.errors import UsageError

PREFIX = "KG_LLM_"
KEY = PREFIX + "KEY"
"""What in the environment holds the key."""
FOLDER = "newsgraph/llm"
PATHS = {"key_file", "cache"}
"""The settings that are names of files."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is asked, in seconds, characters, tokens and units of the currency of its prices."""

    address: str = tables.text("What the service's addresses begin with, before /chat/completions: https://host/v1.")
    model: str = tables.text("The name of the model, as the service calls it.")
    key_file: str | None = tables.text("A file that holds the key. KG_LLM_KEY in the environment wins over it.", None)
    cache: str | None = tables.text(
        "The folder where answers are kept, in place of newsgraph/llm in the user's cache.", None
    )
    part: int = tables.whole(12_000, "How many characters of an article are sent at once, at most.", least=500)
    timeout: float = tables.number(120.0, "How many seconds one answer may take.")
    retries: int = tables.whole(4, "How often a question is asked again where the service is busy, fails or is silent.")
    wait: float = tables.number(1.0, "How many seconds to wait before the first of these, each time twice as long.")
    requests_per_minute: float = tables.number(
        0.0, "How many questions a minute, by all processes together; 0 is no limit."
    )
    price_in: float | None = tables.number(None, "What a million tokens sent cost.")
    price_out: float | None = tables.number(None, "What a million tokens received cost.")
    limit_tokens: int = tables.whole(200_000, "How many tokens a command may come to without being asked for.")
    limit_cost: float | None = tables.number(None, "How much a command may cost without being asked for.")
    without: str = tables.text("Fields that the service refuses, with commas: temperature, seed.", "")

    @classmethod
    def of(cls, table: Mapping[str, object], environment: Mapping[str, str] | None = None) -> Service:
        """The service that a table and the environment describe. Raises UsageError, also where they describe none."""
        environment = os.environ if environment is None else environment
        check(table)
        values = tables.values(cls, table, PREFIX, environment)
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


HELP = tables.helps(Service)
"""What each setting is, by its name."""
DEFAULTS = tables.defaults(Service)


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return tables.variable(PREFIX, name)


def check(table: object) -> None:
    """Raises UsageError where a table of settings holds what is no setting, or can't be one's value."""
    is_key = isinstance(table, Mapping) and any("key" in str(name) for name in table)
    hint = f"; the key stands in {KEY}, or in the file that key_file names" if is_key else ""
    tables.check("llm", Service, table, hint)
