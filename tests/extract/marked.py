"""Sentences with their mentions marked, for the tests of the extractor.

[Ada Park|Person] founded [Orbit|Organization] in [May 2006=2006-05|Date].
"""

from __future__ import annotations

import re

from kg.model import Document, Mention, MentionKind, Span

_MARK = re.compile(r"\[([^\]|=]+)(?:=([^\]|]+))?\|(\w*)\]")
_LITERALS = {"Date", "Title", "Amount", "Version", "URL", "Degree"}
_PRONOUNS = {"he", "she", "it", "his", "her", "its", "they", "their", "we", "our", "i", "him"}


def read(marked: str) -> tuple[Document, list[Mention]]:
    """The sentence without its marks as a document, and its mentions."""
    text, place, mentions = "", 0, []
    for mark in _MARK.finditer(marked):
        text += marked[place : mark.start()]
        kind: MentionKind = "literal" if mark[3] in _LITERALS else "name"
        if mark[1].lower() in _PRONOUNS:
            kind = "pronoun"
        elif mark[1].split()[0] in ("the", "its"):
            kind = "nominal"
        mentions.append(Mention(len(text), len(text) + len(mark[1]), mark[3], kind, mark[1], mark[2] or mark[1]))
        text += mark[1]
        place = mark.end()
    text += marked[place:]
    return Document("0", text, (Span(0, len(text)),)), mentions
