"""The answer of a SPARQL endpoint, fetched into a file of which an index can be made."""

from __future__ import annotations

from pathlib import Path

from kg.link.online.client import Client
from kg.link.settings import Linking

_ACCEPT = "application/sparql-results+json"
ENDING = ".srj"
"""What the name of such a file ends in."""


def fetch(address: str, query: str, file: Path, linking: Linking) -> None:
    """Write the rows that a SELECT query has at an endpoint into a file. Raises ServiceError where it gives none."""
    with file.open("w+b") as opened:
        Client(address, linking).download(opened, data={"query": query}, headers={"Accept": _ACCEPT})
