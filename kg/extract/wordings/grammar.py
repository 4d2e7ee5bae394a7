"""What the wordings extractor knows of English, from `ontology/english/grammar.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class NounConstruction:
    """One way in which a role noun links its holder to its anchor; see the data file."""

    left: str
    right: str
    bare: bool
    date: str | None
    presupposed: bool
    score: float


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a verb; `base` is false where the base form is not used as a finite verb."""

    lemma: str
    present: str
    past: str
    participle: str
    gerund: str
    base: bool


@dataclass(frozen=True)
class Grammar:
    """The data file, as sets and compiled patterns."""

    auxiliaries: frozenset[str]
    passive: frozenset[str]
    perfect: frozenset[str]
    irrealis: frozenset[str]
    implicatives: frozenset[str]
    nonfact: re.Pattern[str]
    clause_ends: frozenset[str]
    confusable: frozenset[str]
    namesakes: dict[str, list[str]]
    relatives: frozenset[str]
    possessives: frozenset[str]
    determiners: frozenset[str]
    conjunctions: frozenset[str]
    coordinators: frozenset[str]
    subordinators: frozenset[str]
    prepositions: frozenset[str]
    adverbs: frozenset[str]
    earlier: frozenset[str]
    keep_ly: frozenset[str]
    other_role: frozenset[str]
    no_modifiers: frozenset[str]
    date_words: dict[str, frozenset[str]]
    start_key: str
    end_key: str
    nouns: tuple[NounConstruction, ...]
    irregular: dict[str, list[str]]
    doubling: frozenset[str]
    ambiguous_base: frozenset[str]

    def forms(self, lemma: str) -> Forms:
        """The forms of a verb, by rule unless the data file lists it."""
        base = lemma not in self.ambiguous_base
        if lemma in self.irregular:
            present, past, participle, gerund = self.irregular[lemma]
            return Forms(lemma, present, past, participle, gerund, base)
        stem = lemma
        if lemma in self.doubling:
            stem = lemma + lemma[-1]
        if lemma.endswith("e"):
            return Forms(
                lemma,
                lemma + "s",
                lemma + "d",
                lemma + "d",
                (lemma if lemma.endswith("ee") else lemma[:-1]) + "ing",
                base,
            )
        if lemma.endswith("y") and lemma[-2] not in "aeiou":
            return Forms(lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma[:-1] + "ied", lemma + "ing", base)
        present = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
        return Forms(lemma, present, stem + "ed", stem + "ed", stem + "ing", base)


@cache
def english() -> Grammar:
    """The grammar that ships with the package."""
    data = tomllib.loads(resources.files("ontology").joinpath("english/grammar.toml").read_text(encoding="utf-8"))

    def words(key: str) -> frozenset[str]:
        return frozenset(data[key])

    return Grammar(
        auxiliaries=words("auxiliaries"),
        passive=words("passive"),
        perfect=words("perfect"),
        irrealis=words("irrealis"),
        implicatives=words("implicatives"),
        nonfact=re.compile(r"(?<![\w-])(?:" + "|".join(data["nonfact"]) + r"|\w+n't)(?![\w-])"),
        clause_ends=words("clause_ends"),
        confusable=words("confusable"),
        namesakes=data["namesakes"],
        relatives=words("relatives"),
        possessives=words("possessives"),
        determiners=words("determiners"),
        conjunctions=words("conjunctions"),
        coordinators=words("coordinators"),
        subordinators=words("subordinators"),
        prepositions=words("prepositions"),
        adverbs=words("adverbs"),
        earlier=words("earlier"),
        keep_ly=words("keep_ly"),
        other_role=words("other_role"),
        no_modifiers=words("no_modifiers"),
        date_words={kind: frozenset(data["dates"][kind]) for kind in ("start", "end", "plain")},
        start_key=data["dates"]["start_key"],
        end_key=data["dates"]["end_key"],
        nouns=tuple(
            NounConstruction(
                n["left"], n["right"], n.get("bare", False), n.get("date"), n.get("presupposed", False), n["score"]
            )
            for n in data["noun"]
        ),
        irregular=data["irregular"],
        doubling=frozenset(data["forms"]["doubling"]),
        ambiguous_base=frozenset(data["forms"]["ambiguous_base"]),
    )
