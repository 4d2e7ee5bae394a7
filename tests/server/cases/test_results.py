"""What stands in results: the SPARQL 1.1 results formats in JSON, XML, CSV and TSV."""

from __future__ import annotations

from tests.server.cases.case import CSV, JSON, TSV, XML, Case, check, q, table
from tests.server.conftest import Server

TERMS = """SELECT ?iri ?plain ?tagged ?typed ?blank ?unbound {
    BIND(<http://x.example/ž> AS ?iri) BIND("a,b \\"c\\"\\n\\td <&>" AS ?plain) BIND("chat"@fr AS ?tagged)
    BIND(1.5 AS ?typed) BIND(BNODE() AS ?blank) }"""
NONE = "SELECT ?a ?b { ?a <urn:nothing> ?b }"
DIRECTION = 'SELECT ("x"@ar--rtl AS ?x) {}'
TRIPLE = "SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?x) {}"


def case(name: str, query: str, accept: str, *text: str, without: tuple[str, ...] = ()) -> Case:
    return Case(f"{name} as {accept}", q(query), headers={"Accept": accept}, text=text, without=without)


CASES = [
    case("terms", TERMS, JSON, '"vars":["iri","plain","tagged","typed","blank","unbound"]', '"type":"uri"',
         '"xml:lang":"fr"', '"datatype":"http://www.w3.org/2001/XMLSchema#decimal"', '"type":"bnode"',
         'a,b \\"c\\"\\n\\td <&>', "ž", without=('"unbound":{',)),
    case("terms", TERMS, XML, '<variable name="unbound"/>', "<uri>http://x.example/ž</uri>", 'xml:lang="fr"',
         "&lt;&amp;", "<bnode>", without=('<binding name="unbound">',)),
    case("terms", TERMS, CSV, "iri,plain,tagged,typed,blank,unbound\r\n", '"a,b ""c""\n\td <&>"', ",chat,1.5,_:", ",\r\n"),
    case("terms", TERMS, TSV, "?iri\t?plain\t?tagged\t?typed\t?blank\t?unbound\n", "<http://x.example/ž>",
         '"a,b \\"c\\"\\n\\td <&>"', '"chat"@fr', "\t1.5\t_:"),
    case("no rows", NONE, JSON, '"vars":["a","b"]', '"bindings":[]'),
    case("no rows", NONE, XML, '<variable name="a"/><variable name="b"/>', "<results></results>"),
    case("no rows", NONE, CSV, "a,b\r\n"),
    case("no rows", NONE, TSV, "?a\t?b\n"),
    case("no", "ASK { ?s <urn:nothing> ?o }", JSON, '"boolean":false', '"head":{}'),
    case("no", "ASK { ?s <urn:nothing> ?o }", XML, "<boolean>false</boolean>"),
    case("no variables", "SELECT * { <urn:a> <urn:b> <urn:c> }", JSON, '"vars":[]', '"bindings":[]'),
    case("one row of no variables", "SELECT * {}", JSON, '"bindings":[{}]'),
    case("integers", "SELECT (1 AS ?a) (-2 AS ?b) {}", TSV, "1\t-2"),
    case("booleans", "SELECT (true AS ?a) {}", TSV, "true"),
    case("order", "SELECT ?x { VALUES ?x { 3 1 2 } } ORDER BY DESC(?x)", CSV, "x\r\n3\r\n2\r\n1\r\n"),
    case("order of variables", "SELECT ?b ?a { VALUES (?a ?b) { (1 2) } }", CSV, "b,a\r\n2,1\r\n"),
    case("triple terms", TRIPLE, JSON, '"type":"triple"', '"subject"'),
    case("directions of texts", DIRECTION, JSON, '"its:dir":"rtl"'),
]  # fmt: skip


@table(CASES)
def test_results(small: Server, case: Case) -> None:
    check(small, case)
