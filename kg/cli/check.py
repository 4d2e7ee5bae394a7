"""`kg check`"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kg.cli import options, terminal

if TYPE_CHECKING:
    from kg.check import Problem

INCONSISTENT = "The facts contradict the ontology: something belongs to two classes that have nothing in common."


@click.command("check", short_help="Check the graph against the ontology.")
@options.store
@options.as_json
def command(store: str, as_json: bool) -> int:
    """Check the graph against the ontology, and list what it does not allow with article and sentence.

    The shapes of the ontology are checked first; then the reasoner HermiT looks for contradictions, where Java is there.

    \b
    Example:
      kg check
    """
    with options.existing(store) as graph:
        from kg.check import check, facts
        from ontology.reasoning import classify, missing

        problems = check(graph)
        reason = missing()
        consistent = reason is not None or classify(facts=facts(graph)).consistent
    if as_json:
        answer = None if reason is not None else consistent
        found = {"problems": [asdict(problem) for problem in problems], "consistent": answer}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            _show(problem)
        if not consistent:
            terminal.heading(INCONSISTENT)
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        terminal.text("no problems" if consistent and not problems else count)
    if reason is not None:
        terminal.print_error(f"checked without the reasoner. {reason}")
    return 1 if problems or not consistent else 0


def _show(problem: Problem) -> None:
    value = f": {problem.value}" if problem.value is not None else ""
    terminal.heading(f"{problem.label} {problem.message}{value}")
    terminal.text(problem.about, indent=2)
    for sentence in problem.sentences:
        terminal.text(f"“{sentence.text}”", indent=2)
        terminal.text(f"— {sentence.title or sentence.article}", indent=2)
    click.echo()
