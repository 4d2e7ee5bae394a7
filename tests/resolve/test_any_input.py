"""Whatever extractors give, resolution ends, and what it gives holds together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Extraction, Mention, RelationMention, Span
from kg.read import document
from kg.resolve import resolve

TYPES = ["Person", "Organization", "Software", "Place", "Award", "", "Unheard-of"]
WORDS = [
    "Ada",
    "Park",
    "Acme",
    "Inc.",
    "he",
    "It",
    "we",
    "\n\n",
    "“I",
    "said",
    "”",
    "'",
    "(AP)",
    "the company",
    "É",
    ".",
]
KEYS = ["alias", "spouse", "employer", "inception", "unheard_of"]


@st.composite
def found(draw: st.DrawFn) -> tuple[str, list[Extraction]]:
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30)))

    def mention(kinds: list[str]) -> st.SearchStrategy[Mention]:
        start = st.integers(0, len(text) - 1)
        return st.builds(
            lambda start, length, entity_type, kind, score: Mention(
                start, end := min(len(text), start + length), entity_type, kind, text[start:end], None, score
            ),
            start,
            st.integers(1, 12),
            st.sampled_from(TYPES),
            st.sampled_from(kinds),
            st.floats(0, 1),
        )

    anything = mention(["name", "name", "pronoun", "nominal", "literal"])
    relations = st.builds(
        RelationMention, st.sampled_from(KEYS), mention(["name", "pronoun"]), anything, st.just((Span(0, len(text)),))
    )
    extraction = st.builds(
        Extraction,
        st.sampled_from(["a", "b"]),
        st.lists(anything, max_size=12).map(tuple),
        st.lists(relations, max_size=5).map(tuple),
    )
    return text, draw(st.lists(extraction, max_size=2))


@settings(max_examples=150, deadline=None)
@given(found())
def test_entities_and_facts_hold_together(given_: tuple[str, list[Extraction]]) -> None:
    text, extractions = given_
    entities, facts = resolve(document(text), extractions, None)
    assert [entity.id for entity in entities] == [f"e{i}" for i in range(1, len(entities) + 1)]
    firsts = [min(mention.start for mention in entity.mentions if mention.kind == "name") for entity in entities]
    assert firsts == sorted(firsts)
    spans = [(mention.start, mention.end) for entity in entities for mention in entity.mentions]
    assert len(spans) == len(set(spans))
    for entity in entities:
        assert entity.name in {mention.text for mention in entity.mentions if mention.kind == "name"}
    ids = {entity.id for entity in entities}
    for fact in facts:
        assert fact.subject in ids
        assert fact.references
        assert not fact.object_is_entity or (fact.object in ids and fact.object != fact.subject)
