"""The English word lists under `ontology/english/`, and regular expressions made from them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(name: str) -> dict[str, Any]:
    """The content of `ontology/english/<name>.toml`. Shared: do not change what it returns."""
    return tomllib.loads(files("ontology").joinpath("english", f"{name}.toml").read_text(encoding="utf-8"))


def initials(words: Iterable[str]) -> str:
    """A set of the characters with which the words begin. Before all else, it lets `re` pass over most of a text."""
    return f"[{''.join(sorted({re.escape(word[0]) for word in words}))}]"


def alternation(words: Iterable[str]) -> str:
    """A regular expression that matches any of the words, the longest first.

    Words that begin alike share their beginning (a trie), because `re` tries the branches of an alternation one
    after the other: with some hundred words this is ten times as fast as joining them by `|`.
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, Any]) -> str:
    parts = [re.escape(character) + _branches(child) for character, child in sorted(node.items()) if character]
    if not parts:
        return ""
    body = parts[0] if len(parts) == 1 and "" not in node else f"(?:{'|'.join(parts)})"
    return f"{body}?" if "" in node else body
