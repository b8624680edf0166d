"""What the page of a sending shows: put together here, so that its template has only to set it."""

from datetime import datetime, timedelta

from newsletter import clock, delivery, feedback, insights, issues, languages, settings
from newsletter.delivery import Breakdown, MailingState, Progress
from newsletter.issues import Issue
from newsletter.web import frame
from newsletter.web.dashboard.sending.domains import by_domain
from newsletter.web.dashboard.sending.readers_form import ReadersForm
from newsletter.web.dashboard.sending.reasons import reasons_of

ENDED = (MailingState.FINISHED, MailingState.WITHDRAWN)
_LATELY = timedelta(minutes=10)
_A_SECOND = timedelta(seconds=1)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def words_of(found: Issue, mailing_id: int) -> dict[str, object]:
    """Return all that the templates of the page take."""
    progress, breakdown = delivery.progress(mailing_id), delivery.breakdown(mailing_id)
    coming = issues.to_come(found.id)
    to_come = sum(wave.readers for wave in coming)
    ended = progress.state in ENDED and not coming
    end = _expected_end(progress, breakdown)
    paused = {one.name: one for one in delivery.destinations() if one.paused_until}
    return {
        "issue": found,
        "name": issues.name_of(found, frame.language()),
        "number": languages.write_issue_number(found.number, frame.language()),
        "editions": issues.editions(found.id),
        "state": issues.state_of(found),
        "progress": progress,
        "to_whom": ReadersForm.of(found).words if issues.plan_of(found.id) else "",
        "ended": ended,
        "coming": coming,
        "coming_paused_by": issues.waves_paused_by(found.id),
        "tried": _tried(progress),
        "share": _share(progress, to_come),
        "of": progress.recipients + to_come,
        "left": _time_left(end),
        "end": end,
        "duration": _duration(progress),
        "domains": by_domain(progress, breakdown, paused),
        "reasons": reasons_of(breakdown.reasons),
        "waits": () if ended else breakdown.waits,
        "returned": feedback.counts(mailing_id),
        "rates": _rates(mailing_id, ended=ended),
        "health": delivery.health(),
        "at": clock.now(),
    }


def _duration(progress: Progress) -> str:
    """Say how long it took, where that is worth a word."""
    took = progress.took
    return insights.write_duration(took, frame.language()) if took and took >= _A_SECOND else ""


def _share(progress: Progress, to_come: int = 0) -> int:
    """Give the part of all that has been tried, in full per cent; 100 only when all have been."""
    total = progress.recipients + to_come
    return _tried(progress) * 100 // total if total else 100


def _tried(progress: Progress) -> int:
    """Count those with whom the sending has done; where the rest was cancelled, that rest was never tried."""
    cancelled = progress.withdrawn if progress.state == MailingState.WITHDRAWN else 0
    return progress.recipients - progress.queued - progress.sending - cancelled


def _expected_end(progress: Progress, breakdown: Breakdown) -> datetime | None:
    """Return when all will have been tried once: at the present rate, and not before what waits on purpose may go."""
    waits = [wait.last_at for wait in breakdown.waits]
    going = [progress.expected_end] if progress.expected_end else []
    if progress.state in (*ENDED, MailingState.PAUSED) or not (going or waits):
        return None
    return max(going + waits)


def _time_left(end: datetime | None) -> str:
    if end is None:
        return ""
    t, seconds = frame.translate(), (end - clock.now()).total_seconds()
    if seconds < _MINUTE:
        return t("less than a minute")
    if seconds < 1.5 * _HOUR:
        return t.plural("about a minute", "about %(n)s minutes", round(seconds / _MINUTE))
    if seconds < 1.5 * _DAY:
        return t.plural("about an hour", "about %(n)s hours", round(seconds / _HOUR))
    return t.plural("about a day", "about %(n)s days", round(seconds / _DAY))


def _rates(mailing_id: int, *, ended: bool) -> list[tuple[str, int]]:
    """Return the line of the last minutes, or once it is over of the whole: clock times and messages a minute."""
    zone = settings.publication().zone
    return [
        (languages.write_time(rate.at.astimezone(zone), None, frame.language()), rate.a_minute)
        for rate in delivery.rates(mailing_id, None if ended else _LATELY)
    ]
