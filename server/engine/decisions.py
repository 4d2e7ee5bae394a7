"""A decision of a person, as one change of the store."""

from __future__ import annotations

import dataclasses
import json
from contextlib import closing
from pathlib import Path

import ontology
from kg.deciding import Deciding
from kg.errors import UsageError
from kg.rdf.article import Shape
from kg.search.index import Index
from kg.store.articles import Articles
from kg.store.base import Store
from kg.store.ledger import Ledger
from kg.store.writer import Writer
from server.engine.messages import Decide


def run(store: Store, index: Index, file: Path, job: Decide) -> str:
    """Make the decision, or undo one; what was decided, in JSON. `file` is the graph's ledger.

    Raises UsageError and StoreError.
    """
    try:
        request = json.loads(job.text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The decision is no JSON: {error}.") from error
    if not isinstance(request, dict):
        raise UsageError("The decision must be an object.")
    known = ontology.load()
    shape = Shape(job.base, known)
    articles = Articles(store, shape)
    with closing(Ledger(file, job.base)) as ledger, Writer(articles, ledger, index):
        deciding = Deciding(articles, shape, known)
        told = deciding.run(request, job.author)
    return json.dumps([dataclasses.asdict(one) for one in told], ensure_ascii=False)
