"""What the page on which queries are written gets from the server."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from server.examples import read
from tests.server.conftest import Server

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
NG = "https://w3id.org/newsgraph#"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
MANY = "SELECT ?n ?m { VALUES ?n { %s } VALUES ?m { %s } }" % (("1 " * 40,) * 2)
ENDPOINTS = ("/sparql", "/wikidata/sparql")


def get(server: Server, path: str, query: str | None = None, **options: Any) -> requests.Response:
    parameters = {} if query is None else {"query": query}
    return requests.get(f"{server.url}{path}", params={**parameters, **options}, headers=BROWSER, timeout=60)


def test_classes_and_relations_are_told_with_what_an_editor_shows(server: Server) -> None:
    response = get(server, "/sparql/terms")
    terms = {term["iri"]: term for term in response.json()}
    employer = terms[NG + "employer"]
    assert (employer["label"], employer["kind"]) == ("employer", "property")
    assert employer["domain"] == [NG + "Person"]
    assert employer["definition"]
    assert {"work", "employee"} <= set(employer["words"])
    assert "company" in terms[NG + "Organization"]["words"]
    ((count,),) = server.rows("SELECT (COUNT(*) AS ?n) { ?x ng:employer ?y }")
    assert employer["count"] == int(count) > 0
    assert terms[NG + "Person"]["kind"] == terms["https://schema.org/NewsArticle"]["kind"] == "class"
    assert terms["https://schema.org/mentions"]["count"] > 0
    again = requests.get(response.url, headers={"If-None-Match": response.headers["ETag"]}, timeout=60)
    assert again.status_code == 304


def test_terms_of_wikidatas_form_are_its_properties(server: Server) -> None:
    terms = {term["iri"]: term for term in get(server, "/wikidata/sparql/terms").json()}
    for role in ("prop/direct/P108", "prop/P108", "prop/statement/P108", "prop/qualifier/P580"):
        assert terms["http://www.wikidata.org/" + role]["label"]
    assert terms["http://www.wikidata.org/entity/Q5"]["label"] == "person"
    assert terms["http://www.wikidata.org/prop/direct/P108"]["domain"] == ["http://www.wikidata.org/entity/Q5"]


@pytest.mark.parametrize(
    ("query", "problem", "hint"),
    [
        ("SELECT ?x { ?x a ng:Person }", "", ""),
        ("SELECT ?x { ?x a ng:Persn }", "", "No ng:Persn in this graph; ng:Person?"),
        ("SELECT ?x {\n ?x ?y", "at line 2, column 7: something is missing here.", ""),
        ("SELECT ?x {\n ?x zz:a zz:b }", "at line 2, column 5: the prefix zz: is not declared.", ""),
        (HEAVY, "", ""),
        ("", "at line 1, column 1: something is missing here.", ""),
    ],
)
def test_a_query_is_checked_at_once(server: Server, query: str, problem: str, hint: str) -> None:
    began = time.monotonic()
    found = get(server, "/sparql/check", query).json()
    assert time.monotonic() - began < 20
    assert problem in found["problem"]
    assert bool(problem) == bool(found["problem"])
    assert found["hint"] == hint


@pytest.mark.parametrize("path", ["/wikidata/sparql", "/wikidata/sparql/check"])
def test_an_error_stands_where_it_was_written_though_services_before_it_are_rewritten(
    server: Server, path: str
) -> None:
    service = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }'
    query = f"SELECT ?xLabel {{\n {service} ?x wdt:P31 zz:a }}"
    text = requests.get(f"{server.url}{path}", params={"query": query}, timeout=60).text
    assert f"at line 2, column {len(service) + 14}: the prefix zz: is not declared." in text
    assert "refused" not in text
    assert "nif" not in text


def test_what_only_wikidata_has_is_refused_on_the_page(server: Server) -> None:
    page = get(server, "/wikidata/sparql", "SELECT * { INCLUDE %nobody }")
    assert page.status_code == 400
    assert "INCLUDE %nobody has no WITH" in page.text
    assert "<textarea" in page.text


def test_wikidatas_own_words_are_no_fault(server: Server) -> None:
    label = 'SELECT ?xLabel { ?x wdt:P31 wd:Q5 SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }'
    named = "SELECT * WITH { SELECT ?x { ?x wdt:P31 wd:Q5 } } AS %people { INCLUDE %people }"
    for query in (label, named):
        assert get(server, "/wikidata/sparql/check", query).json() == {"problem": "", "hint": ""}


def test_one_address_is_a_page_for_a_browser_and_data_for_a_program(server: Server) -> None:
    query = "SELECT ?name { ?x a ng:Person ; rdfs:label ?name }"
    page = get(server, "/sparql", query)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Grace Lin" in page.text
    data = requests.get(page.url, timeout=60)
    assert data.headers["Content-Type"] == "application/sparql-results+json"
    assert "Accept" in page.headers["Vary"]
    assert "Accept" in data.headers["Vary"]


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_endpoint_without_a_query_is_a_page_for_a_browser(server: Server, path: str) -> None:
    page = get(server, path)
    assert page.status_code == 200
    assert f'action="{path}"' in page.text
    assert requests.get(f"{server.url}{path}", timeout=60).headers["Content-Type"].startswith("text/") is True


def test_a_page_waits_for_its_answer_a_second_unless_it_is_asked_for_as_such(server: Server) -> None:
    began = time.monotonic()
    page = get(server, "/sparql", HEAVY)
    assert time.monotonic() - began < 20
    assert page.status_code == 200
    assert "This query takes longer." in page.text
    assert requests.get(f"{server.url}/health/ready", timeout=10).status_code == 200


def test_a_page_has_the_first_thousand_rows(server: Server) -> None:
    text = get(server, "/sparql", MANY, format="html").text
    assert "1,600 rows, of which the first 1,000 stand here" in text
    assert text.count("<tr>") == 1001


def test_things_are_called_by_their_names_on_a_page_and_articles_by_their_titles(server: Server) -> None:
    text = get(server, "/sparql", "SELECT ?article ?person { ?article schema:mentions ?person }", format="html").text
    assert ">Grace Lin</a>" in text
    assert ">Grace Lin leaves Acme Robotics</a>" in text


def test_a_server_without_articles_has_a_page_and_terms_too(writable: Server) -> None:
    page = get(writable, "/sparql", "SELECT ?x { ?x a <urn:nothing> }", format="html")
    assert "0 rows" in page.text
    assert "Queries see the unnamed graph" in page.text
    assert NG + "Person" in {term["iri"] for term in get(writable, "/sparql/terms").json()}


def test_an_example_is_a_question_a_view_and_a_query() -> None:
    found = read("# Who?\n# chart\nSELECT ?x {\n}\n")
    assert (found.question, found.view, found.query) == ("Who?", "chart", "# Who?\nSELECT ?x {\n}")
    assert (found.form, read("# Is it?\nask {}\n").form) == ("select", "ask")
    assert read("# Is it?\nask {}\n").view == "table"
