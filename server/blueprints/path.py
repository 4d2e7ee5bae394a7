"""`/path`: how two entities are connected."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from server.app import departure, engine
from server.errors import BadRequest
from server.lookups import Connection

blueprint = Blueprint("path", __name__)

_LONGEST = 200


@blueprint.get("/path")
def show() -> str:
    """The shortest chains of facts from `?from=` to `?to=`, which are names, or IRIs of this graph."""
    names = [" ".join(request.args.get(side, "").split()) for side in ("from", "to")]
    if max(map(len, names)) > _LONGEST:
        raise BadRequest(f"A name to look for is longer than {_LONGEST} characters.")
    found = engine().look_up("path", *names, departure=departure()) if all(names) else None
    assert found is None or isinstance(found, Connection)
    return render_template("path.html", names=names, found=found)
