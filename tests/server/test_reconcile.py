"""The Reconciliation API over HTTP, as OpenRefine and clients of the draft of version 1.0 use it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.server.conftest import Server

BOTH = pytest.mark.parametrize("root", ["/reconcile", "/reconcile/1.0"])


class Refine:
    """A client that does as OpenRefine does with a service of version 0.2, going by nothing but its manifest."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.manifest = self.get(url)
        assert self.manifest["versions"] == ["0.2"]

    def get(self, url: str, **parameters: Any) -> Any:
        response = requests.get(url, params=parameters, headers={"Origin": "http://127.0.0.1:3333"}, timeout=60)
        assert response.status_code == 200, response.text
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return response.json()

    def post(self, field: str, value: object) -> Any:
        response = requests.post(self.url, data={field: json.dumps(value)}, timeout=60)
        assert response.status_code == 200, response.text
        return response.json()

    def reconcile(self, *cells: str, **options: Any) -> list[list[dict[str, Any]]]:
        batch = {f"q{place}": {"query": cell, **options} for place, cell in enumerate(cells)}
        found = self.post("queries", batch)
        assert list(found) == list(batch)
        return [found[key]["result"] for key in batch]

    def suggest(self, kind: str, prefix: str, **options: Any) -> list[dict[str, Any]]:
        service = self.manifest["suggest"][kind]
        found: list[dict[str, Any]] = self.get(service["service_url"] + service["service_path"], prefix=prefix, **options)["result"]  # fmt: skip
        return found

    def extend(self, ids: list[str], *properties: dict[str, Any]) -> Any:
        return self.post("extend", {"ids": ids, "properties": list(properties)})


@pytest.fixture(scope="module")
def refine(server: Server) -> Refine:
    return Refine(f"{server.url}/reconcile")


def names(found: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in found]


def draft(server: Server, *conditions: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """The candidates of one query of the draft."""
    body = {"queries": [{"conditions": list(conditions), **options}]}
    response = requests.post(f"{server.url}/reconcile/1.0/match", json=body, timeout=60)
    assert response.status_code == 200, response.text
    (result,) = response.json()["results"]
    found: list[dict[str, Any]] = result["candidates"]
    return found


def test_a_column_of_names_is_matched_and_each_candidate_has_all_that_the_specification_asks(refine: Refine) -> None:
    lin, acme, nobody = refine.reconcile("Lin, Grace", "ACME robotics", "Zebediah Quux")
    assert [one["id"] for one in lin] == ["grace-lin"]
    assert lin[0]["match"] is True
    assert lin[0]["type"] == [{"id": "Person", "name": "person"}]
    assert acme[0]["match"] is True
    assert nobody == []
    for found in (*lin, *acme):
        assert isinstance(found["score"], float)
        assert 0 <= found["score"] <= 100
        assert all(isinstance(found[field], str) and found[field] for field in ("id", "name", "description"))
        features = [feature["id"] for feature in found["features"]]
        assert len(features) == len(set(features)) > 0


def test_a_misspelled_name_finds_its_candidate_and_says_less_loudly_that_it_is_the_one(refine: Refine) -> None:
    (right,), (wrong,) = refine.reconcile("Bayo Okafor", "Bajo Okafro")
    assert wrong["id"] == right["id"] == "bayo-okafor"
    assert wrong["score"] < right["score"] == 100
    assert not wrong["match"]


def test_a_name_that_looks_like_a_search_expression_is_a_name(refine: Refine) -> None:
    (found,) = refine.reconcile('-Grace "Lin* OR')
    assert names(found)[0] == "Grace Lin"


def test_the_type_that_is_wanted_comes_first_or_alone(refine: Refine) -> None:
    (preferred,) = refine.reconcile("Acme Robotics", type="Person")
    assert names(preferred) == ["Acme Robotics"]
    assert not preferred[0]["match"]
    (strict,) = refine.reconcile("Acme Robotics", type="Person", type_strict="any")
    assert strict == []
    (right,) = refine.reconcile("Acme Robotics", type="https://w3id.org/newsgraph#Organization", type_strict="all")
    assert right[0]["match"]


def test_a_property_speaks_for_a_candidate_or_against_it(refine: Refine) -> None:
    scores = []
    for value in ("Acme Robotics", {"id": "acme-robotics", "name": "whatever"}, "Zebediah Quux"):
        (found,) = refine.reconcile("Grace Lin", properties=[{"pid": "employer", "v": value}])
        scores.append(found[0]["score"])
    assert scores[0] == scores[1] == 100 > scores[2]
    (unknown,) = refine.reconcile("Grace Lin", properties=[{"pid": "dateOfBirth", "v": "1980"}])
    assert scores[2] < unknown[0]["score"] < 100


def test_who_has_a_property_is_found_without_a_name_but_is_no_sure_match(refine: Refine) -> None:
    found = refine.post("queries", {"q": {"properties": [{"pid": "placeOfBirth", "v": "Lagos"}]}})["q"]["result"]
    assert names(found) == ["Bayo Okafor"]
    assert not found[0]["match"]


def test_an_identifier_in_the_place_of_a_name_is_understood(refine: Refine) -> None:
    by_id, by_iri = refine.reconcile("grace-lin", "http://localhost:8000/entity/grace-lin")
    assert [one["id"] for one in (by_id[0], by_iri[0])] == ["grace-lin", "grace-lin"]
    assert by_id[0]["score"] == by_iri[0]["score"] == 100


def test_the_manifest_leads_to_pages_about_an_entity_that_may_be_shown_in_a_frame(refine: Refine) -> None:
    view, preview = (refine.manifest[key]["url"].replace("{{id}}", "grace-lin") for key in ("view", "preview"))
    assert "Grace Lin" in requests.get(view, timeout=60).text
    response = requests.get(preview, timeout=60)
    assert "Acme Robotics" in response.text
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "script" not in response.headers["Content-Security-Policy"]
    assert requests.get(refine.manifest["preview"]["url"].replace("{{id}}", "nobody"), timeout=60).status_code == 404


@pytest.mark.parametrize(
    ("kind", "prefix", "expected"),
    [
        ("entity", "Acme Rob", "acme-robotics"),
        ("entity", "acme-robotics", "acme-robotics"),
        ("property", "emplo", "employer"),
        ("property", "chiefExec", "chiefExecutive"),
        ("type", "organi", "Organization"),
    ],
)
def test_what_is_typed_is_completed_and_a_flyout_tells_of_it(
    refine: Refine, kind: str, prefix: str, expected: str
) -> None:
    found = refine.suggest(kind, prefix)
    assert found[0]["id"] == expected
    service = refine.manifest["suggest"][kind]
    url = service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", expected)
    flyout = refine.get(url)
    assert flyout["id"] == expected
    assert found[0]["name"] in re.sub("<.*?>", "", flyout["html"])


def test_suggestions_come_in_pages(refine: Refine) -> None:
    everything = refine.suggest("type", "", limit=100)
    assert len(everything) > 3
    assert refine.suggest("type", "", limit=2, cursor=1) == everything[1:3]


def test_columns_are_added_from_the_properties_that_are_proposed(refine: Refine) -> None:
    proposing = refine.manifest["extend"]["propose_properties"]
    url = proposing["service_url"] + proposing["service_path"]
    proposed = [one["id"] for one in refine.get(url, type="Person")["properties"]]
    assert {"employer", "^foundedBy"} <= set(proposed)
    assert "headquarters" not in proposed
    found = refine.extend(["grace-lin", "nobody"], {"id": "employer"}, {"id": "^foundedBy"})
    assert [one["id"] for one in found["meta"]] == ["employer", "^foundedBy"]
    assert found["meta"][0]["type"] == {"id": "Organization", "name": "organization"}
    assert names(found["rows"]["grace-lin"]["employer"]) == ["Acme Robotics", "Meta"]
    assert found["rows"]["grace-lin"]["^foundedBy"] == [{"id": "acme-robotics", "name": "Acme Robotics"}]
    assert found["rows"]["nobody"] == {"employer": [], "^foundedBy": []}
    first = refine.extend(["grace-lin"], {"id": "employer", "settings": {"limit": "1"}})
    assert names(first["rows"]["grace-lin"]["employer"]) == ["Acme Robotics"]


def test_the_draft_answers_conditions_on_names_identifiers_and_properties(server: Server) -> None:
    def name(value: object, **options: object) -> dict[str, object]:
        return {"matchType": "name", "propertyValue": value, **options}

    def employer(value: object, **options: object) -> dict[str, object]:
        return {"matchType": "property", "propertyId": "employer", "propertyValue": value, **options}

    assert names(draft(server, name("Grace Lin"), type="Person")) == ["Grace Lin"]
    assert names(draft(server, {"matchType": "id", "propertyValue": "grace-lin"})) == ["Grace Lin"]
    both = ["Bayo Okafor", "Grace Lin"]
    assert sorted(names(draft(server, name(["Grace Lin", "Bayo Okafor"])))) == both
    assert sorted(names(draft(server, employer("Acme Robotics", required=True)))) == both
    all_of = employer(["Acme Robotics", "Meta"], matchQuantifier="all", required=True)
    assert names(draft(server, name(["Grace Lin", "Bayo Okafor"]), all_of)) == ["Grace Lin"]
    none_of = employer("Meta", matchQuantifier="none", required=True)
    assert names(draft(server, name(["Grace Lin", "Bayo Okafor"]), none_of)) == ["Bayo Okafor"]
    assert draft(server, name("Grace Lin"), employer("Nobody at All", required=True)) == []


def test_the_draft_gives_values_in_the_order_of_the_request(server: Server) -> None:
    body = {"ids": ["acme-robotics", "grace-lin"], "properties": [{"id": "inception"}, {"id": "employer"}]}
    found = requests.post(f"{server.url}/reconcile/1.0/extend", json=body, timeout=60).json()
    assert [row["id"] for row in found["rows"]] == body["ids"]
    assert [[one["id"] for one in row["properties"]] for row in found["rows"]] == [["inception", "employer"]] * 2
    assert found["rows"][0]["properties"][0]["values"] == [{"str": "2015"}]


def test_the_draft_s_manifest_names_its_parts_and_they_are_there(server: Server) -> None:
    root = f"{server.url}/reconcile/1.0"
    manifest = requests.get(root, timeout=60).json()
    assert manifest["versions"] == ["1.0-draft"]
    assert manifest["standardizedScore"] is True
    assert urlsplit(manifest["view"]["url"].replace("{id}", "grace-lin")).path == "/entity/grace-lin"
    assert set(manifest["suggest"]) == {"entity", "property", "type"}
    assert all(manifest["suggest"].values())
    for path in ("/suggest/entity?prefix=a", "/suggest/property?prefix=", "/suggest/type?prefix=", "/preview?id=meta",
                 "/extend/propose?type=Person"):  # fmt: skip
        response = requests.get(root + path, timeout=60)
        assert response.status_code == 200, path
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_page_elsewhere_may_post_json(server: Server) -> None:
    response = requests.options(f"{server.url}/reconcile/1.0/match", timeout=60)
    assert response.ok
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("batch", "status", "told"),
    [
        ("{", 400, "no JSON"),
        ("[" * 100_000, 400, "no JSON"),
        ("[]", 400, "must be an object"),
        ('{"q0": {}}', 400, "neither"),
        ('{"q0": {"properties": []}}', 400, "neither"),
        ('{"q0": {"query": 1}}', 400, "must be a text"),
        ('{"q0": {"query": "a", "props": []}}', 400, "props"),
        ('{"q0": {"query": "a", "limit": 0}}', 400, "from 1 on"),
        ('{"q0": {"query": "a", "limit": NaN}}', 400, "NaN"),
        ('{"q0": {"query": "a", "type_strict": "maybe"}}', 400, "should, any, all"),
        ('{"q0": {"query": "a", "properties": [{"v": "b"}]}}', 400, "pid"),
        ('{"q0": {"query": "a", "properties": [{"pid": "employer", "v": null}]}}', 400, "must be a text"),
        (json.dumps({f"q{place}": {"query": "a"} for place in range(51)}), 413, "50 are the most"),
        (json.dumps({"q0": {"query": "a" * 1_001}}), 413, "1,000 characters"),
        (json.dumps({"q0": {"query": "\ud800"}}), 200, ""),
    ],
)
def test_a_bad_batch_is_told_what_is_wrong(server: Server, batch: str, status: int, told: str) -> None:
    response = requests.post(f"{server.url}/reconcile", data={"queries": batch}, timeout=60)
    assert response.status_code == status, response.text
    assert told in response.text


@pytest.mark.parametrize(
    ("queries", "status", "told"),
    [
        ({"queries": []}, 200, ""),
        ({}, 400, "'queries' is missing"),
        ({"queries": [{}]}, 400, "'conditions' is missing"),
        ({"queries": [{"conditions": []}]}, 400, "needs one at least"),
        ({"queries": [{"conditions": [{"propertyValue": "a"}]}]}, 400, "name, id, property"),
        ({"queries": [{"conditions": [{"matchType": "property", "propertyValue": "a"}]}]}, 400, "propertyId"),
        ({"queries": [{"conditions": [{"matchType": "name"}]}]}, 400, "propertyValue"),
        ({"queries": [{"conditions": [{"matchType": "name", "propertyValue": "a"}]}] * 51}, 413, "50 are the most"),
    ],
)
def test_a_bad_batch_of_the_draft_is_told_what_is_wrong(
    server: Server, queries: object, status: int, told: str
) -> None:
    response = requests.post(f"{server.url}/reconcile/1.0/match", json=queries, timeout=60)
    assert response.status_code == status, response.text
    assert told in response.text


def test_bodies_of_another_type_are_refused(server: Server) -> None:
    assert requests.post(f"{server.url}/reconcile", json={}, timeout=60).status_code == 415
    assert requests.post(f"{server.url}/reconcile/1.0/match", data={"queries": "[]"}, timeout=60).status_code == 415


@BOTH
def test_what_is_unknown_here_is_no_error_and_no_match(server: Server, root: str) -> None:
    if root == "/reconcile":
        found = Refine(server.url + root).reconcile(
            "Grace Lin", type="Q5", properties=[{"pid": "P108", "v": "Acme Robotics"}]
        )[0]
    else:
        unknown = {"matchType": "property", "propertyId": "P108", "propertyValue": "Acme Robotics"}
        found = draft(server, {"matchType": "name", "propertyValue": "Grace Lin"}, unknown, type="Q5")
    assert names(found) == ["Grace Lin"]
    assert not found[0]["match"]


@BOTH
@pytest.mark.parametrize("path", ["/suggest/entity", "/suggest/entity?prefix=a&limit=some", "/preview"])
def test_a_parameter_that_is_missing_or_no_number_is_named(server: Server, root: str, path: str) -> None:
    response = requests.get(server.url + root + path, timeout=60)
    assert response.status_code == 400
    assert "parameter" in response.text
