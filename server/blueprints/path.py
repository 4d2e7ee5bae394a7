"""`/path`: how two entities are connected."""

from __future__ import annotations

from flask import Blueprint, render_template

from server import drawing, inputs
from server.app import departure, engine
from server.lookups import Connection

blueprint = Blueprint("path", __name__)


@blueprint.get("/path")
def show() -> str:
    """The shortest chains of facts from `?from=` to `?to=`, which are names, or IRIs of this graph."""
    names = [inputs.name(side) for side in ("from", "to")]
    found = engine().look_up("path", *names, departure=departure()) if all(names) else None
    assert found is None or isinstance(found, Connection)
    picture = drawing.paths(found.start, found.paths) if found is not None and found.start and found.paths else None
    return render_template("path.html", names=names, found=found, picture=picture)
