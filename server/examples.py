"""Queries to begin with, shown on the page at `/sparql`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the query that asks it."""

    question: str
    query: str


QUERIES = (
    Example(
        "Who is known, and how often are they in the news?",
        """SELECT ?person ?name (COUNT(?article) AS ?articles) {
  ?person a ng:Person ; rdfs:label ?name .
  ?article schema:mentions ?person .
}
GROUP BY ?person ?name
ORDER BY DESC(?articles) ?name
LIMIT 20""",
    ),
    Example(
        "Which facts are there, and which sentence says so?",
        """SELECT ?subject ?property ?object ?sentence ?article {
  ?statement rdf:subject/rdfs:label ?subject ; rdf:predicate ?property ; rdf:object ?value .
  OPTIONAL { ?value rdfs:label ?label }
  BIND(COALESCE(?label, ?value) AS ?object)
  ?statement prov:wasDerivedFrom ?reference .
  GRAPH ?article { ?reference ng:sentence/nif:anchorOf ?sentence }
}
ORDER BY ?subject ?property ?object
LIMIT 20""",
    ),
    Example(
        "Which relations does the graph hold, and how many facts of each?",
        """SELECT ?relation (COUNT(?statement) AS ?facts) {
  ?statement a ng:Statement ; rdf:predicate ?relation .
}
GROUP BY ?relation
ORDER BY DESC(?facts)""",
    ),
    Example(
        "Which articles came out last?",
        """SELECT ?article ?title ?published ?publisher {
  ?article a schema:NewsArticle .
  OPTIONAL { ?article dct:title ?title }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?article schema:publisher ?publisher }
}
ORDER BY DESC(?published)
LIMIT 20""",
    ),
)
