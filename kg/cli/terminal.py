"""What a person sees: tables, colours and progress on a terminal, plain lines with tabs in a pipe."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

import click

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What a terminal would obey instead of showing: texts come from strangers."""


class Stopped(click.ClickException):
    """Ctrl-C, with a message that says what was kept."""

    exit_code = 130


def clean(text: str) -> str:
    """`text` on one line, without what a terminal would obey."""
    return CONTROL.sub(lambda match: " " if match[0] in "\t\n\r\u2028\u2029" else "\N{REPLACEMENT CHARACTER}", text)


def is_terminal() -> bool:
    """Whether standard output is shown to a person."""
    return sys.stdout.isatty()


def is_coloured() -> bool:
    """Whether colours are wanted; see https://no-color.org."""
    return not os.environ.get("NO_COLOR")


def print_error(message: str) -> None:
    """One line on standard error."""
    name = click.style("kg:", fg="red", bold=True) if is_coloured() else "kg:"
    click.echo(f"{name} {clean(message)}", err=True)


def unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A `sys.excepthook` for what should not happen: one line, and with KG_DEBUG the whole traceback."""
    if os.environ.get("KG_DEBUG"):
        sys.__excepthook__(kind, error, trace)
        return
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}, line {trace.tb_lineno}" if trace else ""
    print_error(
        f"a fault of newsgraph itself: {kind.__name__}: {error}{where}. Set KG_DEBUG=1 to see all, and report it"
    )


def line(*cells: str) -> None:
    """One plain line on standard output, its cells parted by tabs."""
    click.echo("\t".join(clean(cell) for cell in cells))


def heading(text: str) -> None:
    """A line that stands out on a terminal."""
    click.echo(click.style(clean(text), bold=True) if is_coloured() else clean(text))


def text(content: str, indent: int = 0) -> None:
    """A paragraph, folded to the width of the terminal; one line in a pipe."""
    blanks = " " * indent
    if is_terminal():
        width = min(shutil.get_terminal_size().columns, 100)
        click.echo(textwrap.fill(clean(content), width, initial_indent=blanks, subsequent_indent=blanks))
    else:
        click.echo(blanks + clean(content))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; in a pipe a line of column names and one for each row, with tabs.

    Where there are no rows, "nothing found" is said, in a pipe on standard error.
    """
    if not is_terminal():
        line(*columns)
        is_empty = True
        for row in rows:
            line(*row)
            is_empty = False
        if is_empty:
            click.echo("nothing found", err=True)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        grid.add_column(Text(clean(column)))
    for row in rows:
        grid.add_row(*(Text(clean(cell)) for cell in row))
    if not grid.rows:
        click.echo("nothing found")
        return
    Console(highlight=False).print(grid)


def silence() -> None:
    """Send to nowhere what is still to be written, once the reader of standard output has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress(what: str, *, in_bytes: bool = False) -> Iterator[Callable[[int, int | None], None]]:
    """A bar with rate and time left on standard error while the block runs; nothing where that is not a terminal.

    The block calls what it gets with how many are done, and of how many (None while that is not known): things, or bytes.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn() if in_bytes else MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def rate(speed: float) -> str:
            return f"{speed / 1e6:,.1f} MB/s" if in_bytes else f"{speed:,.0f}/s"

        task = bar.add_task(what, total=None, rate="")

        def show(done: int, total: int | None) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=rate(speed) if speed else "")

        yield show
