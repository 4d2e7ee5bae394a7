"""One list of mentions from what several extractors found: longest first, the best score among equals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.model import Extraction, Mention

_RANK = {"name": 0, "nominal": 1, "pronoun": 2, "literal": 3}


@dataclass(slots=True)
class Mentions:
    """The mentions that are kept, sorted and (but for the sides of relations within longer names) without overlap.

    `votes` holds every type that an extractor gave to a kept span, with its score.
    """

    kept: list[Mention]
    votes: dict[tuple[int, int], list[tuple[str, float]]]
    _starts: list[int] = field(default_factory=list)
    _by_span: dict[tuple[int, int], Mention] = field(default_factory=dict)

    def find(self, mention: Mention) -> Mention | None:
        """The kept mention that stands where `mention` does: the same span, or the one that shares most with it."""
        exact = self._by_span.get((mention.start, mention.end))
        if exact is not None:
            return exact
        best, most = None, 0
        # What overlaps starts before `mention` ends; a few mentions back is far enough for nested ones.
        last = bisect_right(self._starts, mention.end - 1)
        for other in self.kept[max(0, last - 4) : last]:
            shared = min(other.end, mention.end) - max(other.start, mention.start)
            if shared > most:
                best, most = other, shared
        return best


def reconcile(extractions: Sequence[Extraction], alike: dict[str, str]) -> Mentions:
    """Choose among the mentions of all `extractions`, the sides and qualifiers of their relations included.

    `alike` maps an entity type to the family of types that one name may stand for. A side of a relation is kept
    within a longer mention of another family: "US" in "US Army". What one extractor rejects is no mention, unless it
    is a side of a relation.
    """
    rejected = {(m.start, m.end, m.type) for extraction in extractions for m in extraction.rejected}
    spans: dict[tuple[int, int], Mention] = {}
    votes: dict[tuple[int, int], list[tuple[str, float]]] = {}
    sides: set[tuple[int, int]] = set()
    for extraction in extractions:
        for mention in extraction.mentions:
            if mention.kind != "literal" and (mention.start, mention.end, mention.type) not in rejected:
                _add(mention, spans, votes)
        for relation in extraction.relations:
            for side in (relation.subject, relation.object, *(value for _, value in relation.qualifiers)):
                if side.kind != "literal":
                    span = side.start, side.end
                    sides.add(span)
                    if span not in spans:
                        _add(side, spans, votes)
    kept: list[Mention] = []
    crowd: list[Mention] = []  # mentions that overlap, one with the next
    end = 0
    for mention in sorted(spans.values(), key=lambda m: (m.start, -m.end)):
        if mention.start >= end:
            kept += crowd if len(crowd) < 2 else _choose(crowd, sides, alike)
            crowd = [mention]
        else:
            crowd.append(mention)
        end = max(end, mention.end)
    kept += crowd if len(crowd) < 2 else _choose(crowd, sides, alike)
    return Mentions(kept, votes, [m.start for m in kept], {(m.start, m.end): m for m in kept})


def _choose(crowd: list[Mention], sides: set[tuple[int, int]], alike: dict[str, str]) -> list[Mention]:
    taken: list[Mention] = []
    for mention in sorted(crowd, key=lambda m: (m.start - m.end, -m.score, m.start)):
        family = alike.get(mention.type, mention.type)
        clash = [t for t in taken if t.start < mention.end and mention.start < t.end]
        nested_side = (mention.start, mention.end) in sides and all(alike.get(t.type, t.type) != family for t in clash)
        if not clash or nested_side:
            taken.append(mention)
    return sorted(taken, key=lambda m: (m.start, -m.end))


def _add(
    mention: Mention, spans: dict[tuple[int, int], Mention], votes: dict[tuple[int, int], list[tuple[str, float]]]
) -> None:
    span = mention.start, mention.end
    known = spans.get(span)
    if known is None:
        votes[span] = [(mention.type, mention.score)]
        spans[span] = mention
        return
    if mention == known:  # two extractors start from the same mentions: that is one voice
        return
    votes[span].append((mention.type, mention.score))
    if (_RANK[mention.kind], -mention.score) < (_RANK[known.kind], -known.score):
        spans[span] = mention
