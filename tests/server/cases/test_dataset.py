"""The dataset of a request: SPARQL 1.1 Protocol, section 2.1.4."""

from __future__ import annotations

from tests.server.cases.case import CSV, EX, FORM, QUERY, Case, check, form, q, table
from tests.server.conftest import Server

NAMES = "SELECT ?name { ?s ?p ?name } ORDER BY ?name"
NAMED = "SELECT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
ONE, TWO = f"{EX}one", f"{EX}two"
GET = {"Accept": CSV}
POST = {"Accept": CSV, "Content-Type": FORM}


def default(*graphs: str) -> str:
    return q(NAMES) + "".join(f"&default-graph-uri={graph}" for graph in graphs)


CASES = [
    Case("without one, all graphs are seen", q(NAMES), headers=GET, text=("zero", "one", "two")),
    Case("one default graph", default(ONE), headers=GET, text="one", without=("two", "zero")),
    Case("two default graphs", default(ONE, TWO), headers=GET, text=("one", "two"), without="zero"),
    Case("two default graphs are merged", q("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") + f"&default-graph-uri={ONE}" * 2,
         headers=GET, text="\n1"),
    Case("a default graph hides the named ones", q(NAMED, default_graph_uri=ONE), headers=GET, without="http"),
    Case("a named graph hides the default one", q(NAMES, named_graph_uri=ONE), headers=GET,
         without=("one", "two", "zero")),
    Case("one named graph", q(NAMED, named_graph_uri=ONE), headers=GET, text=ONE, without=TWO),
    Case("two named graphs", q(NAMED, named_graph_uri=ONE) + f"&named-graph-uri={TWO}", headers=GET, text=(ONE, TWO)),
    Case("one of each", q("SELECT * { ?s ?p ?a GRAPH ?g { ?s ?p ?b } }", default_graph_uri=ONE, named_graph_uri=TWO),
         headers=GET, text="two", without="zero"),
    Case("a graph that is not there is empty", q(NAMES, default_graph_uri=f"{EX}none"), headers=GET,
         without=("one", "two", "zero")),
    Case("it counts more than FROM", q(f"SELECT ?name FROM <{TWO}> {{ ?s ?p ?name }}", default_graph_uri=ONE),
         headers=GET, text="one", without="two"),
    Case("it counts more than FROM NAMED", q(f"SELECT ?g FROM NAMED <{TWO}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
         named_graph_uri=ONE), headers=GET, text=ONE, without=TWO),
    Case("FROM alone", q(f"SELECT ?name FROM <{TWO}> {{ ?s ?p ?name }}"), headers=GET, text="two", without="one"),
    Case("FROM NAMED alone", q(f"SELECT ?g FROM NAMED <{TWO}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"), headers=GET, text=TWO,
         without=ONE),
    Case("a relative IRI", q(NAMES, default_graph_uri="one"), 400, text="absolute"),
    Case("no IRI at all", q(NAMES, default_graph_uri="a b"), 400),
    Case("an empty one", q(NAMES) + "&default-graph-uri=", 400),
    Case("in a form", "/sparql", method="POST", headers=POST, body=form(query=NAMES, default_graph_uri=ONE), text="one",
         without="two"),
    Case("beside the query itself", f"/sparql?default-graph-uri={ONE}&named-graph-uri={TWO}", method="POST",
         headers={"Accept": CSV, "Content-Type": QUERY}, body=NAMES.encode(), text="one", without="two"),
    Case("in the URL of a form", f"/sparql?default-graph-uri={ONE}", method="POST", headers=POST,
         body=form(query=NAMES), text="one", without="two"),
    Case("that of an update is none of a query", q(NAMES, using_graph_uri=ONE), (200, 400), headers=GET),
]  # fmt: skip


@table(CASES)
def test_dataset(small: Server, case: Case) -> None:
    check(small, case)
