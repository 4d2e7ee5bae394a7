"""`/favicon.ico`, which browsers ask every server for."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("small", __name__)


@blueprint.get("/favicon.ico")
def icon() -> BaseResponse:
    """Where the icon is."""
    return redirect(url_for("static", filename="icon.svg"), 301)
