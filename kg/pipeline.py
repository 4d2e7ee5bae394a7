"""Puts the steps together: from inputs to the facts of articles, in this process or over several."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import kg.extract
import kg.link
import kg.read
import ontology
from kg.confidence import Calibration
from kg.errors import NewsgraphError, ReadError, ServiceError
from kg.extract.learned.folder import describe, fingerprint, packaged
from kg.extract.llm.service import Service
from kg.link.aliases import AliasIndex
from kg.link.settings import Linking, identity
from kg.model import ArticleFacts, Document, Extraction
from kg.resolve import resolve
from kg.statements import check
from kg.store.ledger import Digests, Ledger

_CHUNK = 16
"""How many inputs go to another process at a time."""
_AHEAD = 4
"""How many chunks for each process are read before they are stored."""


@cache
def _knowledge() -> str:
    """Stands for this program and its ontology: another one may read more in the same article."""
    words = b"".join(path.read_bytes() for path in (ontology.FILE, *sorted(ontology.FILE.parent.rglob("*.toml"))))
    return version("newsgraph") + blake2b(words, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Settings:
    """How articles are read; can be sent to another process.

    `extractors` are names of the entry-point group `kg.extractors`, and `model` the folder of another network than the
    package's. `service` is what the extractor `llm` asks, where it is None the one that the environment describes. Facts
    of a confidence below `least` are left out, or below what the model says to be best. With another `knowledge`, every
    article is read again. Unless it `keeps_text`, the graph gets no more of an article's text than the sentences of facts.
    `linking` says by what entities are linked.
    """

    extractors: tuple[str, ...] = kg.extract.DEFAULT
    model: Path | None = None
    least: float | None = None
    options: kg.read.Options | None = None
    knowledge: str = field(default_factory=_knowledge)
    service: Service | None = None
    keeps_text: bool = True
    linking: Linking = kg.link.DEFAULT


@dataclass(frozen=True, slots=True)
class Reading:
    """One article, as read. `facts` is None where the graph holds this very version already.

    `digest` stands for the article's content and all that decides what is read in it; None where that is not known.
    """

    article: str
    source: str | None
    digest: str | None
    words: int
    facts: ArticleFacts | None


def read_article(document: Document, settings: Settings | None = None) -> ArticleFacts:
    """All that one article says: a function of the article alone, whose result can be pickled.

    Raises `UsageError` for an extractor that is not installed, and a model that is not there; `ReadError` where an
    extractor fails for this article.
    """
    settings = settings or Settings()
    return make_facts(document, extract(document, settings), settings)


def extract(document: Document, settings: Settings) -> list[Extraction]:
    """What each extractor finds in an article by itself."""
    extractors = kg.extract.load(settings.extractors, settings.model, settings.service)
    return [extractor.extract(document) for extractor in extractors]


def make_facts(document: Document, extractions: Sequence[Extraction], settings: Settings) -> ArticleFacts:
    """What all that the extractors found in an article comes to."""
    entities, facts = resolve(
        document, extractions, _aliases(), calibration=calibration_of(settings), least=settings.least
    )
    missed = []
    for linker in kg.link.load(settings.linking):
        try:
            entities = linker.link(document, entities)
        except ServiceError as error:
            missed.append(str(error))
    return ArticleFacts(document, entities, check(entities, facts, ontology.load()), tuple(missed))


def read_all(
    inputs: Iterable[kg.read.Input], settings: Settings, ledger: Ledger | None = None, workers: int = 1
) -> Iterator[list[Reading | ReadError]]:
    """Read inputs, for each a list of what it gave, in their order.

    What the `ledger` has in the same version is not read again. With several `workers`, in as many other processes
    (where the ledger is a file, and there are more inputs than it takes time to start them), and a bounded number of
    inputs ahead of the consumer; what is read does not depend on their number.
    """
    rest = iter(inputs)
    first = list(islice(rest, _CHUNK))
    if workers == 1 or len(first) < _CHUNK or (ledger is not None and ledger.path is None):
        for item in chain(first, rest):
            yield _read_input(item, settings, ledger)
        return
    chunks = chain(first, rest)
    running: deque[Future[list[list[Reading | ReadError]]]] = deque()
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    path = None if ledger is None else ledger.path
    with ProcessPoolExecutor(workers, context, _start_worker, (path,)) as pool:
        try:
            while True:
                while len(running) < workers * _AHEAD and (chunk := list(islice(chunks, _CHUNK))):
                    running.append(pool.submit(_read_chunk, chunk, settings))
                if not running:
                    return
                yield from running.popleft().result()
        except BrokenProcessPool as error:
            raise NewsgraphError(
                "A process that reads articles ended, perhaps for want of memory. What was stored is whole; "
                "run the same command again, with fewer workers."
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def reading(document: Document, settings: Settings, ledger: Ledger | Digests | None = None) -> Reading:
    """Read one article, unless the ledger has this very version of it."""
    if not settings.keeps_text:
        document = replace(document, keeps_text=False)
    digest = _digest(document, settings)
    is_known = ledger is not None and ledger.digest(document.id) == digest
    facts = None if is_known else read_article(document, settings)
    # What a service did not link is read again the next time.
    noted = None if facts is not None and facts.missed else digest
    return Reading(document.id, document.source, noted, len(document.text.split()), facts)


_known: Digests | None = None
"""In a worker process: what the graph holds."""


def _start_worker(ledger: Path | None) -> None:
    global _known
    # Ctrl-C goes to all processes; this one ends with the one that takes its results.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _known = None if ledger is None else Digests(ledger)


def _read_chunk(chunk: list[kg.read.Input], settings: Settings) -> list[list[Reading | ReadError]]:
    return [_read_input(item, settings, _known) for item in chunk]


def _read_input(item: kg.read.Input, settings: Settings, ledger: Ledger | Digests | None) -> list[Reading | ReadError]:
    return [
        found if isinstance(found, ReadError) else _read_document(found, settings, ledger)
        for found in kg.read.read_input(item, settings.options)
    ]


def _read_document(document: Document, settings: Settings, ledger: Ledger | Digests | None) -> Reading | ReadError:
    try:
        return reading(document, settings, ledger)
    except ReadError as error:  # an extractor failed
        return error


def _digest(document: Document, settings: Settings) -> str:
    model = fingerprint(settings.model or packaged()) if kg.extract.LEARNED in settings.extractors else ""
    if kg.extract.ASKING in settings.extractors:
        model += (settings.service or Service.of({})).identity
    how = (*settings.extractors, model, settings.least, settings.knowledge, identity(settings.linking))
    content = repr((replace(document, source=None), *how))
    return blake2b(content.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def calibration_of(settings: Settings) -> Calibration:
    """How the model's own labels weigh what is found. They say nothing of facts for which it was not asked."""
    if kg.extract.LEARNED not in settings.extractors:
        return Calibration({})
    found = describe(settings.model or packaged())
    return Calibration(found.calibration, found.thresholds["confidence"])


@cache
def _aliases() -> AliasIndex:
    return AliasIndex.open()
