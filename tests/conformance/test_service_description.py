"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

import pyoxigraph as ox
import requests
from pyoxigraph import NamedNode, RdfFormat

from tests.conformance.conftest import Runs
from tests.conformance.manifests import RDF, Case
from tests.conformance.ways import Way
from tests.server.conftest import Server

RUNS = Runs(("SPARQL 1.1 service description",), ways=("http",))
SD = "http://www.w3.org/ns/sparql-service-description#"
_CLASSES = {
    "supportedLanguage": None, "defaultEntailmentRegime": None, "resultFormat": None, "inputFormat": None,
    "feature": None, "extensionFunction": None, "endpoint": None, "defaultDataset": SD + "Dataset",
    "defaultGraph": SD + "Graph", "namedGraph": SD + "NamedGraph", "availableGraphs": SD + "GraphCollection",
}  # fmt: skip
"""The properties that the specification defines for what is described here, and the class of their values."""


def test_the_suite_s_test_passes(case: Case, way: Way, live: Server) -> None:
    endpoint = f"{live.url}/sparql"
    answer = requests.get(endpoint, headers={"Accept": "application/n-triples"}, timeout=60)
    assert answer.status_code == 200
    found = ox.Dataset(ox.parse(answer.content, format=RdfFormat.N_TRIPLES))
    assert len(found) > 0
    (service,) = (quad.subject for quad in found if quad.object == NamedNode(SD + "Service"))
    name = case.iri.partition("#")[2]
    if name == "has-endpoint-triple":
        endpoints = [
            quad.object for quad in found.quads_for_subject(service) if quad.predicate.value == SD + "endpoint"
        ]
        assert endpoints == [NamedNode(endpoint)]
    elif name == "conforms-to-schema":
        said = [quad for quad in found if quad.predicate.value.startswith(SD)]
        for quad in said:
            wanted = _CLASSES[quad.predicate.value.removeprefix(SD)]
            assert not isinstance(quad.object, ox.Literal)
            kinds = [q.object for q in found.quads_for_subject(quad.object) if q.predicate.value == RDF + "type"]
            assert wanted is None or NamedNode(wanted) in kinds, quad
        assert {SD + "endpoint", SD + "supportedLanguage"} <= {quad.predicate.value for quad in said}
    else:
        assert name == "returns-rdf"
