"""Formats with graphs hold every quad, the others every triple that is no bookkeeping, in a fixed order."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import RdfFormat

import kg.export
from kg.errors import UsageError
from kg.export.formats import merged
from kg.graph import Graph
from kg.rdf.vocabulary import PROFILE
from tests.store.making import article

FORMATS = {
    "jsonld": RdfFormat.JSON_LD,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
}
WITH_GRAPHS = ["nquads", "trig"]
HOSTILE = 'He said "\\"\n<b>&amp;</b>\t\N{RIGHT-TO-LEFT OVERRIDE}\ud800 {}'


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph.open() as graph:
        facts = [
            article(
                1,
                [("Grace Lin", "Person"), ("Acme", "Organization"), ("Jet", "Software")],
                [
                    (0, "employer", 1, {"end": "2025-11", "position": 'chief "scientist"'}),
                    (2, "alias", "Jet Engine", {}),
                    (2, "version", "1.10", {}),
                    (2, "website", "https://jet.example/", {}),
                ],
                qids=[None, "Q1"],
                title=HOSTILE,
                pronouns=[0],
            ),
            article(2, [("Jet", "Product"), (HOSTILE, "Person")], [(0, "inception", "1998", {})]),
        ]
        graph.add_facts(facts)
        yield graph


def exported(graph: Graph, name: str) -> bytes:
    file = io.BytesIO()
    graph.export(file, name)
    return file.getvalue()


def test_all_formats_are_installed() -> None:
    others = {"csv-edges", "csv-nodes", "graphml", "links", "parquet-edges", "parquet-nodes", "quickstatements"}
    others |= {"quickstatements-csv", "schema-org", "wikibase-json"}
    assert set(kg.export.exporters()) == FORMATS.keys() | others


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_parses_and_holds_every_triple_but_bookkeeping_that_needs_graphs(graph: Graph, name: str) -> None:
    found = {quad.triple for quad in ox.parse(exported(graph, name), format=FORMATS[name])}
    expected = {quad.triple for quad in (graph.quads() if name in WITH_GRAPHS else merged(graph))}
    assert len(expected) > 100
    assert found == expected


def test_bookkeeping_is_profiles_and_what_is_kept_of_readings(graph: Graph) -> None:
    with graph.deciding() as deciding:
        deciding.merge("Grace Lin", HOSTILE, "me")
    kept = set(merged(graph))
    left_out = {quad for quad in graph.quads() if ox.Quad(*quad.triple) not in kept}
    readings = ox.NamedNode(f"{graph.base}readings")
    assert left_out == {quad for quad in graph.quads() if quad.predicate == PROFILE or quad.graph_name == readings}
    assert {quad.graph_name for quad in left_out} >= {readings, ox.DefaultGraph()}
    names = f"{graph.base}name/"
    assert all(str(quad.subject).startswith(f"<{names}") for quad in left_out if quad.graph_name == ox.DefaultGraph())
    assert not any(names in str(quad) for quad in kept)


@pytest.mark.parametrize("name", WITH_GRAPHS)
def test_a_format_with_graphs_holds_every_quad_in_its_graph(graph: Graph, name: str) -> None:
    assert set(ox.parse(exported(graph, name), format=FORMATS[name])) == set(graph.quads())


@pytest.mark.parametrize("name", ["turtle", "rdfxml", "ntriples"])
def test_another_library_reads_the_same(graph: Graph, name: str) -> None:
    format_name = {"turtle": "turtle", "rdfxml": "xml", "ntriples": "nt"}[name]
    assert len(rdflib.Graph().parse(exported(graph, name), format=format_name)) == len(set(merged(graph)))


def test_lines_of_n_quads_are_sorted(graph: Graph) -> None:
    lines = exported(graph, "nquads").decode().splitlines()
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", FORMATS)
def test_control_characters_from_elsewhere_are_written_so_that_they_can_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "other.nt").write_text('<http://a/s> <http://a/p> "bell \\u0007 and \\uFFFE" .\n', encoding="utf-8")
    with Graph.open() as graph:
        graph.load(tmp_path / "other.nt")
        (found,) = ox.parse(exported(graph, name), format=FORMATS[name])
    marks = "\N{REPLACEMENT CHARACTER}" if name == "rdfxml" else "\x07"
    assert isinstance(found.object, ox.Literal)
    assert found.object.value.startswith(f"bell {marks} and ")


def test_turtle_begins_with_the_entities_and_puts_class_and_names_first(graph: Graph) -> None:
    text = exported(graph, "turtle").decode()
    block = text.partition("\n\nentity:")[2].partition("\n\n")[0]
    assert block.splitlines() == [
        "acme a ng:Organization ;",
        '    rdfs:label "Acme"@en ;',
        "    owl:sameAs wd:Q1 .",
    ]
    assert text.index("\nentity:jet") < text.index("\nstatement:") < text.index("\nreference:")


def test_json_ld_reads_like_plain_json(graph: Graph) -> None:
    nodes = {node["id"]: node for node in json.loads(exported(graph, "jsonld"))["@graph"]}
    lin = nodes["entity:grace-lin"]
    assert lin == {"id": "entity:grace-lin", "type": "Person", "label": "Grace Lin", "employer": "entity:acme"}


def test_a_graph_that_is_larger_than_memory_may_be_is_sorted_in_parts(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {name: exported(graph, name) for name in FORMATS}
    monkeypatch.setattr("kg.export.sorting._IN_MEMORY", 7)
    assert {name: exported(graph, name) for name in FORMATS} == whole


def test_a_file_is_replaced_in_full_or_not_at_all(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "graph.ttl"
    target.write_text("as it was")

    def fail() -> Iterator[ox.Quad]:
        raise OSError("no more")

    monkeypatch.setattr(graph, "quads", fail)
    with pytest.raises(OSError, match="no more"):
        graph.export(target)
    assert target.read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.ttl"]


def test_the_format_follows_from_the_name_of_the_file(graph: Graph, tmp_path: Path) -> None:
    for ending, name in {
        "ttl": "turtle",
        "nq": "nquads",
        "jsonld": "jsonld",
        "rdf": "rdfxml",
        "NT": "ntriples",
    }.items():
        path = tmp_path / f"graph.{ending}"
        graph.export(path)
        assert path.read_bytes() == exported(graph, name)


def test_an_unknown_format_is_answered_with_those_that_there_are(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no format 'wordperfect'.*turtle"):
        graph.export(tmp_path / "graph", "wordperfect")
    with pytest.raises(UsageError, match=r"graph.doc.*\.ttl"):
        graph.export(tmp_path / "graph.doc")
