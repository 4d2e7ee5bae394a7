"""`kg index`"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from kg.cli import options, terminal

if TYPE_CHECKING:
    from kg.errors import ReadError

_MOST_SHOWN = 20
_WEB = re.compile("https?://", re.IGNORECASE)


@click.group("index", short_help="Make indexes of names, to link entities to any register.")
def command() -> None:
    """Make indexes of names, to link entities to any register: Wikidata, ROR, DBpedia, a company's own.

    'kg add' and 'kg extract' use them by --index.

    \b
    Example:
      kg index build customers.csv -o customers.index --iri https://crm.example.org/customer/{id}
      kg index find customers.index "Acme Ltd"
      kg add news/ --index customers.index
    """


def _pair(_: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = [value.partition("=") for value in values]
    if any(not (key and name) for key, _, name in pairs):
        raise click.BadParameter(f"write {parameter.metavar}", param=parameter)
    return tuple((key, name) for key, _, name in pairs)


@command.command("build", short_help="Make an index of files.")
@click.argument("sources", type=click.Path(), nargs=-1, required=True, metavar="FILE|URL…")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="INDEX",
    help="Where the index is written.",
)
@click.option("--name", metavar="NAME", help="What the index is called.  [default: the name of INDEX]")
@click.option(
    "--iri",
    metavar="PATTERN",
    help="How the IRI of a thing is made of its identifier: https://ror.org/{id}.  [default: Wikidata's for its JSON, else identifiers are IRIs]",
)
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Keep only things of this type.  [default: all]")
@click.option("--as", "otherwise", default="", metavar="TYPE", help="The type of things whose type is not known.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    callback=_pair,
    metavar="TYPE=CLASS",
    help="What else is of a type: the IRI of a class, or what a column says.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=("en",),
    show_default=True,
    metavar="CODE",
    help="Names in these languages, of which the first one gives the label.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_pair,
    metavar="WHAT=NAME",
    help="Which column of a table is the id, label, alias, type, description or weight.  [default: by its name]",
)
@click.option(
    "--separator", default="|", show_default=True, metavar="TEXT", help="What stands between two names in one cell."
)
@click.option(
    "--query",
    metavar="QUERY",
    help="What to ask a SPARQL endpoint at a URL: SELECT ?id ?label … itself, or @FILE that holds it.",
)
@click.option("--format", "kind", metavar="FORMAT", help="What the files are.  [default: by ending and content]")
@options.as_json
def build(
    sources: tuple[str, ...],
    output: Path,
    name: str | None,
    iri: str | None,
    types: tuple[str, ...],
    otherwise: str,
    classes: tuple[tuple[str, str], ...],
    languages: tuple[str, ...],
    columns: tuple[tuple[str, str], ...],
    separator: str,
    query: str | None,
    kind: str | None,
    as_json: bool,
) -> int:
    """Make an index of files: tables (CSV, TSV), dumps of Wikidata (JSON, N-Triples), RDF (Turtle, SKOS, schema.org …),
    and answers of SPARQL endpoints (JSON, XML, CSV, TSV); also compressed by gzip, bzip2 or xz. A URL is that of an
    endpoint, which is asked the --query.

    Memory is bounded, however large a dump is. Interrupted, the same command goes on where it was. Lines that can't be
    read are named, and left out.

    \b
    Example:
      kg index build latest-all.json.bz2 -o wikidata.index --type Person --type Organization
      kg index build customers.csv -o customers.index --iri https://crm.example.org/customer/{id} --as Organization
    """
    from kg.errors import UsageError
    from kg.link.building import Building, Plan
    from kg.link.sources.kinds import READERS

    if kind is not None and kind not in READERS:
        raise UsageError(f"there is no format {kind!r}; there are: {', '.join(READERS)}")
    if not separator:
        raise UsageError("--separator is empty: give what stands between two names, such as ;")
    plan = Plan(
        name or output.name.removesuffix(".index"),
        iri,
        frozenset(types) or None,
        otherwise,
        classes,
        languages,
        columns,
        separator,
        kind,
    )
    wrong: list[ReadError] = []

    def report(error: ReadError) -> None:
        wrong.append(error)
        if len(wrong) <= _MOST_SHOWN:
            terminal.print_error(str(error))

    try:
        with TemporaryDirectory() as folder:
            files = [_file(source, query, Path(folder), number) for number, source in enumerate(sources)]
            with Building(files, output, plan, report) as building:
                with terminal.progress("Reading", in_bytes=True) as show:
                    building.read(show)
                with terminal.progress("Writing") as show:
                    built = building.write(show)
    except KeyboardInterrupt:
        raise terminal.Stopped("stopped; the same command goes on from there") from None
    if len(wrong) > _MOST_SHOWN:
        terminal.print_error(f"and {len(wrong) - _MOST_SHOWN:,} more of the kind")
    if as_json:
        failed = [{"source": error.source, "reason": error.reason} for error in wrong]
        click.echo(json.dumps({"index": str(output), "name": plan.name, **asdict(built), "failed": failed}))
    else:
        kinds = ", ".join(f"{count:,} {kind or 'of unknown type'}" for kind, count in built.by_type.items())
        click.echo(
            f"{output}: {built.names:,} names of {built.entities:,} things ({kinds}), {built.size / 1e6:,.1f} MB"
        )
        if built.left_out:
            click.echo(f"Left out: {built.left_out:,} of other types or without a name.")
    return 1 if wrong else 0


def _file(source: str, query: str | None, folder: Path, number: int) -> Path:
    """The file that a source is, or one with what the endpoint at this address answers."""
    from kg.errors import UsageError

    if not _WEB.match(source):
        return Path(source)
    if not query:
        raise UsageError(
            f"{source} is taken for a SPARQL endpoint: say by --query what to ask it, or fetch the file first"
        )
    from kg.cli.query import read
    from kg.link.online.endpoint import ENDING, fetch
    from kg.link.settings import Linking

    file = folder / f"{number}{ENDING}"
    text = read(query[1:]) if query.startswith("@") else query
    fetch(source, text, file, Linking.of({}))
    return file


@command.command("find", short_help="What an index knows under a name.")
@click.argument("index", type=click.Path(dir_okay=False, path_type=Path), metavar="INDEX")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@options.as_json
def find(index: Path, names: tuple[str, ...], as_json: bool) -> int:
    """What an index knows under a name: the things that it can stand for, the likeliest first.

    \b
    Example:
      kg index find customers.index "Acme Ltd"
    """
    from kg.link.aliases import AliasIndex

    opened = AliasIndex.open(index)
    found = [(name, candidate) for name in names for candidate in opened.candidates(name)]
    if as_json:
        click.echo(json.dumps([{"alias": name, **one._asdict()} for name, one in found], ensure_ascii=False, indent=2))
    else:
        rows = [(name, f"{one.prior:.2f}", one.iri or "", one.type, one.label, one.description) for name, one in found]
        terminal.table(["name", "prior", "IRI", "type", "label", "description"], rows)
    return 0 if found else 1
