"""The Flask application: one blueprint a concern."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import werkzeug.exceptions
from flask import Flask, Response, current_app, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

import ontology
from server import blueprints, formats
from server.compression import compress
from server.config import Config
from server.engine.engine import Engine
from server.engine.pool import Departure
from server.errors import Problem
from server.headers import COMMON
from server.logs import Entry
from server.schema import words

_TEXT = formats.Format("txt", "text", "text/plain", ("text/plain",), None)
_ASKED_FOR = "Accept, Authorization, Content-Encoding, Content-Type, If-Match, If-None-Match"
_BARE = (201, 204, 304)
"""Responses that have no body as a rule, and so no type of it."""
DEPARTURE = "newsgraph.departure"
LOG = "newsgraph.log"
EARLY = "newsgraph.early"
"""Where in a request's environment the server tells of the client's departure, what it is going to log, and the answer
(or the problem) that it has already."""


def create_app(settings: Config | Mapping[str, object]) -> Flask:
    """The application over the graph in `settings.store`.

    It starts the processes that it needs; `engine().close()` ends them, as the end of the program does. Raises
    StoreError where the store can't be opened, and UsageError where a setting is wrong.
    """
    config = Config.of(settings)
    app = Flask("server")
    app.config["NEWSGRAPH"] = config
    app.config["MAX_CONTENT_LENGTH"] = config.body_size
    app.config["MAX_FORM_MEMORY_SIZE"] = config.body_size
    app.extensions["newsgraph"] = Engine(config)
    for module in pkgutil.iter_modules(blueprints.__path__):
        app.register_blueprint(importlib.import_module(f"server.blueprints.{module.name}").blueprint)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(werkzeug.exceptions.HTTPException, _http_error)
    app.after_request(compress)
    app.after_request(_secure)
    app.jinja_env.filters["path"] = path_of
    app.jinja_env.filters["linked"] = linked
    app.jinja_env.filters["without_scheme"] = lambda iri: iri.partition("://")[2] or iri
    app.jinja_env.filters["url"] = url_of
    app.jinja_env.filters["words"] = words
    return app


def settings() -> Config:
    """The settings of the application that handles this request."""
    config: Config = current_app.config["NEWSGRAPH"]
    return config


def engine() -> Engine:
    """The engine of the application that handles this request."""
    found: Engine = current_app.extensions["newsgraph"]
    return found


def departure() -> Departure:
    """Tells when the client of this request leaves; never, under a server that can't tell."""
    found: Departure = request.environ.setdefault(DEPARTURE, Departure())
    return found


def note(query: str) -> None:
    """Note for the log which query this request asks."""
    entry: Entry | None = request.environ.get(LOG)
    if entry is not None:
        entry.query = query


def path_of(iri: str) -> str | None:
    """Where to go for an IRI: a path on this server for the graph's own and the ontology's, a web address as it is."""
    base = settings().base
    if iri.startswith(base):
        return f"{request.script_root}/{iri.removeprefix(base)}"
    if iri.startswith(ontology.NAMESPACE):
        return f"{request.script_root}/ontology#{iri.removeprefix(ontology.NAMESPACE)}"
    return iri if urlsplit(iri).scheme in ("http", "https") else None


def url_of(iri: str) -> str:
    """Where something that the graph names is on this server, for those who come from elsewhere."""
    return request.url_root + iri.removeprefix(settings().base)


def linked(iri: str | None, label: str) -> Markup:
    """A label, as a link where there is somewhere to go."""
    target = None if iri is None else path_of(iri)
    return escape(label) if target is None else Markup('<a href="{}">{}</a>').format(target, label)


def _problem(problem: Problem) -> Response:
    return _error(problem.status, str(problem), problem.headers)


def _http_error(error: werkzeug.exceptions.HTTPException) -> BaseResponse:
    if error.response is not None or error.code is None:
        return error.get_response()
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return _error(error.code, error.description or error.name, headers)


def _error(status: int, message: str, headers: Mapping[str, str]) -> Response:
    chosen = formats.best(request.headers.get("Accept", ""), (_TEXT, formats.HTML))
    if chosen is formats.HTML:
        body = render_template("error.html", status=status, name=HTTPStatus(status).phrase, message=message)
        response = Response(body, status, content_type=formats.HTML.content_type)
    else:
        response = Response(message + "\n", status, content_type=_TEXT.content_type)
    response.headers.update(headers)
    response.vary.add("Accept")
    return response


def _secure(response: Response) -> Response:
    headers = response.headers
    for name, value in COMMON.items():
        headers.setdefault(name, value)
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(re.split(", *", headers["Allow"])))
    if request.method == "OPTIONS":
        response.status_code = 204
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "")
        # Whoever may write has the token, so that no header tells more than another.
        asked_for = request.headers.get("Access-Control-Request-Headers", "")
        headers["Access-Control-Allow-Headers"] = ", ".join(filter(None, (_ASKED_FOR, asked_for)))
        headers["Access-Control-Max-Age"] = "86400"
        response.vary.add("Access-Control-Request-Headers")
    if response.status_code in _BARE and not response.is_streamed and not response.get_data():
        headers.pop("Content-Type", None)
    return response
