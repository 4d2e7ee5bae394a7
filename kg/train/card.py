"""The card of a model: what it was trained on, how well it does, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from kg.evaluate import Score, Scores
from kg.train import datasets
from kg.train.measure import Measured
from kg.train.trainer import Settings

_CARD = """\
# The card of this model

Made by `kg train`. It reads English news: mentions of entities and literals with their types, relations between them,
and qualifiers of these, in windows of sentences.

The encoder began as [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) (Apache-2.0,
22 million weights); `kg/train/network.py` says what stands on it. Trained with {settings}.

## Trained on

| | texts | licence |
| --- | --- | --- |
{sources}

## Scores

On the texts that were held out ({held_out}). The network alone, between mentions:

{alone}
{whole}
## Limits

* English only, and the prose of news: not tables, poems, chats or transcripts.
* It reads a few sentences at a time: what only the whole article shows, it does not see.
* It knows the relations that it was trained for. Those with few examples above are read worse.
* Names and facts of the training texts lean towards technology, business and public life in Europe and America.
* What it says is found in the text, not checked: a false article gives false facts.
"""


_WHOLE = """
With the wordings, between entities, on the articles of `data/gold`, which were not trained on. The thresholds and
confidences in `labels.json` were chosen on them, so these figures are a little too high:

{table}
"""


def card(counts: Mapping[str, int], settings: Settings, alone: Measured, whole: Scores | None) -> str:
    """The card in Markdown. `counts` are the texts by the name of their source; `whole` are the pipeline's scores."""
    known = datasets.table()
    licences = {name: known[name].licence for name in counts if name in known}
    sources = [f"| {name} | {count:,} | {licences.get(name, 'CC-BY-4.0')} |" for name, count in counts.items()]
    return _CARD.format(
        settings=", ".join(f"{key} {value}" for key, value in asdict(settings).items()),
        sources="\n".join(sources),
        held_out=f"{counts.get('held out', 0):,}",
        alone=_table(alone),
        whole=_WHOLE.format(table=_table(whole)) if whole else "",
    )


def _table(scores: Measured | Scores) -> str:
    rows = {"mentions": scores.mentions, "facts": scores.facts, "qualifiers": scores.qualifiers}
    rows |= {f"`{key}`": score for key, score in scores.relations.items()}
    head = ["| | precision | recall | F1 | annotated |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(_row(name, score) for name, score in rows.items())])


def _row(name: str, score: Score) -> str:
    return f"| {name} | {score.precision:.2f} | {score.recall:.2f} | {score.f1:.2f} | {score.gold} |"
