"""`kg optimize`"""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options, terminal


@click.command("optimize", short_help="Make the store small and fast.")
@options.store
def command(store: str) -> int:
    """Rewrite the store's files, so that queries are as fast as they can be, and what was deleted takes no room.

    Worth it after much was added, corrected or forgotten. A server that only reads may run meanwhile; one that writes
    must be stopped.

    \b
    Example:
      kg optimize
    """
    before = _size(store)
    with options.existing(store) as graph:
        graph.optimize()
    terminal.text(f"{store} takes {_size(store) / 1e6:,.1f} MB; it took {before / 1e6:,.1f} MB")
    return 0


def _size(store: str) -> int:
    # What a server has open beside it are other names of the same files.
    return sum(path.stat().st_size for path in Path(store).glob("store/*"))
