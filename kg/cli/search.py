"""`kg search`"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from kg.cli import options, terminal


@click.command("search", short_help="Find names, titles and sentences by words.")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="How many to show at most."
)
@options.store
@options.as_json
def command(words: tuple[str, ...], limit: int, store: str, as_json: bool) -> int:
    """Find entities by name, articles by title, and sentences, by WORDS that must all be there; the best first.

    A word is found in any form of it; one that is nowhere is taken for a misspelled one. 'begin*' is the beginning of a
    word, '"two words"' stand side by side, 'one OR other' is either, and '-word' (after --) must not be there.

    \b
    Example:
      kg search joined okafor
      kg search 'brightlo*' --json
    """
    with options.existing(store) as graph:
        found = graph.search(" ".join(words), limit)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in found], ensure_ascii=False, indent=2))
    else:
        terminal.table(["kind", "found", "iri"], ([hit.kind, hit.label, hit.iri] for hit in found))
    return 0
