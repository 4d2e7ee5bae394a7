"""What browsers and programs ask every server for: the icon, and what it can do."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("small", __name__)


@blueprint.get("/favicon.ico")
def icon() -> BaseResponse:
    """Where the icon is."""
    return redirect(url_for("static", filename="icon.svg"), 301)


@blueprint.route("/*", methods=["OPTIONS"])
def everything() -> Response:
    """`OPTIONS *`: what some path here allows."""
    return Response(status=204, headers={"Allow": "GET, HEAD, POST, PUT, DELETE, OPTIONS"})
