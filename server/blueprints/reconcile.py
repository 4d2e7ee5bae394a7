"""`/reconcile` and `/reconcile/1.0`: the Reconciliation API, of which OpenRefine is a client.

https://reconciliation-api.github.io/specs/0.2/ and https://reconciliation-api.github.io/specs/1.0-draft/. Their manifests
can't be one, as `suggest` and `preview` are objects in the one and something else in the other.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version

from flask import Blueprint, Response, render_template, request, url_for

import ontology
from kg.reconcile import wire
from kg.reconcile.model import Preview
from kg.reconcile.properties import Schema
from server import formats
from server.app import departure, engine, settings
from server.errors import BadRequest, NotFound, Unsupported
from server.lookups import RECONCILE
from server.parameters import FORM, body, one

blueprint = Blueprint("reconcile", __name__)

_JSON = "application/json"
_KINDS = "<any(entity, property, type):kind>"
_WIDTH = 420
_HEIGHT = 220
_LIMIT = 10
_MOST = 100
_FURTHEST = 1_000
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors *"
)
"""A card is made to be shown within pages elsewhere."""
_FUNCTION = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)
_SETTING = {"type": "number", "default": 0}
_HELP = "How many values of a property to give for each entity; 0 for all."


@blueprint.route("/reconcile", methods=["GET", "POST"], strict_slashes=False)
def root_0_2() -> Response:
    """Version 0.2: the manifest; with `queries=`, candidates; with `extend=`, values of properties."""
    if request.method == "POST" and request.mimetype != FORM:
        raise Unsupported(f"Queries are sent as {FORM}, not as {request.mimetype or 'nothing'}.")
    queries, extend = one("queries"), one("extend")
    if queries is not None and extend is not None:
        raise BadRequest("A request has either 'queries' or 'extend'.")
    if queries is not None:
        return _answer("match_0_2", queries)
    if extend is not None:
        return _answer("extend_0_2", extend)
    if request.method == "POST":
        raise BadRequest("The parameter 'queries' is missing, or 'extend'.")
    return _json(json.dumps(_manifest_0_2()))


@blueprint.get("/reconcile/1.0", strict_slashes=False)
def root_1_0() -> Response:
    """The draft of version 1.0: the manifest."""
    # The draft's own test bench still asks for data as version 0.2 has it.
    extend = one("extend")
    return _json(json.dumps(_manifest_1_0())) if extend is None else _answer("extend_0_2", extend)


@blueprint.post("/reconcile/1.0/match")
def match() -> Response:
    """The candidates of each query of a batch."""
    return _answer("match_1_0", _body())


@blueprint.post("/reconcile/1.0/extend")
def extend() -> Response:
    """Values of properties of entities."""
    return _answer("extend_1_0", _body())


@blueprint.get(f"/reconcile/suggest/{_KINDS}")
@blueprint.get(f"/reconcile/1.0/suggest/{_KINDS}")
def suggest(kind: str) -> Response:
    """What is called so, or begins so; an entity, a property, or a type."""
    prefix = one("prefix")
    if prefix is None:
        raise BadRequest("The parameter 'prefix' is missing.")
    offset = _number("offset" if one("cursor") is None else "cursor", 0, _FURTHEST)
    return _answer(f"suggest_{kind}", prefix, _number("limit", _LIMIT, _MOST), offset)


@blueprint.get("/reconcile/propose")
@blueprint.get("/reconcile/1.0/extend/propose")
def propose() -> Response:
    """The properties that entities of a type may have."""
    return _answer("propose", one("type") or "", _number("limit", _MOST, _MOST))


@blueprint.get("/reconcile/preview")
@blueprint.get("/reconcile/1.0/preview")
@blueprint.get("/entity/<identifier>/card")
def preview(identifier: str | None = None) -> Response:
    """A small page about an entity, to be shown within another."""
    page = render_template("card.html", preview=_preview(identifier or _identifier()))
    response = Response(page, content_type=formats.HTML.content_type)
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.get(f"/reconcile/flyout/{_KINDS}")
def flyout(kind: str) -> Response:
    """A piece of a page about an entity, a property or a type, in JSON."""
    identifier = _identifier()
    if kind == "entity":
        entity = _preview(identifier)
        name, description = entity.name, entity.description
    else:
        about = _look_up(f"about_{kind}", identifier)
        if not isinstance(about, tuple):
            raise NotFound(f"There is no {kind} {identifier!r} here.")
        name, description = about
    html = render_template("reconcile/flyout.html", name=name, description=description)
    return _json(json.dumps({"id": identifier, "html": html}))


def _manifest_0_2() -> dict[str, object]:
    root = url_for("reconcile.root_0_2", _external=True)
    schema = Schema(ontology.load())

    def suggestion(kind: str) -> dict[str, str]:
        return {
            "service_url": root,
            "service_path": f"/suggest/{kind}",
            "flyout_service_url": root,
            "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
        }

    return {
        "versions": ["0.2"],
        **_about(schema),
        "identifierSpace": settings().base + "entity/",
        "schemaSpace": ontology.NAMESPACE,
        "view": {"url": _view() + "{{id}}"},
        "preview": {"url": _preview_of("reconcile.root_0_2"), "width": _WIDTH, "height": _HEIGHT},
        "suggest": {kind: suggestion(kind) for kind in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/propose"},
            "property_settings": [{**_SETTING, "name": "limit", "label": "Most values", "help_text": _HELP}],
        },
    }


def _manifest_1_0() -> dict[str, object]:
    return {
        "versions": ["1.0-draft"],
        **_about(Schema(ontology.load())),
        "lang": "en",
        "dir": "ltr",
        "standardizedScore": True,
        "view": {"url": _view() + "{id}"},
        # The draft needs no address, but its test bench does.
        "preview": {"url": _preview_of("reconcile.root_1_0"), "width": _WIDTH, "height": _HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{**_SETTING, "id": "limit", "name": "Most values", "helpText": _HELP}],
        },
    }


def _about(schema: Schema) -> dict[str, object]:
    """What both manifests say."""
    return {
        "name": "newsgraph",
        "documentation": url_for("home.home", _external=True),
        "logo": url_for("static", filename="icon.svg", _external=True),
        "serviceVersion": version("newsgraph"),
        "defaultTypes": [{"id": key, "name": found.label} for key, found in schema.types.items()],
        "batchSize": wire.BATCH,
    }


def _view() -> str:
    return url_for("home.home", _external=True) + "entity/"


def _preview_of(root: str) -> str:
    return url_for(root, _external=True) + "/preview?id={{id}}"


def _body() -> str:
    if request.mimetype != _JSON:
        raise Unsupported(f"The body must be {_JSON}, and is {request.mimetype or 'of no type'}.")
    return body()


def _identifier() -> str:
    found = one("id")
    if not found:
        raise BadRequest("The parameter 'id' is missing.")
    return found


def _preview(identifier: str) -> Preview:
    found = _look_up("preview", identifier)
    if not isinstance(found, Preview):
        raise NotFound(f"This graph has no entity {identifier!r}.")
    return found


def _number(name: str, default: int, most: int) -> int:
    """The whole number that a parameter is, or `most` if it is more."""
    text = one(name)
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise BadRequest(f"The parameter '{name}' is {text!r}; it must be a whole number.")
    return min(int(text), most)


def _look_up(method: str, *arguments: str | int) -> object:
    return engine().look_up(RECONCILE, method, *arguments, departure=departure())


def _answer(method: str, *arguments: str | int) -> Response:
    found = _look_up(method, *arguments)
    assert isinstance(found, str)
    return _json(found)


def _json(text: str) -> Response:
    """JSON; or, for a page that names a function, as it can't ask otherwise, a script that calls it with that."""
    function = None if request.method == "POST" else one("callback")
    if function is None:
        response = Response(text, content_type=_JSON)
    elif not _FUNCTION.fullmatch(function):
        raise BadRequest(f"The parameter 'callback' is {function!r}; it must be the name of a function.")
    else:
        # Neither of these two ends a line in JSON, as they did in scripts.
        script = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        response = Response(f"/**/{function}({script});", content_type="text/javascript; charset=utf-8")
    response.content_language.add("en")
    return response
