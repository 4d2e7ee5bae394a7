"""The SPARQL 1.1 Graph Store HTTP Protocol, with graphs named in the path and in the query."""

from __future__ import annotations

from tests.conformance import exchange
from tests.conformance.conftest import Runs
from tests.conformance.manifests import Case, Data
from tests.conformance.ways import OverHttp, Way

RUNS = Runs(("SPARQL 1.1 graph store protocol",), ways=("http",))


def test_the_suite_s_test_passes(case: Case, way: Way) -> None:
    assert isinstance(way, OverHttp)
    way.put(Data())
    locations: dict[str, str] = {}
    for request in case.requests:
        path = request.path.replace("/gsp", "/graphs", 1)
        for variable, location in locations.items():
            path = path.replace(variable, location)
        answer = exchange.send(way, request, path)
        exchange.check(answer, request)
        if request.location is not None:
            locations[request.location] = answer.headers["Location"]
