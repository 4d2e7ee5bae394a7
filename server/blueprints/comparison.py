"""`/compare` and `/timeline`: what is known of some entities, side by side, and over time."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template

from server import drawing, inputs
from server.app import departure, engine
from server.errors import BadRequest, NotFound
from server.pages import DATED, Chronicle, Comparison

blueprint = Blueprint("comparison", __name__)

_COLUMNS = 6
_MOST = 20
_FIELDS = 2


@blueprint.get("/compare")
def show() -> str:
    """The entities of each `?name=`, which is a name or an IRI of this graph."""
    names = inputs.names("name", _COLUMNS)
    found = engine().look_up("compare", *names, departure=departure()) if names else None
    assert found is None or isinstance(found, Comparison)
    return render_template(
        "comparison.html",
        **_form(names, () if found is None else found.asked, _COLUMNS),
        found=found if found is not None and found.entities else None,
        timeline=drawing.timeline(found.dated if found is not None else ()),
    )


@blueprint.get("/timeline")
def timeline() -> str | tuple[str, int]:
    """The dated facts of the entities of each `?name=`, of the years `?first=` to `?last=`; a page of them."""
    names = inputs.names("name", _MOST)
    page = inputs.number("page", 1)
    try:
        first, last = inputs.number("first", 0), inputs.number("last", 9999)
        if first > last:
            raise BadRequest(f"No year is in the range from {first} to {last}: give the earlier one first.")
    except BadRequest as error:
        # The form stays as it was written, so that it can be mended.
        form = _form(names, (), _MOST)
        return render_template("timeline.html", **form, found=None, problem=str(error)), error.status
    found = engine().look_up("chronicle", first, last, page, *names, departure=departure()) if names else None
    assert found is None or isinstance(found, Chronicle)
    pages = 1 if found is None else max(1, -(-found.total // DATED))
    if not 1 <= page <= pages:
        raise NotFound(f"There is no page {page} of this timeline: it has {pages}.")
    return render_template(
        "timeline.html",
        **_form(names, () if found is None else found.asked, _MOST),
        found=found if found is not None and found.entities else None,
        timeline=drawing.timeline(found.dated if found is not None else ()),
        page=page,
        pages=pages,
    )


def _form(names: Sequence[str], asked: Sequence[str | None], most: int) -> dict[str, object]:
    """The fields for names, with those that were found as they are called here, and those that nobody is called."""
    known = [*asked, *[None] * (len(names) - len(asked))]
    blank = max(1 if len(names) < most else 0, _FIELDS - len(names))
    return {
        "names": [name if one is None else one for name, one in zip(names, known, strict=True)] + [""] * blank,
        "missing": [name for name, one in zip(names, asked, strict=False) if one is None],
        "most": most,
    }
