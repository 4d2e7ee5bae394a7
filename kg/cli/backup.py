"""`kg backup`"""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options, terminal


@click.command("backup", short_help="Copy the graph, also while it is served.")
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR|FILE")
@options.store
def command(target: Path, store: str) -> int:
    """Copy the graph as it is now to a new folder, or to one file that ends in .tar, .tar.gz or .tgz.

    It may be served and written to meanwhile. The copy is there whole or not at all, and nothing is overwritten. A
    folder on the same disk shares the files that do not change with the graph, so it takes hardly any time and space;
    against the loss of the disk, name a place on another one.

    \b
    Example:
      kg backup backups/monday
      kg backup /media/disk/newsgraph.tar.gz
    """
    options.require(store)
    from kg.store.backup import backup
    from server.snapshots import latest

    with latest(Path(store)) as snapshot:
        backup(Path(store), target, snapshot)
    terminal.text(f"{store} is copied to {target}")
    return 0
