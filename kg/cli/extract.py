"""`kg extract`"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from kg.cli import asking, options, terminal


@click.command("extract", short_help="Annotate articles without storing them.")
@click.argument("articles", type=click.File("rb"), metavar="FILE.jsonl")
@click.option("-o", "--output", type=click.File("wb"), default="-", metavar="FILE", help="In place of standard output.")
@options.config
@options.reading
@options.workers
@click.pass_context
def command(
    context: click.Context,
    /,
    articles: BinaryIO,
    output: BinaryIO,
    extractors: tuple[str, ...],
    model: Path | None,
    min_confidence: float | None,
    linkers: tuple[str, ...],
    indexes: tuple[str, ...],
    yes: bool,
    workers: int,
) -> int:
    """Annotate articles without storing anything.

    FILE.jsonl holds an article a line: a JSON object with "text", and where known "id", "title", "url", "publisher"
    and "published"; "-" is standard input. Out comes the same line with "entities" and "facts".

    \b
    Example:
      kg extract articles.jsonl -o annotated.jsonl
    """
    import kg.extract
    from kg.annotations import annotation
    from kg.errors import ReadError
    from kg.pipeline import Settings, read_all
    from kg.read import Input

    lines: list[bytes] = []

    # What a model would be paid for is looked at before, and a pipe can't be read twice.
    given: Iterable[bytes] = list(articles) if kg.extract.ASKING in extractors else articles

    def inputs() -> Iterator[Input]:
        for number, line in enumerate(given, 1):
            if line.strip():
                lines.append(line)
                yield Input(articles.name, line, number)

    service = asking.agree(context, extractors, yes, inputs)
    lines.clear()
    failed = False
    missed: set[str] = set()
    linking = options.linking(context, linkers, indexes)
    settings = Settings(
        extractors or kg.extract.DEFAULT, model=model, least=min_confidence, service=service, linking=linking
    )
    with terminal.progress("Reading") as show:
        for done, found in enumerate(read_all(inputs(), settings, workers=workers), 1):
            line = lines.pop(0)
            for article in found:
                if isinstance(article, ReadError):
                    terminal.print_error(str(article))
                    failed = True
                elif article.facts:
                    for reason in article.facts.missed:
                        if reason not in missed:
                            terminal.print_error(f"not linked: {reason}")
                    missed |= set(article.facts.missed)
                    annotated = json.loads(line) | annotation(article.facts)
                    text = json.dumps(annotated, ensure_ascii=False)
                    output.write(text.encode("utf-8", "backslashreplace") + b"\n")
            show(done, None)
    return 1 if failed else 0
