"""`kg forget`"""

from __future__ import annotations

import click

from kg.cli import options, terminal
from kg.errors import NewsgraphError


@click.command("forget", short_help="Take articles out again.")
@click.argument("articles", type=click.Path(), nargs=-1, required=True, metavar="ARTICLE…")
@options.store
def command(articles: tuple[str, ...], store: str) -> int:
    """Take articles out again, with all that only they say.

    ARTICLE is the file or URL that was added, or the article's IRI in the graph.

    \b
    Example:
      kg forget article.html
    """
    failed = False
    with options.existing(store) as graph:
        for article in articles:
            try:
                graph.forget(article)
            except NewsgraphError as error:
                terminal.print_error(str(error))
                failed = True
    return 1 if failed else 0
