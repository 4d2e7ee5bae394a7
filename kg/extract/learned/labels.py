"""What the model tells apart: types of mentions, relations and qualifiers, and which of them fit together.

The keys are those of the ontology in its order when the model was trained. Which types a relation may stand between is
never stored: it is read from the ontology at hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.model import Mention
from ontology import Ontology

Bools = NDArray[np.bool_]
_TEXT = "String"
"""The literal type of free text."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The labels of a model, each by its number, and what the ontology allows of them.

    `types` are the entity types, then the literal types. Their count is also the number of "no type": a pronoun that
    may stand for anything. `subjects` and `objects` are [relations, types + 1]: whether a mention of a type may be
    the relation's subject or object. `carries` is [relations, qualifiers]: whether a relation may carry a qualifier;
    `values` is [qualifiers, types + 1]: whether a mention of a type may be its value. What the ontology does not
    know is allowed nowhere.
    """

    types: tuple[str, ...]
    relations: tuple[str, ...]
    qualifiers: tuple[str, ...]
    subjects: Bools
    objects: Bools
    carries: Bools
    values: Bools

    @property
    def no_type(self) -> int:
        """The number of "no type"."""
        return len(self.types)

    def type_of(self, mention: Mention) -> int:
        """The number of a mention's type."""
        return self.types.index(mention.type) if mention.type in self.types else self.no_type


def labels_of(ontology: Ontology) -> Labels:
    """The labels of a model that is trained for an ontology: all that it has."""
    literals = {relation.literal_type for relation in ontology.relations.values()}
    literals |= {qualifier.literal_type for qualifier in ontology.qualifiers.values()}
    types = (*ontology.types, *sorted(literal for literal in literals if literal is not None))
    return make_labels(types, tuple(ontology.relations), tuple(ontology.qualifiers), ontology)


def make_labels(
    types: Iterable[str], relations: Iterable[str], qualifiers: Iterable[str], ontology: Ontology
) -> Labels:
    """Labels with the given keys, and what an ontology allows of them."""
    types, relations, qualifiers = tuple(types), tuple(relations), tuple(qualifiers)
    entities = tuple(ontology.types)

    def fitting(allowed: tuple[str, ...], literal: str | None) -> list[bool]:
        # Free text may be a name as well: what else a thing is called.
        fits = {literal, *entities} if literal == _TEXT else {literal, *allowed}
        return [*(key in fits for key in types), any(key in entities for key in allowed)]

    nothing = [False] * (len(types) + 1)
    known = [ontology.relations.get(key) for key in relations]
    values = [ontology.qualifiers.get(key) for key in qualifiers]
    return Labels(
        types,
        relations,
        qualifiers,
        subjects=np.array([fitting(each.domain, None) if each else nothing for each in known], dtype=bool),
        objects=np.array([fitting(each.range, each.literal_type) if each else nothing for each in known], dtype=bool),
        carries=np.array(
            [[key in each.qualifiers if each else False for key in qualifiers] for each in known], dtype=bool
        ),
        values=np.array([fitting(each.types, each.literal_type) if each else nothing for each in values], dtype=bool),
    )
