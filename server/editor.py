"""The page on which queries are written, for each endpoint that answers them, and what it needs to know.

Without scripts it is a form, and the answer a table that the server makes. With them, the page asks for itself
(`server/static/sparql`), so that a query can be cancelled and its answer sorted and drawn.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, jsonify, render_template, request

from kg.rdf import vocabulary as v
from kg.wikibase.vocabulary import prefixes
from server import examples, formats, terms
from server.app import departure, engine, note, settings
from server.engine.engine import Dataset
from server.engine.messages import WIKIBASE, Whole
from server.engine.pool import Departure
from server.errors import BadRequest, Forbidden, Interrupted, Problem, TooLarge

_PAGE = 2_000_000
"""The most bytes of an answer that are shown as a page."""
_PATIENCE = 1.0
"""Seconds for which a page waits for its answer, which its script can ask for itself."""
_LABELLED = 500
"""So many IRIs are shown by their labels."""
_DATA = (*formats.RESULTS.values(), *formats.GRAPHS.values())
_BEYOND = re.compile(r"\bINCLUDE\b", re.IGNORECASE)
"""What Wikidata's query service has, and SPARQL's grammar has not."""
_LINE = re.compile(r"(?<=at )line (\d+)")
_OWN = re.compile(r" (?:Known without a declaration|SERVICE and LOAD) are .*")
"""What a message says of the graph in its own form, and is not so in Wikidata's."""
_NOTHING = ("urn:x-newsgraph:nothing",)
"""A graph that is not there: a query on it is answered at once."""
_ROWS = 1000
"""So many rows are shown on a page that the server makes."""
_LABELS = """SELECT ?iri ?label ?class {
  VALUES ?iri { $iris }
  OPTIONAL { ?iri rdfs:label|schema:headline ?name }
  OPTIONAL { GRAPH ?iri { ?iri dct:title ?title } }
  OPTIONAL { ?iri rdf:type|wdt:P31 ?class }
  BIND (COALESCE(?name, ?title) AS ?label)
}"""
_CLASSES = "SELECT ?term (COUNT(*) AS ?count) { ?s a ?term } GROUP BY ?term"
_PROPERTIES = "SELECT ?term (COUNT(*) AS ?count) { ?s ?term ?o } GROUP BY ?term"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint: its blueprint, its title, what is asked there first, and the form of the graph that it answers on.

    `shape` is as in `server.engine.messages.Query`.
    """

    blueprint: str
    title: str
    examples: tuple[examples.Example, ...]
    shape: str = ""

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that queries need not declare."""
        return prefixes(settings().base) if self.shape == WIKIBASE else v.PREFIXES


NEWS = Endpoint("sparql", "SPARQL", examples.QUERIES)
WIKIDATA = Endpoint("wikidata", "SPARQL in Wikidata’s form", examples.WIKIBASE, WIKIBASE)


def is_wanted(wanted: str | None) -> bool:
    """Whether a request asks for the page, by this `?format=` or by its Accept header."""
    if wanted:
        return wanted == formats.HTML.key
    return formats.best(request.headers.get("Accept", ""), (*_DATA, formats.HTML)) is formats.HTML


def form(endpoint: Endpoint, text: str = "", *, status: int = 200, **found: object) -> Response:
    """The page with a query; `found` is what came of it."""
    told = {
        "prefixes": endpoint.prefixes,
        "labels": _LABELS,
        "formats": {
            name: [{"key": one.key, "label": one.label} for one in some.values()]
            for name, some in (("tables", formats.RESULTS), ("graphs", formats.GRAPHS))
        },
    }
    page = render_template(
        "sparql.html", endpoint=endpoint, query=text, results=formats.RESULTS.values(), base=settings().base, told=told,
        graphs=formats.GRAPHS.values(), is_union=settings().default_graph == "union" and not endpoint.shape, **found,
    )  # fmt: skip
    response = Response(page, status, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response


def answer(endpoint: Endpoint, text: str, plain: str, dataset: Dataset | None, *, is_patient: bool) -> Response:
    """The page with a query and its answer. `plain` is the query as the engine understands it.

    Where `is_patient`, the page waits for the answer as long as any client.
    """
    note(text)
    if is_patient:
        return _answered(endpoint, text, plain, dataset, departure())
    leaving = Departure()
    departure().then(leaving.leave)
    timer = threading.Timer(_PATIENCE, leaving.leave)
    timer.start()
    try:
        return _answered(endpoint, text, plain, dataset, leaving)
    finally:
        timer.cancel()


def _answered(endpoint: Endpoint, text: str, plain: str, dataset: Dataset | None, leaving: Departure) -> Response:
    try:
        found = engine().query(
            plain, results="json", graph="ttl", dataset=dataset, departure=leaving, size=_PAGE, shape=endpoint.shape
        )
        content = b"".join(found)
    except (TooLarge, Interrupted, Problem) as error:
        if leaving.has_left:
            return form(endpoint, text, is_late=True)
        if isinstance(error, TooLarge | Interrupted):
            # Too long for a page; its script shows it all the same.
            return form(
                endpoint, text, is_long=True, problem=f"{error} Add a LIMIT, or have the answer as CSV or JSON."
            )
        return form(endpoint, text, problem=str(placed(endpoint, text, plain, error)), status=error.status)
    hint = found.hint if isinstance(found, Whole) else ""
    if found.kind == "graph":
        return form(endpoint, text, turtle=content.decode(), hint=hint)
    result = json.loads(content)
    rows = result.get("results", {}).get("bindings", ())[:_ROWS]
    iris = dict.fromkeys(term["value"] for row in rows for term in row.values() if term["type"] == "uri")
    labels = _labels(endpoint, list(iris)[:_LABELLED])
    return form(endpoint, text, result=result, rows=rows, labels=labels, hint=hint)


def checked(endpoint: Endpoint, text: str) -> Response:
    """What is wrong with a query, and which of its terms are unknown, as JSON; both empty where all is well."""
    problem, hint = _check(endpoint, text)
    return jsonify({"problem": problem, "hint": hint})


def placed(endpoint: Endpoint, text: str, plain: str, error: Problem) -> Problem:
    """An error of `plain`, at its place in the query as it was written."""
    if plain == text or not isinstance(error, BadRequest):
        return error
    problem, _ = _check(endpoint, text)
    return BadRequest(problem) if problem else error


def _check(endpoint: Endpoint, text: str) -> tuple[str, str]:
    problem = hint = ""
    declared = ""
    if endpoint.shape:
        if _BEYOND.search(text):
            return "", ""
        # It is asked of the graph in its own form, which is there at once, and has other prefixes.
        declared = "".join(f"PREFIX {name}: <{space}> " for name, space in endpoint.prefixes.items()) + "\n"
    try:
        answer = engine().query(
            declared + text, results="json", graph="nt", dataset=(_NOTHING, ()), departure=departure()
        )
        b"".join(answer)
        hint = answer.hint if isinstance(answer, Whole) and not endpoint.shape else ""
    except Forbidden:
        # It is well-formed, and asks another server.
        pass
    except (Interrupted, Problem) as error:
        problem = str(error)
    if declared:
        problem = _OWN.sub("", _LINE.sub(lambda found: f"line {int(found[1]) - 1}", problem))
    return problem, hint


def told(endpoint: Endpoint) -> Response:
    """The classes and properties that queries there can name, as JSON."""
    tag = engine().tag("terms", endpoint.shape)
    if tag is not None and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    elif endpoint.shape == WIKIBASE:
        response = jsonify([asdict(one) for one in terms.of_wikibase(settings().base)])
    else:
        response = jsonify([asdict(one) for one in terms.of_news(_counts(_CLASSES), _counts(_PROPERTIES))])
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True
    return response


def _labels(endpoint: Endpoint, iris: Iterable[str]) -> dict[str, str]:
    query = _LABELS.replace("$iris", " ".join(f"<{iri}>" for iri in iris))
    rows = _rows(query, endpoint.shape)
    return {row["iri"]["value"]: row["label"]["value"] for row in rows if "label" in row}


def _counts(query: str) -> dict[str, int]:
    return {row["term"]["value"]: int(row["count"]["value"]) for row in _rows(query)}


def _rows(query: str, shape: str = "") -> list[dict[str, dict[str, str]]]:
    """The rows of a query of the page's own; none where it can't be answered, as the page works without."""
    try:
        found = engine().query(query, results="json", graph=None, departure=departure(), union=True, shape=shape)
        answer: Any = json.loads(b"".join(found))
    except (Interrupted, Problem):
        return []
    rows: list[dict[str, dict[str, str]]] = answer["results"]["bindings"]
    return rows
