"""Writes the graph to files. A format is added as an entry point of the group `kg.exporters`."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO

from kg.errors import UsageError
from kg.export.base import Exporter, Selective, Source

__all__ = ["Exporter", "Selective", "Source", "exporter", "exporters", "note", "to_file", "to_stream"]


@cache
def exporters() -> dict[str, Exporter]:
    """All installed exporters by name."""
    found = sorted(entry_points(group="kg.exporters"), key=lambda entry: entry.name)
    return {entry.name: entry.load()() for entry in found}


def exporter(name: str | None, file: str | Path | None = None) -> Exporter:
    """The exporter called `name`, or else the one that the file's ending means; Turtle where there is neither.

    Raises `UsageError` for an unknown one.
    """
    known = exporters()
    if name is not None:
        if name not in known:
            raise UsageError(f"There is no format {name!r}; there are {', '.join(known)}.")
        return known[name]
    if file is None:
        return known["turtle"]
    ending = max((suffix for suffix in _by_suffix() if str(file).lower().endswith(suffix)), key=len, default=None)
    if ending is not None:
        return _by_suffix()[ending]
    endings = ", ".join(suffix for found in known.values() for suffix in found.suffixes)
    raise UsageError(f"The name {str(file)!r} tells no format: end it with one of {endings}, or name the format.")


def _by_suffix() -> dict[str, Exporter]:
    return {suffix: found for found in exporters().values() for suffix in found.suffixes}


def to_stream(source: Source, stream: IO[bytes], name: str | None = None, least: float | None = None) -> None:
    """Write the graph to an open binary file.

    `least` is the confidence that a statement must have. Raises `UsageError` for formats that have all statements.
    """
    _selective(exporter(name), least).write(source, stream)


def to_file(source: Source, path: str | Path, name: str | None = None, least: float | None = None) -> None:
    """As `to_stream`, to the file `path`, which is there in full or, after an error, as it was before."""
    chosen = _selective(exporter(name, path), least)
    target = Path(path)
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent} to write {target.name} to: make it first")
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            chosen.write(source, file)
        except BaseException:
            os.unlink(file.name)
            raise
    os.chmod(file.name, 0o666 & ~_umask())
    os.replace(file.name, target)


def note(name: str | None, file: str | Path | None, least: float | None = None) -> str:
    """What whoever exports must know before they use the file; empty where there is nothing."""
    chosen = _selective(exporter(name, file), least)
    return chosen.note if isinstance(chosen, Selective) else ""


def _selective(chosen: Exporter, least: float | None) -> Exporter:
    if least is None:
        return chosen
    if not isinstance(chosen, Selective):
        able = ", ".join(name for name, found in exporters().items() if isinstance(found, Selective))
        raise UsageError(f"{chosen.name} holds the whole graph; a least confidence is for {able}.")
    return chosen.above(least)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
