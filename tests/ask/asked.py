"""The questions of this folder, and whether an answer is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions

import kg
import ontology
from kg.ask.answers import Reply

FOLDER = Path(__file__).parent
_FACT = re.compile(r"fact\(([^,]+), (\w+), ([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what is right, as the head of looked_at.txt explains."""

    question: str
    right: str


def asked(name: str) -> Iterator[Asked]:
    """The questions in a file."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            question, right = line.split(" | ")
            yield Asked(question, right)


def _stronger(key: str) -> list[tuple[str, bool]]:
    """A relation and those that say more, with whether they read in the same direction."""
    relations = ontology.load().relations
    relation = relations[key]
    found = [(key, True)] + [(key, False)] * relation.symmetric
    for other in relations.values():
        if key in other.supersedes:
            found.append((other.key, not set(other.domain).isdisjoint(relation.domain)
                          and not set(other.range).isdisjoint(relation.range)))  # fmt: skip
    return found


def _path(match: re.Match[str]) -> str:
    relations = ontology.load().relations
    return "(" + "|".join(("" if same else "^") + f"<{relations[key].iri}>" for key, same in _stronger(match[1])) + ")"


def _fact(match: re.Match[str]) -> str:
    left, key, right = match.groups()
    relations = ontology.load().relations
    ways = []
    for other, same in _stronger(key):
        subject, value = (left, right) if same else (right, left)
        ways.append(f"{{ ?f rdf:subject {subject} ; rdf:predicate <{relations[other].iri}> ; rdf:object {value} }}")
    return " UNION ".join(ways)


def _called(graph: kg.Graph, slug: str) -> list[str]:
    """The entities whose IRIs have this slug, whatever tells homonyms apart."""
    found = re.compile(re.escape(f"{graph.base}entity/{slug}") + "(?:_.*)?")
    rows = graph.query("SELECT DISTINCT ?e { ?e rdfs:label ?name }")
    assert isinstance(rows, QuerySolutions)
    return [row["e"].value for row in rows if found.fullmatch(row["e"].value)]


def is_right(graph: kg.Graph, one: Asked, reply: Reply) -> bool:
    """Whether a reply is what is right, neither less nor more."""
    if one.right == "nothing":
        return reply.form == "nothing" or not reply.total
    if one.right in ("yes", "no"):
        return reply.form == "yes" and bool(reply.total) == (one.right == "yes")
    if one.right.startswith("about "):
        iris = _called(graph, one.right[len("about <entity/") : -1])
        return reply.form == "about" and [thing.iri for thing in reply.things] == iris
    body = re.sub(r"\{(\w+)\}", _path, one.right.removeprefix("count "))
    body = _FACT.sub(_fact, body)
    for number, slug in enumerate(dict.fromkeys(re.findall(r"<entity/([^>]+)>", body))):
        named = " ".join(f"<{iri}>" for iri in _called(graph, slug))
        body = f"VALUES ?e{number} {{ {named} }} " + body.replace(f"<entity/{slug}>", f"?e{number}")
    rows = graph.query(f"SELECT DISTINCT ?a {{ {body} }}")
    assert isinstance(rows, QuerySolutions)
    right = {row["a"].value for row in rows}
    if one.right.startswith("count "):
        return reply.form == "count" and reply.total == len(right)
    given = {answer.value.iri or answer.value.label for answer in reply.answers}
    return reply.form == "list" and given == right
