"""By what entities are linked: settings from a table in TOML and from the environment, which wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kg import tables

PREFIX = "KG_LINK_"
PATHS = {"indexes", "cache"}
"""The settings that are names of files."""
_FOLDER = "newsgraph/link"


@dataclass(frozen=True, slots=True)
class Linking:
    """Which linkers are used, and what each of them needs; can be sent to another process. Times are seconds."""

    linkers: tuple[str, ...] = tables.texts("Which linkers are used, one after the other.", ("aliases",))
    indexes: tuple[str, ...] = tables.texts("Indexes that 'kg index build' made, to link with before newsgraph's own.")
    wikidata: str = tables.text(
        "The API of Wikidata that the linker `wikidata` asks, or a copy of it.",
        "https://www.wikidata.org/w/api.php",
    )
    services: tuple[str, ...] = tables.texts("The Reconciliation services that the linker `reconciliation` asks.")
    contact: str = tables.text("A web or mail address at which those who run these services can reach you.", "")
    cache: str | None = tables.text(
        "The folder where their answers are kept, in place of newsgraph/link in the user's cache.", None
    )
    keep: float = tables.number(30.0, "For how many days an answer is kept.")
    batch: int = tables.whole(25, "How many names are sent at once to a Reconciliation service, at most.", least=1)
    timeout: float = tables.number(20.0, "How many seconds one answer may take.")
    retries: int = tables.whole(3, "How often a question is asked again where a service is busy, fails or is silent.")
    wait: float = tables.number(1.0, "How many seconds to wait before the first of these, each time twice as long.")

    @classmethod
    def of(
        cls,
        table: Mapping[str, object],
        linkers: tuple[str, ...] = (),
        indexes: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Linking:
        """The settings of a table and of the environment, and the linkers and indexes that a command names instead.

        Raises UsageError.
        """
        check(table)
        found = cls(**tables.values(cls, table, PREFIX, os.environ if environment is None else environment))
        return replace(found, linkers=linkers or found.linkers, indexes=indexes or found.indexes)

    @property
    def kept(self) -> Path:
        """The folder where answers are kept."""
        if self.cache is not None:
            return Path(self.cache)
        home = os.environ.get("XDG_CACHE_HOME")
        return (Path(home) if home else Path.home() / ".cache") / _FOLDER


HELP = tables.helps(Linking)
"""What each setting is, by its name."""
DEFAULTS = tables.defaults(Linking)


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return tables.variable(PREFIX, name)


def check(table: object) -> None:
    """Raises UsageError where a table of settings holds what is no setting, or can't be one's value."""
    tables.check("link", Linking, table)


@cache
def identity(linking: Linking) -> str:
    """Stands for what may change links: another index or service may link otherwise. Raises UsageError for a file that
    is no index."""
    # The command line asks for these settings before it works with any index.
    from kg.link.aliases import AliasIndex

    indexes = [AliasIndex.open(path).digest for path in (*linking.indexes, None)]
    return "\n".join((*linking.linkers, *indexes, linking.wikidata, *linking.services))
