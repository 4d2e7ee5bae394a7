"""What the service answers is valid by the official schemas, and does what the test bench and OpenRefine ask for.

`tests/server/reconciliation/README.md` has where the schemas are from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.server.conftest import Server

SCHEMAS = Path(__file__).parent / "reconciliation"
VERSIONS = {"0.2": "/reconcile", "1.0-draft": "/reconcile/1.0"}
KINDS = {"entity": "entities", "property": "properties", "type": "types"}
NAMES = ["Grace Lin", "Acme Robotics", "Meta", "Bajo Okafro", "Zebediah Quux", "grace-lin", "ü", "Lin"]

Check = Callable[[str, str, object], list[str]]


@pytest.fixture(scope="module")
def check() -> Check:
    """What is wrong with an object, by the schema of this version and name."""
    known = {}
    for version in VERSIONS:
        found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob(f"{version}/*.json")}
        # Both versions have schemas of one identifier, so each has a registry of its own.
        registry = Registry().with_contents(
            [(schema["$id"], schema) for schema in found.values()], default_specification=DRAFT7
        )
        for name, schema in found.items():
            known[version, name] = Draft7Validator(schema, registry=registry)

    def errors(version: str, name: str, found: object) -> list[str]:
        return [f"{error.json_path}: {error.message}" for error in known[version, name].iter_errors(found)]

    return errors


def get(url: str, **parameters: Any) -> Any:
    response = requests.get(url, params=parameters, headers={"Origin": "https://elsewhere.example"}, timeout=60)
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def post(url: str, **body: Any) -> Any:
    response = requests.post(url, **body, timeout=60)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifest_is_valid_and_the_test_bench_takes_it_for_its_version(
    server: Server, check: Check, version: str
) -> None:
    manifest = get(server.url + VERSIONS[version])
    assert check(version, "manifest", manifest) == []
    # The bench goes by the last version whose schema fits.
    assert [other for other in VERSIONS if not check(other, "manifest", manifest)] == [version]
    assert isinstance(manifest["preview"]["width"], int)
    assert isinstance(manifest["preview"]["height"], int)


def test_candidates_of_every_kind_of_query_are_valid(server: Server, check: Check) -> None:
    batch: dict[str, dict[str, Any]] = {f"q{place}": {"query": name} for place, name in enumerate(NAMES)}
    batch["type"] = {"query": "Grace Lin", "type": "Person", "type_strict": "should", "limit": 1}
    batch["types"] = {"query": "Meta", "type": ["Person", "Organization"], "type_strict": "any"}
    values = ["Meta", {"id": "acme-robotics", "name": "Acme Robotics"}, 3, True]
    batch["properties"] = {"query": "Grace Lin", "properties": [{"pid": "employer", "v": values}]}
    assert check("0.2", "reconciliation-query-batch", batch) == []
    found = post(server.url + "/reconcile", data={"queries": json.dumps(batch)})
    assert check("0.2", "reconciliation-result-batch", found) == []
    assert list(found) == list(batch)
    assert found == get(server.url + "/reconcile", queries=json.dumps(batch))
    for result in found.values():
        scores = [one["score"] for one in result["result"]]
        assert scores == sorted(scores, reverse=True)


def test_candidates_of_every_kind_of_condition_are_valid(server: Server, check: Check) -> None:
    conditions: list[list[dict[str, Any]]] = [[{"matchType": "name", "propertyValue": name}] for name in NAMES]
    for quantifier in ("any", "all", "none"):
        employer = {
            "matchType": "property",
            "propertyId": "employer",
            "propertyValue": ["Meta", {"id": "acme-robotics"}],
        }
        conditions.append([conditions[0][0], {**employer, "matchQuantifier": quantifier, "required": True}])
    batch = {"queries": [{"conditions": found, "type": "Person", "limit": 3} for found in conditions]}
    assert check("1.0-draft", "reconciliation-query-batch", batch) == []
    found = post(server.url + "/reconcile/1.0/match", json=batch, headers={"Accept-Language": "en"})
    assert check("1.0-draft", "reconciliation-result-batch", found) == []
    assert len(found["results"]) == len(conditions)
    assert all(0 <= one["score"] <= 100 for result in found["results"] for one in result["candidates"])
    # The draft has this kind, the test bench's schema of it does not yet.
    batch = {"queries": [{"conditions": [{"matchType": "id", "propertyValue": "meta"}]}]}
    found = post(server.url + "/reconcile/1.0/match", json=batch)
    assert check("1.0-draft", "reconciliation-result-batch", found) == []
    assert [one["id"] for one in found["results"][0]["candidates"]] == ["meta"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_suggestions_are_valid_and_an_identifier_is_among_them(
    server: Server, check: Check, version: str, kind: str
) -> None:
    url = f"{server.url}{VERSIONS[version]}/suggest/{kind}"
    for prefix in ("", "a", "Gr", "zzz"):
        found = get(url, prefix=prefix)
        assert check(version, f"suggest-{KINDS[kind]}-response", found) == []
    known = get(url, prefix="o" if kind == "entity" else "")["result"]
    assert known
    for one in known:
        assert one["id"] in [other["id"] for other in get(url, prefix=one["id"], limit=100)["result"]]
        assert one["id"] in [other["id"] for other in get(url, prefix=one["name"], limit=100)["result"]]


def test_what_the_test_bench_shows_of_an_entity_is_there(server: Server) -> None:
    root = server.url + "/reconcile"
    manifest = get(root)
    for kind in KINDS:
        service = manifest["suggest"][kind]
        (first, *_) = get(service["service_url"] + service["service_path"], prefix="o")["result"]
        flyout = get(
            service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", quote(first["id"], ""))
        )
        assert flyout["id"] == first["id"]
        assert first["name"] in re.sub("<.*?>", "", flyout["html"])
    for template in (manifest["preview"]["url"], manifest["view"]["url"]):
        response = requests.get(template.replace("{{id}}", quote("grace-lin", "")), timeout=60)
        assert response.headers["Content-Type"].startswith("text/html")
        assert "Grace Lin" in response.text
    preview = get(root + "/1.0")["preview"]["url"].replace("{{id}}", "grace-lin")
    assert "frame-ancestors *" in requests.get(preview, timeout=60).headers["Content-Security-Policy"]


def test_data_extension_is_valid_in_both_versions(server: Server, check: Check) -> None:
    root = server.url + "/reconcile"
    wanted = {
        "ids": ["grace-lin", "acme-robotics", "nobody"],
        "properties": [
            {"id": "employer", "settings": {"limit": "1"}},
            {"id": "inception"},
            {"id": "sameAs"},
            {"id": "P1"},
        ],
    }
    found = {
        "0.2": post(root, data={"extend": json.dumps(wanted)}),
        "1.0-draft": post(f"{root}/1.0/extend", json=wanted),
    }
    assert get(root, extend=json.dumps(wanted)) == found["0.2"]
    assert get(root + "/1.0", extend=json.dumps(wanted)) == found["0.2"], "the draft's test bench asks so"
    for version, response in found.items():
        assert check(version, "data-extension-query", wanted) == []
        assert check(version, "data-extension-response", response) == []
    (first, *_) = found["1.0-draft"]["rows"]
    assert first["properties"][0]["values"] == found["0.2"]["rows"]["grace-lin"]["employer"]
    assert len(first["properties"][0]["values"]) == 1
    for url, version in ((f"{root}/propose", "0.2"), (f"{root}/1.0/extend/propose", "1.0-draft")):
        proposed = get(url, type="Person", limit=3)
        assert check(version, "data-extension-property-proposal", proposed) == []
        assert len(proposed["properties"]) == 3


@pytest.mark.parametrize(
    ("version", "batch"),
    [
        ("0.2", {"q0": {}}),
        ("0.2", {"q0": {"properties": []}}),
        ("0.2", {"q0": {"query": "Meta", "kind": "Organization"}}),
        ("0.2", {"q0": {"query": ["Meta"]}}),
        ("1.0-draft", [{"conditions": [{"matchType": "name", "propertyValue": "Meta"}]}]),
        ("1.0-draft", {"q0": {"query": "Meta"}}),
        ("1.0-draft", {"queries": [{}]}),
        ("1.0-draft", {"queries": [{"conditions": []}]}),
        ("1.0-draft", {"queries": [{"conditions": [{"propertyValue": "Meta"}]}]}),
        ("1.0-draft", {"queries": [{"type": ["Person"], "conditions": [{"matchType": "name", "propertyValue": "a"}]}]}),
    ],
)
def test_a_batch_that_the_schemas_refuse_is_refused(server: Server, check: Check, version: str, batch: object) -> None:
    assert check(version, "reconciliation-query-batch", batch) != []
    if version == "0.2":
        response = requests.post(server.url + "/reconcile", data={"queries": json.dumps(batch)}, timeout=60)
    else:
        response = requests.post(server.url + "/reconcile/1.0/match", json=batch, timeout=60)
    assert response.status_code == 400, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_clients_that_load_scripts_get_what_they_can_run(server: Server) -> None:
    """OpenRefine before 3.3 asks for the manifest and for proposals so, as jQuery does with `dataType: "jsonp"`."""
    root = server.url + "/reconcile"
    asked = {"callback": "jQuery3100_1.call", "_": "1700000000000"}
    for path, parameters in (
        ("", {}),
        ("", {"queries": '{"q0": {"query": "Meta"}}'}),
        ("/propose", {"type": "Person"}),
        ("/suggest/entity", {"prefix": "Gra"}),
        ("/flyout/entity", {"id": "grace-lin"}),
    ):
        response = requests.get(root + path, params={**parameters, **asked}, timeout=60)
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        found = re.fullmatch(r"/\*\*/jQuery3100_1\.call\((.*)\);", response.text, re.DOTALL)
        assert found is not None
        assert json.loads(found[1]) == get(root + path, **parameters)
    for bad in ("alert(1)//", "a b", "", "x" * 101):
        response = requests.get(root, params={"callback": bad}, timeout=60)
        assert response.status_code == 400, bad
