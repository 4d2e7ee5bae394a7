"""How the graph's things look in a notebook: HTML without scripts, in the notebook's own colours, that loads nothing.

Every text comes from strangers and is escaped. Links lead to the graph's own server and to the articles.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, QueryTriples, RdfFormat, serialize

from kg.rdf.vocabulary import PREFIXES

if TYPE_CHECKING:
    from kg.facts import EntityFacts, Source, Statement

ROWS = 100
"""How many rows, triples and facts are shown at most."""
_SENTENCES = 2
_RULE = "border-top:1px solid;border-color:color-mix(in srgb,currentColor 25%,transparent)"
_SOFT = "opacity:.75;font-size:.9em"
_CELL = f"text-align:left;vertical-align:top;padding:.25em .75em .25em 0;{_RULE}"


def linked(iri: str | None, label: str) -> Markup:
    """A label, as a link where it has a web address."""
    if iri is None or not iri.startswith(("http://", "https://")):
        return escape(label)
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(iri, label)


def block(*parts: Markup) -> str:
    """A piece of HTML that takes the colours of what it stands in."""
    return str(
        Markup('<div style="max-width:60em;color:inherit;background:transparent">{}</div>').format(_joined(parts))
    )


def heading(*parts: Markup | str) -> Markup:
    return Markup('<div style="font-size:1.2em;font-weight:600;margin:.4em 0">{}</div>').format(_joined(parts))


def soft(text: Markup | str) -> Markup:
    """What is less important."""
    return Markup('<span style="{}">{}</span>').format(_SOFT, text)


def table(columns: Sequence[str], rows: Iterable[Sequence[Markup | str]]) -> Markup:
    head = _joined(Markup('<th scope="col" style="{}">{}</th>').format(_CELL, column) for column in columns)
    body = _joined(
        Markup("<tr>{}</tr>").format(_joined(Markup('<td style="{}">{}</td>').format(_CELL, cell) for cell in row))
        for row in rows
    )
    return Markup('<table style="border-collapse:collapse"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
        head, body
    )


def entity(found: EntityFacts) -> str:
    """All that is known of an entity, with the sentences that say so."""
    names = f" also called {', '.join(found.aliases)}" if found.aliases else ""
    facts = [(fact.relation.label, fact.object, fact) for fact in found.facts]
    facts += [(fact.inverse_label, fact.subject, fact) for fact in found.facts_about]
    rows = ((relation, linked(other.iri, other.label), _shown(fact)) for relation, other, fact in facts[:ROWS])
    return block(
        heading(linked(found.iri, found.label), " ", soft(found.type.label + names)),
        table(("relation", "with", "dates and sentences"), rows),
        _left_out(len(facts) - ROWS),
    )


def statement(found: Statement) -> str:
    """A fact, with the sentences that say so."""
    return block(fact(found))


def fact(found: Statement) -> Markup:
    """A fact in one line, and its sentences below."""
    return Markup('<div style="margin:.3em 0">{} – {} – {}<br>{}</div>').format(
        linked(found.subject.iri, found.subject.label),
        found.relation.label,
        linked(found.object.iri, found.object.label),
        _shown(found),
    )


def overview(place: str, kinds: Mapping[str, int]) -> str:
    """What is in a graph: how many of each kind."""
    rows = ((kind, f"{number:,}") for kind, number in kinds.items())
    return block(heading(f"Graph {place}"), table(("there are", ""), rows) if kinds else soft("empty"))


def solutions(found: QuerySolutions) -> str:
    """The rows of a query; showing them reads them, so that none are left."""
    columns = [variable.value for variable in found.variables]
    rows = [tuple(_term(value) for value in row) for row in islice(found, ROWS)]
    return block(table(columns, rows), _more(next(found, None) is not None))


def triples(found: QueryTriples) -> str:
    """The triples of a query as Turtle; showing them reads them, so that none are left."""
    shown = list(islice(found, ROWS))
    turtle = serialize(shown, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    return block(
        Markup("<pre>{}</pre>").format(turtle.decode()), _more(next(found, None) is not None)
    )  # fmt: skip


def register() -> None:
    """Have the notebook show the results of queries so, where this runs in one."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    if shell is not None:
        html = shell.display_formatter.formatters["text/html"]
        html.for_type(QuerySolutions, solutions)
        html.for_type(QueryTriples, triples)


def _shown(found: Statement) -> Markup:
    parts = [Markup("{} {}").format(soft(name.label), value.label) for name, value in found.qualifiers]
    quotes = [
        Markup("<div>“{}” {}</div>").format(one.text, soft(_source(one.source))) for one in found.citations[:_SENTENCES]
    ]
    return Markup(", ").join(parts) + _joined(quotes)


def _source(source: Source) -> Markup:
    title = linked(source.url, source.title or "an article")
    return Markup(", ").join(part for part in (title, source.publisher, source.published) if part)


def _term(value: object) -> Markup | str:
    if isinstance(value, NamedNode):
        short = next((f"{p}:{value.value[len(i) :]}" for p, i in PREFIXES.items() if value.value.startswith(i)), None)
        return linked(value.value, short or value.value.rpartition("/")[2] or value.value)
    if isinstance(value, Literal):
        return value.value
    return f"_:{value.value}" if isinstance(value, BlankNode) else "" if value is None else str(value)


def _more(is_more: bool) -> Markup:
    return soft(f"The first {ROWS} are shown.") if is_more else Markup()


def _left_out(number: int) -> Markup:
    return soft(f"… and {number:,} more") if number > 0 else Markup()


def _joined(parts: Iterable[Markup | str]) -> Markup:
    return Markup().join(parts)
