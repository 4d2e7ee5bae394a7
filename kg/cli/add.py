"""`kg add`"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from kg.cli import asking, options, terminal


@click.command("add", short_help="Read articles into the graph.")
@click.argument("sources", type=click.Path(), nargs=-1, required=True, metavar="PATH|URL…")
@options.store
@options.base
@options.reading
@options.text
@options.workers
@options.as_json
@click.pass_context
def command(
    context: click.Context,
    /,
    sources: tuple[str, ...],
    store: str,
    base: str | None,
    extractors: tuple[str, ...],
    model: Path | None,
    min_confidence: float | None,
    linkers: tuple[str, ...],
    indexes: tuple[str, ...],
    yes: bool,
    keep_text: bool,
    workers: int,
    as_json: bool,
) -> int:
    """Read articles into the graph: text, HTML and PDF files, folders, JSON Lines, URLs and feeds.

    What is in the graph already is left as it is, and a changed article takes the place of its former version. What
    can't be read is named, and the rest is read.

    \b
    Example:
      kg add article.html news/ https://example.org/feed.xml
    """
    from kg.graph import Graph
    from kg.read import expand

    service = asking.agree(context, extractors, yes, lambda: expand(sources))
    linking = options.linking(context, linkers, indexes)
    with Graph.open(store, base) as graph, terminal.progress("Reading") as show:
        try:
            report = graph.add(
                *sources,
                workers=workers,
                extractors=extractors or None,
                model=model,
                min_confidence=min_confidence,
                service=service,
                linking=linking,
                keep_text=keep_text,
                progress=show,
            )
        except KeyboardInterrupt:
            kept = f"what was read is in {options.shown(store)}, but perhaps for the last seconds"
            raise terminal.Stopped(f"stopped; {kept}, and the same command goes on from there") from None
    for failure in report.failed:
        terminal.print_error(str(failure))
    for reason in report.missed:
        terminal.print_error(f"not linked: {reason}")
    if as_json:
        failed = [{"source": failure.source, "reason": failure.reason} for failure in report.failed]
        click.echo(json.dumps(asdict(report) | {"failed": failed}))
    else:
        counts = {"added": report.added, "corrected": report.corrected, "unchanged": report.unchanged}
        done = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"
        click.echo(f"Articles: {done}. Facts: {report.facts:,}. {report.seconds:.1f} s")
    return 1 if report.failed else 0
