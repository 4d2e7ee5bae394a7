"""The terms of the graph: namespaces, and the properties and classes of the shape that `design.md` draws."""

from __future__ import annotations

from pyoxigraph import NamedNode

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
PROV = "http://www.w3.org/ns/prov#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
DCT = "http://purl.org/dc/terms/"
ITSRDF = "http://www.w3.org/2005/11/its/rdf#"
WD = "http://www.wikidata.org/entity/"
WDT = "http://www.wikidata.org/prop/direct/"
NG = "https://w3id.org/newsgraph#"

PREFIXES = {
    "ng": NG,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "owl": OWL,
    "skos": SKOS,
    "schema": SCHEMA,
    "prov": PROV,
    "nif": NIF,
    "dct": DCT,
    "itsrdf": ITSRDF,
    "wd": WD,
    "wdt": WDT,
}
"""The prefixes that a query over the graph need not declare."""

TYPE = NamedNode(RDF + "type")
LABEL = NamedNode(RDFS + "label")
ALTERNATIVE = NamedNode(SKOS + "altLabel")
SAME_AS = NamedNode(OWL + "sameAs")
DIFFERENT_FROM = NamedNode(OWL + "differentFrom")

STATEMENT = NamedNode(NG + "Statement")
SUBJECT = NamedNode(RDF + "subject")
PREDICATE = NamedNode(RDF + "predicate")
OBJECT = NamedNode(RDF + "object")

DERIVED_FROM = NamedNode(PROV + "wasDerivedFrom")
REFERENCE = NamedNode(NG + "Reference")
SENTENCE = NamedNode(NG + "sentence")
CONFIDENCE = NamedNode(NG + "confidence")
ATTRIBUTED_TO = NamedNode(PROV + "wasAttributedTo")

ARTICLE = NamedNode(SCHEMA + "NewsArticle")
TITLE = NamedNode(DCT + "title")
AUTHOR = NamedNode(SCHEMA + "author")
PUBLISHER = NamedNode(SCHEMA + "publisher")
PUBLISHED = NamedNode(SCHEMA + "datePublished")
LANGUAGE = NamedNode(SCHEMA + "inLanguage")
URL = NamedNode(SCHEMA + "url")
MENTIONS = NamedNode(SCHEMA + "mentions")

DECISION = NamedNode(NG + "Decision")
VERDICT = NamedNode(NG + "verdict")
CONTENT = NamedNode(NG + "content")
ABOUT_ARTICLE = NamedNode(NG + "aboutArticle")
ABOUT_SENTENCE = NamedNode(NG + "aboutSentence")
ACCEPTED_BY = NamedNode(NG + "acceptedBy")
CREATOR = NamedNode(DCT + "creator")
CREATED = NamedNode(DCT + "created")
COMMENT = NamedNode(RDFS + "comment")

NIF_SENTENCE = NamedNode(NIF + "Sentence")
PHRASE = NamedNode(NIF + "Phrase")
CONTEXT = NamedNode(NIF + "referenceContext")
TEXT = NamedNode(NIF + "isString")
ANCHOR = NamedNode(NIF + "anchorOf")
BEGIN = NamedNode(NIF + "beginIndex")
END = NamedNode(NIF + "endIndex")
IDENTIFIES = NamedNode(ITSRDF + "taIdentRef")
PROFILE = NamedNode(NG + "profile")
"""From a mention, and from a name, to what an article alone says of the entity; see `kg.link.profiles`."""
LINKS_TO = NamedNode(DCT + "references")
"""From a mention to the Wikidata item of its entity: why the entity has its owl:sameAs."""

KINDS = {"pronoun": NamedNode(NG + "Pronoun"), "nominal": NamedNode(NG + "Nominal")}
"""The classes of mentions that are no names, and so give no label; both are kinds of nif:Phrase."""
NAMELESS = frozenset(KINDS.values())

INTEGER = NamedNode(XSD + "integer")
DECIMAL = NamedNode(XSD + "decimal")
ANY_URI = NamedNode(XSD + "anyURI")
DATES = {4: NamedNode(XSD + "gYear"), 7: NamedNode(XSD + "gYearMonth"), 10: NamedNode(XSD + "date")}
"""The datatype of a date, by the length of its ISO 8601 form."""
