"""What is measured on which annotated articles: our own, those of others, and public data sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import add
from pathlib import Path

from kg import knowledgenet, pairs, published
from kg.annotations import load
from kg.evaluate import Miss, Score, Trust, evaluate, trust
from kg.link.aliases import AliasIndex
from kg.linking_scores import NEWSFAIR, newsfair
from kg.model import ArticleFacts, Document, Extraction, RelationMention, Span
from kg.pipeline import Settings, calibration_of, extract, make_facts, read_article
from kg.train.corpus import is_held_out, passages

GOLD = Path("data/gold")
HELD_OUT = Path("data/training")
PAIRS = Path("data/pairs.jsonl")


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores on one set of articles: over all, by relation or type, and how far confidence can be trusted."""

    overall: Mapping[str, Score]
    relations: Mapping[str, Score] = field(default_factory=dict)
    trust: Trust | None = None
    misses: tuple[Miss, ...] = ()


def sets(shared: Path) -> dict[str, Callable[[Settings], Measured] | None]:
    """By name what measures on each set; None where its files are not there. `shared` holds gold/ and datasets/."""
    public = shared / "datasets"
    held_out = [
        each for path in sorted(HELD_OUT.glob("*.txt")) for each in passages(path) if is_held_out(each.document)
    ]
    found: dict[str, Callable[[Settings], Measured] | None] = {
        str(GOLD): _articles([article for path in sorted(GOLD.glob("*.jsonl")) for article in load(path)]),
        str(HELD_OUT): _articles(held_out),
        str(PAIRS): partial(_on_pairs, PAIRS) if PAIRS.exists() else None,
    }
    annotated = shared / "gold" / "dev.jsonl"
    found[annotated.name] = _articles(load(annotated)) if annotated.exists() else None
    for name, measure in _PUBLIC.items():
        found[name] = partial(measure, public / name) if (public / name).exists() else None
    return found


def _articles(gold: Sequence[ArticleFacts]) -> Callable[[Settings], Measured] | None:
    return partial(_on_articles, gold) if gold else None


def _on_articles(gold: Sequence[ArticleFacts], settings: Settings) -> Measured:
    scores = evaluate(gold, (read_article(article.document, settings) for article in gold))
    overall = {kind: getattr(scores, kind) for kind in ("mentions", "qualifiers", "facts")}
    if scores.links.gold:
        overall = {"links": scores.links} | overall
    return Measured(overall, scores.relations, trust(scores.judged), scores.misses)


def _on_knowledgenet(path: Path, settings: Settings) -> Measured:
    scores = knowledgenet.evaluate(path, partial(_read, settings=settings))
    return Measured({"linked facts": _sum(scores.link), "facts": _sum(scores.text)}, scores.text)


def _on_somesci(path: Path, settings: Settings) -> Measured:
    scores = published.somesci(path, partial(_read, settings=settings))
    mapped = {key: score for key, score in scores.mentions.items() if score.predicted}
    overall = {"mentions": _sum(scores.mentions), "mentions of types read here": _sum(mapped)}
    return Measured(overall | {"facts": _sum(scores.relations)}, {**scores.mentions, **scores.relations})


def _on_redocred(path: Path, settings: Settings) -> Measured:
    scores = published.redocred(path, partial(_read, settings=settings))
    return Measured({"facts": _sum(scores)}, scores)


def _on_newsfair(path: Path, settings: Settings) -> Measured:
    """With the index that is shipped; how entities are read and linked is that of the package, whatever the settings."""
    found = newsfair(path, AliasIndex.open())
    overall = {
        "right items, where the index has them": found.known,
        "none, where there is none": found.none,
        "links, end to end": found.end_to_end,
        "items that the index holds": found.held,
    }
    return Measured(overall)


def _on_pairs(path: Path, settings: Settings) -> Measured:
    found = list(pairs.answers(pairs.load(path), settings))
    parts = {pair.part: [each for each in found if each[0].part == pair.part] for pair, _ in found}
    kinds = {pair.kind: [each for each in found if each[0].kind == pair.kind] for pair, _ in found}
    return Measured(
        {f"pairs {part}": pairs.score(each) for part, each in sorted(parts.items())}
        | {"all pairs": pairs.score(found)},
        {kind: pairs.score(each) for kind, each in kinds.items()},
    )


def _read(document: Document, settings: Settings) -> knowledgenet.Found:
    """What is read in a document, with the mentions that no extractor rejects, and the relation mentions that are as
    likely as a fact must be to be kept."""
    extractions = extract(document, settings)
    rejected = {(each.span, each.type) for extraction in extractions for each in extraction.rejected}
    mentions = {(each.span, each.type): each for extraction in extractions for each in extraction.mentions}
    kept = [mention for key, mention in sorted(mentions.items()) if key not in rejected]
    facts = make_facts(document, extractions, settings)
    return knowledgenet.Found(facts, kept, list(_likely(extractions, settings)))


def _likely(extractions: Sequence[Extraction], settings: Settings) -> Iterator[RelationMention]:
    found: dict[tuple[str, Span, Span], list[tuple[RelationMention, str]]] = defaultdict(list)
    for extraction in extractions:
        for each in extraction.relations:
            found[each.relation, each.subject.span, each.object.span].append((each, extraction.extractor))
    calibration = calibration_of(settings)
    least = calibration.least if settings.least is None else settings.least
    for same in found.values():
        scores = {name: max(each.score for each, by in same if by == name) for _, name in same}
        if calibration.probability(scores) >= least:
            yield same[0][0]


_PUBLIC: Mapping[str, Callable[[Path, Settings], Measured]] = {
    "knowledgenet.fold4.jsonl.gz": _on_knowledgenet,
    "somesci.test.jsonl.gz": _on_somesci,
    "redocred.test.jsonl.gz": _on_redocred,
    NEWSFAIR: _on_newsfair,
}


def _sum(scores: Mapping[str, Score]) -> Score:
    return reduce(add, scores.values(), Score())
