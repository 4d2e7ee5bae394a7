"""`kg show`"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kg.cli import options, terminal
from kg.errors import NewsgraphError

if TYPE_CHECKING:
    from kg.facts import EntityFacts, Named, Source, Statement
    from kg.graph import Graph
    from kg.link.settings import Linking
    from kg.why import Joined, Reason


@click.command("show", short_help="Show what is known of someone or something.")
@click.argument("name")
@click.option("--why", is_flag=True, help="Explain why its mentions are one, and why it has its links or none.")
@options.indexes
@options.store
@options.as_json
@click.pass_context
def command(
    context: click.Context, /, name: str, why: bool, indexes: tuple[str, ...], store: str, as_json: bool
) -> int:
    """Show what the graph knows of NAME, a person, an organization or a program, with the sentences that say so.

    NAME is any name of theirs, in small or capital letters, or their IRI.

    \b
    Example:
      kg show PyTorch
    """
    with options.existing(store) as graph:
        found = graph.show(name)
        if not found:
            alike = ", ".join(graph.facts.similar(name))
            hint = f"like it: {alike}" if alike else "nor like it"
            raise NewsgraphError(f"nothing in {options.shown(store)} is called {name!r}; {hint}")
        if why:
            _explain(graph, found, options.linking(context, (), indexes), as_json)
        elif as_json:
            click.echo(json.dumps([asdict(entity) for entity in found], ensure_ascii=False, indent=2))
        else:
            for entity in found:
                show_entity(entity)
    return 0


def show_entity(entity: EntityFacts) -> None:
    """Print all that is known of an entity."""
    terminal.heading(f"{entity.label} ({entity.type.label})")
    if entity.aliases:
        terminal.text(f"also called {', '.join(entity.aliases)}")
    for iri in (entity.iri, *entity.same_as):
        terminal.text(iri)
    for fact in entity.facts:
        _show_fact(fact.relation.label, fact.object, fact)
    for fact in entity.facts_about:
        _show_fact(fact.inverse_label, fact.subject, fact)
    click.echo()


def _explain(graph: Graph, found: tuple[EntityFacts, ...], linking: Linking, as_json: bool) -> None:
    from kg.why import explain

    explained = [(entity, explain(graph.facts, graph.store, entity.iri, linking=linking)) for entity in found]
    with graph.deciding() as deciding:
        decided = {entity.iri: deciding.about(entity.iri) for entity in found}
    if as_json:
        listed = [
            {
                "iri": entity.iri,
                "why": [asdict(each) for each in joined],
                "decided": [asdict(each) for each in decided[entity.iri]],
            }
            for entity, joined in explained
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for entity, joined in explained:
        terminal.heading(f"{entity.label} ({entity.type.label})")
        terminal.text(entity.iri)
        for told in decided[entity.iri]:
            where = f" in {told.article}" if told.article else ""
            why = f": {told.reason}" if told.reason else ""
            terminal.text(f"{told.author} said on {told.made[:10]}: {told.what}{where}{why}")
        for each in joined:
            click.echo()
            _show_joined(each)
        click.echo()


def _show_joined(joined: Joined) -> None:
    terminal.heading(named_source(joined.article))
    kind = joined.type.label
    terminal.text(
        f"calls it {', '.join(joined.names)}: the name comes to “{joined.slug}”, and it is one {kind}", indent=2
    )
    if joined.reasons:
        terminal.text(f"the same as in other articles: {_weighed(joined.reasons)}", indent=2)
    for other in joined.others:
        terminal.text(f"not {other.name}: {_weighed(other.reasons) or 'what it is can be none of these'}", indent=2)
    terminal.text(f"linked to {', '.join(joined.items) or 'nothing'}", indent=2)
    if not joined.candidates:
        terminal.text("no index holds anything of these names", indent=2)
    for found in joined.candidates:
        about = f", {found.description}" if found.description else ""
        enough = (
            "enough" if found.probability >= joined.least else f"less than the {joined.least:.2f} that a link takes"
        )
        terminal.text(f"{found.item} {found.label}{about}: probability {found.probability:.2f}, {enough}", indent=4)
        terminal.text(f"by the name “{found.name}”; {_weighed(found.reasons)}", indent=6)


def _weighed(reasons: Iterable[Reason]) -> str:
    return ", ".join(f"{reason.what} {reason.weight:+.1f}" for reason in reasons)


def _show_fact(relation: str, other: Named, fact: Statement) -> None:
    qualifiers = ", ".join(f"{name.label} {value.label}" for name, value in fact.qualifiers)
    click.echo()
    terminal.heading(f"{relation}: {other.label}" + (f" ({qualifiers})" if qualifiers else ""))
    for citation in fact.citations:
        terminal.text(f"“{citation.text}”", indent=2)
        terminal.text(f"— {named_source(citation.source)}", indent=2)


def named_source(source: Source) -> str:
    """An article's title, publisher, date and address, as far as they are known."""
    parts = (source.title, source.publisher, source.published, source.url or source.iri)
    return ", ".join(part for part in parts if part)
