"""Queries to begin with, shown on the pages: those of `data/queries`, each with the question that it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

_FORM = re.compile(r"^(?:ask|construct|select)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the query that asks it.

    `view` is how the page at `/sparql` shows the answer best: as a "table", "chart", "timeline" or "graph".
    """

    question: str
    query: str
    view: str = "table"

    @property
    def form(self) -> str:
        """What kind of query it is: "ask", "construct" or "select", the first of these words that begins a line."""
        found = _FORM.search(self.query)
        assert found is not None, self.query
        return found[0].lower()


def read(text: str) -> Example:
    """An example as a file has it: the question as a comment, maybe the view as another one, and the query."""
    question, rest = text.removeprefix("# ").split("\n", 1)
    view = "table"
    if rest.startswith("# "):
        view, rest = rest.removeprefix("# ").split("\n", 1)
    return Example(question, f"# {question}\n{rest.strip()}", view)


def _all(folder: str) -> tuple[Example, ...]:
    found = sorted(files("newsgraph_data").joinpath("queries", folder).iterdir(), key=lambda file: file.name)
    return tuple(read(file.read_text(encoding="utf-8")) for file in found)


QUERIES = _all("news")
"""Those that the graph answers."""
WIKIBASE = _all("wikidata")
"""Those that it answers in Wikibase's form."""
