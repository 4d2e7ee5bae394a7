"""Puts the steps together: from inputs to the facts of articles, in this process or over several."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import kg.extract
import kg.link
import kg.read
import ontology
from kg.errors import NewsgraphError, ReadError
from kg.link.aliases import AliasIndex
from kg.model import ArticleFacts, Document
from kg.resolve import resolve
from kg.statements import check
from kg.store.ledger import Digests

_CHUNK = 16
"""How many inputs go to another process at a time."""
_AHEAD = 4
"""How many chunks for each process are read before they are stored."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How articles are read; can be sent to another process.

    `extractors` are names of the entry-point group `kg.extractors`. `ledger` is the file that tells what a graph
    holds already, which is not read again; None reads everything.
    """

    extractors: tuple[str, ...] = kg.extract.DEFAULT
    options: kg.read.Options | None = None
    ledger: Path | None = None


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


def read_article(document: Document, extractors: Sequence[str] = kg.extract.DEFAULT) -> ArticleFacts:
    """All that one article says: a function of the article alone, whose result can be pickled.

    Raises `UsageError` for an extractor that is not installed.
    """
    extractions = [extractor.extract(document) for extractor in kg.extract.load(extractors)]
    entities, facts = resolve(document, extractions, _aliases())
    for linker in kg.link.load():
        entities = linker.link(document, entities)
    return ArticleFacts(document, entities, check(entities, facts, ontology.load()))


def read_all(
    inputs: Iterable[kg.read.Input], settings: Settings, workers: int = 1
) -> Iterator[list[Reading | ReadError]]:
    """Read inputs, for each a list of what it gave, in their order.

    With several `workers`, in as many other processes, and a bounded number of inputs ahead of the consumer; what is
    read does not depend on their number.
    """
    if workers == 1:
        for item in inputs:
            yield _read_input(item, settings)
        return
    chunks = iter(inputs)
    running: deque[Future[list[list[Reading | ReadError]]]] = deque()
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
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


def reading(document: Document, settings: Settings) -> Reading:
    """Read one article, unless the graph holds this very version of it."""
    digest = _digest(document, settings.extractors)
    is_known = settings.ledger is not None and _digests(*_file(settings.ledger)).digest(document.id) == digest
    facts = None if is_known else read_article(document, settings.extractors)
    return Reading(document.id, document.source, digest, len(document.text.split()), facts)


def _read_chunk(chunk: list[kg.read.Input], settings: Settings) -> list[list[Reading | ReadError]]:
    return [_read_input(item, settings) for item in chunk]


def _read_input(item: kg.read.Input, settings: Settings) -> list[Reading | ReadError]:
    return [
        found if isinstance(found, ReadError) else reading(found, settings)
        for found in kg.read.read_input(item, settings.options)
    ]


def _digest(document: Document, extractors: Sequence[str]) -> str:
    content = repr((replace(document, source=None), *extractors, _version()))
    return blake2b(content.encode(errors="surrogatepass"), digest_size=16).hexdigest()


@cache
def _version() -> str:
    """Stands for this program and its ontology: another one may read more in the same article."""
    return version("newsgraph") + blake2b(ontology.FILE.read_bytes(), digest_size=16).hexdigest()


@cache
def _aliases() -> AliasIndex:
    return AliasIndex.open()


def _file(path: Path) -> tuple[Path, int, int]:
    """A path with what tells whether it is another file by now."""
    status = path.stat()
    return path, status.st_dev, status.st_ino


@lru_cache(maxsize=1)
def _digests(path: Path, device: int, inode: int) -> Digests:
    return Digests(path)
