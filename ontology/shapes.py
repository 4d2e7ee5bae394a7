"""SHACL shapes of the graph, made from the ontology: what a graph must look like to be one of newsgraph's.

Written for SHACL (W3C, 2017) with SPARQL-based constraints and targets (SHACL-AF). A shape's IRI says what it is about, and its message is a
clause that a person understands.
"""

from __future__ import annotations

import json

from ontology import EntityType, Ontology, Qualifier, Relation

NAMESPACE = "https://w3id.org/newsgraph/shapes#"

DATES = ("xsd:gYear", "xsd:gYearMonth", "xsd:date")
"""The datatypes of a date, from the least to the most precise."""

_PREFIXES = f"""\
@prefix : <{NAMESPACE}> .
@prefix ng: <https://w3id.org/newsgraph#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_STATEMENT = """
:Statement a sh:NodeShape ; sh:targetClass ng:Statement ;
    sh:property [ sh:path rdf:subject ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ;
        sh:message "must have one subject" ] ;
    sh:property [ sh:path rdf:predicate ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {relations} ) ;
        sh:message "must have one predicate, which is a relation of the ontology" ] ;
    sh:property [ sh:path rdf:object ; sh:minCount 1 ; sh:maxCount 1 ;
        sh:message "must have one object" ] ;
    sh:property [ sh:path prov:wasDerivedFrom ; sh:class ng:Reference ;
        sh:message "must have a reference" ] ;
    sh:property [ sh:path [ sh:alternativePath ( prov:wasDerivedFrom ng:acceptedBy ) ] ; sh:minCount 1 ;
        sh:message "must have a reference, or a decision that accepts it" ] .

:Reference a sh:NodeShape ; sh:targetClass ng:Reference ;
    sh:property [ sh:path ng:sentence ; sh:minCount 1 ; sh:maxCount 1 ; sh:class nif:Sentence ;
        sh:message "must name one sentence" ] ;
    sh:property [ sh:path ng:confidence ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:decimal ;
        sh:minInclusive 0 ; sh:maxInclusive 1 ; sh:message "must have one confidence from 0 to 1" ] ;
    sh:property [ sh:path prov:wasAttributedTo ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ;
        sh:message "must name the extractor that found it" ] .

:Sentence a sh:NodeShape ; sh:targetClass nif:Sentence ;
    sh:property [ sh:path nif:referenceContext ; sh:minCount 1 ; sh:maxCount 1 ; sh:class schema:NewsArticle ;
        sh:message "must be a sentence of one article" ] ;
    sh:property [ sh:path nif:anchorOf ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ;
        sh:message "must have one text" ] ;
    sh:property [ sh:path nif:beginIndex ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ;
        sh:minInclusive 0 ; sh:lessThan nif:endIndex ; sh:message "must begin at one place, before its end" ] ;
    sh:property [ sh:path nif:endIndex ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ;
        sh:message "must end at one place" ] .

:Article a sh:NodeShape ; sh:targetClass schema:NewsArticle ;
    sh:property [ sh:path nif:isString ; sh:maxCount 1 ; sh:datatype xsd:string ;
        sh:message "must have no more than one text" ] .
"""

# The target leaves out the many subjects with one date: to ask the query of each takes long.
_TWO_DATES = """\
:{name}-values a sh:NodeShape ;
    sh:target [ a sh:SPARQLTarget ; sh:select \"\"\"
        SELECT DISTINCT ?this WHERE {{ ?this <{iri}> ?value , ?other FILTER(STR(?value) < STR(?other)) }}\"\"\" ] ;
    sh:sparql [ sh:message "has two values that contradict each other" ;
        sh:select \"\"\"
            SELECT $this ?value WHERE {{
                $this <{iri}> ?value , ?other .
                FILTER(STR(?value) != STR(?other))
                FILTER(!STRSTARTS(STR(?value), STR(?other)) && !STRSTARTS(STR(?other), STR(?value)))
            }}\"\"\" ] .
"""


def shapes(ontology: Ontology) -> str:
    """The shapes in Turtle, the same for the same ontology every time."""
    relations = ontology.relations.values()
    known = "\n        ".join(f"<{relation.iri}>" for relation in relations)
    return "\n".join(
        [
            _PREFIXES + _STATEMENT.format(relations=known),
            *(_relation(relation, ontology) for relation in relations),
            *(_qualifier(qualifier, ontology) for qualifier in ontology.qualifiers.values()),
        ]
    )


def _relation(relation: Relation, ontology: Ontology) -> str:
    """The shape of what has the relation: its own type, the values, and how many there may be."""
    name = relation.label
    lines = [f":{_local(relation.iri, ontology)} a sh:NodeShape ; sh:targetSubjectsOf <{relation.iri}> ;"]
    domain = [ontology.types[key] for key in relation.domain]
    if len(domain) < len(ontology.types):
        lines.append(f"    {_types(domain)} {_message(f'has the relation {name} and is no {_or(domain)}')} ;")
    lines.append(f"    sh:property [ sh:path <{relation.iri}> ;")
    lines.append(f"        {_values(relation, ontology)} ] ;")
    if relation.functional and relation.literal_type != "Date":
        lines.append(f'    sh:property [ sh:path <{relation.iri}> ; sh:maxCount 1 ; sh:message "has two values" ] ;')
    lines.append(f"    sh:name {_text(relation.label)} .\n")
    if relation.functional and relation.literal_type == "Date":
        # 1953 and 1953-05-26 do not contradict each other.
        lines.append(_TWO_DATES.format(name=_local(relation.iri, ontology), iri=relation.iri))
    return "\n".join(lines)


def _qualifier(qualifier: Qualifier, ontology: Ontology) -> str:
    """The shape of a statement with the qualifier: its values, and the relations that may carry it."""
    carriers = [each for each in ontology.relations.values() if qualifier.key in each.qualifiers]
    lines = [
        f":{_local(qualifier.iri, ontology)} a sh:NodeShape ; sh:targetSubjectsOf <{qualifier.iri}> ;",
        "    sh:class ng:Statement ;",
        f"    sh:property [ sh:path <{qualifier.iri}> ;",
        f"        {_values(qualifier, ontology)} ] ;",
    ]
    if len(carriers) < len(ontology.relations):
        known = " ".join(f"<{each.iri}>" for each in carriers)
        names = ", ".join(each.label for each in carriers)
        lines.append(f"    sh:property [ sh:path rdf:predicate ; sh:in ( {known} ) ;")
        message = _message(f"carries the qualifier {qualifier.label}, which belongs to: {names}")
        lines.append(f"        {message} ] ;")
    lines.append(f"    sh:name {_text(qualifier.label)} .\n")
    return "\n".join(lines)


def _values(term: Relation | Qualifier, ontology: Ontology) -> str:
    """The constraints of the values of a relation or qualifier, with their message."""
    if term.literal_type is None:
        found = [ontology.types[key] for key in (term.range if isinstance(term, Relation) else term.types)]
        message = _message(f"has a value of {term.label} that is no {_or(found)}")
        return f"sh:nodeKind sh:IRI ; {_types(found)} {message}"
    if term.literal_type == "Date":
        choices = " ".join(f"[ sh:datatype {datatype} ]" for datatype in DATES)
        return f"sh:or ( {choices} ) ; {_message(f'has a value of {term.label} that is no date of the calendar')}"
    datatype = "xsd:anyURI" if term.literal_type == "URL" else "xsd:string"
    return f"sh:datatype {datatype} ; {_message(f'has a value of {term.label} that is no {datatype}')}"


def _types(types: list[EntityType]) -> str:
    if len(types) == 1:
        return f"sh:class <{types[0].iri}> ;"
    return f"sh:or ( {' '.join(f'[ sh:class <{each.iri}> ]' for each in types)} ) ;"


def _message(text: str) -> str:
    return f"sh:message {_text(text)}"


def _text(text: str) -> str:
    """A string in Turtle. JSON's escapes are Turtle's."""
    return json.dumps(text)


def _or(types: list[EntityType]) -> str:
    return " or ".join(each.label for each in types)


def _local(iri: str, ontology: Ontology) -> str:
    return iri.removeprefix(ontology.namespace)
