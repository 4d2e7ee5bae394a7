"""`/search`: entities by name, articles by title, sentences by what they say."""

from __future__ import annotations

import dataclasses

from flask import Blueprint, Response, jsonify, render_template, request

from server import formats
from server.app import departure, engine, path_of
from server.errors import BadRequest

blueprint = Blueprint("search", __name__)

_JSON = formats.Format("json", "JSON", "application/json", ("application/json",), None)
_LIMIT = 50
_LONGEST = 200


@blueprint.get("/search")
def search() -> Response:
    """What fits the words of `?q=`, the best `?limit=` first: a page, or JSON."""
    text = " ".join(request.args.get("q", "").split())
    if len(text) > _LONGEST:
        raise BadRequest(f"The text to search for is longer than {_LONGEST} characters.")
    limit = request.args.get("limit", str(_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 7):
        raise BadRequest(f"The parameter 'limit' is {limit!r}; it must be a whole number.")
    most = min(int(limit), _LIMIT)
    found = engine().look_up("search", text, most, departure=departure()) if text else ()
    assert isinstance(found, tuple)
    wanted = formats.best(request.headers.get("Accept", ""), (formats.HTML, _JSON))
    if request.args.get("format") == "json" or wanted is _JSON:
        results = [{**dataclasses.asdict(hit), "page": path_of(hit.iri)} for hit in found]
        response = jsonify({"query": text, "results": results})
    else:
        page = render_template("search.html", text=text, hits=found, limit=most)
        response = Response(page, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response
