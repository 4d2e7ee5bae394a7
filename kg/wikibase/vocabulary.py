"""The names of Wikibase's RDF form (https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format).

Items and properties that Wikidata has bear its names. All else is the graph's own: statements, references and values,
entities without an item, and relations without a property of Wikidata, whose predicates begin with the graph's base.
"""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import NamedNode

from kg.rdf import vocabulary as v

WIKIDATA = "http://www.wikidata.org/"
WIKIBASE = "http://wikiba.se/ontology#"
SCHEMA = "http://schema.org/"
"""Not https: so Wikibase writes it."""

ROLES = {
    "direct": ("wdt", "prop/direct/"),
    "direct-normalized": ("wdtn", "prop/direct-normalized/"),
    "claim": ("p", "prop/"),
    "statement": ("ps", "prop/statement/"),
    "statement-value": ("psv", "prop/statement/value/"),
    "statement-value-normalized": ("psn", "prop/statement/value-normalized/"),
    "qualifier": ("pq", "prop/qualifier/"),
    "qualifier-value": ("pqv", "prop/qualifier/value/"),
    "qualifier-value-normalized": ("pqn", "prop/qualifier/value-normalized/"),
    "reference": ("pr", "prop/reference/"),
    "reference-value": ("prv", "prop/reference/value/"),
    "reference-value-normalized": ("prn", "prop/reference/value-normalized/"),
    "novalue": ("wdno", "prop/novalue/"),
}
"""For each role of a property, the prefix of its predicates and their path below the base."""
DESCRIBED = {
    "direct": "directClaim",
    "claim": "claim",
    "statement": "statementProperty",
    "statement-value": "statementValue",
    "qualifier": "qualifier",
    "qualifier-value": "qualifierValue",
    "reference": "reference",
    "reference-value": "referenceValue",
    "novalue": "novalue",
}
"""The roles by which a property is described, and how its description calls them."""


def term(name: str) -> NamedNode:
    """A term of Wikibase's own vocabulary."""
    return NamedNode(WIKIBASE + name)


ITEM, PROPERTY, STATEMENT, REFERENCE = map(term, ("Item", "Property", "Statement", "Reference"))
RANK, BEST = term("rank"), term("BestRank")
TIME_VALUE, TIME, PRECISION, ZONE, CALENDAR = map(
    term, ("TimeValue", "timeValue", "timePrecision", "timeTimezone", "timeCalendarModel")
)
GREGORIAN = NamedNode(v.WD + "Q1985727")
DATE_TIME = NamedNode(v.XSD + "dateTime")
PREFERRED_LABEL = NamedNode(v.SKOS + "prefLabel")
NAME, DESCRIPTION, ARTICLE, HEADLINE = (
    NamedNode(SCHEMA + name) for name in ("name", "description", "NewsArticle", "headline")
)


@lru_cache
def prefixes(base: str) -> dict[str, str]:
    """What a query need not declare: the prefixes of the Wikidata Query Service, and those of the graph's own names.

    The graph's own are `entity:` and `article:`, `ng:` for relations without a property of Wikidata, and for their
    predicates those of Wikidata with `ng` before them (`ngt:` for `wdt:`).
    """
    shared = {name: v.PREFIXES[name] for name in ("rdf", "rdfs", "xsd", "owl", "skos", "prov", "dct", "ng")}
    return {
        **shared,
        "wd": v.WD,
        **{prefix: WIKIDATA + path for prefix, path in ROLES.values()},
        **{"ng" + prefix.removeprefix("wd"): base + path for prefix, path in ROLES.values()},
        "wds": f"{base}statement/",
        "wdref": f"{base}reference/",
        "wdv": f"{base}value/",
        "wdata": WIKIDATA + "wiki/Special:EntityData/",
        "entity": f"{base}entity/",
        "article": f"{base}article/",
        "wikibase": WIKIBASE,
        "schema": SCHEMA,
        "cc": "http://creativecommons.org/ns#",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "geof": "http://www.opengis.net/def/geosparql/function/",
        "ontolex": "http://www.w3.org/ns/lemon/ontolex#",
        "bd": "http://www.bigdata.com/rdf#",
        "hint": "http://www.bigdata.com/queryHints#",
        "gas": "http://www.bigdata.com/rdf/gas#",
        "mediawiki": "https://www.mediawiki.org/ontology#",
        "mwapi": "https://www.mediawiki.org/ontology#API/",
    }
