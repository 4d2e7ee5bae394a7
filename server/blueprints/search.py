"""`/search`: entities by name, articles by title, sentences by what they say."""

from __future__ import annotations

import dataclasses

from flask import Blueprint, Response, jsonify, render_template, request

from server import formats
from server.app import departure, engine
from server.errors import BadRequest

blueprint = Blueprint("search", __name__)

_JSON = formats.Format("json", "JSON", "application/json", ("application/json",), None)
_LIMIT = 50
_LONGEST = 200


@blueprint.get("/search")
def search() -> Response:
    """What fits the words of `?q=`, the best first: a page, or JSON."""
    text = " ".join(request.args.get("q", "").split())
    if len(text) > _LONGEST:
        raise BadRequest(f"The text to search for is longer than {_LONGEST} characters.")
    found = engine().look_up("search", text, _LIMIT, departure=departure()) if text else ()
    assert isinstance(found, tuple)
    wanted = formats.best(request.headers.get("Accept", ""), (formats.HTML, _JSON))
    if request.args.get("format") == "json" or wanted is _JSON:
        response = jsonify({"query": text, "results": [dataclasses.asdict(hit) for hit in found]})
    else:
        page = render_template("search.html", text=text, hits=found, limit=_LIMIT)
        response = Response(page, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response
