"""The graph and the queries of `scripts/benchmark server`: people, organizations, software and articles, made up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from articles import GIVEN, SYLLABLES

BASE = "http://example.org/"
SCHEMA = "https://schema.org/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PREFIXES = f"PREFIX schema: <{SCHEMA}> PREFIX rdfs: <{RDFS}> PREFIX xsd: <{XSD}> PREFIX : <{BASE}>\n"
_PER_ARTICLE = 32.5
"""Triples for each article, with the two people, the organization and half a program that come with it."""

JSON, CSV, TURTLE = "application/sparql-results+json", "text/csv", "text/turtle"


def articles_for(size: int) -> int:
    """How many articles a graph of about `size` triples has."""
    return max(50, round(size / _PER_ARTICLE))


def lines(articles: int) -> Iterator[str]:
    """The triples as lines of N-Triples; the same for the same number of articles."""
    choose = random.Random(7)
    people, organizations, programs = 2 * articles, articles, articles // 2
    for number in range(people):
        name = f"{choose.choice(GIVEN)} {_word(choose)} {number}"
        yield from _thing(f"p{number}", "Person", name)
        yield _link(f"p{number}", "worksFor", f"o{_popular(choose, organizations)}")
        yield _link(f"p{number}", "knows", f"p{_popular(choose, people)}")
        yield _text(f"p{number}", "birthDate", f"{choose.randrange(1940, 2005)}", "gYear")
        if number % 4 == 0:
            yield _text(f"p{number}", "jobTitle", choose.choice(("engineer", "chief executive", "editor", "scientist")))
    for number in range(organizations):
        yield from _thing(f"o{number}", "Organization", f"{_word(choose)} {_word(choose)} {number}")
        yield _link(f"o{number}", "founder", f"p{choose.randrange(people)}")
        if number:
            yield _link(f"o{number}", "parentOrganization", f"o{choose.randrange(number)}")
        yield _text(f"o{number}", "numberOfEmployees", str(choose.randrange(1, 50_000)), "integer")
        yield _text(f"o{number}", "location", choose.choice(("Zurich", "Lagos", "Oslo", "Quito", "Osaka", "Leeds")))
    for number in range(programs):
        yield from _thing(f"s{number}", "SoftwareApplication", f"{_word(choose)}{number}")
        yield _link(f"s{number}", "creator", f"o{_popular(choose, organizations)}")
        yield _text(f"s{number}", "softwareVersion", f"{choose.randrange(9)}.{choose.randrange(20)}")
    for number in range(articles):
        yield from _thing(f"a{number}", "NewsArticle", f"{_word(choose)} and {_word(choose)} speak of {_word(choose)}")
        date = f"20{choose.randrange(10, 26)}-{choose.randrange(1, 13):02}-{choose.randrange(1, 29):02}"
        yield _text(f"a{number}", "datePublished", date, "date")
        yield _link(f"a{number}", "publisher", f"o{choose.randrange(min(200, organizations))}")
        for kind, most in (("p", people),) * 6 + (("o", organizations),) * 3 + (("s", programs),):
            yield _link(f"a{number}", "mentions", f"{kind}{_popular(choose, most)}")


def _word(choose: random.Random) -> str:
    return "".join(choose.choice(SYLLABLES) for _ in range(3)).capitalize()


def _popular(choose: random.Random, most: int) -> int:
    """A number below `most`; small ones come far more often."""
    return int(most * choose.random() ** 3)


def _thing(name: str, kind: str, label: str) -> Iterator[str]:
    yield f"<{BASE}{name}> {TYPE} <{SCHEMA}{kind}> .\n"
    yield f'<{BASE}{name}> <{RDFS}label> "{label}" .\n'


def _link(subject: str, predicate: str, value: str) -> str:
    return f"<{BASE}{subject}> <{SCHEMA}{predicate}> <{BASE}{value}> .\n"


def _text(subject: str, predicate: str, value: str, kind: str = "") -> str:
    datatype = f"^^<{XSD}{kind}>" if kind else ""
    return f'<{BASE}{subject}> <{SCHEMA}{predicate}> "{value}"{datatype} .\n'


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, in which each NUMBER is another one below the number of articles each time, and its answer's format."""

    name: str
    text: str
    accept: str = JSON

    @property
    def names_a_thing(self) -> bool:
        return "NUMBER" in self.text

    def on(self, number: int, *, anew: bool = False) -> str:
        """The query. With the number in a comment, if its answer is to be computed `anew` and must not be known."""
        comment = f" # {number}" if anew else ""
        return f"{PREFIXES}{self.text.replace('NUMBER', str(number))}{comment}"


LOOKUP = Asked("look-up: all of a person", "SELECT ?p ?o { :pNUMBER ?p ?o }")
QUERIES = (
    LOOKUP,
    Asked("look-up: a label", "SELECT ?label { :oNUMBER rdfs:label ?label }"),
    Asked("look-up: who has a name", 'SELECT ?s { :pNUMBER rdfs:label ?name . ?s rdfs:label ?name }'),
    Asked("look-up: ASK", "ASK { :aNUMBER a schema:NewsArticle }"),
    Asked("look-up: DESCRIBE", "DESCRIBE :sNUMBER", TURTLE),
    Asked("star: an article with what it mentions", "SELECT * { :aNUMBER schema:datePublished ?date ; schema:publisher/rdfs:label ?by ; schema:mentions ?m . ?m rdfs:label ?name }"),
    Asked("star: colleagues", "SELECT ?name ?born { :pNUMBER schema:worksFor ?o . ?p schema:worksFor ?o ; rdfs:label ?name ; schema:birthDate ?born } LIMIT 100"),
    Asked("star: programs of large organizations", "SELECT ?s ?version ?by { ?s a schema:SoftwareApplication ; schema:softwareVersion ?version ; schema:creator ?o . ?o rdfs:label ?by ; schema:numberOfEmployees ?n FILTER(?n > 49900) }"),
    Asked("path: all parents", "SELECT ?o { :oNUMBER schema:parentOrganization+ ?o }"),
    Asked("path: all subsidiaries", "SELECT (COUNT(?o) AS ?n) { ?o schema:parentOrganization* :o7 }"),
    Asked("path: founders of employers", "SELECT DISTINCT ?f { :pNUMBER schema:knows/schema:worksFor/schema:founder ?f }"),
    Asked("path: backwards", "SELECT ?a { :sNUMBER ^schema:mentions/schema:publisher ?a } LIMIT 50"),
    Asked("aggregate: by class", "SELECT ?class (COUNT(?s) AS ?n) { ?s a ?class } GROUP BY ?class"),
    Asked("aggregate: the most mentioned", "SELECT ?m (COUNT(?a) AS ?n) { ?a schema:mentions ?m } GROUP BY ?m ORDER BY DESC(?n) ?m LIMIT 10"),
    Asked("aggregate: employees by place", "SELECT ?place (AVG(?n) AS ?mean) { ?o schema:location ?place ; schema:numberOfEmployees ?n } GROUP BY ?place"),
    Asked("aggregate: of one organization", "SELECT (COUNT(?p) AS ?n) (MIN(?b) AS ?first) { ?p schema:worksFor :oNUMBER ; schema:birthDate ?b }"),
    Asked("text: words in titles", 'SELECT ?a ?title { ?a a schema:NewsArticle ; rdfs:label ?title FILTER(CONTAINS(LCASE(?title), "berber")) } LIMIT 20'),
    Asked("text: a pattern in names", 'SELECT ?o ?name { ?o a schema:Organization ; rdfs:label ?name FILTER(REGEX(?name, "^Al.*NUMBER$")) }'),
    Asked("optional: job titles", "SELECT ?p ?job { ?p schema:worksFor :oNUMBER OPTIONAL { ?p schema:jobTitle ?job } } LIMIT 100"),
    Asked("union: all ties of a person", "SELECT ?x { { :pNUMBER schema:knows ?x } UNION { ?x schema:knows :pNUMBER } UNION { ?x schema:founder :pNUMBER } }"),
    Asked("negation: people without a job title", "SELECT ?p { ?p schema:worksFor :oNUMBER FILTER NOT EXISTS { ?p schema:jobTitle ?job } }"),
    Asked("negation: MINUS", "SELECT (COUNT(?o) AS ?n) { ?o a schema:Organization MINUS { ?s schema:creator ?o } }"),
    Asked("sort: the last articles", "SELECT ?a ?date { ?a schema:datePublished ?date } ORDER BY DESC(?date) ?a LIMIT 20"),
    Asked("100,000 rows as JSON", "SELECT ?s ?name { ?s schema:mentions ?name } LIMIT 100000"),
    Asked("100,000 rows as CSV", "SELECT ?s ?name { ?s schema:mentions ?name } LIMIT 100000", CSV),
    Asked("CONSTRUCT: an article", "CONSTRUCT { ?m rdfs:label ?name } WHERE { :aNUMBER schema:mentions ?m . ?m rdfs:label ?name }", TURTLE),
    Asked("CONSTRUCT: 20,000 triples", "CONSTRUCT { ?a schema:about ?m } WHERE { ?a schema:mentions ?m } LIMIT 20000", TURTLE),
)  # fmt: skip
