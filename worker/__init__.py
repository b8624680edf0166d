"""Celery: the clock and the muscle. Tasks carry numbers and make one call into the domain; the rows are the queue."""

from worker.app import make_celery

__all__ = ["make_celery"]
