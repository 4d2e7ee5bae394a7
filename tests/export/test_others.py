"""What others work with: QuickStatements, Wikibase's JSON, tables, GraphML, links and schema.org."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
import pyarrow.parquet
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from wikibaseintegrator.entities import ItemEntity, PropertyEntity

import kg.export
from kg.cli import cli
from kg.errors import UsageError
from kg.graph import Graph
from tests.wikibase.making import FACTS, articles
from tests.wikibase.making import graph as made

NEW = (
    "csv-edges", "csv-nodes", "graphml", "links", "parquet-edges", "parquet-nodes", "quickstatements",
    "quickstatements-csv", "schema-org", "wikibase-json",
)  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with made() as found:
        yield found


def exported(graph: Graph, name: str, least: float | None = None) -> bytes:
    file = io.BytesIO()
    graph.export(file, name, min_confidence=least)
    return file.getvalue()


def _least(name: str) -> float | None:
    """Without a confidence, QuickStatements has only what was reviewed."""
    return 0.5 if name.startswith("quick") else None


@pytest.mark.parametrize("name", NEW)
def test_equal_graphs_give_equal_bytes(graph: Graph, name: str) -> None:
    with Graph.open() as other:
        for found in reversed(articles()):
            other.add_facts([found])
        assert exported(other, name, _least(name)) == exported(graph, name, _least(name)) != b""


@pytest.mark.parametrize("name", NEW)
def test_a_graph_without_anything_can_be_written(name: str) -> None:
    with Graph.open() as graph:
        assert exported(graph, name) is not None


@pytest.mark.parametrize("name", NEW)
def test_the_longest_ending_tells_the_format(name: str) -> None:
    found = kg.export.exporters()[name]
    for suffix in found.suffixes:
        assert kg.export.exporter(None, f"graph{suffix}") is found
    assert kg.export.exporter(None, "graph.json").name == "jsonld"
    assert kg.export.exporter(None, "graph.ttl").name == "turtle"


@pytest.mark.parametrize("name", NEW)
def test_these_formats_are_made_of_the_graphs_own_shape(graph: Graph, name: str) -> None:
    with pytest.raises(UsageError, match="leave out the shape"):
        graph.export(io.BytesIO(), name, shape="wikibase")


def commands(graph: Graph, least: float | None = 0.9) -> list[str]:
    return exported(graph, "quickstatements", least).decode().splitlines()


def test_quickstatements_have_what_both_ends_of_which_are_linked(graph: Graph) -> None:
    found = commands(graph)
    heads = {tuple(line.split("\t")[:3]) for line in found}
    assert ("Q9001", "P108", "Q95") in heads
    assert ("Q9001", "P569", "+1980-05-17T00:00:00Z/11") in heads
    assert ("Q9002", "P569", "+1979-00-00T00:00:00Z/9") in heads
    assert ("Q22661306", "P348", '"1.30"') in heads
    assert all(re.fullmatch(r"Q\d+", value) or value[0] in '"+' for _, _, value in heads)
    assert not [line for line in found if "acme" in line.lower() or "P31" in line.split("\t")]


def test_a_quickstatement_has_its_qualifiers_and_its_reference(graph: Graph) -> None:
    (line,) = [line for line in commands(graph) if line.startswith("Q9001\tP108\tQ95\t")]
    command, _, summary = line.partition(" /* ")
    assert command.split("\t")[3:5] == ["P580", "+2015-00-00T00:00:00Z/9"]
    assert command.split("\t")[5:] == [
        "S854", '"https://news.example/1"', "S1476", 'en:"Who works where"', "S2093", '"Ama Boateng"',
        "S577", "+2025-11-06T00:00:00Z/11", "S1683", 'en:"Alpha beta gamma delta."',
    ]  # fmt: skip
    assert summary == "read from news by newsgraph, confidence 0.90, not reviewed */"


def test_titles_and_amounts_are_not_sent_where_wikidata_has_items_and_quantities(graph: Graph) -> None:
    text = "\n".join(commands(graph))
    assert "engineer" not in text
    assert "million" not in text


def test_only_what_is_sure_enough_becomes_a_quickstatement(graph: Graph) -> None:
    assert commands(graph, 0.5) == commands(graph, 0.9)
    assert commands(graph, 0.91) == []


def test_without_a_confidence_only_what_a_person_accepted_becomes_a_quickstatement() -> None:
    with made() as graph:
        assert commands(graph, None) == []
        rows = table(graph, "csv-edges")
        (row,) = [row for row in rows if row["relation"] == "license" and "kubernetes" in row["source"]]
        with graph.deciding() as deciding:
            deciding.accept(row["id"], "editor")
        (line,) = commands(graph, None)
        assert line.startswith("Q22661306\tP275\tQ13785927\tS854")
        assert line.endswith(" /* read from news by newsgraph, reviewed by a person */")
        assert sum("not reviewed" in other for other in commands(graph, 0.9)) == len(commands(graph, 0.9)) - 1


def test_a_sentence_that_a_person_rejected_is_no_reference() -> None:
    with made() as graph:
        (job,) = [row for row in table(graph, "csv-edges") if row["position"]]
        answer = graph.query(
            f"""SELECT ?r {{ GRAPH ?a {{ <{job["id"]}> prov:wasDerivedFrom ?r . ?a schema:url ?url }} }}"""
        )
        (reference,) = [row["r"].value for row in answer]  # type: ignore[union-attr]
        assert len(entities(graph)["Q9001"]["claims"]["P108"]) == 2
        assert [line for line in commands(graph) if line.startswith("Q9001\tP108\tQ95")]
        with graph.deciding() as deciding:
            deciding.reject(reference, "editor")
        assert not [line for line in commands(graph) if line.startswith("Q9001\tP108\tQ95")]
        claims = [each for each in entities(graph)["Q9001"]["claims"]["P108"] if each["rank"] == "preferred"]
        assert [len(claim["references"]) for claim in claims] == [1]


@pytest.mark.parametrize("name", NEW)
def test_what_others_say_of_the_same_things_breaks_no_format(name: str) -> None:
    with made() as graph:
        graph.update(
            """INSERT DATA {
              <entity/google> a <http://a/Thing> , [] ; owl:sameAs [] , "x" ; rdfs:label [] ; ng:founder [] .
              [] a ng:Statement , ng:Person ; rdfs:label "nobody"@en ; owl:sameAs wd:Q95 .
              [] rdf:subject <entity/google> ; rdf:predicate ng:employer ; rdf:object "me" ; prov:wasDerivedFrom [] .
              <http://a/s> rdf:subject <entity/google> ; rdf:predicate ng:inception ; rdf:object [] ; ng:start [] .
              <http://a/t> rdf:subject <entity/google> ; rdf:predicate ng:inception ;
                           rdf:object "2019-01-01Z"^^xsd:date , "soon" .
              GRAPH <article/x> { <http://a/t> prov:wasDerivedFrom "a book" , [] . [] a schema:NewsArticle } }"""
        )
        assert exported(graph, name, _least(name))
        assert graph.query("ASK { wd:Q95 ?p ?o }", shape="wikibase")


def test_quickstatements_in_csv_say_the_same_without_an_empty_cell(graph: Graph) -> None:
    found = set()
    with zipfile.ZipFile(io.BytesIO(exported(graph, "quickstatements-csv", 0.9))) as archive:
        for name in archive.namelist():
            header, *rows = csv.reader(io.StringIO(archive.read(name).decode(), newline=""))
            assert header[0] == "qid"
            assert header[-1] == "#"
            assert rows
            for row in rows:
                assert len(row) == len(header)
                assert all(row)
                found.add((row[0], header[1], row[1]))
    assert found == {tuple(line.split("\t")[:3]) for line in commands(graph)}


def test_what_quickstatements_would_misread_is_left_out(graph: Graph) -> None:
    from kg.export.wikidata import _quick
    from kg.wikibase.model import Text

    assert _quick(Text('He said "yes" | no', "en")) == 'en:"He said "yes" | no"'
    assert _quick(Text("a /* comment */", "en")) is None
    assert _quick(Text("a || b", "en")) is None
    assert _quick(Text("a" * 1501)) is None


def entities(graph: Graph) -> dict[str, Any]:
    lines = exported(graph, "wikibase-json").decode().splitlines()
    assert lines[0] == "["
    assert lines[-1] == "]"
    assert all(line.endswith(",") for line in lines[1:-2])
    return {found["id"]: found for found in json.loads("\n".join(lines))}


def test_the_json_is_that_of_wikibases_dumps(graph: Graph) -> None:
    found = entities(graph)["Q9001"]
    assert found["labels"] == {"en": {"language": "en", "value": "Ada Okafor"}}
    assert found["type"] == "item"
    (claim,) = [each for each in found["claims"]["P108"] if each["rank"] == "preferred"]
    assert claim["mainsnak"] == {
        "snaktype": "value",
        "property": "P108",
        "datatype": "wikibase-item",
        "datavalue": {
            "type": "wikibase-entityid",
            "value": {"entity-type": "item", "id": "Q95", "numeric-id": 95},
        },
    }
    assert re.fullmatch(r"Q9001\$[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", claim["id"])
    (start,) = claim["qualifiers"]["P580"]
    assert start["datavalue"]["value"]["time"] == "+2015-00-00T00:00:00Z"
    assert start["datavalue"]["value"]["precision"] == 9
    assert claim["qualifiers-order"] == list(claim["qualifiers"])
    assert len(claim["references"]) == 2
    assert claim["references"][0]["snaks-order"] == list(claim["references"][0]["snaks"])
    assert entities(graph)["P108"]["datatype"] == "wikibase-item"
    assert entities(graph)["jet"]["aliases"] == {"en": [{"language": "en", "value": "Jet Engine"}]}


def test_a_library_for_wikibase_reads_the_json(graph: Graph) -> None:
    found = entities(graph)
    linked = {name: entity for name, entity in found.items() if re.fullmatch(r"[PQ]\d+", name)}
    assert len(linked) > 50
    for name, entity in linked.items():
        read = PropertyEntity().from_json(entity) if entity["type"] == "property" else None
        if read is None and all(re.fullmatch(r"P\d+", one) for one in _properties(entity)):
            read = ItemEntity().from_json(entity)
            assert {name: len(claims) for name, claims in read.claims.claims.items()} == {
                name: len(claims) for name, claims in entity["claims"].items()
            }
        assert read is None or read.id == name
    person = ItemEntity().from_json(found["Q9001"])
    (job,) = [claim for claim in person.claims.get("P108") if claim.rank.value == "preferred"]
    (start,) = job.qualifiers.get("P580")
    assert start.datavalue["value"]["precision"] == 9
    addresses = {snak.datavalue["value"] for reference in job.references for snak in reference.snaks.get("P854")}
    assert "https://news.example/1" in addresses


def _properties(entity: dict[str, Any]) -> set[str]:
    """Those of its statements and qualifiers; one that Wikidata does not have bears the ontology's name."""
    claims = [claim for group in entity["claims"].values() for claim in group]
    return {*entity["claims"], *(name for claim in claims for name in claim.get("qualifiers", ()))}


def table(graph: Graph, name: str, least: float | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(graph, name, least).decode(), newline="")))


def test_nodes_and_edges_are_all_entities_and_statements(graph: Graph) -> None:
    nodes = {row["id"]: row for row in table(graph, "csv-nodes")}
    edges = table(graph, "csv-edges")
    assert len(nodes) == 14
    assert len(edges) == len(FACTS)
    assert {row["source"] for row in edges} | {row["target"] for row in edges if row["target"]} <= nodes.keys()
    assert nodes[f"{graph.base}entity/jet"]["aliases"] == "Jet Engine"
    assert nodes[f"{graph.base}entity/google"]["same_as"] == "http://www.wikidata.org/entity/Q95"
    (job,) = [row for row in edges if row["position"]]
    assert (job["relation"], job["start"], job["position"], job["confidence"]) == (
        "employer",
        "2015",
        "engineer",
        "0.9",
    )
    assert job["sources"] == f"{graph.base}article/{2:016x}|https://news.example/1"
    assert table(graph, "csv-edges", 0.95) == []


@pytest.mark.parametrize("what", ["nodes", "edges"])
def test_parquet_has_the_rows_of_the_csv(graph: Graph, what: str) -> None:
    rows = pyarrow.parquet.read_table(io.BytesIO(exported(graph, f"parquet-{what}"))).to_pylist()
    texts = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    assert texts == table(graph, f"csv-{what}")


def test_graphml_has_nodes_with_literals_and_edges_between_them(graph: Graph) -> None:
    root = ElementTree.fromstring(exported(graph, "graphml"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {key.get("id"): key.get("attr.name") for key in root.iter(f"{space}key")}

    def data(element: ElementTree.Element) -> dict[str | None, str | None]:
        return {keys[each.get("key")]: each.text for each in element}

    nodes = {node.get("id"): data(node) for node in root.iter(f"{space}node")}
    assert len(nodes) == 14
    assert nodes[f"{graph.base}entity/kubernetes"]["version"] == "1.30|1.9"
    edges = [edge for edge in root.iter(f"{space}edge") if edge.get("source") == f"{graph.base}entity/jet"]
    relations = {data(edge)["relation"] for edge in edges if edge.get("target") == f"{graph.base}entity/google"}
    assert relations == {"developer"}


def test_networkx_reads_the_graphml(graph: Graph) -> None:
    found = networkx.read_graphml(io.BytesIO(exported(graph, "graphml")))
    assert found.number_of_nodes() == 14
    ada, google = (f"{graph.base}entity/{name}" for name in ("ada-okafor", "google"))
    assert found.nodes[ada]["label"] == "Ada Okafor"
    assert isinstance(found.nodes[ada]["articles"], int)
    edges = found.get_edge_data(ada, google)
    assert {each["relation"] for each in edges.values()} == {"employer"}
    assert all(isinstance(each["confidence"], float) for each in edges.values())


def test_graphml_takes_any_text() -> None:
    with Graph.open() as graph:
        graph.update(
            f'INSERT DATA {{ <{graph.base}entity/x> a ng:Person ; rdfs:label "<&\\u0007\\"> \\U0001F600"@en }}'
        )
        root = ElementTree.fromstring(exported(graph, "graphml"))
    (label,) = [
        data.text
        for data in root.iter("{http://graphml.graphdrawing.org/xmlns}data")
        if data.get("key") == "node_label"
    ]
    assert label == '<&\N{REPLACEMENT CHARACTER}"> \N{GRINNING FACE}'


def test_links_say_it_in_both_ways(graph: Graph) -> None:
    found = {str(quad.triple) for quad in ox.parse(exported(graph, "links"), format=ox.RdfFormat.TURTLE)}
    for predicate in ("http://www.w3.org/2002/07/owl#sameAs", "http://www.w3.org/2004/02/skos/core#exactMatch"):
        assert f"<{graph.base}entity/google> <{predicate}> <http://www.wikidata.org/entity/Q95>" in found
    assert sum("owl#sameAs" in line for line in found) == 9
    assert any("newsgraph#employer" in line and line.endswith("P108>") for line in found)


def test_schema_org_has_its_own_words_alone(graph: Graph) -> None:
    found = json.loads(exported(graph, "schema-org"))
    assert found["@context"] == "https://schema.org"
    nodes = {node["@id"].rpartition("/")[2]: node for node in found["@graph"]}
    assert nodes["ada-okafor"] == {
        "@id": f"{graph.base}entity/ada-okafor",
        "@type": "Person",
        "birthDate": "1980-05-17",
        "birthPlace": {"@id": f"{graph.base}entity/lagos"},
        "name": "Ada Okafor",
        "sameAs": "http://www.wikidata.org/entity/Q9001",
        "worksFor": [{"@id": f"{graph.base}entity/acme-robotics"}, {"@id": f"{graph.base}entity/google"}],
    }
    assert nodes["jet"]["@type"] == "Thing"


def test_a_least_confidence_is_for_statements_only(graph: Graph) -> None:
    with pytest.raises(UsageError, match="turtle holds the whole graph; a least confidence is for csv-edges"):
        exported(graph, "turtle", 0.5)


def test_whoever_exports_quickstatements_is_told_that_nobody_reviewed_them(tmp_path: Path) -> None:
    with Graph.open(tmp_path / "graph") as graph:
        graph.add_facts(articles())
    runner = CliRunner()
    store = ["--store", str(tmp_path / "graph")]
    result = runner.invoke(cli, ["export", *store, "--min-confidence", "0.8", str(tmp_path / "out.qs")])
    assert result.exit_code == 0, result.output
    assert "No person has reviewed the statements" in result.stderr
    assert "0.8" in result.stderr
    assert (tmp_path / "out.qs").read_text(encoding="utf-8").startswith("Q")
    result = runner.invoke(cli, ["export", *store, str(tmp_path / "out.edges.csv")])
    assert result.stderr == ""
