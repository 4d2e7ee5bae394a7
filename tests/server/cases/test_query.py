"""The query operation: SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

from tests.server.cases.case import AUTHORIZED, CSV, FORM, JSON, QUERY, UPDATE, Case, check, form, q, table
from tests.server.conftest import Server

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s { ?s ?p ?o }"
POST_FORM = {"Content-Type": FORM, "Accept": CSV}
POST_BODY = {"Content-Type": QUERY, "Accept": CSV}

CASES = [
    Case("GET", q(ASK), has={"Content-Type": JSON}, text='"boolean":true'),
    Case("GET with the spaces as plus signs", "/sparql?query=ASK+%7B+%3Fs+%3Fp+%3Fo+%7D", text='"boolean":true'),
    Case("GET with a fragment of a IRI in the query", q("ASK { <http://x/#a> <p> ?o }"), text="false"),
    Case("GET with text beyond ASCII", q("SELECT ('žluť 漢 😀' AS ?x) {}"), headers={"Accept": CSV}, text="žluť 漢 😀"),
    Case("GET with parameters that nobody knows", q(ASK, whatever="1"), text="true"),
    Case("GET with an empty value for another parameter", q(ASK) + "&x=", text="true"),
    Case("GET with an empty query", "/sparql?query=", 400),
    Case("GET with a query of nothing but a comment", q("# nothing"), 400),
    Case("GET with two queries", q(ASK) + "&query=ASK%7B%7D", 400, text="query"),
    Case("GET with a malformed query", q("SELECT * { oops"), 400, has={"Content-Type": "text/plain"}, text="line 1"),
    Case("GET with a malformed query tells the line", q("SELECT *\n{ ?s ?p ?o\n} oops"), 400, text="line 3"),
    Case("GET with an update in the place of the query", q("INSERT DATA { <urn:a> <urn:b> 1 }"), 400),
    Case("GET with an update", "/sparql?update=CLEAR%20ALL", 400, headers=AUTHORIZED),
    Case("GET with a query and an update", q(ASK, update="CLEAR ALL"), 400),
    Case("GET with invalid percent-encoding is read as it is", "/sparql?query=ASK%7B%7D%zz", 400),
    Case("GET with bytes that are not UTF-8", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%22%ff%22%7D", 400, text="UTF-8"),
    Case("GET with a zero byte", "/sparql?query=ASK%7B%7D%00", 400),
    Case("GET of an unknown prefix", q("ASK { ?s oops:p ?o }"), 400, text="oops"),
    Case("GET with a byte order mark", "/sparql?query=%EF%BB%BFASK%20%7B%7D", (200, 400)),
    Case("POST of a form", "/sparql", method="POST", headers=POST_FORM, body=form(query=ASK), text="true"),
    Case("POST of a form in UTF-8, and so said", "/sparql", method="POST", body=form(query=ASK),
         headers={"Content-Type": f"{FORM}; charset=UTF-8"}, text="true"),
    Case("POST of a form in another character set", "/sparql", (400, 415), method="POST",
         headers={"Content-Type": f"{FORM}; charset=utf-16"}, body=form(query=ASK)),
    Case("POST of a form, its type in capitals", "/sparql", method="POST", body=form(query=ASK),
         headers={"Content-Type": "Application/X-WWW-Form-URLencoded"}, text="true"),
    Case("POST of a form with two queries", "/sparql", 400, method="POST", headers=POST_FORM,
         body=form(query=ASK) + b"&query=ASK%7B%7D"),
    Case("POST of a form with a query in the URL, too", q(ASK), 400, method="POST", headers=POST_FORM,
         body=form(query=ASK)),
    Case("POST of a form without a query", "/sparql", 400, method="POST", headers=POST_FORM, body=b"x=1", text="query"),
    Case("POST of an empty form", "/sparql", 400, method="POST", headers=POST_FORM, body=b""),
    Case("POST of a form with an update", "/sparql", 400, method="POST", headers={**POST_FORM, **AUTHORIZED},
         body=form(update="CLEAR ALL"), text="/update"),
    Case("POST of a form with bytes that are not UTF-8", "/sparql", 400, method="POST", headers=POST_FORM,
         body=b"query=ASK%7B%3Fs%20%3Fp%20%22%ff%22%7D", text="UTF-8"),
    Case("POST of the query itself", "/sparql", method="POST", headers=POST_BODY, body=ASK.encode(), text="true"),
    Case("POST of the query itself in UTF-8, and so said", "/sparql", method="POST", body="SELECT ('ž' AS ?x) {}".encode(),
         headers={"Content-Type": f'{QUERY}; charset="utf-8"', "Accept": CSV}, text="ž"),
    Case("POST of the query itself in another character set", "/sparql", (400, 415), method="POST",
         headers={"Content-Type": f"{QUERY}; charset=iso-8859-1"}, body=ASK.encode(), text="UTF-8"),
    Case("POST of the query itself that is not UTF-8", "/sparql", 400, method="POST", headers=POST_BODY,
         body=b"ASK { ?s ?p '\xff' }", text="UTF-8"),
    Case("POST of the query itself with a byte order mark", "/sparql", 200, method="POST", headers=POST_BODY,
         body=b"\xef\xbb\xbfASK { ?s ?p ?o }", text="true"),
    Case("POST of an empty body", "/sparql", 400, method="POST", headers=POST_BODY, body=b""),
    Case("POST of the query itself and another one in the URL", q(ASK), 400, method="POST", headers=POST_BODY,
         body=ASK.encode()),
    Case("POST of the query itself with the dataset in the URL", "/sparql?default-graph-uri=http%3A%2F%2Fx.example%2Fone",
         method="POST", headers=POST_BODY, body=b"SELECT ?o { ?s ?p ?o }", text="one", without="two"),
    Case("POST of the query itself compressed by something unknown", "/sparql", 415, method="POST",
         headers={**POST_BODY, "Content-Encoding": "compress"}, body=b"xyz", has={"Accept-Encoding": "gzip"}),
    Case("POST of an update to the endpoint for queries", "/sparql", 415, method="POST",
         headers={"Content-Type": UPDATE, **AUTHORIZED}, body=b"CLEAR ALL"),
    Case("POST of JSON", "/sparql", 415, method="POST", headers={"Content-Type": "application/json"}, body=b"{}",
         text=QUERY),
    Case("POST of a body of no type", "/sparql", 415, method="POST", headers={"Accept": CSV}, body=ASK.encode()),
    Case("POST of a body whose type is malformed", "/sparql", 415, method="POST", headers={"Content-Type": "oops"},
         body=ASK.encode()),
    Case("HEAD of a query", q(ASK), method="HEAD", has={"Content-Type": JSON, "Content-Length": ""}),
    Case("HEAD of a malformed query", q("oops"), 400, method="HEAD"),
    Case("SERVICE is refused before the answer begins", q("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
         403, text="SERVICE"),
    Case("SERVICE SILENT finds nothing", q("SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }"), 200),
    Case("a query that is deep", q("ASK " + "{" * 300 + "}" * 300), 400, text="deep"),
    Case("a division by nothing leaves the variable unbound", q("SELECT (1/0 AS ?x) {}"), text='"bindings":[{}]'),
    Case("an unknown function leaves the variable unbound", q("SELECT (<urn:f>(1) AS ?x) {}"), text='"bindings":[{}]'),
    Case("a relative IRI in the query", q("SELECT (<entity/x> AS ?x) {}"), text="http://localhost:8000/entity/x"),
    Case("a query in lower case", q("select ?s where { ?s ?p ?o } limit 1"), text="bindings"),
    Case("a path with a slash at its end", q(ASK, path="/sparql/"), (200, 301, 308)),
    Case("another case of the path", q(ASK, path="/SPARQL"), 404),
]  # fmt: skip


@table(CASES)
def test_query(small: Server, case: Case) -> None:
    check(small, case)
