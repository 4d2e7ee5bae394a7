"""`kg decide`"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import wraps
from typing import TYPE_CHECKING

import click

from kg.cli import options, terminal
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.deciding import Deciding, Told


@click.group("decide", short_help="Say what is right, whatever articles say.")
def command() -> None:
    """Say what is right, whatever articles say. What is decided holds until it is undone, however often articles are read.

    The IRIs of facts and of references are those that 'kg show NAME --json' gives.

    \b
    Example:
      kg decide reject http://localhost:8000/statement/633de542ef86df21b912 --why "It was a joke."
      kg decide list
    """


def _made(decide: Callable[..., Iterable[Told]]) -> Callable[..., int]:
    """A command that makes the decisions that `decide` gives, from what it is given beside their author and reason."""

    @wraps(decide)
    def run(store: str, as_json: bool, **arguments: object) -> int:
        with options.existing(store) as graph, graph.deciding() as deciding:
            told = decide(deciding, **arguments)
        return _show(told, as_json)

    by = click.option("--by", envvar="USER", default="somebody", metavar="NAME", help="Who decides.  [default: you]")
    why = click.option("--why", metavar="TEXT", help="Why, for others to read.")
    return by(why(options.store(options.as_json(run))))


def _show(found: Iterable[Told], as_json: bool) -> int:
    told = list(found)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in told], ensure_ascii=False, indent=2))
        return 0
    rows = ([one.id, one.verdict, one.what + _where(one), one.author, one.made[:10], one.reason or ""] for one in told)
    terminal.table(["decision", "verdict", "on", "by", "day", "why"], rows)
    return 0


def _where(told: Told) -> str:
    if told.sentence is not None:
        return f", by “{told.sentence}”"
    return "" if told.article is None else f", in {told.article}"


@command.command("accept")
@click.argument("statement")
@_made
def accept(deciding: Deciding, statement: str, by: str, why: str | None) -> Iterable[Told]:
    """Say that the fact STATEMENT (its IRI) holds. It stays, even when no article states it any more.

    \b
    Example:
      kg decide accept http://localhost:8000/statement/633de542ef86df21b912
    """
    return [deciding.accept(statement, by, why)]


@command.command("reject")
@click.argument("target", metavar="STATEMENT|REFERENCE")
@_made
def reject(deciding: Deciding, target: str, by: str, why: str | None) -> Iterable[Told]:
    """Say that a fact does not hold, or that the sentence of a reference does not state it. Give the IRI of either.

    \b
    Example:
      kg decide reject http://localhost:8000/statement/633de542ef86df21b912 --why "It was a joke."
    """
    return [deciding.reject(target, by, why)]


@command.command("link")
@click.argument("name")
@click.argument("item")
@_made
def link(deciding: Deciding, name: str, item: str, by: str, why: str | None) -> Iterable[Told]:
    """Say that NAME (or its IRI) is what the Wikidata item, or the IRI, ITEM stands for.

    \b
    Example:
      kg decide link PyTorch Q47509047
    """
    return [deciding.link(name, item, by, why)]


@command.command("unlink")
@click.argument("name")
@click.argument("item")
@_made
def unlink(deciding: Deciding, name: str, item: str, by: str, why: str | None) -> Iterable[Told]:
    """Say that NAME (or its IRI) is not what the Wikidata item, or the IRI, ITEM stands for.

    \b
    Example:
      kg decide unlink Python Q271218
    """
    return [deciding.unlink(name, item, by, why)]


@command.command("add")
@click.argument("subject")
@click.argument("relation")
@click.argument("value", metavar="OBJECT")
@click.argument("qualifiers", nargs=-1, metavar="[QUALIFIER=VALUE]…")
@_made
def add(
    deciding: Deciding, subject: str, relation: str, value: str, qualifiers: tuple[str, ...], by: str, why: str | None
) -> Iterable[Told]:
    """Say a fact that no article need state. SUBJECT and OBJECT are entities of the graph, or OBJECT is a date or a text.

    \b
    Example:
      kg decide add "Lena Okafor" employer Brightloom start=2019-03 position=engineer
    """
    pairs = dict(_pair(qualifier) for qualifier in qualifiers)
    return [deciding.add(subject, relation, value, by, why, pairs)]


def _pair(qualifier: str) -> tuple[str, str]:
    name, equals, value = qualifier.partition("=")
    if not equals:
        raise UsageError(f"{qualifier!r} is no qualifier: write it as NAME=VALUE, such as start=2019-03.")
    return name, value


@command.command("correct")
@click.argument("statement")
@click.argument("which")
@click.argument("value", required=False)
@_made
def correct(
    deciding: Deciding, statement: str, which: str, value: str | None, by: str, why: str | None
) -> Iterable[Told]:
    """Correct a qualifier of the fact STATEMENT, or, where WHICH is its relation, the date that it tells.

    Without a VALUE, the fact has no such qualifier.

    \b
    Example:
      kg decide correct http://localhost:8000/statement/633de542ef86df21b912 start 2019-03
    """
    return deciding.correct(statement, which, value, by, why)


@command.command("merge")
@click.argument("name")
@click.argument("into")
@_made
def merge(deciding: Deciding, name: str, into: str, by: str, why: str | None) -> Iterable[Told]:
    """Say that NAME is INTO (names or IRIs): whatever articles say of the first, they say of the second.

    The address of the first leads to the second, and its names are names of it.

    \b
    Example:
      kg decide merge "Lena M. Okafor" "Lena Okafor"
    """
    return [deciding.merge(name, into, by, why)]


@command.command("split")
@click.argument("name")
@click.argument("into")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@_made
def split(
    deciding: Deciding, name: str, into: str, articles: tuple[str, ...], by: str, why: str | None
) -> Iterable[Told]:
    """Say that what ARTICLE… (their IRIs) mention as NAME is another one, whose address is made of INTO.

    If there is one called INTO, of the same type, it is that.

    \b
    Example:
      kg decide split "Tom Abara" "Tom Abara (rower)" http://localhost:8000/article/5d3b9f7c1e2a4680
    """
    return deciding.split(name, into, articles, by, why)


@command.command("undo")
@click.argument("decisions", nargs=-1, required=True, metavar="DECISION…")
@options.store
def undo(decisions: tuple[str, ...], store: str) -> int:
    """Let what DECISION (as 'kg decide list' names it) was about be as articles say.

    \b
    Example:
      kg decide undo c6604d41239a071243a4
    """
    with options.existing(store) as graph, graph.deciding() as deciding:
        for decision in decisions:
            deciding.undo(decision)
    return 0


@command.command("list")
@options.store
@options.as_json
def show(store: str, as_json: bool) -> int:
    """List what is decided, the oldest first.

    \b
    Example:
      kg decide list --json
    """
    with options.existing(store) as graph, graph.deciding() as deciding:
        found = deciding.all()
    return _show(found, as_json)
