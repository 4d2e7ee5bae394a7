"""The dataset that a request names for an update."""

from __future__ import annotations

from collections.abc import Sequence

from kg.sparql.tokens import Edit, Tokens, edited
from server.errors import BadRequest


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The same update, in which every operation with a `WHERE` uses these default and named graphs.

    SPARQL 1.1 Protocol, section 2.2.3. Raises BadRequest where the update itself names a dataset.
    """
    clauses = " ".join([*(f"USING <{iri}>" for iri in default), *(f"USING NAMED <{iri}>" for iri in named)])
    tokens = Tokens(update)
    edits = []
    for place, token in enumerate(tokens.all):
        if token.kind != "word" or tokens.around[place] >= 0:
            continue
        if token.text in ("USING", "WITH"):
            raise BadRequest(f"The update has {token.text}, and the request names a dataset; only one of them may be.")
        if token.text == "WHERE" and place > 0 and tokens.is_at(place - 1, "DELETE") and place + 1 in tokens.pairs:
            # DELETE WHERE {…} takes no USING; what it stands for does.
            end = tokens.all[tokens.pairs[place + 1]].end
            pattern = update[token.end : end]
            edits.append(Edit(token.start, end, f"{pattern} {clauses} WHERE{pattern}"))
        elif token.text == "WHERE":
            edits.append(Edit(token.start, token.start, f"{clauses} "))
    return edited(update, edits)
