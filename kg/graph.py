"""The graph: reads articles into a store, answers queries, and gives it out as files."""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat

import ontology
from kg import export, found
from kg.errors import ReadError, UsageError
from kg.facts import EntityFacts, Facts
from kg.found import Found
from kg.model import ArticleFacts, Document
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import Shape
from kg.search import hits, index, pattern, texts
from kg.search.hits import Search
from kg.search.index import Index
from kg.store import EMBEDDED, LEDGER, STORE, Store, locate, open_store
from kg.store.articles import Articles
from kg.store.base import Answer, Object, Subject
from kg.store.base import Graph as GraphName
from kg.store.embedded import EmbeddedStore
from kg.store.ledger import Ledger, recorded_base
from kg.store.writer import Writer

if TYPE_CHECKING:
    from rdflib import Dataset

    from kg.ask.answers import Reply
    from kg.deciding import Deciding
    from kg.extract.llm.service import Service
    from kg.link.settings import Linking
    from kg.pipeline import Reading, Settings
    from kg.wikibase.shaped import Wikibase

BASE = "http://localhost:8000/"
_ARTICLE = re.compile(r"[0-9a-f]{16}")

Progress = Callable[[int, int | None], None]
"""Called with the number of inputs that were read, and how many there are, or None while that is not known."""


@dataclass(frozen=True, slots=True)
class Report:
    """What adding came to: numbers of articles, the inputs that failed, and the facts that were read in all others.

    `facts` and `words` count what was read anew, not what was unchanged. `missed` says of each service that did not
    answer why; what it should have linked is not linked, and these articles are read again the next time.
    """

    added: int
    unchanged: int
    corrected: int
    failed: tuple[ReadError, ...]
    facts: int
    words: int
    seconds: float
    missed: tuple[str, ...] = ()


class Graph:
    """A knowledge graph in a directory, or in memory. One process at a time can have a directory open.

    ```python
    with kg.Graph.open("newsgraph") as graph:
        graph.add("articles/")
        for row in graph.query("SELECT ?name { ?person a ng:Person ; rdfs:label ?name }"):
            print(row["name"].value)
    ```
    """

    def __init__(self, path: Path | None, base: str, store: str, address: str | None = None) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`#?]+/", base):
            raise UsageError(f"The base {base!r} is no IRI that ends with a slash, such as {BASE}.")
        self.path = path
        self.base = base
        self.prefixes: Mapping[str, str] = v.PREFIXES
        self._ontology = ontology.load()
        self._shape = Shape(base, self._ontology)
        self.store: Store = open_store(store, None if path is None else path / STORE, address)
        self._ledger = Ledger(None if path is None else path / LEDGER, base)
        self._articles = Articles(self.store, self._shape)
        self._index = Index(None if path is None else path / index.FILE)
        if self._index.is_new and not self.store.query("ASK { ?s ?p ?o }", base=base, prefixes={}, union=True):
            self._index.cover(1)
        if self.store.has_changed():
            self._index.doubt()
        self._is_shared = False
        if "IPython" in sys.modules:
            from kg import notebook

            notebook.register()

    @classmethod
    def open(cls, path: str | Path | None = None, base: str | None = None, store: str = EMBEDDED) -> Graph:
        """Open the graph in the directory `path`, made where there is none, or at this URL; in memory without one.

        `base` is what the IRIs of its entities and articles begin with, and stays what it was when the graph was
        made (`BASE` unless it is given then). `store` is a name of the entry-point group `kg.stores`; for a URL, the
        server tells. Raises `StoreError` where another process has the directory open, it can't be one, or the server
        can't be reached.
        """
        folder, kind, address = locate(path, store)
        if base is None:
            base = BASE if folder is None else recorded_base(folder / LEDGER) or BASE
        return cls(folder, base, kind, address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the directory free. The graph can't be used any more."""
        self._index.close()
        self._ledger.close()
        self.store.close()

    def add(
        self,
        *sources: str | Path,
        workers: int = 1,
        extractors: Sequence[str] | None = None,
        model: Path | None = None,
        min_confidence: float | None = None,
        service: Service | None = None,
        keep_text: bool = True,
        linking: Linking | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Read articles: text, HTML and PDF files, folders, JSON Lines, URLs and feeds.

        What is in the graph already is left as it is; what was read from the same place before is corrected; what
        can't be read is in the report, and the rest is read. `workers` processes read, this one writes; the result
        does not depend on their number. (A script that asks for more than one needs `if __name__ == "__main__"`.)
        `model` is the folder of another network than the package's. Facts that are less sure than `min_confidence` are
        left out; where it is not given, than what the model says to be best. `service` is what the extractor `llm` asks.
        Unless it is to `keep_text`, the graph gets only the sentences of an article that state facts, not all of it.
        `linking` says by what entities are linked, in place of the index that newsgraph ships alone.
        """
        import kg.pipeline
        import kg.read

        settings = _settings(extractors, model, min_confidence, service, keep_text, linking)
        names = [str(source) for source in sources]
        total = kg.read.count(names)
        readings = kg.pipeline.read_all(kg.read.expand(names), settings, self._ledger, workers)
        return self._take(readings, progress, total)

    def add_documents(self, documents: Iterable[Document], *, extractors: Sequence[str] | None = None) -> Report:
        """Add articles that are documents already."""
        import kg.pipeline

        settings = _settings(extractors)
        return self._take([kg.pipeline.reading(document, settings, self._ledger)] for document in documents)

    def add_facts(self, articles: Iterable[ArticleFacts]) -> Report:
        """Add articles that were read elsewhere."""
        from kg.pipeline import Reading

        return self._take(
            [Reading(found.document.id, found.document.source, None, len(found.document.text.split()), found)]
            for found in articles
        )

    def _take(
        self,
        inputs: Iterable[Iterable[Reading | ReadError]],
        progress: Progress | None = None,
        total: int | None = None,
    ) -> Report:
        started = time.monotonic()
        counts = Counter[str]()
        failed: list[ReadError] = []
        missed: dict[str, None] = {}
        done = 0

        with Writer(self._articles, self._ledger, self._index) as writer:
            for found in inputs:
                for reading in found:
                    if isinstance(reading, ReadError):
                        failed.append(reading)
                        continue
                    counts[writer.put(reading.article, reading.source, reading.digest, reading.facts)] += 1
                    if reading.facts is not None:
                        counts["facts"] += len(reading.facts.facts)
                        counts["words"] += reading.words
                        missed |= dict.fromkeys(reading.facts.missed)
                done += 1
                if progress is not None:
                    progress(done, total)
        seconds = time.monotonic() - started
        return Report(
            counts["added"],
            counts["unchanged"],
            counts["corrected"],
            tuple(failed),
            counts["facts"],
            counts["words"],
            seconds,
            tuple(missed),
        )

    def forget(self, article: str) -> None:
        """Take an article out, with all that only it says.

        `article` is its IRI in the graph, its identifier (16 hexadecimal digits), the file or URL that was added, or
        the URL that the article gives as its own. Raises `UsageError` where there is none of these.
        """
        with Writer(self._articles, self._ledger, self._index) as writer:
            if not sum(writer.forget(identifier) for identifier in self._identifiers(article)):
                raise UsageError(
                    f"No article in this graph is {article}, or was read from there: "
                    "name the file or URL that was added, or the article's IRI."
                )

    def _identifiers(self, article: str) -> list[str]:
        prefix = self.base + "article/"
        name = article.removeprefix(prefix)
        if _ARTICLE.fullmatch(name):
            return [name]
        found = self._ledger.articles(article) | self._ledger.articles(os.path.abspath(article))
        for quad in self.store.match(None, v.URL, terms.link(article)):
            found.add(str(quad.graph_name).removeprefix("<" + prefix).removesuffix(">"))
        return sorted(found)

    @contextmanager
    def deciding(self) -> Iterator[Deciding]:
        """Make decisions about what the graph says; they hold from the end of the block on, unless it raises."""
        from kg.deciding import Deciding

        with Writer(self._articles, self._ledger, self._index):
            yield Deciding(self._articles, self._shape, self._ontology)

    def load(self, file: str | Path, graph: str | None = None, format: str | None = None) -> str:
        """Load an RDF file into a named graph, beside what it holds, and return the graph's IRI.

        The graph is `graph/` and the file's name, unless one is given. N-Quads and TriG name graphs of their own. The
        format is that of the file's ending, or `format`: an ending without its dot, such as `ttl`. Raises `ReadError`
        where the file can't be read, and then nothing of it is stored.
        """
        path = Path(file)
        ending = (format or path.suffix).removeprefix(".").lower()
        rdf_format = RdfFormat.from_extension(ending)
        if rdf_format is None:
            raise ReadError(
                str(file), f"has the ending {ending!r}; RDF files end in ttl, nt, nq, trig, jsonld, rdf or n3"
            )
        name = terms.graph_name(self.base, path.name) if graph is None else terms.absolute(self.base, graph)
        self._index.doubt()
        try:
            with path.open("rb") as stream:
                self.store.load(stream, rdf_format, self.base, name)
        except (SyntaxError, ValueError) as error:
            raise ReadError(str(file), f"is not valid RDF: {' '.join(str(error).split())}") from error
        except OSError as error:
            raise ReadError(str(file), f"can't be read ({(error.strerror or str(error)).lower()})") from error
        return name.value

    def query(self, sparql: str, *, default_graph: str = "union", shape: str | None = None) -> Answer:
        """Ask in SPARQL: rows, triples or a truth value, as pyoxigraph gives them; all can be serialized.

        The prefixes of `kg.rdf.vocabulary.PREFIXES` need no declaration, and relative IRIs begin with the base. The
        default graph is the `union` of all graphs, or only the `unnamed` one. Nothing outside the graph is reached.
        `?s text:query ("words" 10)` searches as `search` does. With the `shape` "wikibase", the query is one for
        Wikidata, and the graph is put into that form for it. Raises `QueryError`.
        """
        if shape is not None:
            return self._shaped(shape).query(sparql)
        if default_graph not in ("union", "unnamed"):
            raise UsageError(f"The default graph is 'union' or 'unnamed', not {default_graph!r}.")
        union = default_graph == "union"

        def run(text: str, prefixes: Mapping[str, str]) -> Answer:
            return self.store.query(text, base=self.base, prefixes=prefixes, union=union)

        return pattern.answer(run, sparql, self._search, base=self.base, prefixes=self.prefixes, union=union)

    def update(self, sparql: str) -> None:
        """Run a SPARQL update as one transaction, in which words may be searched, too. Raises `QueryError`."""
        text = pattern.expand(sparql, self._search, base=self.base, prefixes=self.prefixes, union=False)
        self._index.expect(texts.of_update(text, self.base, self.prefixes))
        self.store.update(text, base=self.base, prefixes=self.prefixes)

    def optimize(self) -> None:
        """Rewrite the files for queries and searches, without what was deleted. Worth it after much has changed."""
        self.store.optimize()
        hits.clean(self._index, self.store)

    def export(
        self,
        file: str | Path | IO[bytes],
        format: str | None = None,
        *,
        shape: str | None = None,
        min_confidence: float | None = None,
    ) -> None:
        """Write the graph to a file, or to an open binary one: Turtle, N-Quads, JSON-LD … (`kg.export.exporters()`).

        The format is that of the file's ending unless named. Equal graphs give equal bytes. The `shape` "wikibase" is
        that of Wikidata, for formats of RDF. Formats of statements for others leave out what is less sure than
        `min_confidence`.
        """
        source = self if shape is None else self._shaped(shape)
        if isinstance(file, str | Path):
            export.to_file(source, file, format, min_confidence)
        else:
            export.to_stream(source, file, format, min_confidence)

    def _shaped(self, shape: str) -> Wikibase:
        """Raises `UsageError` where there is no such shape."""
        from kg.wikibase import shaped

        if shape != shaped.NAME:
            raise UsageError(f"There is no shape {shape!r} beside the graph's own; there is {shaped.NAME!r}.")
        return shaped.Wikibase(self, self.base, self.read_on)

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: GraphName | None = None
    ) -> Iterator[Quad]:
        """The quads with these terms, where None stands for any; in no particular order."""
        return self.store.match(subject, predicate, value, graph)

    def read_on(self, article: str) -> str | None:
        """The day (UTC) on which the article of this identifier was read; None where nobody knows."""
        return self._ledger.read_on(article)

    def quads(self) -> Iterator[Quad]:
        """All quads, in no particular order."""
        return self.store.match(None, None, None)

    def show(self, name: str) -> tuple[EntityFacts, ...]:
        """What is known of the entities that are called `name`, or that have it as their IRI; the best known first."""
        return self.facts.show(name)

    def search(self, words: str, limit: int = 20) -> tuple[Found, ...]:
        """What is called so or says so: entities by name, articles by title, sentences; the best first.

        `words` must all be there, in any form of theirs; docs/how-to/search.md has what else can be written.
        """
        return found.find(self.facts, self._search, words, limit)

    def ask(self, question: str) -> Reply:
        """The answer to a question in plain English, with the SPARQL that it became and the facts that show it.

        A question that is not understood gets a reply that says so; docs/how-to/ask.md has what can be asked.
        """
        from kg.ask.answers import Asking

        return Asking(self.facts, self.store, self._search, self.base).ask(question)

    def _repr_html_(self) -> str:
        from kg import notebook

        rows = self.store.query(
            "SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type",
            base=self.base, prefixes=self.prefixes, union=True,
        )  # fmt: skip
        assert isinstance(rows, QuerySolutions)
        counts = {row[0]: int(row[1].value) for row in rows if isinstance(row[1], Literal)}
        names = {v.ARTICLE: "articles", v.STATEMENT: "facts"}
        names |= {NamedNode(one.iri): one.label for one in self._ontology.types.values()}
        kinds = {label: counts[term] for term, label in names.items() if term in counts}
        return notebook.overview(str(self.path or "in memory"), kinds)

    @property
    def _search(self) -> Search:
        return Search(self._index, self.store, self._complete)

    def _complete(self) -> None:
        """See to it that the index has all texts of the store."""
        if self._is_shared:
            self._index.doubt()
        hits.complete(self._index, self.store)

    @property
    def facts(self) -> Facts:
        """Entities, articles and statements as structures, for pages and tables."""
        return Facts(self.store, self._shape, self._ontology, self._ledger.redirect)

    @property
    def rdflib(self) -> Dataset:
        """The same store as an `rdflib.Dataset`, whose default graph is the union of all graphs.

        Raises `UsageError` for a store that is not the embedded one.
        """
        if not isinstance(self.store, EmbeddedStore):
            raise UsageError("rdflib works on the embedded store; for another one it has stores of its own.")
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        # What is written through it goes past the index.
        self._is_shared = True
        self._index.doubt()
        return Dataset(store=OxigraphStore(store=self.store.engine), default_union=True)


def _settings(
    extractors: Sequence[str] | None,
    model: Path | None = None,
    min_confidence: float | None = None,
    service: Service | None = None,
    keep_text: bool = True,
    linking: Linking | None = None,
) -> Settings:
    import kg.extract
    import kg.link
    from kg.pipeline import Settings

    return Settings(
        tuple(extractors or kg.extract.DEFAULT),
        model=model,
        least=min_confidence,
        service=service,
        keeps_text=keep_text,
        linking=linking or kg.link.DEFAULT,
    )
