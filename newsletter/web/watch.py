"""What machines ask: is the process alive, is it ready, and how is it doing."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from newsletter import delivery
from newsletter.database import db

blueprint = Blueprint("watch", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; asks nothing of anybody else."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Say whether the database answers and has its tables."""
    try:
        db.session.execute(text("SELECT 1 FROM mailings LIMIT 1"))
    except SQLAlchemyError:
        return jsonify(ready=False, database="does not answer, or was not migrated"), 503
    return jsonify(ready=True, database="answers"), 200


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures of the delivery engine in Prometheus' text format."""
    return Response(delivery.metrics(), content_type="text/plain; version=0.0.4; charset=utf-8")
