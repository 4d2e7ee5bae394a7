"""`kg ask`"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kg.cli import options, terminal
from kg.cli.show import named_source, show_entity
from kg.errors import NewsgraphError

if TYPE_CHECKING:
    from kg.ask.answers import Answer, Reply
    from kg.graph import Graph

_SENTENCES = 2


@click.command("ask", short_help="Ask the graph in plain English.")
@click.argument("question", nargs=-1, required=True)
@click.option("--sparql", "only_query", is_flag=True, help="Only the query that the question becomes, for 'kg query'.")
@options.store
@options.as_json
def command(question: tuple[str, ...], only_query: bool, store: str, as_json: bool) -> int:
    """Ask QUESTION in plain English; it becomes SPARQL, and each answer comes with the sentences that state it.

    What can be asked follows from the ontology's wordings and labels. Where a question is not understood, that is said,
    with some that have an answer.

    \b
    Example:
      kg ask 'Who founded companies that develop databases?'
      kg ask --sparql 'Who left Meta in 2025?' | kg query -
    """
    with options.existing(store) as graph:
        reply = graph.ask(" ".join(question))
        if as_json:
            click.echo(json.dumps(asdict(reply), ensure_ascii=False, indent=2))
            return 0
        if reply.form == "nothing":
            strange = f"; these words mean nothing here: {', '.join(reply.unknown)}" if reply.unknown else ""
            offer = f"; try: {' '.join(reply.nearest)}" if reply.nearest else ""
            raise NewsgraphError(f"the question is not understood{strange}{offer}")
        if only_query:
            if not reply.sparql:
                raise NewsgraphError("this question needs no query: 'kg ask' without --sparql answers it")
            click.echo(reply.sparql)
        else:
            _show(graph, reply)
    return 0


def _show(graph: Graph, reply: Reply) -> None:
    if reply.form == "about":
        for thing in reply.things:
            for entity in graph.show(thing.iri or thing.label):
                show_entity(entity)
        return
    for written, meant in reply.corrected:
        terminal.print_error(f"“{written}” was taken for “{meant}”")
    for word in reply.ignored:
        terminal.print_error(f"not taken into account: {word}")
    for each in reply.meant:
        terminal.text(f"understood as: {each}")
    click.echo()
    if reply.form == "count":
        terminal.heading(str(reply.total))
    elif reply.form == "yes":
        terminal.heading("Yes" if reply.total else "The graph does not say so")
    elif not reply.total:
        terminal.heading("The graph does not say")
    for answer in reply.answers:
        if reply.form == "path":
            terminal.heading(f"Way {answer.value.label}")
        _show_answer(answer, is_named=reply.form in ("list", "count"))
    if reply.total > len(reply.answers):
        terminal.text(f"… and {reply.total - len(reply.answers)} more")
    if not reply.total and reply.nearest:
        terminal.text(f"It has an answer to: {' '.join(reply.nearest)}")
    if reply.sparql:
        click.echo()
        click.echo(reply.sparql)


def _show_answer(answer: Answer, *, is_named: bool) -> None:
    if is_named:
        terminal.heading(answer.value.label + (f": {answer.number}" if answer.number else ""))
    for fact in answer.facts:
        qualifiers = "".join(f", {name.label} {value.label}" for name, value in fact.qualifiers)
        terminal.text(f"{fact.subject.label} – {fact.relation.label} – {fact.object.label}{qualifiers}", indent=2)
        for citation in fact.citations[:_SENTENCES]:
            terminal.text(f"“{citation.text}” ({named_source(citation.source)})", indent=4)
