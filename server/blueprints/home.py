"""`/`: what this is, how much there is, and where to go."""

from __future__ import annotations

from flask import Blueprint, render_template

from server import formats
from server.app import departure, engine, settings
from server.examples import QUERIES

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> str:
    """The first page."""
    overview = engine().kept("overview", departure())
    return render_template(
        "home.html",
        overview=overview,
        examples=QUERIES,
        graphs=formats.GRAPHS.values(),
        writable=settings().writable,
    )
