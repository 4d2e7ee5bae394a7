"""`/health`: whether the server lives, and whether it can answer queries."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.app import departure, engine

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@blueprint.get("/health/ready")
def ready() -> Response:
    """200 if a query is answered; else the query's own error."""
    engine().query("ASK {}", results="csv", graph=None, departure=departure()).close()
    return jsonify({"status": "ok", "version": engine().version})


@blueprint.get("/health/live")
def live() -> Response:
    """200 as long as the server answers at all."""
    return jsonify({"status": "ok"})
