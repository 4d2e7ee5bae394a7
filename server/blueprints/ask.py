"""`/ask`: a question in plain English, its answers, and the SPARQL that it became."""

from __future__ import annotations

import dataclasses
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.ask.answers import LONGEST, Reply
from server import formats
from server.app import departure, engine, path_of
from server.errors import BadRequest
from server.lookups import Overview
from server.questions import ShownReply

blueprint = Blueprint("ask", __name__)

_JSON = formats.Format("json", "JSON", "application/json", ("application/json",), None)


@blueprint.get("/ask")
def ask() -> BaseResponse:
    """The reply to `?q=`: a page, or JSON. A question about one thing leads to its page."""
    question = " ".join(request.args.get("q", "").split())
    if len(question) > LONGEST:
        raise BadRequest(f"A question has at most {LONGEST} characters, and this one {len(question)}.")
    found = engine().look_up("ask", question, departure=departure()) if question else None
    assert found is None or isinstance(found, ShownReply)
    wanted = formats.best(request.headers.get("Accept", ""), (formats.HTML, _JSON))
    if found is not None and (request.args.get("format") == "json" or wanted is _JSON):
        response: BaseResponse = jsonify(dataclasses.asdict(found.reply))
    elif found is not None and (elsewhere := _page_of(found.reply)):
        response = redirect(elsewhere, 303)
    else:
        overview = engine().kept("overview", departure())
        assert isinstance(overview, Overview)
        page = render_template(
            "ask.html",
            question=question,
            found=found,
            examples=overview.questions,
            longest=LONGEST,
        )
        response = Response(page, content_type=formats.HTML.content_type)
    response.vary.add("Accept")
    return response


def _page_of(reply: Reply) -> str | None:
    """The page that answers it, where there is one."""
    if reply.form == "about" and reply.things[0].iri:
        return path_of(reply.things[0].iri)
    if reply.form == "path":
        start, end = (thing.iri or "" for thing in reply.things)
        return f"{url_for('path.show')}?{urlencode({'from': start, 'to': end})}"
    return None
