"""The tasks: each parses its numbers, makes one call into the domain, and commits."""

import gc
import logging
from collections.abc import Callable
from functools import partial
from threading import Event, Lock

from celery import shared_task
from celery.signals import worker_init, worker_shutting_down

from newsletter import audience, delivery, entries, fetching, insights, issues
from newsletter.database import db

_log = logging.getLogger(__name__)
_LONGEST_ROUND = 30.0  # seconds; then another task goes on, so that no task outlives a broker's patience
_stopping = Event()
_courier = Lock()  # one courier in a process: it keeps the connections, and looks for new work by itself


@shared_task(name="worker.deliver")
def deliver() -> None:
    """Send what is due; at once back where nothing is, or where this process is sending already."""
    if _stopping.is_set() or not _courier.acquire(blocking=False):
        return
    try:
        delivery.deliver(seconds=_LONGEST_ROUND, stop=_stopping)
    finally:
        _courier.release()


@shared_task(name="worker.sweep")
def sweep() -> None:
    """Settle what was left lying, make and freeze the issues whose time has come, and send what is due."""
    for step in (issues.recur, issues.send_due, issues.send_waves):
        _by_itself(step)
    mail_is_due = _by_itself(delivery.sweep)
    _by_itself(issues.settle)
    if mail_is_due:
        deliver()


def _by_itself(step: Callable[[], object]) -> object:
    """Take one step of a sweep and commit it; one that fails keeps none of the others from theirs."""
    try:
        done = step()
        db.session.commit()
    except Exception:  # noqa: BLE001 - set aside and logged, so that the others go on
        _log.exception("a step of the sweep failed")
        db.session.rollback()
        return None
    return done


@shared_task(name="worker.rehearse")
def rehearse(issue_id: int) -> None:
    """Write all messages of an issue and send none, part by part."""
    for _ in issues.rehearse_on(issue_id):
        db.session.commit()
        if _stopping.is_set():
            return
    db.session.commit()


@shared_task(name="worker.take_up_rehearsals")
def take_up_rehearsals() -> None:
    """Go on with the rehearsals that nobody goes on with."""
    for issue_id in issues.rehearsals_left():
        rehearse(issue_id)


@shared_task(name="worker.refresh_source")
def refresh_source(source_id: int) -> None:
    """Fetch one source and take in what is new."""
    entries.refresh(source_id)
    db.session.commit()


@shared_task(name="worker.refresh_due_sources")
def refresh_due_sources() -> None:
    """Fetch the sources whose turn it is."""
    for source_id in entries.due_sources():
        _by_itself(partial(entries.refresh, source_id))


@shared_task(name="worker.look_at_links")
def look_at_links(issue_id: int) -> None:
    """Look where the links of an issue lead; no transaction stays open while others are asked."""
    wanted = issues.links_to_look_at(issue_id)
    db.session.commit()
    for answer in fetching.knock_at(wanted):
        issues.keep_answer(answer)
        db.session.commit()


@shared_task(name="worker.look_at_due_links")
def look_at_due_links() -> None:
    """Look again where the links of issues lead that are written now or go out soon."""
    for issue_id in issues.issues_with_links_to_look_at():
        db.session.commit()
        look_at_links(issue_id)


@shared_task(name="worker.tell_mentioned")
def tell_mentioned() -> None:
    """Tell colleagues by mail that comments name them, once the talk has paused."""
    issues.tell_mentioned()
    db.session.commit()


@shared_task(name="worker.tidy")
def tidy() -> None:
    """Drop what nobody ever confirmed, and what was kept for a while only."""
    audience.tidy()
    insights.tidy()
    delivery.prune()
    issues.forget_who_was_here()
    db.session.commit()


@worker_init.connect
def _begin(**_: object) -> None:
    _stopping.clear()
    gc.freeze()  # what is loaded by now stays, and need not be looked through for litter while mail is written


@worker_shutting_down.connect
def stop(**_: object) -> None:
    """Let a courier finish what is on the wire and give the rest back."""
    _stopping.set()
