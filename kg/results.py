"""The page docs/reference/results.md: how well newsgraph reads, beside published systems and without each of its parts.

`scripts/evaluate --ablations` measures, and keeps the figures in data/results.json; `scripts/reference` makes the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.evaluate import Score
from kg.extract import LEARNED
from kg.measures import Measured, sets
from kg.pipeline import Settings

FILE = Path("data/results.json")
BOTH = "wordings and model"
WITHOUT = "both, without our own corpus"

_HEAD = """\
# Results

Made by `scripts/reference` from `data/results.json`, which `scripts/evaluate --ablations` writes. Each figure is of one
run. The network was trained on nothing of the sets below; its thresholds and calibration were chosen on `data/gold` and
`dev.jsonl`, whose figures are therefore somewhat too good (fitted on `data/gold` alone, `dev.jsonl` gave .75 to .77).

## Beside published systems

{published}

Published figures: KnowledgeNet's are of its hidden fold 5, from its leaderboard (Mesquita et al. 2019; DYGIE++ and
Diffbot as reported there), ours are of fold 4 with training on folds 1 to 3, by the rules of its scorer: a fact is a
pair of mentions, and where its passage was annotated for its relation, one that overlaps no annotated one is wrong. Only
the annotated passages are public in the form that we have, so what stands between them is not read. SoMeSci's are from
the shared task SOMD 2024, which scored other parts of the annotation (the kind of program and what is done with it), as
a macro average; of its types we read Software, Version, Developer, URL and License, and miss the others. Re-DocRED's are
given the mentions, and its facts hold between entities anywhere in a document, many by inference; we read the bare text
and only what a sentence says. A second annotator is a person who annotated the same text.

## Without each part

F1 of facts (of mentions for SoMeSci). "Without our own corpus": the model learned from the public data sets alone, in
four epochs (the shipped one in eight), with thresholds and calibration chosen in the same way.

{ablations}

## Links and joins

{links}

News-Fair is read and scored by its own rules, with the index that newsgraph ships. The index holds names that were chosen
by what linkers saw in these very texts, so its share of the items is more than on other news. "Right items" and "none" are
of the mentions that have a candidate in the index. The pairs are two short texts each, with the same thing or a namesake;
one half of them was looked at while joining was built, and one was not.

## How far the confidence can be trusted

On articles and passages that the network was not trained on. Thresholds and calibration were chosen on `data/gold` and
`dev.jsonl`, so the passages of `data/training` that are held out are the fair test; they are also the hardest, as a third
of them are written to mislead.

{trust}

## By relation

{relations}
"""

_SETS = {
    "data/gold": "29 articles of our own (`data/gold`)",
    "data/training": "our own passages that are held out (`data/training`)",
    "dev.jsonl": "21 articles from news sites (`dev.jsonl`)",
    "knowledgenet.fold4.jsonl.gz": "KnowledgeNet, fold 4",
    "somesci.test.jsonl.gz": "SoMeSci, test",
    "redocred.test.jsonl.gz": "Re-DocRED, test, our relations",
}

_LINKS = {
    "newsfair.nocoref.jsonl.gz": "News-Fair v2, without coreference",
    "data/pairs.jsonl": "200 pairs of articles of our own (`data/pairs.jsonl`)",
}


def ablations(shared: Path, settings: Settings, without: Path | None) -> dict[str, Any]:
    """Measure every set that is there in each way, ready for JSON."""
    ways = {"wordings": replace(settings, extractors=("wordings",), model=None)}
    ways["model"] = replace(settings, extractors=(LEARNED,))
    ways[BOTH] = replace(settings, extractors=("wordings", LEARNED))
    if without:
        ways[WITHOUT] = replace(ways[BOTH], model=without)
    there = {name: measure for name, measure in sets(shared).items() if measure}
    return {way: {name: _kept(measure(how)) for name, measure in there.items()} for way, how in ways.items()}


def write(measured: Mapping[str, Any]) -> None:
    """Keep what was measured; what was measured in a way that was not tried now stays."""
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    FILE.write_text(json.dumps({**kept, **measured}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _kept(measured: Measured) -> dict[str, Any]:
    kept: dict[str, Any] = {
        kind: {name: [score.right, score.predicted, score.gold] for name, score in scores.items()}
        for kind, scores in (("overall", measured.overall), ("relations", measured.relations))
    }
    if measured.trust:
        sure = measured.trust.sure
        kept["trust"] = {"error": round(measured.trust.error, 4), "right": sure.right, "sure": sure.predicted}
    return kept


def page() -> str:
    """The page in Markdown."""
    data = files("newsgraph_data")
    found = json.loads(data.joinpath("results.json").read_text(encoding="utf-8"))
    published = json.loads(data.joinpath("published.json").read_text(encoding="utf-8"))
    return _HEAD.format(
        published="\n".join(_published(found[BOTH], published)),
        ablations="\n".join(_ablations(found)),
        links="\n".join(_links(found[BOTH])),
        trust="\n".join(_trust(found[BOTH])),
        relations="\n\n".join(_relations(found[BOTH])),
    )


def _published(ours: Mapping[str, Any], published: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from ("| Set | Measure | System | F1 |", "| --- | --- | --- | --- |")
    titles = _SETS | _LINKS
    for each in published:
        measured = ours.get(each["set"])
        if not measured:
            continue
        score = Score(*measured["overall"][each["kind"]])
        rows = [*each["systems"].items(), ("**newsgraph**", round(score.f1, 3))]
        for system, f1 in sorted(rows, key=lambda row: row[1]):
            yield f"| {titles[each['set']]} | {each['measure']} | {system} | {_rate(f1)} |"


def _ablations(found: Mapping[str, Any]) -> Iterator[str]:
    ways = [way for way in ("wordings", "model", BOTH, WITHOUT) if way in found]
    yield f"| Set | {' | '.join(ways)} |"
    yield "| --- |" + " --- |" * len(ways)
    for name, title in _SETS.items():
        if name in found[BOTH]:
            kind = "mentions" if name.startswith("somesci") else "facts"
            cells = (_rate(Score(*found[way][name]["overall"][kind]).f1) if name in found[way] else "" for way in ways)
            yield f"| {title} | {' | '.join(cells)} |"


def _links(ours: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| Set | | Precision | Recall | F1 | Right | Read | Annotated |", "| --- |" + " --- |" * 7)
    for name, title in _LINKS.items():
        for key, counts in ours.get(name, {}).get("overall", {}).items():
            yield f"| {title} {_row(key, Score(*counts))}"
    for name, title in _SETS.items():
        if counts := ours.get(name, {}).get("overall", {}).get("links"):
            yield f"| {title} {_row('links of entities with an item', Score(*counts))}"


def _trust(ours: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| Set | Expected calibration error | Facts of confidence .9 and more | Right of these |",)
    yield "| --- | --- | --- | --- |"
    for name, title in _SETS.items():
        trust = ours.get(name, {}).get("trust")
        if trust:
            rate = Score(trust["right"], trust["sure"]).precision
            yield f"| {title} | {_rate(trust['error'])} | {trust['sure']} | {_rate(rate)} |"


def _relations(ours: Mapping[str, Any]) -> Iterator[str]:
    for name, title in _SETS.items():
        if name in ours:
            rows = [*_sorted(ours[name]["relations"]), *ours[name]["overall"].items()]
            table = (_row(key, Score(*counts)) for key, counts in rows)
            head = f"### {title}\n\n| | Precision | Recall | F1 | Right | Read | Annotated |\n| --- |" + " --- |" * 6
            yield "\n".join((head, *table))


def _sorted(relations: Mapping[str, list[int]]) -> Iterable[tuple[str, list[int]]]:
    return sorted(relations.items(), key=lambda item: (-item[1][2], item[0]))


def _row(key: str, score: Score) -> str:
    rates = " | ".join(_rate(rate) for rate in (score.precision, score.recall, score.f1))
    return f"| {key} | {rates} | {score.right} | {score.predicted} | {score.gold} |"


def _rate(value: float) -> str:
    return f"{value:.3f}"


if __name__ == "__main__":
    sys.stdout.write(page())
