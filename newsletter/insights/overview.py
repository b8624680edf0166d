"""The first page's facts put together: one sentence, and what stands under it."""

from datetime import timedelta

from newsletter import audience, clock, delivery, feedback, issues, languages, settings
from newsletter.insights.events import coming_events
from newsletter.insights.facts import Fate, Growth, Need, NextIssue, Overview, Point, Running, Severity
from newsletter.insights.needs import needs
from newsletter.insights.running import running
from newsletter.issues import Issue, State


def overview(language: str, *, for_owner: bool = False) -> Overview:
    """Say what is going on, in a language; only an owner is told what a relay said, and how machines are called."""
    coming = _next_issue(language)
    waiting = needs(language, for_owner=for_owner)
    last = next(iter(issues.sent_issues(limit=1)), None)
    machinery = running(language, for_owner=for_owner)
    return Overview(
        sentence=_sentence(coming, last, waiting, machinery, language),
        next_issue=coming,
        needs=waiting,
        fate=_fate(last, language) if last else None,
        growth=_growth(last, language),
        events=coming_events(language, _issue(coming)),
        running=machinery,
    )


def _issue(coming: NextIssue | None) -> Issue | None:
    return issues.issue(coming.id) if coming else None


def _next_issue(language: str) -> NextIssue | None:
    scheduled = sorted(issues.issues(State.SCHEDULED), key=lambda one: one.send_at or one.changed_at)
    coming = next(iter(scheduled or issues.issues(State.DRAFT, size=1)), None)
    if coming is None:
        return None
    findings = issues.check(coming, language)
    errors = len(issues.errors_of(findings))
    counted = issues.count_readers(coming)
    return NextIssue(
        id=coming.id,
        name=issues.name_of(coming, language),
        state=coming.state.value,
        subjects=tuple((code, coming.subjects.get(code, "")) for code in counted),
        send_at=coming.send_at if coming.state is State.SCHEDULED else None,
        readers=tuple(counted.items()),
        errors=errors,
        warnings=len(issues.warnings_of(findings)),
        changed_at=coming.changed_at,
    )


def _sentence(
    coming: NextIssue | None,
    last: Issue | None,
    waiting: tuple[Need, ...],
    machinery: tuple[Running, ...],
    language: str,
) -> str:
    first = _under_way(last, language) or _ahead(coming, language)
    t = languages.translator(language)
    if waiting:
        second = t.plural("%(n)s thing needs you.", "%(n)s things need you.", len(waiting))
    elif all(one.severity is Severity.OK for one in machinery):
        second = t("Everything is running.")
    else:
        second = t("Not everything is running.")
    return first + second if language == "ja" else f"{first} {second}"


def _under_way(last: Issue | None, language: str) -> str:
    if last is None or last.mailing_id is None or issues.state_of(last) is not State.SENDING:
        return ""
    t, progress = languages.translator(language), delivery.progress(last.mailing_id)
    values = {
        "name": issues.name_of(last, language),
        "all": languages.write_number(progress.recipients, language),
    }
    if progress.state is delivery.MailingState.PAUSED:
        return t("The sending of %(name)s is paused.", name=values["name"])
    tried = progress.recipients - progress.queued - progress.sending
    return t(
        "%(name)s is going out: %(tried)s of %(all)s have been tried.",
        tried=languages.write_number(tried, language),
        **values,
    )


def _ahead(coming: NextIssue | None, language: str) -> str:
    t = languages.translator(language)
    if coming is None:
        return t("No issue is being written.")
    if coming.send_at is None:
        return t("%(name)s is a draft.", name=coming.name)
    written = languages.write_moment(coming.send_at, settings.publication().timezone, language)
    values = {"name": coming.name, "moment": written}
    if coming.errors:
        sentence = "%(name)s goes out on %(moment)s, and %(n)s error stands in its way."
        many = "%(name)s goes out on %(moment)s, and %(n)s errors stand in its way."
        return t.plural(sentence, many, coming.errors, **values)
    return t("%(name)s goes out on %(moment)s.", **values)


def _fate(last: Issue, language: str) -> Fate | None:
    if last.mailing_id is None or last.sent_at is None:
        return None
    progress = delivery.progress(last.mailing_id)
    return Fate(
        id=last.id,
        slug=last.slug,
        name=issues.name_of(last, language),
        sent_at=last.sent_at,
        duration=write_duration(progress.took, language) if progress.took else "",
        progress=progress,
        returned=feedback.counts(last.mailing_id),
    )


def write_duration(took: timedelta, language: str) -> str:
    """Write how long something took: 9 min 52 s, 9分52秒."""
    t, seconds = languages.translator(language), round(took.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return t("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return (
        t("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest)
        if minutes
        else t("%(seconds)s s", seconds=rest)
    )


def _growth(last: Issue | None, language: str) -> Growth:
    shown = _list_of(last)
    months = audience.growth(shown.id if shown else None)
    since = last.sent_at if last and last.sent_at else clock.now() - timedelta(days=30)
    moved = audience.movement(since, shown.id if shown else None)
    t = languages.translator(language)
    number = languages.write_issue_number(last.number, language) if last else ""
    return Growth(
        points=tuple(Point(month.first, month.total) for month in months),
        confirmed=months[-1].total if months else 0,
        joined=moved.joined,
        left=moved.left,
        to_confirm=audience.counts(shown.id).pending if shown else 0,
        title=shown.title(language) if shown else "",
        since=t("Since %(number)s", number=number) if last else t("In 30 days"),
    )


def _list_of(last: Issue | None) -> audience.MailingList | None:
    """Return the list whose growth is shown: people on several lists would count twice if lists were added up."""
    if last is not None:
        return audience.mailing_list(last.list_id)
    return next(iter(audience.lists()), None)
