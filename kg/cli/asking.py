"""Before a language model is asked: which one, what it will come to, and whether that is wanted."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from kg.cli import terminal
from kg.errors import ReadError, UsageError

if TYPE_CHECKING:
    from kg.extract.llm.service import Service
    from kg.model import Document
    from kg.read import Input

_WEB = re.compile("https?://", re.IGNORECASE)


def agree(
    context: click.Context, extractors: Sequence[str], yes: bool, articles: Callable[[], Iterable[Input | Document]]
) -> Service | None:
    """The service that will be asked, after saying what that comes to; None where no extractor asks one.

    Where it is more than the settings let pass, a person is asked; without a terminal, or an answer, it is refused.
    """
    import kg.extract

    if kg.extract.ASKING not in extractors:
        return None
    from kg.cli import settings
    from kg.extract.llm.estimate import estimate
    from kg.extract.llm.service import Service

    service = Service.of(context.meta.get(settings.LLM, {}))
    web: list[str] = []
    found = estimate(_documents(articles(), web), service, web)
    if not found.questions:
        return service
    click.echo(terminal.clean(found.describe(service)), err=True)
    if yes or not found.passes(service):
        return service
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "that is more than limit_tokens or limit_cost under [llm] lets pass: say --yes, or raise the limit"
        )
    click.confirm("Go on?", abort=True, err=True)
    return service


def _documents(articles: Iterable[Input | Document], web: list[str]) -> Iterator[Document]:
    """The articles that lie on this machine; the addresses of the others go into `web`."""
    import kg.read
    from kg.model import Document

    for item in articles:
        if isinstance(item, Document):
            yield item
            continue
        if item.data is None and _WEB.match(item.source):
            web.append(item.source)
            continue
        # What can't be read is named when it is read in earnest.
        yield from (each for each in kg.read.read_input(item) if not isinstance(each, ReadError))
