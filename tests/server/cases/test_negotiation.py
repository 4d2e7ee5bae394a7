"""Which format comes: RFC 9110, section 12, for tables, truth and triples."""

from __future__ import annotations

from tests.server.cases.case import CSV, EX, FORM, JSON, QUERY, TSV, TURTLE, XML, Case, check, form, q, table
from tests.server.conftest import Server

ASK, SELECT = q("ASK { ?s ?p ?o }"), q("SELECT ?s { ?s ?p ?o }")
CONSTRUCT, DESCRIBE = q("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), q(f"DESCRIBE <{EX}s>")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def case(name: str, path: str, accept: str | None, sent: str | None, text: str = "") -> Case:
    """What comes where this is accepted; nothing does where it is None."""
    headers = {} if accept is None else {"Accept": accept}
    if sent is None:
        return Case(name, path, 406, headers=headers, has={"Content-Type": "text/plain"}, text="n offer")
    return Case(name, path, headers=headers, has={"Content-Type": sent, "Vary": "Accept"}, text=text)


CASES = [
    case("SELECT without Accept", SELECT, None, JSON),
    case("SELECT with an empty Accept", SELECT, "", JSON),
    case("SELECT with anything", SELECT, "*/*", JSON),
    case("SELECT as JSON", SELECT, JSON, JSON, text='"head"'),
    case("SELECT as plain JSON", SELECT, "application/json", JSON),
    case("SELECT as XML", SELECT, XML, XML, text="<sparql"),
    case("SELECT as plain XML", SELECT, "application/xml", XML),
    case("SELECT as CSV", SELECT, CSV, "text/csv; charset=utf-8", text="s\r\n"),
    case("SELECT as TSV", SELECT, TSV, "text/tab-separated-values; charset=utf-8", text="?s\n"),
    case("SELECT as any text", SELECT, "text/*", CSV),
    case("SELECT as any application", SELECT, "application/*", JSON),
    case("SELECT by quality", SELECT, f"{XML};q=0.5, {CSV};q=0.9", CSV),
    case("SELECT by quality, written with spaces", SELECT, f"{XML} ; q=0.5 , {CSV} ; q=0.9", CSV),
    case("SELECT by quality, the less wanted first", SELECT, f"{JSON};q=0.1,{XML}", XML),
    case("SELECT with a quality of none", SELECT, f"{JSON};q=0, {XML};q=0.1", XML),
    case("SELECT as anything but JSON", SELECT, f"*/*, {JSON};q=0", XML),
    case("SELECT with the more special range before the more general one", SELECT, f"*/*;q=0.9, {JSON};q=0.1", XML),
    case("SELECT in capitals", SELECT, XML.upper(), XML),
    case("SELECT with a parameter of the type", SELECT, f"{JSON}; charset=utf-8", JSON),
    case("SELECT with a parameter and a quality", SELECT, f"{XML}; charset=utf-8; q=0.9, {CSV};q=0.2", XML),
    case("SELECT with the header of a program that also takes triples", SELECT, f"{TURTLE}, {XML};q=0.8", XML),
    Case("SELECT with a quality that is none", SELECT, headers={"Accept": f"{XML};q=oops"}, has={"Content-Type": ""}),
    case("SELECT with a quality above one, beside a right one", SELECT, f"{XML};q=2, {CSV};q=1", CSV),
    case("SELECT with something malformed beside", SELECT, f";;;, {XML}", XML),
    case("SELECT as an image", SELECT, "image/png", None),
    case("SELECT as Turtle", SELECT, TURTLE, None),
    case("SELECT as nothing at all", SELECT, "*/*;q=0", None),
    case("SELECT by ?format=", SELECT + "&format=csv", JSON, CSV),
    case("SELECT by ?format= and a media type", SELECT + "&format=text%2Fcsv", None, CSV),
    case("SELECT by ?format= that is empty", SELECT + "&format=", XML, XML),
    case("SELECT by ?format= that nobody knows", SELECT + "&format=oops", JSON, None),
    case("SELECT by ?format= for triples", SELECT + "&format=ttl", JSON, None),
    case("ASK without Accept", ASK, None, JSON, text="true"),
    case("ASK as XML", ASK, XML, XML, text="<boolean>true</boolean>"),
    case("ASK as CSV", ASK, CSV, CSV, text="true"),
    case("ASK as TSV", ASK, TSV, TSV, text="true"),
    case("ASK as Turtle", ASK, TURTLE, None),
    case("CONSTRUCT without Accept", CONSTRUCT, None, "text/turtle; charset=utf-8"),
    case("CONSTRUCT with anything", CONSTRUCT, "*/*", TURTLE),
    case("CONSTRUCT as N-Triples", CONSTRUCT, "application/n-triples", "application/n-triples"),
    case("CONSTRUCT as RDF/XML", CONSTRUCT, "application/rdf+xml", "application/rdf+xml", text="<rdf:RDF"),
    case("CONSTRUCT as JSON-LD", CONSTRUCT, "application/ld+json", "application/ld+json", text='"@id"'),
    case("CONSTRUCT as plain JSON", CONSTRUCT, "application/json", "application/ld+json"),
    case("CONSTRUCT as TriG", CONSTRUCT, "application/trig", "application/trig"),
    case("CONSTRUCT as N-Quads", CONSTRUCT, "application/n-quads", "application/n-quads"),
    case("CONSTRUCT as N3", CONSTRUCT, "text/n3", TURTLE),
    case("CONSTRUCT as plain text", CONSTRUCT, "text/plain", "application/n-triples"),
    case("CONSTRUCT as any text", CONSTRUCT, "text/*", TURTLE),
    case("CONSTRUCT by quality", CONSTRUCT, f"{TURTLE};q=0.2, application/n-triples;q=0.7", "application/n-triples"),
    case("CONSTRUCT by ?format=", CONSTRUCT + "&format=nt", TURTLE, "application/n-triples"),
    case("CONSTRUCT as CSV", CONSTRUCT, CSV, None),
    case("CONSTRUCT as the JSON of tables", CONSTRUCT, JSON, None),
    case("DESCRIBE without Accept", DESCRIBE, None, TURTLE),
    case("DESCRIBE as N-Triples", DESCRIBE, "application/n-triples", "application/n-triples", text=f"<{EX}s>"),
    case("SELECT in a browser is a page", SELECT, FIREFOX, "text/html", text="<table"),
    case("CONSTRUCT in a browser is a page", CONSTRUCT, FIREFOX, "text/html"),
    case("SELECT in a browser by ?format=", SELECT + "&format=json", FIREFOX, JSON),
    Case("a malformed query in a browser is a page", q("oops"), 400, headers={"Accept": FIREFOX},
         has={"Content-Type": "text/html"}, text="<html"),
    Case("a malformed query for a program is text", q("oops"), 400, headers={"Accept": JSON},
         has={"Content-Type": "text/plain; charset=utf-8"}, without="<html"),
    Case("two headers Accept are one", SELECT, headers={"Accept": f"{TURTLE}, {CSV};q=0.3", "accept": f"{XML};q=0.4"},
         has={"Content-Type": XML}),
    Case("by POST of a form", "/sparql", method="POST", headers={"Accept": XML, "Content-Type": FORM},
         body=form(query="ASK {}"), has={"Content-Type": XML}),
    Case("by POST of a form with ?format= in it", "/sparql", method="POST", headers={"Accept": XML, "Content-Type": FORM},
         body=form(query="ASK {}", format="csv"), has={"Content-Type": CSV}),
    Case("by POST of the query itself", "/sparql", method="POST", headers={"Accept": TSV, "Content-Type": QUERY},
         body=b"ASK {}", has={"Content-Type": TSV}),
    Case("by POST of the query itself, which no format fits", "/sparql", 406, method="POST",
         headers={"Accept": TURTLE, "Content-Type": QUERY}, body=b"ASK {}", text=JSON),
    Case("a query that is malformed and of no format", q("oops"), (400, 406), headers={"Accept": "image/png"}),
]  # fmt: skip


@table(CASES)
def test_negotiation(small: Server, case: Case) -> None:
    check(small, case)
