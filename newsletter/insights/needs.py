"""What waits for a person: each with what it means and where to go."""

from collections.abc import Iterator

from newsletter import audience, delivery, entries, issues, languages, settings
from newsletter.insights.facts import About, Need, Severity
from newsletter.issues import Issue, State

_MOST = 12


def needs(language: str, *, for_owner: bool) -> tuple[Need, ...]:
    """Return what needs somebody, the worst first; only an owner is told what a relay said."""
    found = [
        *_relays(language, for_owner=for_owner),
        *_domains(language),
        *_signing(language),
        *_sendings(language, for_owner=for_owner),
        *_held(language),
        *_scheduled(language),
        *_outdated(language),
        *_publication(language),
        *_sources(language),
    ]
    return tuple(sorted(found, key=lambda need: need.severity is not Severity.BAD))[:_MOST]


def _relays(language: str, *, for_owner: bool) -> Iterator[Need]:
    t = languages.translator(language)
    for relay in delivery.relays():
        if relay.resting:
            sentence = t("The mail server %(name)s takes no mail now.", name=relay.name)
            detail = t("Nobody is lost; sending goes on by itself.")
            if for_owner:
                reason = _stop(t.filled(relay.reason or ""))
                detail = t("%(reason)s Nobody is lost; sending goes on by itself.", reason=reason)
            yield Need(Severity.BAD, sentence, detail, t("Look"), About.RELAY)


def _signing(language: str) -> Iterator[Need]:
    t = languages.translator(language)
    for key in settings.signing_keys():
        if key.state is settings.KeyState.IN_USE and not key.opens:
            sentence = t("Mail waits: the key %(name)s that signs it cannot be opened.", name=key.selector)
            detail = t("It was sealed under a SECRET_KEY that is not there.")
            yield Need(Severity.BAD, sentence, detail, t("Look"), About.SIGNING)


def _domains(language: str) -> Iterator[Need]:
    t = languages.translator(language)
    for one in delivery.destinations():
        if one.paused_until:
            sentence = t("Mail to %(name)s waits: the domain finds fault with us.", name=one.name)
            detail = t(
                "%(reason)s Nobody is lost; sending goes on by itself.", reason=_stop(t.filled(one.reason))
            )
            yield Need(Severity.WARN, sentence, detail, t("Look"), About.RELAY)


def _stop(sentence: str) -> str:
    return sentence if not sentence or sentence.endswith((".", "。")) else f"{sentence}."


def _sendings(language: str, *, for_owner: bool) -> Iterator[Need]:
    t = languages.translator(language)
    for issue in issues.issues(State.SENDING):
        if issue.mailing_id is None:
            continue
        progress, number = (
            delivery.progress(issue.mailing_id),
            languages.write_issue_number(issue.number, language),
        )
        if progress.state is delivery.MailingState.PAUSED:
            waiting = languages.write_number(progress.left, language)
            detail = t("%(waiting)s readers wait.", waiting=waiting)
            sentence = t("The sending of %(number)s is paused.", number=number)
            yield Need(Severity.WARN, sentence, detail, t("Look"), About.SENDING, issue.id)
        elif progress.notice:
            sentence = t("The sending of %(number)s waits.", number=number)
            why = t.filled(progress.notice if for_owner else progress.notice_in_short)
            yield Need(Severity.WARN, sentence, why, t("Look"), About.SENDING, issue.id)


def _held(language: str) -> Iterator[Need]:
    t = languages.translator(language)
    for issue in issues.issues(State.DRAFT):
        if issue.held:
            number = languages.write_issue_number(issue.number, language)
            sentence = t("%(number)s was due and did not go out.", number=number)
            reason = settings.publication().in_language(issue.held, language)
            yield Need(Severity.BAD, sentence, reason, t("Mend"), About.ISSUE, issue.id)


def _scheduled(language: str) -> Iterator[Need]:
    for issue in issues.issues(State.SCHEDULED):
        yield from _errors(issue, language)


def _errors(issue: Issue, language: str) -> Iterator[Need]:
    t, number = languages.translator(language), languages.write_issue_number(issue.number, language)
    for finding in issues.errors_of(issues.check(issue, language)):
        sentence = t("%(number)s: %(finding)s", number=number, finding=finding.sentence)
        yield Need(Severity.BAD, sentence, finding.detail, t("Mend"), About.ISSUE, issue.id)


def _outdated(language: str) -> Iterator[Need]:
    """Events that readers know otherwise than they are: the way to set it right, or the issue that will."""
    t = languages.translator(language)
    for one in issues.outdated():
        number = issues.name_of(issues.issue(one.told.issue_id), language)
        title = issues.in_quotes(one.entry.title(language), language)
        sentence = t(_HAPPENED[one.what], title=title, number=number)
        if one.correction:
            name = issues.name_of(one.correction, language)
            detail = t("%(issue)s tells how it is now, and has not gone out yet.", issue=name)
            yield Need(Severity.WARN, sentence, detail, t("Look"), About.ISSUE, one.correction.id)
        else:
            severity = Severity.BAD if one.is_grave else Severity.WARN
            detail = t("They know it as it was.")
            yield Need(severity, sentence, detail, t("Set it right"), About.CORRECTION, one.entry.id)


_HAPPENED = {
    "cancelled": "“%(title)s” was cancelled after %(number)s had told readers of it.",
    "reinstated": "“%(title)s” takes place after all; %(number)s told readers that it does not.",
    "days": "“%(title)s” has moved since %(number)s told readers of it.",
    "other": "“%(title)s” has changed since %(number)s told readers of it.",
}


def _publication(language: str) -> Iterator[Need]:
    t, publication = languages.translator(language), settings.publication()
    if not publication.postal_address(publication.languages[0]).strip():
        sentence = t("The publication has no postal address.")
        detail = t("The law asks for one in each issue.")
        yield Need(Severity.WARN, sentence, detail, t("Mend"), About.PUBLICATION)
    if not audience.lists():
        sentence = t("There is no list yet that people could subscribe to.")
        yield Need(Severity.WARN, sentence, t("Make the first one."), t("New list"), About.LIST)


def _sources(language: str) -> Iterator[Need]:
    t = languages.translator(language)
    for source in entries.sources():
        if source.active and source.problem:
            sentence = t("The source “%(title)s” does not work.", title=source.title or source.url)
            yield Need(Severity.WARN, sentence, t.filled(source.problem), t("Look"), About.SOURCE, source.id)
