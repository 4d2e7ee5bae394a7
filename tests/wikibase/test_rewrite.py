"""Queries for the Wikidata Query Service become SPARQL that any engine takes."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.wikibase.rewrite import rewrite
from kg.wikibase.vocabulary import prefixes

PREFIXES = prefixes("http://localhost:8000/")
LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "de,en" }'


def rows(query: str, data: str, languages: tuple[str, ...] = ("en",)) -> list[list[str]]:
    store = ox.Store()
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    store.update(f"{declared} INSERT DATA {{ {data} }}")
    answer = store.query(rewrite(query, languages), prefixes=PREFIXES)
    assert isinstance(answer, ox.QuerySolutions)
    return [["" if term is None else getattr(term, "value", "") for term in row] for row in answer]


PEOPLE = """wd:Q1 wdt:P31 wd:Q5 ; rdfs:label "Ada"@en , "Adele"@de ; schema:description "person"@en .
            wd:Q2 wdt:P31 wd:Q5 ; rdfs:label "Bayo"@en . wd:Q3 wdt:P31 wd:Q5"""


def test_plain_sparql_stays_as_it_is() -> None:
    query = 'SELECT ?a { ?a ?b "SERVICE wikibase:label { include hint: }" }'
    assert rewrite(query) == query
    assert rewrite("SELECT ?label WHERE { ?x rdfs:label ?label }") == "SELECT ?label WHERE { ?x rdfs:label ?label }"


def test_a_label_is_in_the_first_language_that_there_is_or_else_the_id() -> None:
    found = rows(f"SELECT ?x ?xLabel {{ ?x wdt:P31 wd:Q5 {LABELS} }} ORDER BY ?x", PEOPLE)
    assert [label for _, label in found] == ["Adele", "Bayo", "Q3"]


def test_the_readers_languages_take_the_place_of_auto_language() -> None:
    query = 'SELECT ?xLabel { ?x wdt:P31 wd:Q5 SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en" } } ORDER BY ?x'
    assert rows(query, PEOPLE, ("de",))[0] == ["Adele"]
    assert rows(query, PEOPLE, ("en-GB", "en"))[0] == ["Ada"]
    assert rows(query, PEOPLE, ('" } . DROP ALL #',))[0] == ["Ada"]


def test_what_has_no_value_has_no_label() -> None:
    found = rows(f"SELECT ?x ?yLabel {{ ?x wdt:P31 wd:Q5 OPTIONAL {{ ?x wdt:P26 ?y }} {LABELS} }}", PEOPLE)
    assert [label for _, label in found] == ["", "", ""]


def test_a_description_that_is_not_there_is_unbound() -> None:
    found = rows(f"SELECT ?x ?xDescription {{ ?x wdt:P31 wd:Q5 {LABELS} }} ORDER BY ?x", PEOPLE)
    assert [text for _, text in found] == ["person", "", ""]


def test_a_variable_that_a_pattern_gives_is_no_label_of_the_service() -> None:
    query = (
        f'SELECT ?xLabel {{ ?x wdt:P31 wd:Q5 ; rdfs:label ?xLabel FILTER(LANG(?xLabel) = "en") {LABELS} }} ORDER BY ?x'
    )
    assert rows(query, PEOPLE) == [["Ada"], ["Bayo"]]


def test_labels_can_be_filtered_grouped_and_sorted_by() -> None:
    query = f'SELECT ?xLabel (COUNT(*) AS ?n) {{ {LABELS} ?x wdt:P31 wd:Q5 FILTER(STRSTARTS(?xLabel, "B")) }} GROUP BY ?xLabel ORDER BY ?xLabel'
    assert rows(query, PEOPLE) == [["Bayo", "1"]]


def test_each_subquery_has_labels_of_its_own() -> None:
    query = f"SELECT ?xLabel ?n {{ {{ SELECT (COUNT(?yLabel) AS ?n) {{ ?y wdt:P31 wd:Q5 {LABELS} }} }} ?x wdt:P31 wd:Q5 {LABELS} }}"
    assert sorted(rows(query, PEOPLE)) == [["Adele", "3"], ["Bayo", "3"], ["Q3", "3"]]


@pytest.mark.parametrize(
    "hint",
    [
        'hint:Query hint:optimizer "None" .',
        'hint:Query hint:optimizer "None"',
        "hint:Prior hint:runFirst true .",
        'hint:SubQuery hint:optimizer "None" ; hint:runOnce true .',
    ],
)
def test_hints_are_left_out(hint: str) -> None:
    assert len(rows(f"SELECT ?x {{ {hint} ?x wdt:P31 wd:Q5 }}", PEOPLE)) == 3
    assert len(rows(f"SELECT ?x {{ ?x wdt:P31 wd:Q5 . {hint} OPTIONAL {{ ?x wdt:P26 ?y }} }}", PEOPLE)) == 3


def test_named_subqueries_may_include_each_other() -> None:
    query = """SELECT ?n WITH { SELECT ?x { ?x wdt:P31 wd:Q5 } } AS %one
               WITH { SELECT (COUNT(*) AS ?n) { INCLUDE %one } } AS %two { INCLUDE %two }"""
    assert rows(query, PEOPLE) == [["3"]]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * WITH { SELECT * { ?a ?b ?c } } AS %a { INCLUDE %b }", "INCLUDE %b has no WITH"),
        ("SELECT * WITH { SELECT * { INCLUDE %a } } AS %a { INCLUDE %a }", "without end"),
        ('SELECT * { SERVICE wikibase:mwapi { bd:serviceParam wikibase:api "Generator" } }', "answers EntitySearch"),
    ],
)
def test_what_can_not_be_answered_says_why(query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        rewrite(query)


def test_subqueries_that_grow_without_measure_are_an_error() -> None:
    levels = "".join(f" WITH {{ SELECT * {{ {f'INCLUDE %q{n - 1} ' * 10} }} }} AS %q{n}" for n in range(1, 30))
    with pytest.raises(QueryError, match="too often"):
        rewrite(f"SELECT * WITH {{ SELECT * {{ ?a ?b ?c }} }} AS %q0{levels} {{ INCLUDE %q29 }}")


@pytest.mark.parametrize("text", ["SERVICE wikibase:label {", "} SERVICE wikibase:label { }", "INCLUDE %", "WITH {"])
def test_what_is_malformed_is_left_to_the_engine(text: str) -> None:
    assert isinstance(rewrite(f"SELECT ?x {{ {text}"), str)
    assert isinstance(rewrite(text), str)


def test_an_entity_is_found_by_how_a_name_of_it_begins() -> None:
    query = """SELECT ?x { SERVICE wikibase:mwapi { bd:serviceParam wikibase:api "EntitySearch" ;
        wikibase:endpoint "www.wikidata.org" ; mwapi:search "ba" ; mwapi:language "en" ; wikibase:limit 5 .
        ?x wikibase:apiOutputItem mwapi:item . } }"""
    data = 'wd:Q2 a wikibase:Item ; rdfs:label "Bayo"@en . wd:Q4 a wikibase:Item ; skos:altLabel "Barb"@en . wd:Q5 rdfs:label "Ba"@en'
    assert sorted(rows(query, data)) == [["http://www.wikidata.org/entity/Q2"], ["http://www.wikidata.org/entity/Q4"]]


FOUNDED = """wd:Q1 wdt:P571 "1985-04-01T00:00:00Z"^^xsd:dateTime . wd:Q2 wdt:P571 "1998-01-01T00:00:00Z"^^xsd:dateTime .
             wd:Q1 wdt:P108 wd:Q2 , wd:Q3 ; rdfs:label "Ada"@en . wd:Q2 wdt:P108 wd:Q3 ; rdfs:label "Bayo"@en"""


@pytest.mark.parametrize(
    "date",
    [
        '"1990-01-01"^^xsd:dateTime',
        '"1990"^^xsd:dateTime',
        '"+1990-00-00T00:00:00Z"^^xsd:dateTime',
        '"1990-01-01T00:00:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        '"1990-01-01"^^xsd:date',
        'xsd:dateTime("1990-01-01")',
    ],
)
def test_a_date_may_be_written_as_the_query_service_takes_it(date: str) -> None:
    assert rows(f"SELECT ?x {{ ?x wdt:P571 ?date FILTER(?date < {date}) }}", FOUNDED) == [
        ["http://www.wikidata.org/entity/Q1"]
    ]


def test_a_day_stays_one_where_times_are_made_days() -> None:
    query = 'SELECT ?x { ?x wdt:P571 ?date FILTER(xsd:date(?date) = "1998-01-01"^^xsd:date) }'
    assert rows(query, FOUNDED) == [["http://www.wikidata.org/entity/Q2"]]


def test_what_a_string_says_is_no_date() -> None:
    query = 'SELECT ?x { ?x ?y "1990-01-01" , "a \\"1990-01-01\\"^^xsd:dateTime" }'
    assert rewrite(query) == query


def test_having_may_name_what_the_select_names() -> None:
    query = "SELECT ?x (COUNT(?y) AS ?n) { ?x wdt:P108 ?y } GROUP BY ?x HAVING (?n > 1)"
    assert rows(query, FOUNDED) == [["http://www.wikidata.org/entity/Q1", "2"]]
    within = f"SELECT ?xLabel ?n {{ {{ {query} }} {LABELS} }}"
    assert rows(within, FOUNDED) == [["Ada", "2"]]


def test_an_unknown_value_is_none_that_is_known() -> None:
    assert len(rows("SELECT ?x { ?x wdt:P571 ?y FILTER(!wikibase:isSomeValue(?y)) }", FOUNDED)) == 2


@pytest.mark.parametrize(
    "parameters",
    [
        "bd:serviceParam bd:sample.limit 1 .",
        'bd:serviceParam bd:sample.limit 1 ; bd:sample.sampleType "RANDOM" .',
        "bd:serviceParam bd:sample.limit 1",
    ],
)
def test_a_sample_of_a_pattern_is_some_of_its_solutions(parameters: str) -> None:
    query = f"SELECT ?x ?xLabel {{ SERVICE bd:sample {{ ?x wdt:P571 ?y . {parameters} }} {LABELS} }}"
    assert len(rows(query, FOUNDED)) == 1


def test_a_slice_of_a_pattern_begins_where_it_should() -> None:
    query = """SELECT ?x { SERVICE bd:slice { ?x wdt:P108 ?y .
               bd:serviceParam bd:slice.offset 1 . bd:serviceParam bd:slice.limit 5 . } }"""
    assert len(rows(query, FOUNDED)) == 2


@pytest.mark.parametrize(
    "service", ["wikibase:around", "gas:service", "SILENT wikibase:box", "<http://wikiba.se/ontology#around>"]
)
def test_a_service_that_only_wikidata_has_is_named(service: str) -> None:
    with pytest.raises(QueryError, match=r"is Wikidata's own.*wikibase:label"):
        rewrite(f"SELECT ?x {{ SERVICE {service} {{ ?x wdt:P625 ?y }} }}")


def test_services_of_another_endpoint_are_left_to_it() -> None:
    query = "SELECT ?x { SERVICE <https://query.wikidata.org/sparql> { SERVICE wikibase:around { ?x wdt:P625 ?y } } }"
    assert rewrite(query) == query


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {'SERVICE bd:sample { ?a ?b ?c } ' * 100} }}",
        f"SELECT ({'1+' * 500}COUNT(?x) AS ?n) {{ ?x ?y ?z }} GROUP BY ?y HAVING({'?n > 1 && ' * 500}?n > 1)",
        f"SELECT * WITH {{ {'?a ?b ?c . ' * 500} }} AS %a {{ {'INCLUDE %a ' * 500} }}",
    ],
)
def test_what_would_take_long_to_rewrite_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="too often"):
        rewrite(query)
