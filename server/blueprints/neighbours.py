"""`/neighbours`: the entities that share a fact with one, for drawings that are explored."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from server import inputs
from server.app import departure, engine, path_of
from server.errors import NotFound
from server.pages import Column, Surroundings, Tie

blueprint = Blueprint("neighbours", __name__)

_MOST = 1000


@blueprint.get("/neighbours")
def show() -> Response:
    """At most `?limit=` of the entities that share a fact with `?of=`, an IRI, of one `?relation=` or of all, in JSON."""
    iri = request.args.get("of", "")
    most = min(inputs.number("limit", _MOST), _MOST)
    found = engine().look_up("around", iri, request.args.get("relation", ""), most, departure=departure())
    if found is None:
        raise NotFound(f"This graph has no entity {iri!r}. The parameter 'of' must be the IRI of one.")
    assert isinstance(found, Surroundings)
    return jsonify(
        {
            "entity": _node(found.entity),
            "nodes": [_node(one) for one in found.others],
            "links": [_link(one) for one in found.ties],
            "total": found.total,
        }
    )


def _node(found: Column) -> dict[str, object]:
    iri = found.named.iri or ""
    return {
        "id": iri,
        "label": found.named.label,
        "kind": found.kind.label,
        "number": found.kind.number,
        "page": path_of(iri),
    }


def _link(found: Tie) -> dict[str, object]:
    return {
        "id": found.statement,
        "source": found.subject,
        "target": found.object,
        "key": found.relation.iri,
        "label": found.relation.label,
        "first": found.first,
        "last": found.last,
        "page": path_of(found.statement),
    }
