"""What the endpoint says of itself: the SPARQL 1.1 Service Description, and VoID.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/. Prefixes and example queries are in
SHACL's words, so that editors complete on them: https://www.w3.org/TR/shacl/#sparql-prefixes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import ontology
from kg.rdf import vocabulary as v
from server import examples, formats
from server.config import Config
from server.engine.heads import tidied
from server.lookups import Partitions

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_SHACL = "http://www.w3.org/ns/shacl#"
_SIMPLE = NamedNode("http://www.w3.org/ns/entailment/Simple")
_UNIQUE_FORMATS = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF_XML",
    "trig": "TriG", "nq": "N-Quads",
}  # fmt: skip
"""The names that the W3C gave to formats: https://www.w3.org/ns/formats/."""
_EXECUTABLES = {
    "ask": "SPARQLAskExecutable",
    "construct": "SPARQLConstructExecutable",
    "select": "SPARQLSelectExecutable",
}
"""The classes of SHACL for forms of queries."""
PREFIXES = {**v.PREFIXES, "sd": SD, "void": VOID, "sh": _SHACL, "formats": _FORMATS}

Term = NamedNode | BlankNode | Literal


class _Triples:
    """Triples that are made one by one."""

    def __init__(self) -> None:
        self.found: list[Triple] = []
        self._nodes = 0

    def node(self) -> BlankNode:
        """A new blank node, which is called the same each time that the triples are made."""
        self._nodes += 1
        return BlankNode(f"b{self._nodes}")

    def say(self, subject: NamedNode | BlankNode, *pairs: tuple[str, Term]) -> NamedNode | BlankNode:
        self.found += [Triple(subject, NamedNode(predicate), value) for predicate, value in pairs]
        return subject


def service(config: Config, endpoint: str, void: str) -> list[Triple]:
    """The service description of the endpoint at the URL `endpoint`; `void` is the URL of the VoID description."""
    out = _Triples()
    this = NamedNode(endpoint)
    graph = out.say(out.node(), (v.TYPE.value, NamedNode(SD + "Graph")))
    dataset = out.say(
        NamedNode(void + "#dataset"), (v.TYPE.value, NamedNode(SD + "Dataset")), (SD + "defaultGraph", graph)
    )
    out.say(
        this,
        (v.TYPE.value, NamedNode(SD + "Service")),
        (SD + "endpoint", this),
        (SD + "supportedLanguage", NamedNode(SD + "SPARQL11Query")),
        (SD + "defaultEntailmentRegime", _SIMPLE),
        (SD + "defaultDataset", dataset),
    )
    if config.writable:
        out.say(this, (SD + "supportedLanguage", NamedNode(SD + "SPARQL11Update")))
    if config.default_graph == "union":
        out.say(this, (SD + "feature", NamedNode(SD + "UnionDefaultGraph")))
    for key in (*formats.RESULTS, *formats.GRAPHS):
        out.say(this, (SD + "resultFormat", NamedNode(_FORMATS + _UNIQUE_FORMATS[key])))
    for key in formats.GRAPHS:
        out.say(this, (SD + "inputFormat", NamedNode(_FORMATS + _UNIQUE_FORMATS[key])))
    for prefix, namespace in v.PREFIXES.items():
        declaration = out.say(
            out.node(),
            (_SHACL + "prefix", Literal(prefix)),
            (_SHACL + "namespace", Literal(namespace, datatype=v.ANY_URI)),
        )
        out.say(this, (_SHACL + "declare", declaration))
    for number, example in enumerate(examples.QUERIES, 1):
        out.say(
            NamedNode(f"{endpoint}#example-{number}"),
            (v.TYPE.value, NamedNode(_SHACL + "SPARQLExecutable")),
            (v.TYPE.value, NamedNode(_SHACL + _EXECUTABLES[example.form])),
            (v.RDFS + "comment", Literal(example.question, language="en")),
            (_SHACL + "prefixes", this),
            (_SHACL + example.form, Literal(example.query)),
            (v.SCHEMA + "target", this),
        )
    return out.found


def void(found: Partitions, config: Config, url: str, endpoint: str, home: str) -> list[Triple]:
    """The VoID description at `url` of the graph that is asked at `endpoint`; its page is `home`."""
    out = _Triples()
    this = NamedNode(url + "#dataset")
    out.say(
        NamedNode(url),
        (v.TYPE.value, NamedNode(VOID + "DatasetDescription")),
        ("http://xmlns.com/foaf/0.1/primaryTopic", this),
    )
    out.say(
        this,
        (v.TYPE.value, NamedNode(VOID + "Dataset")),
        (v.TITLE.value, Literal("A graph that newsgraph read from news articles", language="en")),
        ("http://xmlns.com/foaf/0.1/homepage", NamedNode(home)),
        (VOID + "sparqlEndpoint", NamedNode(endpoint)),
        (VOID + "uriSpace", Literal(config.base)),
        (VOID + "vocabulary", NamedNode(ontology.NAMESPACE)),
        *_counts(("triples", found.triples), ("entities", found.entities), ("classes", len(found.classes)),
                 ("properties", len(found.properties)), ("distinctSubjects", found.subjects),
                 ("distinctObjects", found.objects)),
    )  # fmt: skip
    if config.license:
        out.say(this, (v.DCT + "license", NamedNode(config.license)))
    for key in formats.GRAPHS:
        out.say(this, (VOID + "feature", NamedNode(_FORMATS + _UNIQUE_FORMATS[key])))
    for iri, number in found.classes:
        part = out.say(out.node(), (VOID + "class", NamedNode(iri)), *_counts(("entities", number)))
        out.say(this, (VOID + "classPartition", part))
    for iri, number in found.properties:
        part = out.say(out.node(), (VOID + "property", NamedNode(iri)), *_counts(("triples", number)))
        out.say(this, (VOID + "propertyPartition", part))
    return out.found


def _counts(*counts: tuple[str, int]) -> Iterator[tuple[str, Literal]]:
    return ((VOID + name, Literal(str(number), datatype=v.INTEGER)) for name, number in counts)


def serialize(triples: list[Triple], format: formats.Format) -> bytes:
    """The triples in a format of `server.formats.GRAPHS`."""
    assert isinstance(format.engine, ox.RdfFormat)
    found = ox.serialize(triples, format=format.engine, prefixes=PREFIXES)
    assert found is not None
    return tidied(format.key, found, is_whole=True)
