"""What would reach beyond the graph: `SERVICE` and `LOAD`, which are refused."""

from __future__ import annotations

import re

from kg.sparql.tokens import MOST, Edit, Tokens, edited

_SUSPECT = re.compile(r"(?:SERVICE|LOAD)\b\s*(?:SILENT\b\s*)?(?:[<?$:]|\w[\w.-]{0,64}:|#)", re.IGNORECASE)
_SERVICE = (
    "SERVICE is refused: no query reaches out of the graph. Ask the other endpoint itself, or have it allowed on a server "
    "('services' in its settings)."
)
_LOAD = "LOAD is refused: no update reaches out of the graph. Load the file by 'kg load', or send its content."


def confine(text: str) -> tuple[str, str | None]:
    """The text without what reaches out, and why it is refused, if it is well-formed; None where it is not refused.

    `SERVICE SILENT` and `LOAD SILENT` become what they are where nothing can be reached: no value, no change.
    """
    small = text.lower()
    if ("service" not in small and "load" not in small) or len(text) > MOST or not _SUSPECT.search(text):
        return text, None
    tokens = Tokens(text)
    edits: list[Edit] = []
    refused = None
    for place, token in enumerate(tokens.all):
        if token.kind != "word" or token.text not in ("SERVICE", "LOAD"):
            continue
        is_silent = tokens.is_at(place + 1, "SILENT")
        target = place + 1 + is_silent
        if token.text == "LOAD" and tokens.kind(target) in ("iri", "name"):
            has_graph = tokens.is_at(target + 1, "INTO", "GRAPH") and tokens.kind(target + 3) in ("iri", "name")
            end = target + 3 if has_graph else target
            edits.append(Edit(token.start, tokens.all[end].end, "INSERT DATA {}"))
            refused = refused if is_silent else _LOAD
        elif token.text == "SERVICE" and tokens.kind(target) in ("iri", "name", "variable"):
            close = tokens.pairs.get(target + 1)
            if close is not None and tokens.is_at(target + 1, "{"):
                start = tokens.all[target].end
                edits.append(Edit(token.start, start, "OPTIONAL { FILTER(false)"))
                edits.append(Edit(tokens.all[close].end, tokens.all[close].end, " }"))
                refused = refused if is_silent else _SERVICE
    return edited(text, edits), refused
