"""From the engine's answers to HTTP responses, and who may write."""

from __future__ import annotations

from flask import Response, request

from server import formats, jsonld
from server.app import EARLY, departure, engine, note, settings
from server.engine.engine import Answer, Dataset
from server.engine.messages import Whole
from server.errors import Forbidden, Interrupted, NotAcceptable, Problem, TooLarge, Unauthorized
from server.headers import HINT, ascii_of
from server.tokens import name_of, secret_in

_JSONLD = "jsonld"
_RESULTS = tuple(formats.RESULTS.values())
_GRAPHS = tuple(formats.GRAPHS.values())


def query(
    text: str, dataset: Dataset | None, wanted: str | None = None, shape: str = "", union: bool | None = None
) -> Response:
    """Answer a query in the format that the request asks for, or in the one called `wanted`.

    `shape` is as in `server.engine.messages.Query`, `union` as in `server.engine.engine.Wanted`. Raises a Problem.
    """
    note(text)
    accept = request.headers.get("Accept", "")
    if wanted is None:
        results, graph = formats.best(accept, _RESULTS), formats.best(accept, _GRAPHS)
    else:
        results, graph = formats.named(wanted, _RESULTS), formats.named(wanted, _GRAPHS)
    if results is None and graph is None:
        raise NotAcceptable(_offer(f"None of these formats is on offer: {wanted or accept}."))
    keys = [None if found is None else found.key for found in (results, graph)]
    is_compact = wanted is None and keys[1] == _JSONLD and jsonld.PROFILE in accept and not shape
    tag = engine().tag_of(text, keys[0], "compact" if is_compact else keys[1], dataset, shape, union)
    if is_known(tag):
        response = Response(status=304)
    else:
        try:
            answer = _early() or engine().query(
                text, results=keys[0], graph=keys[1], dataset=dataset, departure=departure(), shape=shape, union=union
            )
        except NotAcceptable as error:
            raise NotAcceptable(f"{wanted or accept} can't hold the answer to this query. On offer: {error}.") from None
        compact = _compacted(text, union, dataset) if is_compact and answer.kind == "graph" else None
        if compact is None:
            response = respond(answer)
        else:
            answer.close()
            response = compact
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response


def is_known(tag: str | None) -> bool:
    """Whether the client has the answer with this tag already."""
    return tag is not None and request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag)


def _compacted(text: str, union: bool | None, dataset: Dataset | None = None) -> Response | None:
    """The triples of a query as JSON-LD with the ontology's context; None if they are too many."""
    try:
        answer = engine().query(
            text, results=None, graph="nt", departure=departure(), union=union, dataset=dataset, size=jsonld.MOST
        )
        triples = b"".join(answer)
    except (TooLarge, Interrupted):
        return None
    return Response(jsonld.compacted(triples), content_type=formats.GRAPHS[_JSONLD].content_type)


def _early() -> Answer | None:
    """The answer that the server has already. Raises the problem that it met."""
    found: Answer | Problem | None = request.environ.get(EARLY)
    if isinstance(found, Problem):
        raise found
    return found


def respond(answer: Answer) -> Response:
    """The answer as a response, streamed unless it is short."""
    found = (formats.GRAPHS if answer.kind == "graph" else formats.RESULTS)[answer.format]
    if isinstance(answer, Whole):
        response = Response(answer.body, content_type=found.content_type)
        if answer.hint:
            response.headers[HINT] = ascii_of(answer.hint)
        return response
    response = Response(iter(answer), content_type=found.content_type)
    response.call_on_close(answer.close)
    return response


def resource(text: str, format: formats.Format, title: str, *, union: bool | None = None) -> Response:
    """What there is about something, by a query of the server's own; `union` as for `Engine.query`."""
    tag = resource_tag(text, format)
    if is_known(tag):
        response = Response(status=304)
    else:
        found = _compacted(text, union) if format.key == _JSONLD else None
        if found is None:
            table = format.key if format in _RESULTS else None
            graph = None if table else format.key
            found = respond(engine().query(text, results=table, graph=graph, departure=departure(), union=union))
        response = found
        response.headers["Content-Disposition"] = f'inline; filename="{title}.{format.key}"'
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True
    response.vary.add("Accept")
    return response


def resource_tag(text: str, format: formats.Format) -> str | None:
    """The entity tag of what `resource` answers now; None if nobody knows one."""
    return engine().tag("resource", text, format.key)


def _offer(reason: str) -> str:
    return f"{reason} Tables: {formats.listing(_RESULTS)}. Graphs: {formats.listing(_GRAPHS)}."


def author() -> str:
    """The name of the token that allows this request to write. Raises Forbidden or Unauthorized."""
    tokens = settings().tokens
    if not tokens:
        raise Forbidden("This server is read-only: it was started without a token for writing (KG_TOKEN).")
    secret = secret_in(request.headers.get("Authorization"))
    if secret is None:
        raise Unauthorized("Writing needs the token, as 'Authorization: Bearer TOKEN' or as the password of Basic.")
    name = name_of(secret, tokens)
    if name is not None:
        return name
    raise Unauthorized("The token is not one that allows writing here.")
