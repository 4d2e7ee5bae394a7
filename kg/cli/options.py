"""Options that several commands share, and the graph that they name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.link.settings import Linking


def _settings(context: click.Context, parameter: click.Parameter, config: Path | None) -> None:
    # Only who has such a file pays for reading it.
    if config is not None or Path("newsgraph.toml").is_file():
        from kg.cli import settings

        settings.apply(context, parameter, config)


config = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="KG_CONFIG",
    is_eager=True,
    expose_value=False,
    callback=_settings,
    metavar="FILE",
    help="The file with the settings.  [default: newsgraph.toml, if there is one]",
)
_store = click.option(
    "--store",
    type=click.Path(),
    default="newsgraph",
    envvar="KG_STORE",
    show_default=True,
    metavar="DIR|URL",
    help="Where the graph is kept: a folder, or a SPARQL server.",
)


def store(command: Callable[..., int]) -> Callable[..., int]:
    """The options that name the graph: `--store`, and `--config`, the file that may do so."""
    return _store(config(command))


base = click.option(
    "--base",
    envvar="KG_BASE",
    metavar="IRI",
    help="What the IRIs of a new graph begin with.  [default: http://localhost:8000/]",
)
as_json = click.option("--json", "as_json", is_flag=True, help="JSON in place of text.")
shape = click.option(
    "--shape", type=click.Choice(["wikibase"]), help="Wikidata's form of the graph, in place of its own."
)
_extractors = click.option(
    "--extractor",
    "extractors",
    multiple=True,
    metavar="NAME",
    help="Which extractors to use.  [default: wordings and model]",
)
_model = click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Another model than newsgraph's own, as 'kg train' writes it.",
)
_min_confidence = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="NUMBER",
    help="Leave out facts that are less sure: 0 for all, 1 for none.  [default: where F1 is best]",
)
workers = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)),
    show_default="one for each core",
    help="How many processes read.",
)


text = click.option(
    "--text/--no-text",
    "keep_text",
    default=True,
    envvar="KG_TEXT",
    show_envvar=True,
    help="Whether the graph gets whole texts, or only the sentences that state facts.  [default: whole texts]",
)
_yes = click.option("--yes", is_flag=True, help="Ask a language model for as much as it takes, without a question.")


_linkers = click.option(
    "--linker", "linkers", multiple=True, metavar="NAME", help="Which linkers to use.  [default: aliases]"
)
indexes = click.option(
    "--index",
    "indexes",
    multiple=True,
    type=click.Path(),
    metavar="FILE",
    help="Another index to link by, beside newsgraph's own; see 'kg index'.",
)


def reading(command: Callable[..., int]) -> Callable[..., int]:
    """The options that say how articles are read: `--extractor`, `--model`, `--min-confidence`, `--linker`, `--index` and
    `--yes`."""
    return _extractors(_model(_min_confidence(_linkers(indexes(_yes(command))))))


def linking(context: click.Context, linkers: tuple[str, ...], indexes: tuple[str, ...]) -> Linking:
    """By what entities are linked: the options, the environment, and the table [link] of the settings."""
    from kg.cli import settings
    from kg.link.settings import Linking

    return Linking.of(context.meta.get(settings.LINK, {}), linkers, indexes)


def shown(store: str) -> str:
    """How a store is named in messages: without a password."""
    scheme, separator, rest = store.partition("://")
    return scheme + separator + rest.rpartition("@")[2] if separator else store


def require_folder(store: str) -> None:
    """Raises UsageError where a store is a URL."""
    if "://" in store:
        raise UsageError(f"this works on a folder, not on {shown(store)}: name one with --store")


def require(directory: str) -> None:
    """Raises UsageError where there is no graph in `directory`, or it is a URL."""
    require_folder(directory)
    if not Path(directory).is_dir():
        raise UsageError(f"there is no graph in {directory}: make one with 'kg add', or name another with --store")


def existing(directory: str) -> Graph:
    """The graph in `directory`, or at this URL; raises UsageError where there is none, in place of making one."""
    if "://" not in directory:
        require(directory)
    from kg.graph import Graph

    return Graph.open(directory)
