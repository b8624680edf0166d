"""The Celery application, and the binding of the domain's wake-up port to it."""

from collections.abc import Callable
from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import worker_shutdown
from flask import Flask
from kombu.exceptions import OperationalError

from newsletter import delivery, settings, wake
from worker.schedule import SCHEDULE

log = structlog.get_logger()


def make_celery(flask_app: Flask) -> Celery:
    """Return a Celery application whose tasks run inside `flask_app`, and let the domain wake it.

    Losing the broker loses nothing: a wake that cannot be published is logged and forgotten, and the sweep finds the row.
    """
    environment = settings.environment()
    celery = Celery(
        "newsletter", broker=environment.redis_url or "memory://localhost", task_cls=_task_class(flask_app)
    )
    celery.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_publish_retry=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=not environment.embedded,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport_options=_transport(environment),
        beat_schedule=SCHEDULE,
        beat_schedule_filename=str(environment.data_dir / "beat"),
        timezone="UTC",
        include=["worker.tasks"],
    )
    celery.set_default()
    _sign_off_at_the_end(flask_app)
    wake.bind(_port(celery))
    return celery


def _sign_off_at_the_end(flask_app: Flask) -> None:
    def sign_off(**_: object) -> None:
        with flask_app.app_context():
            delivery.sign_off()

    worker_shutdown.connect(sign_off, weak=False, dispatch_uid="newsletter.sign_off")


def _transport(environment: settings.Environment) -> dict[str, float]:
    """Return how to talk to the broker.

    A message is done with as soon as it was read: the rows are the queue, so nobody misses one that dies with its worker.
    Were it kept until its task ends, a worker that has one in hand when Redis goes away would want to put it back there,
    and break down over that it cannot.
    """
    if environment.embedded:
        return {"polling_interval": 0.02}
    return {"socket_connect_timeout": 2, "socket_timeout": 10, "ack_emulation": False}


def _task_class(flask_app: Flask) -> type[Any]:
    class InsideTheApplication(Task):  # type: ignore[misc]  # Celery ships no types
        """A task that runs in the application's context, with a session of its own."""

        def __call__(self, *numbers: int) -> Any:
            with flask_app.app_context():
                return self.run(*numbers)

    return InsideTheApplication


def _port(celery: Celery) -> Callable[..., None]:
    def publish(job: wake.Job, *numbers: int) -> None:
        try:
            celery.send_task(f"worker.{job}", args=numbers, expires=60)
        except (OperationalError, OSError) as error:
            log.warning(
                "the broker does not answer; the sweep will find the work", job=str(job), error=str(error)
            )

    return publish
