"""`kg restore`"""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options, terminal


@click.command("restore", short_help="Make a graph from a backup.")
@click.argument("source", type=click.Path(exists=True, path_type=Path), metavar="DIR|FILE")
@options.store
def command(source: Path, store: str) -> int:
    """Make the graph that --store names from what kg backup wrote. Its folder must be empty, or not be there yet.

    \b
    Example:
      kg restore backups/monday --store restored
    """
    options.require_folder(store)
    from kg.store.backup import restore

    restore(source, Path(store))
    terminal.text(f"{store} is the graph of {source}")
    return 0
