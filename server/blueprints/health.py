"""`/health` and `/metrics`: whether the server lives and can answer, and how much it does."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server import metrics
from server.app import departure, engine, settings

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@blueprint.get("/health/ready")
def ready() -> Response:
    """200 if a worker answers a query; else the query's own error."""
    # The worker must work, so this one is no query that was answered before.
    engine().query("ASK { BIND(RAND() AS ?x) }", results="csv", graph=None, departure=departure()).close()
    return jsonify({"status": "ok", "version": engine().version})


@blueprint.get("/health/live")
def live() -> Response:
    """200 as long as the server answers at all."""
    return jsonify({"status": "ok"})


@blueprint.get("/metrics")
def measured() -> Response:
    """What was measured, in Prometheus' text format."""
    engine().measure()
    content = metrics.exposition(settings().store / "store")
    return Response(content, content_type="text/plain; version=0.0.4; charset=utf-8")
