"""`/search`: entities by name, articles by title, sentences by what they say."""

from __future__ import annotations

import dataclasses

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server import formats, inputs
from server.app import departure, engine, path_of

blueprint = Blueprint("search", __name__)

_JSON = formats.Format("json", "JSON", "application/json", ("application/json",), None)
_LIMIT = 50


@blueprint.get("/search")
def search() -> BaseResponse:
    """What fits the words of `?q=`, the best `?limit=` first: a page, or JSON. A question is answered at `/ask`."""
    text = inputs.name("q")
    wanted = formats.best(request.headers.get("Accept", ""), (formats.HTML, _JSON))
    is_json = request.args.get("format") == "json" or wanted is _JSON
    if text.endswith("?") and not is_json:
        # Whoever is new here asks questions in the first field that they see.
        return redirect(url_for("ask.ask", q=text), 303)
    most = min(inputs.number("limit", _LIMIT), _LIMIT)
    found = engine().look_up("search", text, most, departure=departure()) if text else ()
    assert isinstance(found, tuple)
    if is_json:
        results = [{**dataclasses.asdict(hit), "page": path_of(hit.iri)} for hit in found]
        response: BaseResponse = jsonify({"query": text, "results": results})
    else:
        page = render_template("search.html", text=text, hits=found, limit=most)
        response = Response(page, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response
