"""Coming events, what readers know of them, and what an editor should know."""

from newsletter import clock, entries, issues, languages, settings
from newsletter.entries import Entry
from newsletter.insights.facts import ComingEvent, Severity
from newsletter.issues import Issue, Role, Teller, Told

_MOST = 8


def coming_events(language: str, coming: Issue | None) -> tuple[ComingEvent, ...]:
    """Return the next events with what readers were told of each."""
    ahead = entries.upcoming(limit=_MOST)
    known = issues.what_readers_know([entry.id for entry in ahead])
    inside = {block.entry for block in coming.pieces} if coming else set()
    return tuple(
        _event(entry, known[entry.id], coming if entry.id in inside else None, language) for entry in ahead
    )


def _event(entry: Entry, told: list[Told], coming: Issue | None, language: str) -> ComingEvent:
    text, shown = entry.text(language)
    severity, words = _next(entry, told, coming, language)
    return ComingEvent(
        entry_id=entry.id,
        slug=entry.slug,
        day=languages.write_dates([day.date for day in entry.days], language, year=False),
        title=text.title,
        language=shown,
        told=languages.write_list([languages.write_issue_number(one.number, language) for one in told], "ja")
        if language == "ja"
        else ", ".join(languages.write_issue_number(one.number, language) for one in told),
        next=words,
        severity=severity,
    )


def _next(entry: Entry, told: list[Told], coming: Issue | None, language: str) -> tuple[Severity, str]:
    """Say the one thing that matters most about an event now; nothing where all is well."""
    t = languages.translator(language)
    missing = [code for code in settings.publication().languages if code not in entry.texts]
    if entry.is_cancelled:
        return Severity.BAD, t("cancelled")
    if told and issues.changed_since(entry, told[-1]):
        return Severity.WARN, t("changed since readers were told")
    if Teller(language, clock.now()).is_closed(entry):
        return Severity.OK, t("registration closed")
    if missing:
        name = languages.language_name(missing[0], language)
        return Severity.WARN, t("%(language)s text missing", language=name)
    return Severity.OK, _in_issue(entry, told, coming, language) if coming else ""


def _in_issue(entry: Entry, told: list[Told], coming: Issue, language: str) -> str:
    t, number = languages.translator(language), languages.write_issue_number(coming.number, language)
    if issues.role_of(entry, clock.now(), first=not told) is Role.LAST_CALL:
        return t("last call in %(number)s", number=number)
    return t("in %(number)s", number=number)
