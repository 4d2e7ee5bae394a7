"""Where names stand in a text, by their shape: capital letters, the words that join them, the alias index.

The text is cut into tokens once. Only where a token has a capital letter, or is a name of the index that is written
small, anything else is asked. Neighbouring tokens form a run ("Meta CEO Mark Zuckerberg and the Bank of England"),
and a run is cut into names at titles, at peoples' adjectives and at joining words that belong to no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.extract.names_tokens import Tokens
from kg.extract.names_words import NameWords
from kg.link.aliases import AliasIndex
from kg.model import Document

LICENSE_VERSION = re.compile(
    r",? (?:(?:version |v)?\d(?:\.\d)?)(?:,? or (?:any )?(?:later|newer)(?: version)?)?(?![\w.]\w)"
)


_LONGEST = 24
"""Tokens of a run, beyond which it is cut: no name is as long."""
_SPLITTING = ("and", "in", "for", "of")
_SPLITTING_SET = frozenset(_SPLITTING)
"""The joining words at which a run is cut, in this order."""
_KNOWN, _WELL_KNOWN = 0.05, 0.3
"""How well known a name must be (`Shapes.known`) to be taken whole, and to be taken in spite of a common first word."""


@dataclass(slots=True)
class Name:
    """A name in the text. `first` and `last` are its tokens; `fresh` tells that its capital letter may be due to its
    place; `title` that a title stands before it; `people` that it is an adjective of a people, or "US"."""

    start: int
    end: int
    text: str
    first: int
    last: int
    fresh: bool = False
    title: bool = False
    people: bool = False


class Shapes:
    """The names of one document; `names` once made, `tokens` for whoever looks at what stands beside them.

    `short_forms` maps a common word that is used as a name to the longer name that it stands for.
    """

    def __init__(self, document: Document, aliases: AliasIndex, words: NameWords, cues: Mapping[str, str]) -> None:
        self.text = document.text
        self.aliases = aliases
        self.words = words
        self.cues = cues
        self.read = Tokens(document, aliases, words, cues)
        self.tokens = self.read.all
        self.short_forms: dict[str, str] = {}
        self._found: list[Name] = []
        self._runs()
        self.names = self._settle()

    # ------------------------------------------------------------------ runs

    def _runs(self) -> None:
        capitals = self.read.capitals
        is_capital = frozenset(capitals)
        position, done = 0, -1
        while position < len(capitals):
            first = capitals[position]
            position += 1
            if first <= done:
                continue
            following: int | None = first
            while following is not None:
                last = following
                following = self._extends(first, last, is_capital) if last - first < _LONGEST else None
            last = self._known_end(first, last)
            done = last
            self._split(first - self._number_before(first, last), last)

    def _number_before(self, first: int, last: int) -> int:
        """1 where a number before the run belongs to the name ("451 Research"), else 0."""
        tokens = self.tokens
        if not first or not tokens[first - 1][2].isdigit() or self.text[tokens[first - 1][1] : tokens[first][0]] != " ":
            return 0
        if self._slice(first - 1, last) in self.aliases:
            return 1
        number = int(tokens[first - 1][2])
        ending = "Organization" in self.words.endings.get(tokens[first][2], ())
        return int(first == last and ending and not 31 < number < 100 and not 1500 < number < 2100)

    def _extends(self, first: int, last: int, is_capital: frozenset[int]) -> int | None:
        """The token up to which the run goes on after `last`, or None where it ends."""
        tokens, text = self.tokens, self.text
        following = last + 1
        if following >= len(tokens):
            return None
        start, end, word = tokens[following]
        previous = tokens[last][2]
        gap = text[tokens[last][1] : start]
        if gap == " " or gap == "\xa0":
            if following in is_capital:
                was_plain = self._plain(last)
                apart = self._plain(following) != was_plain and (was_plain or word not in self.words.endings)
                return None if apart and self.read.headline(self.read.sentence(start)) else following
            if word in self.words.particles or (word in self.words.joiners and word not in self.words.determiners):
                return self._across(following, is_capital)
            if word.isdigit():
                known = any(text[tokens[start][0] : end] in self.aliases for start in range(first, following))
                return following if known or (len(word) < 3 and self._is_product(first, last)) else None
            return None
        if following not in is_capital:
            return following + 1 if self._is_nickname(gap, following, is_capital) else None
        if gap == ". " and (len(previous) == 1 or previous in self.words.abbreviations):
            same = self.read.sentence(start) == self.read.sentence(tokens[last][0])
            return following if same and (len(previous) == 1 or previous not in self.words.company_forms) else None
        if gap in (" & ", " + ", " / ") or (gap in (", ", "., ", ".,") and word in self.words.company_forms):
            return following
        if gap == " (" and self._is_company_form(following + 1) and text.startswith(") ", end):
            return following
        if gap == ") " and text[tokens[last][0] - 1] == "(" and last > first and word in self.words.company_forms:
            return following
        if gap in ("'s ", "’s ") and self._ends_as_company(following, is_capital):
            return following
        if gap in (' "', " “", " '", " ‘") and text[end : end + 2] in ('" ', "” ", "' ", "’ "):
            return following
        if gap in ('" ', "” ", "' ", "’ ") and text[tokens[last][0] - 1] in '"“‘' + "'" and last > first:
            return following
        return None

    def _is_company_form(self, token: int) -> bool:
        return token < len(self.tokens) and self.tokens[token][2] in self.words.company_forms

    def _ends_as_company(self, first: int, is_capital: frozenset[int]) -> bool:
        """Whether the capitalized words from `first` on end in the form of a company: "Sotheby's Realty LLC"."""
        for token in range(first, first + 5):
            if token not in is_capital or (
                token > first and self.text[self.tokens[token - 1][1] : self.tokens[token][0]] not in (" ", ", ")
            ):
                return False
            if self._is_company_form(token):
                return True
        return False

    def _is_nickname(self, gap: str, token: int, is_capital: frozenset[int]) -> bool:
        """Whether a word in small letters is a nickname within a name: Andrew "bunnie" Huang."""
        if gap not in (' "', " “") or token + 1 not in is_capital:
            return False
        return self.text[self.tokens[token][1] : self.tokens[token + 1][0]] in ('" ', "” ")

    def _is_product(self, first: int, last: int) -> bool:
        return any(kind == "Product" for kind, _ in self.aliases.types(self._slice(first, last))[:1])

    def _plain(self, token: int) -> bool:
        """Whether the token is a common word or an opener, small letters or not."""
        low = self.tokens[token][2].lower()
        return low in self.words.common or low in self.words.openers

    def _across(self, joiner: int, is_capital: frozenset[int]) -> int | None:
        """The capitalized token after one or two joining words that start at `joiner`."""
        tokens, text = self.tokens, self.text
        for following in (joiner + 1, joiner + 2):
            if following >= len(tokens) or text[tokens[following - 1][1] : tokens[following][0]] != " ":
                return None
            if following in is_capital:
                return following
            if tokens[following][2] not in self.words.joiners and tokens[following][2] not in self.words.particles:
                return None
        return None

    def _known_end(self, first: int, last: int) -> int:
        """A name of the index that starts with the run and goes beyond it ("University of California, San Diego")."""
        start, end = self.tokens[first][0], self.tokens[last][1]
        for known in self.aliases.prefixes(self.text, start, end):
            stop = start + len(known)
            if " " in known:
                if "," in known and self.aliases.types(known)[0][0] == "Place":
                    continue
                while last + 1 < len(self.tokens) and self.tokens[last + 1][1] <= stop:
                    last += 1
                if self.tokens[last][1] >= stop - 1:
                    return last
                break
        return last

    # ------------------------------------------------------------------ from runs to names

    def _slice(self, first: int, last: int) -> str:
        return self.text[self.tokens[first][0] : self.tokens[last][1]]

    def _split(self, first: int, last: int) -> None:
        """Cut a run at the joining words that belong to no name."""
        if first > last:
            return
        if first == last:
            self._segment(first, last)
            return
        whole = self._slice(first, last)
        if whole in self.aliases:
            self._segment(first, last)
            return
        if " & " in whole:
            for at in range(first, last):
                gap = self.text[self.tokens[at][1] : self.tokens[at + 1][0]]
                if gap == " & " and self._two_programs(first, at, last):
                    self._split(first, at)
                    self._split(at + 1, last)
                    return
        inner = [self.tokens[at][2] for at in range(first + 1, last)]
        for joiner in _SPLITTING if not _SPLITTING_SET.isdisjoint(inner) else ():
            for at, word in enumerate(inner, first + 1):
                if word == joiner and not self._joins(first, at, last, joiner):
                    self._split(first, at - 1)
                    after = at + 1
                    while after < last and self.tokens[after][2] in self.words.joiners:
                        after += 1
                    self._split(after, last)
                    return
        if self.tokens[last][2] in self.words.joiners:
            last -= 1
        self._segment(first, last)

    def _two_programs(self, first: int, at: int, last: int) -> bool:
        """Whether "&" at the token stands between two programs, and not within one company's name."""
        sides = self.aliases.types(self._slice(first, at)), self.aliases.types(self._slice(at + 1, last))
        return any(known and known[0][0] == "Software" for known in sides)

    def _joins(self, first: int, at: int, last: int, joiner: str) -> bool:
        """Whether the joining word at token `at` belongs to one name that spans `first` to `last`."""
        head = self.tokens[at - 1][2]
        if joiner == "of":
            return head in self.words.of_heads and not (last > at + 2 and self._is_organization(last))
        if joiner == "for":
            return head in self.words.for_heads
        if joiner == "and":
            left = [self.tokens[token][2] for token in range(first, at)]
            right = [self.tokens[token][2].lower() for token in range(at + 1, last + 1)]
            plain = all(word in self.words.common for word in right)
            if "of" in left or "for" in left:
                return plain
            # "Baltimore Gas and Electric Company"
            kinds = self.words.endings.get(self.tokens[last][2], frozenset())
            is_department = len(right) > 1 and "Organization" in kinds and left[-1].lower() in self.words.common
            return plain and is_department and len(left) > 1 and self._slice(at + 1, last) not in self.aliases
        return False

    def _is_organization(self, last: int) -> bool:
        return "Organization" in self.words.endings.get(self.tokens[last][2], ())

    def _segment(self, first: int, last: int) -> None:
        """Cut what has no joining words at peoples' adjectives and titles, and keep what is left as a name."""
        words, title = self.words, False
        if first == last:
            if self.tokens[first][2] not in words.titles:
                self._keep(first, last, title)
            return
        is_position = self._is_position(first, last)
        whole = self._slice(first, last)
        known = self.aliases.types(whole)
        if known and self.known(whole) >= _KNOWN and (not is_position or known[0][0] == "Software"):
            self._keep(first, last, title)
            return
        if is_position:
            return
        while first < last and self.tokens[last][2] in words.times:
            last -= 1
        while first < last:
            two = self._slice(first, first + 1)
            word = self.tokens[first][2]
            if two in words.demonyms and last > first + 1:
                self._keep(first, first + 1, False)
                first += 2
            elif word in words.demonyms and self._people_apart(first, last):
                self._keep(first, first, False)
                first += 1
            elif word.lower() in words.determiners and self._is_parent(first + 1, last):
                first += 1
            elif self._is_parent(first, last):
                self._keep(first, first, title)
                first += 1
            elif self._is_title(first, last, title):
                title = True
                first += 1
            elif word in words.times and self.tokens[first + 1][2].isdigit():
                return
            elif word in words.times or (word in words.nothing and not self._is_organization(last)):
                first += 1
            else:
                break
        for at in range(first + 1, last + 1):
            if self.tokens[at][2] in words.demonyms and at < last and self._is_title(at + 1, last, False):
                self._keep(first, at - 1, title)
                self._segment(at, last)
                return
            if self._is_title(at, last, False) and (
                self.tokens[at][2] not in words.weak_titles
                or (at < last and self.tokens[at + 1][2] in words.titles)
                or (at == last and (self._is_organization(at - 1) or self.known(self._slice(first, at - 1)) >= _KNOWN))
            ):
                self._keep(first, at - 1, title)
                self._segment(at, last)
                return
        if first == last and self.tokens[first][2] in words.titles and not (title and self._is_surname(first)):
            return
        self._keep(first, last, title)

    def _is_surname(self, token: int) -> bool:
        """Whether a word that can be a title is a name here, after another title: "Mr King", not "Vice President"."""
        return self.tokens[token][2] in self.words.weak_titles and self.tokens[token - 1][2] in self.words.abbreviations

    def _is_parent(self, first: int, last: int) -> bool:
        """Whether the first word is the acronym of an organization, and the rest a body of it or an acronym."""
        acronym, end = self.tokens[first][2], self.tokens[last][2]
        if not (acronym.isupper() and acronym.isalpha() and 1 < len(acronym) < 7):
            return False
        known = self.aliases.types(acronym)[:1]
        if not any(kind == "Organization" and weight >= _WELL_KNOWN for kind, weight in known):
            return False
        return (last > first + 1 and end in self.words.bodies) or (
            last == first + 1 and end.isupper() and end.isalpha()
        )

    def _is_position(self, first: int, last: int) -> bool:
        """Whether there are only words of a title: "Vice President", "Board Chair", "Release Manager"."""
        tokens, titles, common = self.tokens, self.words.titles, self.words.common
        if tokens[last][2] not in titles:
            return False
        texts = [tokens[token][2] for token in range(first, last)]
        return all(text in titles or text.lower() in common for text in texts)

    def _people_apart(self, first: int, last: int) -> bool:
        """Whether the adjective of a people at `first` is no part of the name: "German Chancellor Angela Merkel"."""
        rest = self.tokens[first + 1][2]
        return (
            rest in self.words.titles
            or rest in self.words.given_names
            or (self.tokens[last][2] not in self.words.endings and self._slice(first + 1, last) in self.aliases)
            or (last > first + 1 and "Award" in self.words.beginnings.get(rest, ()))
        )

    def _is_title(self, at: int, last: int, after_title: bool) -> bool:
        word = self.tokens[at][2]
        if word not in self.words.titles:
            return False
        if word not in self.words.weak_titles or at == last or after_title:
            return True
        following = self.tokens[at + 1][2]
        return following in self.words.given_names or following in self.words.titles

    def _keep(self, first: int, last: int, title: bool) -> None:
        start, end = self.tokens[first][0], self.tokens[last][1]
        text = self.text[start:end]
        if text in self.words.times or text in self.words.nothing:
            return
        if text not in self.words.demonyms and not title:
            last, end = self._with_tail(first, last, end)
            text = self.text[start:end]
        fresh = not title and self.read.is_fresh(first)
        self._found.append(Name(start, end, text, first, last, fresh, title, text in self.words.demonyms))

    def _means_place(self, token: int) -> bool:
        """Whether the adjective of a people says where a person is from ("British mathematician", "Hungarian-born").

        On anything else ("the British embassy") it names no place that a fact could be about.
        """
        word = self.tokens[token][2]
        if not word[1:].islower():
            return True
        end = self.tokens[token][1]
        if self.text.startswith(("-born", "-based"), end):
            return True
        for following in range(token + 1, min(token + 5, len(self.tokens))):
            start, stop, after = self.tokens[following]
            gap = self.text[end:start]
            if gap not in (" ", "-", " and ", ", ") or (gap == ", " and following == token + 1):
                return False
            if self.cues.get(after) == "Person" or after.capitalize() in self.words.titles:
                return True
            if after in self.words.given_names:
                return True
            end = stop
        return False

    def _with_tail(self, first: int, last: int, end: int) -> tuple[int, int]:
        """A name with what follows it: "the Inria foundation", "GPL version 2 or later", the full stop of "Inc."."""
        tokens, text = self.tokens, self.text
        following = text[end : end + 1]
        if following == " ":
            known = self.aliases.types(text[tokens[first][0] : end].removeprefix("The "))
            for length in (2, 1):
                tail = last + length
                if tail < len(tokens) and text[end + 1 : tokens[tail][1]] in self.words.tails:
                    return (last, end) if known and known[0][0] == "Organization" else (tail, tokens[tail][1])
            version = LICENSE_VERSION.match(text, end) if known and known[0][0] == "License" else None
            return last, version.end() if version else end
        if following == "." and text[tokens[first][0] : end + 1] in self.aliases:
            return last, end + 1
        if following == "." and tokens[last][2] in self.words.abbreviations:
            after = tokens[last + 1][0] if last + 1 < len(tokens) else len(text)
            if first < last and after < len(text) and self.read.sentence(after) == self.read.sentence(end):
                return last, end + 1
        return last, end

    # ------------------------------------------------------------------ capitals that are due to their place

    def _settle(self) -> list[Name]:
        """Drop and trim names whose first capital is due to its place, by what the rest of the document shows."""
        sure = {name.text for name in self._found if not name.fresh}
        return [kept for name in self._found if (kept := self._trim(name, sure)) is not None]

    def _trim(self, name: Name, sure: set[str]) -> Name | None:
        if not name.fresh and not name.people:
            return name
        word = self.tokens[name.first][2]
        low = word.lower()
        while name.text not in sure and name.fresh and (low in self.words.openers or low in self.words.common):
            known = self.known(name.text)
            opener, single = low in self.words.openers, name.first == name.last
            enough = _WELL_KNOWN if opener or single else _KNOWN
            if known >= enough and low not in self.words.determiners and not (opener and single):
                break
            if single:
                return self._short_form(name, sure)
            rest = self._slice(name.first + 1, name.last)
            if (
                low not in self.words.openers
                and rest not in sure
                and self.known(rest) < _KNOWN
                and self.tokens[name.first + 1][2] not in self.words.given_names
            ):
                break
            first = name.first + 1
            if self.tokens[first][2] in self.words.joiners:
                return None
            name = Name(self.tokens[first][0], name.end, rest, first, name.last, name.fresh)
            word = self.tokens[first][2]
            low = word.lower()
            name.people = rest in self.words.demonyms
            if rest in self.words.times:
                return None
        return None if name.people and not self._means_place(name.last) else name

    def _short_form(self, name: Name, sure: set[str]) -> Name | None:
        """A common word that opens a sentence, where it is the last word of a name: "Stream" after "CentOS Stream"."""
        following = name.last + 1
        kinds = self.words.endings.get(name.text, frozenset())
        if (
            kinds <= {"Software"}
            and following < len(self.tokens)
            and self.text[name.end : self.tokens[following][0]] == " "
            and self.tokens[following][2].islower()
        ):
            ending = " " + name.text
            longer = [other for other in sure if other.endswith(ending)]
            if longer:
                self.short_forms[name.text] = min(longer)
                return name
        return None

    def known(self, text: str) -> float:
        """How well known the index's things of that name are, types of the ontology only."""
        # Sorted by weight: the first that has a type of the ontology.
        for kind, weight in self.aliases.types(text):
            if kind:
                return weight
        return 0.0
