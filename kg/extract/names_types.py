"""Which type a name has: evidence from the whole document, weighed by a linear model.

All mentions of one name share one type. Evidence are the name's own shape, what the alias index holds, and the words
beside each mention. Its weights (`ontology/english/names-weights.toml`) are those of a multinomial logistic
regression, fitted by `scripts/fit-names` on public data sets; the outcome `NONE` is a capitalized word that names
nothing of the ontology's types. So a score is a probability.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from math import exp

from kg.extract.names_shape import LICENSE_VERSION, Name, Shapes
from kg.extract.names_words import NameWords
from kg.link.aliases import AliasIndex
from ontology import Ontology

Evidence = dict[str, float]
NONE = ""
_INITIAL = re.compile(r"\b[A-Z]\.? ")
_INNER_CAPITAL = re.compile(r"(?<!\bMc)(?<!\bMac)(?<!\b[A-Z])(?<=[a-z])[A-Z]|[A-Z]{2}[a-z]")
_DIGIT = re.compile(r"\d")
_APPOSITION = re.compile(r"(?:, | ?\(|,? (?:is|was|are|were|as|became|remains) )(?:(?:an?|the|its|our|one of the) )?")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+|v\d+")
_AGE = re.compile(r", (?:aged )?\d\d,| \(\d\d\)")
_LISTED = frozenset(
    (", ", " and ", ", and ", " & ", " or ", ", or ", "/", " (now ", ", now ", " (formerly ", ", formerly ")
)
"""What stands between the names of a list, which are mostly of one type."""
_SURE = 0.9
_FAME = (0.1, 0.4, 0.75)
"""Steps of how well known a name is."""
_LONGEST_LIST = 30
_REACH = 7
"""How many words after "X, a …" the noun may stand that tells what X is."""


@cache
def weights() -> tuple[tuple[str, ...], Mapping[str, tuple[float, ...]]]:
    """The outcomes, and for each kind of evidence its weight for each outcome."""
    data = tomllib.loads((files("ontology") / "english" / "names-weights.toml").read_text(encoding="utf-8"))
    return tuple(data["outcomes"]), {key: tuple(row) for key, row in data["weights"].items()}


def cue_types(ontology: Ontology) -> Mapping[str, str]:
    """The type that a common noun tells, singular and plural; the first one where several types name it."""
    return _cue_types(tuple([(kind.key, kind.cues) for kind in ontology.types.values()]))


@lru_cache(maxsize=4)
def _cue_types(types: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, cues in types:
        for cue in cues:
            found.setdefault(cue, key)
            found.setdefault(cue[:-1] + "ies" if re.search("[^aeiou]y$", cue) else cue + "s", key)
    return found


def key_of(text: str) -> str:
    """What makes two mentions the same name: "The" and small differences of quotation marks do not."""
    return text.removeprefix("The ").replace("’", "'")


class Evidences:
    """Collects the evidence for each name of a document."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.words = shapes.words
        self.cues = shapes.cues
        self.by_name: dict[str, list[Name]] = defaultdict(list)
        for name in shapes.names:
            self.by_name[key_of(name.text)].append(name)

    def first_pass(self) -> dict[str, Evidence]:
        """The evidence for each name by itself."""
        found = {}
        for key, names in self.by_name.items():
            first = names[0]
            evidence = dict(_shape(key, first.text, first.people, self.shapes.aliases, self.words))
            for name in names[:20]:
                self._context(name, evidence)
            if first.fresh and all(name.fresh for name in names):
                evidence["fresh"] = 1.0
            if len(names) > 1:
                evidence["repeated"] = 1.0
            found[key] = evidence
        return found

    def second_pass(self, found: dict[str, Evidence], decided: Mapping[str, tuple[str, float]]) -> list[str]:
        """Add what the types of other names of the document tell; the names whose evidence changed."""
        more: dict[str, list[str]] = defaultdict(list)
        for key, (kind, _) in decided.items():
            tokens = key.split()
            if not kind or len(tokens) < 2:
                continue
            if kind == "Person":
                if len(tokens) < 6:
                    for part in (tokens[0], tokens[-1], " ".join(tokens[1:])):
                        more[part].append("part_of_person")
                continue
            more[tokens[0]].append("first_of:" + kind)
            more[tokens[-1]].append("last_of:" + kind)
            letters = "".join(token[0] for token in tokens if token[0].isupper())
            if len(letters) > 2:
                more[letters].append("acronym_of:" + kind)
                if tokens[0].isupper():
                    more[letters[1:]].append("acronym_of:" + kind)
        changed = {key for key in more if key in found}
        for key in changed:
            found[key].update(dict.fromkeys(more[key], 1.0))
        for names in self._lists():
            keys = list(dict.fromkeys(key_of(name.text) for name in names))
            for key in keys:
                # Squares, so that the names whose type is sure decide.
                others = [(kind, score * score) for other in keys if other != key for kind, score in (decided[other],)]
                total = sum(score for _, score in others)
                for kind, score in others:
                    if kind:
                        feature = "beside:" + kind
                        found[key][feature] = min(1.0, found[key].get(feature, 0.0) + score / total)
                        changed.add(key)
        return sorted(changed)

    def _lists(self) -> Iterator[list[Name]]:
        """The names that stand in lists ("A, B and C", but not "A, B"), list by list."""
        text, names = self.shapes.text, self.shapes.names
        current, joined = names[:1], False
        for previous, name in pairwise(names):
            gap = text[previous.end : name.start]
            if gap not in _LISTED or len(current) == _LONGEST_LIST:
                if len(current) > 1 and (joined or len(current) > 3):
                    yield current
                current, joined = [], False
            current.append(name)
            joined = joined or gap != ", "
        if len(current) > 1 and (joined or len(current) > 3):
            yield current

    # ------------------------------------------------------------------ what stands beside it

    def _context(self, name: Name, evidence: Evidence) -> None:
        shapes, words = self.shapes, self.words
        tokens, text = shapes.tokens, shapes.text
        if name.title:
            evidence["title"] = 1.0
        if name.first and text[tokens[name.first - 1][1] : name.start] in (" ", " the ", " a "):
            before = tokens[name.first - 1][2].lower()
            evidence[f"{before} …"] = 1.0
            if before in ("the", "a", "an") and name.first > 1:
                evidence[f"{tokens[name.first - 2][2].lower()} the …"] = 1.0
            if before in ("the", "a", "an"):
                evidence["article"] = 1.0
            for kind in words.before.get(before, ()):
                evidence["before:" + kind] = 1.0
            cue = self.cues.get(before)
            if cue:
                evidence["cue_before:" + cue] = 1.0
        if text[name.end - 2 : name.end] in ("'s", "’s") or text[name.end : name.end + 2] in ("'s", "’s"):
            evidence["possessive"] = 1.0
        following = name.last + 1
        if following < len(tokens):
            start, _, word = tokens[following]
            gap = text[name.end : start]
            if gap in (" ", "'s ", "’s "):
                low = word.lower()
                evidence[f"… {low}"] = 1.0
                for kind in words.after.get(low, ()):
                    evidence["after:" + kind] = 1.0
                cue = self.cues.get(low)
                if cue and gap == " ":
                    evidence["cue_after:" + cue] = 1.0
                if _VERSION.fullmatch(word):
                    evidence["version"] = 1.0
            elif gap == "-" and word == "based":
                evidence["after:Place"] = 1.0
            elif gap == ", " and word in ("who", "whose", "which", "where"):
                evidence[f"… , {word}"] = 1.0
        beside = _APPOSITION.match(text, name.end)
        if beside:
            self._apposition(beside.end(), following, evidence)
            if _AGE.match(text, name.end):
                evidence["age"] = 1.0
        if text[name.start - 1 : name.start] == "(" and text[name.end : name.end + 1] == ")":
            evidence["brackets"] = 1.0

    def _apposition(self, start: int, following: int, evidence: Evidence) -> None:
        """The noun in "X, a machine learning library": the last word of the first noun group that is a cue."""
        tokens, text = self.shapes.tokens, self.shapes.text
        found = None
        for number in range(following, min(following + _REACH + 3, len(tokens))):
            begin, end, word = tokens[number]
            if begin < start:
                continue
            low = word.lower()
            if low in self.words.group_ends:
                break
            if low.capitalize() in self.words.titles or word in self.words.titles:
                found = "Person"
            else:
                found = self.cues.get(low, found)
            if text[end : end + 1] in ",.;:)(":
                break
        if found:
            evidence["apposition:" + found] = 1.0


@lru_cache(maxsize=8192)
def _shape(key: str, text: str, is_people: bool, aliases: AliasIndex, words: NameWords) -> Mapping[str, float]:
    """The evidence of a name itself: its shape, and what the index holds. Kept, as names come again elsewhere."""
    evidence: Evidence = {"bias": 1.0}
    tokens = key.split()
    types = aliases.types
    found = types(key) or types(text) or (types(key.title()) if key.isupper() and len(key) > 4 else ())
    found = found or types(LICENSE_VERSION.sub("", key))
    total = sum(weight for _, weight in found)
    known = [(kind, weight) for kind, weight in found if kind]
    typed = sum(weight for _, weight in known)
    for kind, weight in known:
        evidence["alias:" + kind] = weight / typed
    if known:
        kind, weight = known[0]
        if len(tokens) > 1 and weight > 0.8 * typed:
            evidence["long:" + kind] = 1.0
        fame = sum(weight >= step for step in _FAME)
        evidence[f"fame {fame}:{kind}"] = 1.0
    if found:
        evidence["untyped"] = 1 - typed / total
    else:
        evidence["unknown"] = 1.0
    last = tokens[-1].rstrip(".")
    for kind in words.endings.get(" ".join(tokens[-2:]), ()) if len(tokens) > 1 else ():
        evidence["end:" + kind] = 1.0
    if last in words.tails or " ".join(tokens[-2:]) in words.tails:
        evidence["end:Organization"] = 1.0
    for kind in words.endings.get(last, ()):
        evidence[("end:" if len(tokens) > 1 else "alone:") + kind] = 1.0
    if len(tokens) > 1:
        for kind in words.beginnings.get(tokens[0], ()):
            evidence["begin:" + kind] = 1.0
        if last in words.surnames:
            evidence["surname"] = 1.0
        if len(tokens) < 4 and all(
            token[1:].islower() and token[0].isupper() and token.lower() not in words.common for token in tokens
        ):
            evidence["plain"] = 1.0
        if tokens[0] in words.given_names:
            evidence["given"] = 1.0
            if len(tokens) < 5 and last.lower() not in words.common:
                evidence["given_and_surname"] = 1.0
        if _INITIAL.search(key):
            evidence["initial"] = 1.0
        if any(token in words.particles for token in tokens):
            evidence["particle"] = 1.0
        if "of" in tokens or "for" in tokens:
            evidence["of"] = 1.0
        if "&" in tokens or "and" in tokens:
            evidence["and"] = 1.0
        if tokens[0] in words.demonyms:
            evidence["begins_with_people"] = 1.0
        if tokens[0].lower() in words.common:
            evidence["common_first"] = 1.0
        for token in tokens[:-1]:
            if "Organization" in words.endings.get(token, ()):
                evidence["inner:Organization"] = 1.0
        if all(token.lower() in words.common or token.islower() for token in tokens):
            evidence["common_words"] = 1.0
        elif last.lower() in words.common:
            evidence["common_last"] = 1.0
        evidence[("two", "three", "more")[min(len(tokens), 4) - 2]] = 1.0
    else:
        evidence["one"] = 1.0
        if key in words.given_names:
            evidence["given_alone"] = 1.0
        if key in words.surnames:
            evidence["surname_alone"] = 1.0
        if key.lower() in words.common:
            evidence["common_alone"] = 1.0
        if is_people:
            evidence["people"] = 1.0
        if key.isupper():
            evidence["acronym" if len(key) < 6 else "capitals"] = 1.0
    if key.islower() and key[0].isalpha():
        evidence["lower"] = evidence["cue_before:Software"] = evidence["cue_after:Software"] = 1.0
    if _INNER_CAPITAL.search(key):
        evidence["inner_capital"] = 1.0
    if _DIGIT.search(key):
        evidence["digit"] = 1.0
    if text.startswith("The "):
        evidence["the"] = 1.0
    if key[-4:].lower() in (".org", ".com", ".net"):
        evidence["domain"] = 1.0
    elif "." in key and not key.endswith("."):
        evidence["dot"] = 1.0
    return evidence


def surnames(decided: Mapping[str, tuple[str, float]]) -> dict[str, tuple[str, float]]:
    """The type of a single word that is the last of a person's name: that person, unless its own type is sure."""
    found = {}
    for key, (kind, score) in decided.items():
        _, _, last = key.rpartition(" ")
        if kind == "Person" and score > 0.6 and last != key and last in decided:
            other, own = decided[last]
            if other != "Person" and own < _SURE:
                found[last] = kind, score * (1 - own)
    return found


def decide(found: Mapping[str, Evidence], keys: Iterable[str]) -> dict[str, tuple[str, float]]:
    """The likeliest outcome of each name, and its probability."""
    outcomes, table = weights()
    decided = {}
    for key in keys:
        rows = [
            row if value == 1.0 else tuple([value * weight for weight in row])
            for kind, value in found[key].items()
            if (row := table.get(kind)) is not None
        ]
        totals = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * len(outcomes)
        top = max(totals)
        shares = [exp(total - top) for total in totals]
        best = totals.index(top)
        decided[key] = outcomes[best], shares[best] / sum(shares)
    return decided
