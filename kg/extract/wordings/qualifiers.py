"""When, and in which role: the qualifiers that stand in the clause of a fact."""

from __future__ import annotations

import re

from kg.extract.wordings.encode import TITLE, Alphabet, Encoded
from kg.extract.wordings.grammar import Grammar
from kg.extract.wordings.patterns import Slots
from ontology import Ontology, Relation


class Binder:
    """Finds the qualifiers of a matched wording that the wording itself does not name."""

    def __init__(self, ontology: Ontology, grammar: Grammar, alphabet: Alphabet, slots: Slots) -> None:
        self._ontology = ontology
        self._grammar = grammar
        date = alphabet.literal_pattern("Date")
        words = "|".join(sorted((re.escape(w) for k in grammar.date_words.values() for w in k), key=len, reverse=True))
        stop = r'(?![,;:.!?"]\s|(?:and|but|who|which|that|after|before|when|while|where)\s)'
        self._after = re.compile(
            rf"(?:(?:{stop}\S+ ){{0,6}}?|, (?=(?:{words}) ))(?P<word>(?:{words}) )?(?:the )?(?P<date>{date}) "
        )
        self._range = re.compile(rf"(?:to|until|till|through|and|-|–) (?P<date>{date}) ")
        self._first = re.compile(
            rf"(?:^|[,;] )(?:but |and )?(?:(?P<word>{words}) )?(?:the )?(?P<date>{date}) "
            r'(?:, |morning |afternoon |evening |night )*(?:(?![,;:.!?"]\s|(?:but|who|which)\s)\S+ ){0,10}$'
        )
        self._inside = re.compile(rf"(?P<word>(?:{words}) )?(?:the )?(?P<date>{date}) ")
        self._title = re.compile(rf"(?:, )?(?:{stop}\S+ ){{0,3}}?as {slots.modifiers}(?P<title>{TITLE}) ")
        near = r'(?:(?![;:.!?"]\s|(?:and|but|who|which|that)\s)\S+ ){0,6}?'
        kinds = {q.literal_type for q in ontology.qualifiers.values() if q.literal_type}
        self._inside_of = {kind: re.compile(alphabet.literal_pattern(kind)) for kind in kinds}
        self._near = {kind: re.compile(f"{near}(?P<value>{alphabet.literal_pattern(kind)}) ") for kind in kinds}

    def title_qualifier(self, relation: Relation) -> str | None:
        """The qualifier of the relation that holds a title, if it has one."""
        return next((q for q in relation.qualifiers if self._ontology.qualifiers[q].literal_type == "Title"), None)

    def bind(
        self, s: Encoded, start: int, end: int, slots: dict[str, int], relation: Relation, default: str | None
    ) -> dict[str, int]:
        """Qualifier → position in `s.text`, for a match from `start` to `end` whose slots stand at these positions."""
        text = s.text + " "
        bound = {key: place for key, place in slots.items() if key not in ("subject", "object")}
        used = set(slots.values())
        for key, place in self._dates(text, start, end, default, used):
            if relation.literal_type == "Date" and key != "object":
                continue  # "(1926 – 2001)": a date holds at no other date.
            if (key in relation.qualifiers or key == "object") and place in s.at:
                bound.setdefault(key, place)
        for key in relation.qualifiers:
            kind = self._ontology.qualifiers[key].literal_type
            if kind is None or kind == "Date" or key in bound:
                continue
            if kind == "Title":
                found = self._title.match(text, end)
                if found and found.start("title") not in used:
                    bound[key] = found.start("title")
                continue
            near = self._near[kind].match(text, end)
            inside = self._inside_of[kind].search(text, start, end)
            place = inside.start() if inside else near.start("value") if near else -1
            if place in s.at and place not in used:
                bound[key] = place
        return bound

    def _dates(self, text: str, start: int, end: int, default: str | None, used: set[int]) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []

        def note(match: re.Match[str]) -> None:
            place = match.start("date")
            if place in used:
                return
            word = (match["word"] or "").strip()
            key = (
                self._grammar.start_key
                if word in self._grammar.date_words["start"]
                else self._grammar.end_key
                if word in self._grammar.date_words["end"]
                else default
            )
            follow = self._range.match(text, match.end()) if word in ("from", "between", "") else None
            if follow:
                found.append((self._grammar.start_key, place))
                found.append((self._grammar.end_key, follow.start("date")))
            elif key:
                found.append((key, place))

        inside = list(self._inside.finditer(text, start, end))
        if default == "object":
            # "born in 1922, died on …": the date of another verb stands before a comma or "and".
            inside = [m for m in inside if not re.search(" (?:,|and) ", text[m.end() - 1 : end])]
        for match in inside:
            note(match)
        after = self._after.match(text, end)
        if after:
            note(after)
            again = self._range.match(text, after.end())
            if not again:
                more = self._after.match(text, after.end())
                if more:
                    note(more)
        if not found:
            first = self._first.search(text[:start])
            if first:
                note(first)
        return found
