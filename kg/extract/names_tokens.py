"""Cuts a text into tokens, once: which of them a name can begin with, which are pronouns, which open a nominal."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache

from kg.extract.names_small import find_small
from kg.extract.names_words import NameWords
from kg.link.aliases import AliasIndex
from kg.model import Document

Token = tuple[int, int, str]
"""Start, end and text; a possessive "'s" after a capitalized word is not part of it."""

# It begins with one set of characters, to which `re` skips.
_WORD = r"[^\W_](?:(?<=[A-Z])\.(?:[A-Z]\.)+|\w*+(?:[.'’&+@/-](?=[^\W_])\w++)*+(?:\+\+|[#+](?!\w))?)"
_TOKEN = re.compile(_WORD)
_TOKEN_OR_ADDRESS = re.compile(rf"(?:https?://|www\.)\S+|[\w.+-]{{1,64}}@[\w-]{{1,64}}\.[\w.]+|{_WORD}")
_ADDRESS = ("://", "www.", "@")
"""What any address holds: a text without needs no look for addresses."""
_CLITIC = re.compile(r"['’](s|m|d|ve|re|ll|t)$")
_SUFFIX = re.compile(r"-([a-z]+)$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_PREFIX = re.compile(r"([a-z]+)-(?=[A-Z])")
_FRESH = re.compile(r"[:\"“”‘«•*—–|\n]|^'|\s'")
"""Between two tokens: what makes the next capital letter as little telling as one at a sentence's start."""


_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_PLAIN, _PRONOUN, _DETERMINER, _NAME = range(4)
"""What a word in small letters is: only a word, one of the lists', or a name of the index that is written so."""


@lru_cache(maxsize=4)
def _kinds(aliases: AliasIndex, words: NameWords) -> tuple[dict[str, int], frozenset[str]]:
    """What each known word in small letters is, and those that with a capital letter may still be no name."""
    kinds = dict.fromkeys((word for word in aliases.lowercase if word.islower()), _NAME)
    for word in words.common:
        if word.islower():
            kinds[word] = _PRONOUN if word in words.pronouns else _DETERMINER if word in words.determiners else _PLAIN
    return kinds, frozenset(word.lower() for word in (*words.pronouns, *words.determiners))


class Tokens:
    """The tokens of a document.

    `all` are the tokens, `capitals` the numbers of those that a name can consist of, `pronouns` the places of
    pronouns, `determiners` the numbers of tokens such as "the".
    """

    def __init__(self, document: Document, aliases: AliasIndex, words: NameWords, cues: Mapping[str, str]) -> None:
        self.text = document.text
        self.all: list[Token] = []
        self.capitals: list[int] = []
        self.pronouns: list[tuple[int, int]] = []
        self.determiners: list[int] = []
        self._sentences = [span.start for span in document.sentences]
        self._aliases = aliases
        self._words = words
        self._headlines: dict[int, bool] = {}
        self._tokenize(cues)

    def _tokenize(self, cues: Mapping[str, str]) -> None:
        text, tokens, capitals, words = self.text, self.all, self.capitals, self._words
        kinds, closed = _kinds(self._aliases, words)
        rare: list[int] = []
        token = _TOKEN_OR_ADDRESS if any(sign in text for sign in _ADDRESS) else _TOKEN
        for number, match in enumerate(token.finditer(text)):
            word = match[0]
            start, end = match.span()
            kind = kinds.get(word)
            if kind is None:
                if word.islower():
                    if len(word) > 2:
                        rare.append(number)
                        self._contracted(word, start)
                elif word[0].isdigit() and (word.isdigit() or not any(map(str.isupper, word))):
                    if _CLITIC.search(word):
                        word, end = word[:-2], end - 2
                else:
                    if not word.isalnum():
                        start, end = self._trimmed(word, start, end)
                        word = text[start:end]
                    if start == end:
                        word = match[0].lower()
                        start, end = match.span()
                        self._contracted(word, start)
                    elif not word.islower():
                        low = word.lower()
                        if low not in closed:
                            capitals.append(number)
                        elif (low in words.pronouns or word in words.pronouns) and word not in words.demonyms:
                            self.pronouns.append((start, end))
                        else:
                            capitals.append(number)
                            if low in words.determiners:
                                self.determiners.append(number)
            elif kind:  # not plain, as most words are
                if kind == _PRONOUN:
                    self.pronouns.append((start, end))
                elif kind == _DETERMINER:
                    self.determiners.append(number)
                else:
                    capitals.append(number)
            tokens.append((start, end, word))
        written_small = find_small(text, tokens, rare, self._sentences, cues, words.naming)
        if written_small:
            capitals.extend(number for number in rare if tokens[number][2] in written_small)
            capitals.sort()

    def _contracted(self, word: str, start: int) -> None:
        """Note the pronoun in "it's", "they’ve", "I'm"."""
        clitic = _CLITIC.search(word)
        if not clitic:
            return
        stem, pronouns = self.text[start : start + clitic.start()], self._words.pronouns
        if stem.lower() in pronouns or stem in pronouns:
            self.pronouns.append((start, start + clitic.start()))

    def _trimmed(self, word: str, start: int, end: int) -> tuple[int, int]:
        """The part of a token with a capital letter that can be a name; an empty range where none can."""
        if "_" in word or "://" in word or "@" in word[1:] or word.startswith("www."):
            return start, start
        clitic = _CLITIC.search(word)
        if clitic:
            if clitic[1] != "s":
                stem = word[: clitic.start()].lower()
                return (start, start) if stem in self._words.openers or stem[-1:] == "n" else (start, end)
            end -= 2
        elif word[0].islower():
            prefix = _PREFIX.match(word)
            if prefix and prefix[1] in self._words.prefixes:
                start += prefix.end()
                if self.text[end : end + 1] == "." and _INITIALS.fullmatch(self.text, start, end):
                    end += 1
        if "-" in word or "/" in word:
            if word.partition("-")[0].lower() in self._words.prefixes and word[1:].islower():
                return start, start
            known = self.text[start:end] in self._aliases
            while not known and (suffix := _SUFFIX.search(self.text[start:end])):
                if suffix[1] not in self._words.common and suffix[1] != "based":
                    break
                end = start + suffix.start()
            slash = self.text.find("/", start, end)
            if not known and slash > 0 and self.text[slash + 1].islower():
                end = slash
        return start, end

    def sentence(self, position: int) -> int:
        """The number of the sentence that holds the position."""
        return bisect_right(self._sentences, position) - 1

    def is_fresh(self, token: int) -> bool:
        """Whether the token opens a sentence, a quotation, a line, or stands in a headline."""
        if token == 0:
            return True
        start = self.all[token][0]
        before = self.all[token - 1][1]
        sentence = bisect_right(self._sentences, start) - 1
        if before <= self._sentences[sentence]:
            return True
        gap = self.text[before:start]
        return (gap != " " and _FRESH.search(gap) is not None) or self.headline(sentence)

    def headline(self, sentence: int) -> bool:
        """Whether most words of the sentence are capitalized, as in a headline."""
        known = self._headlines.get(sentence)
        if known is None:
            start = self._sentences[sentence]
            end = self._sentences[sentence + 1] if sentence + 1 < len(self._sentences) else len(self.text)
            known = self.text[start:end].rstrip(" \n\"”’'")[-1:] not in ".!?"
            if known:
                long = _LONG_WORD.findall(self.text, start, end)
                known = len(long) > 3 and sum(word[0].isupper() for word in long) > 0.7 * len(long)
            self._headlines[sentence] = known
        return known
