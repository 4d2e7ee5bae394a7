"""`/wikidata/sparql`: queries that were written for the Wikidata Query Service, on the graph in Wikibase's form."""

from __future__ import annotations

from flask import Blueprint, Response, request

from kg.errors import QueryError
from kg.wikibase.rewrite import rewrite
from server import editor
from server.answers import query
from server.engine.messages import WIKIBASE
from server.errors import BadRequest, Problem, Unsupported
from server.parameters import FORM, body, dataset, one

blueprint = Blueprint("wikidata", __name__)

_QUERY = "application/sparql-query"


@blueprint.route("/wikidata/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a query: `?query=`, a form, or a body of application/sparql-query."""
    if request.method == "POST" and request.mimetype == _QUERY:
        text: str | None = body()
    elif request.method == "POST" and request.mimetype != FORM:
        raise Unsupported(f"A query is sent as {FORM} or as {_QUERY}, not as {request.mimetype or 'nothing'}.")
    else:
        text = one("query")
    wanted = one("format") or None
    if text is None:
        if request.method == "GET" and editor.is_wanted(wanted):
            return editor.form(editor.WIKIDATA)
        raise BadRequest(
            "The parameter 'query' is missing: a query as for the Wikidata Query Service, such as "
            "SELECT ?person ?personLabel WHERE { ?person wdt:P31 wd:Q5 . SERVICE wikibase:label { "
            'bd:serviceParam wikibase:language "en" } }'
        )
    if dataset("default-graph-uri", "named-graph-uri") is not None:
        raise BadRequest("Wikibase's form has one graph, so a request can name none; /sparql has those of articles.")
    try:
        plain = rewrite(text, _languages())
    except QueryError as error:
        if editor.is_wanted(wanted):
            return editor.form(editor.WIKIDATA, text, status=BadRequest.status, problem=str(error))
        raise BadRequest(str(error)) from error
    if editor.is_wanted(wanted):
        response = editor.answer(editor.WIKIDATA, text, plain, None, is_patient=wanted is not None)
    else:
        try:
            response = query(plain, None, wanted, WIKIBASE)
        except Problem as error:
            raise editor.placed(editor.WIKIDATA, text, plain, error) from error
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/wikidata/sparql/terms")
def terms() -> Response:
    """What an editor completes."""
    return editor.told(editor.WIKIDATA)


@blueprint.get("/wikidata/sparql/check")
def check() -> Response:
    """What is wrong with `?query=`, which is not answered."""
    return editor.checked(editor.WIKIDATA, one("query") or "")


def _languages() -> list[str]:
    """Those that the client reads, the best first, each also without its region; English where it names none."""
    found: list[str] = []
    for language, _ in request.accept_languages:
        found += [language, language.partition("-")[0]]
    return [language for language in dict.fromkeys(found) if language != "*"] or ["en"]
