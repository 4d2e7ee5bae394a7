"""What somebody writes to search, as an expression of FTS5."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.search.index import Index

WORD = re.compile(r"(?:[^\W_]|[+#])+")
"""A word of folded text, as the index takes it: so `C++` and `C#` are words."""

LONGEST = 1_000
_MOST = 50
_PART = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


def fold(text: str) -> str:
    """`text` without capitals and accents."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def expression(words: str, index: Index, *, typing: bool = False) -> str | None:
    """An expression that finds texts with all of `words`; None where there is nothing to look for.

    `"two words"` are looked for as they stand, `-word` must not be there, `word*` is the beginning of a word, `word~`
    may be misspelled, and `OR` stands between words of which one is enough. A word that no text has is taken for a
    misspelled one. While somebody is `typing`, the last word may be the beginning of one.
    """
    wanted: list[list[str]] = []
    unwanted: list[str] = []
    follows_or = False
    parts = list(_PART.finditer(words[:LONGEST]))[:_MOST]
    for place, part in enumerate(parts):
        if part["word"] == "OR":
            follows_or = bool(wanted)
            continue
        begins = typing and place == len(parts) - 1 and words.endswith(part[0])
        found = _quoted(part["phrase"]) if part["word"] is None else _word(part["word"], index, begins)
        if found is None:
            continue
        if part["minus"]:
            unwanted.append(found)
        elif follows_or:
            wanted[-1].append(found)
        else:
            wanted.append([found])
        follows_or = False
    if not wanted:
        return None
    positive = " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in wanted)
    return f"({positive}) NOT ({' OR '.join(unwanted)})" if unwanted else positive


def _quoted(text: str, star: str = "") -> str | None:
    """A phrase of FTS5, which makes words of it as it does of texts; None if it has none."""
    return '"' + text.replace('"', " ") + f'"{star}' if WORD.search(fold(text)) else None


def _word(written: str, index: Index, begins: bool) -> str | None:
    bare = written.rstrip("*~")
    ending = written[len(bare) :]
    phrase = _quoted(bare, "*" if begins or "*" in ending else "")
    folded = WORD.findall(fold(bare))
    if phrase is None or len(folded) > 1 or ("~" not in ending and index.has(phrase)):
        return phrase
    others = (_quoted(other) for other in index.near(folded[0]))
    return f"({' OR '.join([phrase, *filter(None, others)])})"
