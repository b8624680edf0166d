"""From draft to sent: the gate, the moment of freezing, schedules and their sweep, and what became of it all."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from newsletter import audience, clock, delivery, languages, rendering
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, NewsletterError
from newsletter.issues.approving import refuse_unapproved
from newsletter.issues.checking import Finding, check, errors_of
from newsletter.issues.composing import compose
from newsletter.issues.drafting import OPEN, issue, name_of
from newsletter.issues.materials import Materials, gather
from newsletter.issues.personal import FOR_ANYBODY
from newsletter.issues.plans import checked, lists_of, plan_of, readers_of
from newsletter.issues.sending.freezing import freeze
from newsletter.issues.sending.telling import tell_editors
from newsletter.issues.sending.waves import (
    local_time,
    next_wave,
    pause_waves,
    set_waves,
    whose_time_has_come,
)
from newsletter.issues.tables import Issue, State
from newsletter.issues.variants import Variant, usual, with_variants

LATE = timedelta(hours=24)
"""A schedule later than this was not missed by a slow worker but by something like a restored backup: a person decides."""

_log = logging.getLogger(__name__)
_UPSET = (
    "Something in it cannot be worked out. Open it and take out what was put in last, then send it again."
)
_TOO_LATE = "Its time passed more than a day ago. Look whether it is still right, then send it again."


def send(
    issue_id: int,
    at: datetime | None = None,
    *,
    version: int | None = None,
    by_own_clock: datetime | None = None,
) -> Issue:
    """Send an issue now, or let it go out at a moment, or at a time by each reader's own clock.

    `by_own_clock` is that time without a zone; those for whom it has passed already get the issue at once.
    Raises `Invalid` with the first thing that stands in the way, and `Conflict` where it is on its way already or,
    with `version`, where somebody has changed it since it was reviewed.
    """
    found = _reviewed(issue_id, version)
    materials = replace(gather(found), at=at or clock.now())
    _refuse_errors(check(found, "en", materials))
    refuse_unapproved(materials)
    first = set_waves(found, by_own_clock)
    if first is not None:
        at = first if first > clock.now() else None
    return _schedule(found, at) if at is not None else _send_now(materials)


def _reviewed(issue_id: int, version: int | None) -> Issue:
    found = issue(issue_id)
    if found.state not in OPEN:
        raise Conflict("This issue is on its way or sent already. Nothing was sent twice.")
    if version is not None and found.version != version:
        raise Conflict(
            "Somebody has changed this issue since you reviewed it. Look at it again before you send it."
        )
    return found


def _refuse_errors(findings: list[Finding]) -> None:
    errors = errors_of(findings)
    if errors:
        raise Invalid(
            f"{errors[0].sentence} {errors[0].detail}".strip(),
            errors[0].field if not errors[0].block_id else None,
        )


def _schedule(found: Issue, at: datetime) -> Issue:
    if at <= clock.now():
        raise Invalid("This moment has passed. Choose a later one, or send now.", "at")
    if not _take(found, State.SCHEDULED, send_at=at, held={}):
        raise _taken()
    return issue(found.id)


def _send_now(materials: Materials) -> Issue:
    """Freeze and hand over, in the caller's transaction: all of it happens, or nothing."""
    found = materials.issue
    checked(found, plan_of(found.id))
    if not _take(found, State.SENDING, sent_at=materials.at, send_at=None, held={}):
        raise _taken()
    letter = letter_of(materials)
    now_due = whose_time_has_come(found, readers_of(found), materials.at)
    readers = with_variants(now_due, found, materials.blocks, materials.languages)
    mailing_id = delivery.enqueue(letter, readers)
    audience.note_lists(mailing_id, lists_of(found))
    _set(found.id, mailing_id=mailing_id)
    next_wave(issue(found.id), materials.at)
    return issue(found.id)


def letter_of(materials: Materials) -> delivery.Letter:
    """Freeze an issue and put together what delivery takes."""
    return delivery.Letter(
        label=_label(materials),
        reference=f"issue:{materials.issue.id}",
        templates=freeze(materials),
        scope=materials.issue.list_id,
        sender_email=materials.publication.sender_email,
        unknown=materials.mailing_list.unknown,
    )


def _label(materials: Materials) -> str:
    subjects = materials.issue.subjects
    return next(
        (subjects[language] for language in materials.languages if language in subjects), materials.issue.slug
    )


def _taken() -> Conflict:
    return Conflict("Somebody else was faster with this issue. Look at it again; nothing was sent twice.")


def _take(found: Issue, into: State, **values: Any) -> bool:
    """Move an issue on if it still stands as it was read; of two who try, one succeeds."""
    as_read = update(Issue).where(
        Issue.id == found.id, Issue.version == found.version, Issue.state == found.state
    )
    values |= {"state": into, "version": found.version + 1}
    taken = db.session.execute(as_read.values(**values), execution_options={"synchronize_session": False})
    db.session.expire(found)
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _set(issue_id: int, **values: Any) -> None:
    change = update(Issue).where(Issue.id == issue_id).values(**values)
    db.session.execute(change, execution_options={"synchronize_session": False})
    issue(issue_id)  # read again, so that nobody in this session goes on seeing it as it was


def unschedule(issue_id: int) -> Issue:
    """Make a scheduled issue a draft again. Raises `Conflict` where it is not scheduled."""
    found = issue(issue_id)
    if found.state is not State.SCHEDULED or not _take(found, State.DRAFT, send_at=None):
        raise Conflict("This issue is not scheduled any more.")
    set_waves(found, None)
    return issue(issue_id)


def cancel(issue_id: int) -> Issue:
    """Send nothing more of an issue: what went out stays, the rest is withdrawn. Raises `Conflict`."""
    found = issue(issue_id)
    if found.state is not State.SENDING or found.mailing_id is None:
        raise Conflict("This issue is not being sent.")
    if not (local_time(issue_id) and delivery.ended([found.mailing_id])):
        delivery.withdraw(found.mailing_id)
    set_waves(found, None)
    if not _take(found, State.CANCELLED):
        raise _taken()
    return issue(issue_id)


def pause(issue_id: int, by: str) -> None:
    """Pause the sending of an issue, after what is on the wire, and what is to come in other zones. Raises `Conflict`."""
    mailing_id = _mailing(issue_id)
    if not pause_waves(issue_id, by) or not delivery.ended([mailing_id]):
        delivery.pause(mailing_id, by)


def resume(issue_id: int) -> None:
    """Let a paused issue go on. Raises `Conflict`."""
    mailing_id = _mailing(issue_id)
    waiting = pause_waves(issue_id, None)
    if not waiting or delivery.progress(mailing_id).state is delivery.MailingState.PAUSED:
        delivery.resume(mailing_id)


def resend_unknown(issue_id: int) -> int:
    """Send again what may or may not have arrived and is held, and return how many that are. Raises `Conflict`."""
    again = delivery.resend_unknown(_mailing(issue_id))
    if again:
        _set(issue_id, state=State.SENDING)
    return again


def _mailing(issue_id: int) -> int:
    found = issue(issue_id)
    if found.mailing_id is None:
        raise Conflict("This issue is not being sent.")
    return found.mailing_id


# The sweep


def send_due(now: datetime | None = None) -> list[int]:
    """Send the scheduled issues whose time has come, and return their ids.

    Each is looked over again; one that has an error by now, or is later than `LATE`, becomes a draft that says why.
    """
    now = now or clock.now()
    due = (
        select(Issue)
        .where(Issue.state == State.SCHEDULED, Issue.send_at <= now)
        .order_by(Issue.send_at, Issue.id)
    )
    return [found.id for found in db.session.scalars(due).all() if _sent_or_held(found, now)]


def _sent_or_held(found: Issue, now: datetime) -> bool:
    """Send a scheduled issue; one that upsets the checks or its own setting is held, and keeps no other from its time."""
    try:
        with db.session.begin_nested():
            return _send_scheduled(found, now)
    except DBAPIError:
        raise
    except Exception:  # noqa: BLE001 - set aside and logged, so that the others go on
        _log.exception("issue %s could not be looked over", found.id)
        hold(issue(found.id), lambda language: languages.translator(language)(_UPSET))
        return False


def _send_scheduled(found: Issue, now: datetime) -> bool:
    if found.send_at and now - found.send_at > LATE:
        hold(found, lambda language: languages.translator(language)(_TOO_LATE))
        return False
    materials = replace(gather(found), at=now)
    if errors_of(check(found, "en", materials)):
        hold(found, lambda language: _first_error(materials, language))
        return False
    try:
        with db.session.begin_nested():
            refuse_unapproved(materials)
            _send_now(materials)
    except Conflict:
        return False
    except NewsletterError as error:  # one issue that cannot be set must not stop the others
        sentence = str(error)
        hold(issue(found.id), lambda language: languages.translator(language).filled(sentence))
        return False
    return True


def hold(found: Issue, why: Callable[[str], str]) -> None:
    """Make an issue a draft that says in each language why it did not go out, and tell the editors."""
    held = {language: why(language) for language in languages.NAMES}
    if _take(found, State.DRAFT, held=held, send_at=None):
        set_waves(found, None)
        tell_editors(
            "%(name)s was held and did not go out",
            ("%(why)s", "Mend it, then send it again."),
            f"/dashboard/issues/{found.id}",
            name=lambda language: name_of(found, language),
            why=lambda language: held.get(language, held["en"]),
        )


def _first_error(materials: Materials, language: str) -> str:
    return errors_of(check(materials.issue, language, materials))[0].sentence


def preview(
    found: Issue,
    language: str,
    materials: Materials | None = None,
    variant: Variant | None = None,
    name: str = "",
) -> rendering.Rendered:
    """Set an issue as the readers of a language would get it now, with harmless links in place of personal ones.

    `variant` says which of them, where some blocks are for some readers only; else those who chose nothing in particular.
    `name` is that of a reader through whose eyes it is seen.
    """
    materials = materials or gather(found)
    sees = variant or usual(materials, language)
    through = None if sees.way is None else audience.mailing_list(lists_of(found)[sees.way])
    manner = replace(FOR_ANYBODY, name=name)
    return rendering.render(compose(materials, language, manner, sees.shows, through))
