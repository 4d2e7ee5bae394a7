"""`/compare`: what is known of some entities, side by side and over time."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from server import drawing
from server.app import departure, engine
from server.errors import BadRequest
from server.pages import Comparison

blueprint = Blueprint("comparison", __name__)

_MOST = 6
_FIELDS = 2
_LONGEST = 200


@blueprint.get("/compare")
def show() -> str:
    """The entities of each `?name=`, which is a name or an IRI of this graph."""
    names = [text for name in request.args.getlist("name") if (text := " ".join(name.split()))]
    if len(names) > _MOST:
        raise BadRequest(f"No more than {_MOST} are compared at once, and {len(names)} are named.")
    if max(map(len, names), default=0) > _LONGEST:
        raise BadRequest(f"A name to look for is longer than {_LONGEST} characters.")
    found = engine().look_up("compare", *names, departure=departure()) if names else None
    assert found is None or isinstance(found, Comparison)
    known = [] if found is None else [one for one in found.asked if one is not None]
    shown = (
        names if found is None else [name if one is None else one for name, one in zip(names, found.asked, strict=True)]
    )
    return render_template(
        "comparison.html",
        names=[*shown, *[""] * max(1 if len(names) < _MOST else 0, _FIELDS - len(names))],
        missing=[] if found is None else [name for name, one in zip(names, found.asked, strict=True) if one is None],
        found=found if known else None,
        timeline=drawing.timeline(found.dated if found is not None else ()),
        most=_MOST,
    )
