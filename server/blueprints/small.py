"""What programs ask every server for: `/robots.txt` and `/favicon.ico`."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("small", __name__)

_ROBOTS = (
    "User-agent: *\nDisallow: /sparql\nDisallow: /wikidata/\nDisallow: /search\nDisallow: /graphs\nDisallow: /metrics\n"
)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Pages may be read by robots; they ask no queries."""
    return Response(_ROBOTS, content_type="text/plain; charset=utf-8")


@blueprint.get("/favicon.ico")
def icon() -> BaseResponse:
    """Where the icon is."""
    return redirect(url_for("static", filename="icon.svg"), 301)
