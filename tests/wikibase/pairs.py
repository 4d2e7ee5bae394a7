"""Questions, each as a query for Wikidata and as one for the graph's own shape."""

from __future__ import annotations

_ITEM = """OPTIONAL {{ ?{0} owl:sameAs ?{0}_linked }} BIND(COALESCE(?{0}_linked, ?{0}) AS ?{1})"""


def _item(variable: str, target: str) -> str:
    """The item of an entity: where it is linked to, or the entity itself."""
    return _ITEM.format(variable, target)


_LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }'

COUNTERPARTS = {
    "01": f"""SELECT ?item ?label ?start {{
        ?person a ng:Person ; rdfs:label ?label .
        ?st rdf:subject ?person ; rdf:predicate ng:employer ; rdf:object/owl:sameAs wd:Q95 .
        OPTIONAL {{ ?st ng:start ?start }} {_item("person", "item")} }}""",
    "02": f"""SELECT DISTINCT ?org ?orgLabel ?ceo ?ceoLabel {{
        ?o rdfs:label ?orgLabel . ?c rdfs:label ?ceoLabel .
        ?st rdf:subject ?o ; rdf:predicate ng:chiefExecutive ; rdf:object ?c .
        FILTER NOT EXISTS {{ ?st ng:end ?end }} {_item("o", "org")} {_item("c", "ceo")} }}""",
    "03": """SELECT ?sw ?label (GROUP_CONCAT(DISTINCT ?language; separator=", ") AS ?languages) (MAX(?v) AS ?latest) {
        ?s a ng:Software ; rdfs:label ?label ; ng:developer/owl:sameAs wd:Q95 .
        OPTIONAL { ?s ng:programmingLanguage/rdfs:label ?language } OPTIONAL { ?s ng:version ?v }
        OPTIONAL { ?s owl:sameAs ?linked } BIND(COALESCE(?linked, ?s) AS ?sw) } GROUP BY ?sw ?label""",
    "04": f"""SELECT ?item ?label ?founder ?inception ?precision {{
        ?o rdfs:label ?label ; ng:inception ?inception ; ng:foundedBy/rdfs:label ?founder .
        BIND(IF(DATATYPE(?inception) = xsd:gYear, 9, IF(DATATYPE(?inception) = xsd:gYearMonth, 10, 11)) AS ?precision)
        FILTER(xsd:integer(SUBSTR(STR(?inception), 1, 4)) > 2010) {_item("o", "item")} }}""",
    "05": f"""SELECT ?item ?label ?value ?url ?retrieved {{
        BIND(wd:Q9001 AS ?item) ?person owl:sameAs ?item ; rdfs:label ?label .
        ?st rdf:subject ?person ; rdf:predicate ng:employer ; rdf:object ?e ; prov:wasDerivedFrom ?reference .
        GRAPH ?article {{ ?reference ng:sentence ?sentence . ?article schema:url ?url }}
        {_item("e", "value")} }}""",
    "06": """SELECT ?wd ?wdLabel ?value ?valueLabel ?qualifier ?qualifierLabel {
        ?google owl:sameAs wd:Q95 .
        { BIND(wd:P31 AS ?wd) BIND("instance of" AS ?wdLabel) BIND(wd:Q43229 AS ?value)
          BIND("organization" AS ?valueLabel) }
        UNION
        { ?st rdf:subject ?google ; rdf:predicate ?relation ; rdf:object ?o .
          VALUES (?relation ?wd ?wdLabel) {
            (ng:chiefExecutive wd:P169 "chief executive") (ng:inception wd:P571 "inception")
            (ng:parentOrganization wd:P749 "parent organization") }
          OPTIONAL { ?o owl:sameAs ?linked } OPTIONAL { ?o rdfs:label ?label }
          BIND(COALESCE(?linked, ?o) AS ?value) BIND(COALESCE(?label, STR(?o)) AS ?valueLabel)
          OPTIONAL { VALUES (?q ?qualifier) { (ng:start "start") (ng:end "end") } ?st ?q ?qualifierLabel } } }""",
    "07": f"""SELECT ?item ?label ?parent {{
        ?sub ng:parentOrganization+/owl:sameAs wd:Q20800404 ; rdfs:label ?label ; ng:parentOrganization/rdfs:label ?parent .
        {_item("sub", "item")} }}""",
    "08": "SELECT ?occupation ?label ?n { ?person ng:occupation ?occupation }",
    "09": f"""SELECT ?item ?label ?article {{
        ?s rdfs:label ?label FILTER(CONTAINS(LCASE(?label), "goog")) {_item("s", "item")} }}""",
    "10": f"""SELECT ?item ?label ?repository {{
        ?s rdfs:label ?label ; ng:license ?l FILTER(STRSTARTS(LCASE(?label), "kubern")) {_item("s", "item")} }}""",
}
"""The counterparts of the ten queries that stand beside the repository, by their numbers."""
EMPTY = {"08"}
"""Of which this graph knows nothing."""

PAIRS = {
    "all people": (
        f"SELECT ?person ?personLabel {{ ?person wdt:P31 wd:Q5 {_LABELS} }}",
        f"SELECT ?item ?label {{ ?p a ng:Person ; rdfs:label ?label {_item('p', 'item')} }}",
    ),
    "an entity without an item bears its own name": (
        f"SELECT ?software ?softwareLabel {{ ?software wdt:P275 wd:Q13785927 {_LABELS} }}",
        f"SELECT ?item ?label {{ ?s ng:license/owl:sameAs wd:Q13785927 ; rdfs:label ?label {_item('s', 'item')} }}",
    ),
    "employers that have not ended": (
        "SELECT ?employerLabel { wd:Q9001 wdt:P108 ?employer SERVICE wikibase:label { bd:serviceParam wikibase:language 'en' } }",
        """SELECT ?label { ?st rdf:subject/owl:sameAs wd:Q9001 ; rdf:predicate ng:employer ; rdf:object/rdfs:label ?label
           FILTER NOT EXISTS { ?st ng:end ?end } }""",
    ),
    "employers, former ones too": (
        "SELECT ?employerLabel { wd:Q9001 p:P108/ps:P108 ?employer SERVICE wikibase:label { bd:serviceParam wikibase:language 'en' } }",
        "SELECT ?label { ?person owl:sameAs wd:Q9001 ; ng:employer/rdfs:label ?label }",
    ),
    "the preferred rank": (
        """SELECT ?item ?property { ?item ?claim ?st . ?st wikibase:rank wikibase:PreferredRank .
           ?property wikibase:claim ?claim }""",
        """SELECT ?item ?wd { VALUES (?item ?wd) { (wd:Q9001 wd:P108) (wd:Q95 wd:P169) } }""",
    ),
    "dates of birth with their precision": (
        """SELECT ?person ?date ?precision { ?person p:P569/psv:P569 [ wikibase:timeValue ?date ;
           wikibase:timePrecision ?precision ; wikibase:timeCalendarModel wd:Q1985727 ] }""",
        f"""SELECT ?item ?date ?precision {{ ?p ng:dateOfBirth ?date
            BIND(IF(DATATYPE(?date) = xsd:gYear, 9, 11) AS ?precision) {_item("p", "item")} }}""",
    ),
    "precision of a qualifier": (
        "SELECT ?precision { wd:Q95 p:P749/pqv:P580/wikibase:timePrecision ?precision }",
        """SELECT (10 AS ?precision) { ?st rdf:subject/owl:sameAs wd:Q95 ; rdf:predicate ng:parentOrganization ; ng:start ?d
           FILTER(DATATYPE(?d) = xsd:gYearMonth) }""",
    ),
    "the sentences that say so": (
        """SELECT ?quote ?url { wd:Q95 p:P169 ?st . ?st ps:P169 wd:Q9002 ; prov:wasDerivedFrom ?ref .
           ?ref pr:P1683 ?quote ; pr:P854 ?url }""",
        """SELECT ?quote ?url { ?st rdf:subject/owl:sameAs wd:Q95 ; rdf:predicate ng:chiefExecutive ;
           rdf:object/owl:sameAs wd:Q9002 ; prov:wasDerivedFrom ?ref .
           GRAPH ?a { ?ref ng:sentence/nif:anchorOf ?quote . ?a schema:url ?url } }""",
    ),
    "where it is stated": (
        f"SELECT ?sourceLabel {{ wd:Q9001 p:P108 [ ps:P108 wd:Q95 ; prov:wasDerivedFrom/pr:P248 ?source ] {_LABELS} }}",
        """SELECT ?title { ?st rdf:subject/owl:sameAs wd:Q9001 ; rdf:object/owl:sameAs wd:Q95 ; prov:wasDerivedFrom ?ref .
           GRAPH ?a { ?ref ng:sentence ?s . ?a dct:title ?title } }""",
    ),
    "authors and dates of references": (
        """SELECT DISTINCT ?author ?date ?title { ?ref a wikibase:Reference ; pr:P2093 ?author ; pr:P577 ?date ; pr:P1476 ?title }""",
        """SELECT DISTINCT ?author ?date ?title { GRAPH ?a { ?a schema:author ?author ; schema:datePublished ?date ; dct:title ?title } }""",
    ),
    "a relation without a property of Wikidata, as a qualifier": (
        "SELECT ?amount { ?st ps:P1951 ?investor ; ngpq:amount ?amount }",
        "SELECT ?amount { ?st rdf:predicate ng:investor ; ng:amount ?amount }",
    ),
    "a text as the value of a qualifier, with its label": (
        f"SELECT ?position ?positionLabel {{ wd:Q9001 p:P108/pq:P39 ?position {_LABELS} }}",
        "SELECT ?position ?position2 { ?st rdf:subject/owl:sameAs wd:Q9001 ; ng:position ?position BIND(?position AS ?position2) }",
    ),
    "aliases": (
        """SELECT ?softwareLabel ?softwareAltLabel { ?software wdt:P856 ?site
           SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }""",
        "SELECT ?label ?alias { ?s ng:website ?site ; rdfs:label ?label ; skos:altLabel ?alias }",
    ),
    "descriptions": (
        """SELECT ?orgLabel ?orgDescription { ?org wdt:P571 ?date FILTER(YEAR(?date) = 1998)
           SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }""",
        """SELECT ?label ("organization" AS ?description) { ?o rdfs:label ?label ; ng:inception ?d FILTER(STRSTARTS(STR(?d), "1998")) }""",
    ),
    "labels by hand": (
        """SELECT ?name { ?person wdt:P26 ?spouse SERVICE wikibase:label {
           bd:serviceParam wikibase:language "en" . ?spouse rdfs:label ?name } }""",
        "SELECT ?name { ?p ng:spouse/rdfs:label ?name }",
    ),
    "a web address is an IRI": (
        "SELECT ?site { ?software wdt:P856 ?site FILTER(ISIRI(?site)) }",
        "SELECT (STR(?s) AS ?site) { ?software ng:website ?s }",
    ),
    "named subqueries, with a hint": (
        f"""#defaultView:BarChart
        SELECT ?developerLabel ?n WITH {{ SELECT ?developer (COUNT(*) AS ?n) WHERE {{ ?software wdt:P178 ?developer }}
        GROUP BY ?developer }} AS %counts WHERE {{ hint:Query hint:optimizer "None" . INCLUDE %counts . {_LABELS} }} ORDER BY ?n""",
        "SELECT ?label (COUNT(*) AS ?n) { ?s ng:developer/rdfs:label ?label } GROUP BY ?label",
    ),
    "the service before the patterns that it labels": (
        f"SELECT ?licence ?licenceLabel {{ {_LABELS} ?software wdt:P348 '1.30' ; wdt:P275 ?licence }}",
        "SELECT ?item ?label { ?s ng:version '1.30' ; ng:license ?l . ?l rdfs:label ?label ; owl:sameAs ?item }",
    ),
    "labels of what may have no value": (
        f"SELECT ?personLabel ?birthplaceLabel {{ ?person wdt:P31 wd:Q5 OPTIONAL {{ ?person wdt:P19 ?birthplace }} {_LABELS} }}",
        "SELECT ?label ?place { ?p a ng:Person ; rdfs:label ?label OPTIONAL { ?p ng:placeOfBirth/rdfs:label ?place } }",
    ),
    "count by class": (
        f"SELECT ?classLabel (COUNT(DISTINCT ?item) AS ?n) {{ ?item wdt:P31 ?class {_LABELS} }} GROUP BY ?classLabel",
        """SELECT ?label (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class . VALUES (?class ?label) { (ng:Person "person")
           (ng:Organization "organization") (ng:Software "software") (ng:License "licence") (ng:Place "place") } } GROUP BY ?label""",
    ),
    "properties by their labels": (
        """SELECT DISTINCT ?property { ?property rdfs:label "developer"@en ; wikibase:propertyType wikibase:WikibaseItem ;
           wikibase:directClaim ?direct . ?software ?direct wd:Q95 }""",
        "SELECT DISTINCT ?property { VALUES ?property { wd:P178 } ?s ng:developer/owl:sameAs wd:Q95 }",
    ),
    "items with the most statements": (
        f"SELECT ?itemLabel ?n {{ ?item wikibase:statements ?n ; wdt:P31 wd:Q7397 {_LABELS} }} ORDER BY DESC(?n) LIMIT 1",
        """SELECT ?label (COUNT(?st) + 1 AS ?n) { ?st rdf:subject ?s . ?s a ng:Software ; rdfs:label ?label }
           GROUP BY ?label ORDER BY DESC(?n) LIMIT 1""",
    ),
    "a merged name": (
        "SELECT ?item { ?local owl:sameAs ?item FILTER(STRENDS(STR(?local), '/kubernetes')) }",
        "SELECT ?item { ?local owl:sameAs ?item FILTER(STRENDS(STR(?local), '/kubernetes')) }",
    ),
    "search for entities": (
        """SELECT ?item ?itemLabel { SERVICE wikibase:mwapi { bd:serviceParam wikibase:endpoint "www.wikidata.org" ;
           wikibase:api "EntitySearch" ; mwapi:search "jet e" ; mwapi:language "en" . ?item wikibase:apiOutputItem mwapi:item . }
           SERVICE wikibase:label { bd:serviceParam wikibase:language "en" } }""",
        """SELECT ?s ?label { ?s rdfs:label ?label ; skos:altLabel ?a FILTER(STRSTARTS(LCASE(?a), "jet e")) }""",
    ),
}
