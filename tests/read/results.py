"""What reading gives, for tests that expect one thing."""

from __future__ import annotations

from pathlib import Path

from kg.errors import ReadError
from kg.model import Document
from kg.read import Options, read


def one_of(source: str | Path, options: Options | None = None) -> Document:
    """The one document in `source`."""
    (result,) = read(str(source), options)
    assert isinstance(result, Document), result
    return result


def error_of(source: str | Path, options: Options | None = None) -> str:
    """The one error that reading `source` gives."""
    (result,) = read(str(source), options)
    assert isinstance(result, ReadError), result
    assert "\n" not in str(result)
    return str(result)
