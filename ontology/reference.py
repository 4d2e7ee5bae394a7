"""The page `docs/reference/ontology.md`, made from the ontology: `python -m ontology.reference > docs/reference/ontology.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ontology import Ontology, Relation, load

_MARKED = re.compile(r"\{(\w+):([^{}=]*)(?:=([^{}]*))?\}")

_WIKIDATA = "http://www.wikidata.org/entity/"


def page(ontology: Ontology) -> str:
    """The reference of the ontology in Markdown."""
    return "\n".join(_lines(ontology)) + "\n"


def _lines(ontology: Ontology) -> Iterator[str]:
    yield "# The ontology"
    yield ""
    yield "Made by `scripts/reference` from `ontology/news.ttl`, which holds everything on this page."
    yield f"Its terms have the prefix `ng:`, which is `{ontology.namespace}`."
    yield ""
    yield "## Entity types"
    yield ""
    yield "| type | covers | the same elsewhere |"
    yield "| --- | --- | --- |"
    for each in ontology.types.values():
        yield f"| `{_name(each.iri, ontology)}` | {each.definition} | {_matches(each.matches)} |"
    yield ""
    yield "## Qualifiers"
    yield ""
    yield "A qualifier is a property of a statement. In data files it goes by its key."
    yield ""
    yield "| qualifier | key | says | value | the same elsewhere |"
    yield "| --- | --- | --- | --- | --- |"
    for qualifier in ontology.qualifiers.values():
        value = qualifier.literal_type or _types(qualifier.types, ontology)
        cells = (
            f"`{_name(qualifier.iri, ontology)}`",
            f"`{qualifier.key}`",
            qualifier.definition,
            value,
            _matches(qualifier.matches),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "## Relations"
    for relation in ontology.relations.values():
        yield from _relation(relation, ontology)


def _relation(relation: Relation, ontology: Ontology) -> Iterator[str]:
    yield ""
    yield f"### {_name(relation.iri, ontology)}"
    yield ""
    yield relation.definition
    yield ""
    yield f"* Key: `{relation.key}`"
    value = relation.literal_type or _types(relation.range, ontology)
    yield f"* {_types(relation.domain, ontology)} → {value}; read backwards: “{relation.inverse_label}”"
    traits = ["one value only"] * relation.functional + ["holds in both directions"] * relation.symmetric
    if traits:
        yield f"* {'; '.join(traits).capitalize()}"
    if relation.matches:
        yield f"* The same elsewhere: {_matches(relation.matches)}"
    yield f"* Qualifiers: {', '.join(f'`{key}`' for key in relation.qualifiers)}"
    if relation.supersedes:
        yield f"* Where it holds, these are left out: {', '.join(f'`{key}`' for key in relation.supersedes)}"
    yield ""
    for example in relation.examples:
        yield f"> {_MARKED.sub(_marked, example)}"
        yield ">"
    yield f"> Not: {relation.near_misses[0]}" if relation.near_misses else ">"


def _marked(slot: re.Match[str]) -> str:
    key, text, value = slot.groups()
    return f"**{text}** ({key}{f' {value}' if value else ''})"


def _types(keys: tuple[str, ...], ontology: Ontology) -> str:
    return "anything" if len(keys) == len(ontology.types) else " or ".join(ontology.types[key].label for key in keys)


def _matches(iris: tuple[str, ...]) -> str:
    return ", ".join(f"[{_short(iri)}]({iri})" for iri in iris)


def _short(iri: str) -> str:
    if iri.startswith(_WIKIDATA):
        return iri.removeprefix(_WIKIDATA)
    return re.split(r"[#/]", iri)[-1]


def _name(iri: str, ontology: Ontology) -> str:
    return iri.replace(ontology.namespace, "ng:")


if __name__ == "__main__":
    print(page(load()), end="")
