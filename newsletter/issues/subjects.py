"""Subject lines and preheaders that an issue proposes, so that an editor has something to improve."""

from collections.abc import Iterable
from datetime import timedelta

from newsletter import audience, languages, mail, settings
from newsletter.entries import Entry
from newsletter.issues.cards import in_quotes
from newsletter.issues.choosing import Proposal, must_register_soon

_LONGEST = 250


def propose_subjects(
    mailing_list: audience.MailingList, number: int, proposal: Proposal, title: str
) -> dict[str, str]:
    """Propose a subject in each language: what must be done soon, else what comes, else what is new."""
    return {
        language: title or fit_for_a_line(_subject(mailing_list, number, proposal, language))
        for language in mailing_list.languages
    }


def fit_for_a_line(text: str) -> str:
    """Return what a foreign title came to such that it fits the head of a mail: one line, and not too long."""
    line = " ".join("".join(sign if mail.is_one_line(sign) else " " for sign in text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _subject(mailing_list: audience.MailingList, number: int, proposal: Proposal, language: str) -> str:
    told = _told_in_subject(proposal, language)
    if told is None:
        name, which = mailing_list.title(language), languages.write_issue_number(number, language)
        return f"{name} {which}"
    return _event_line(told, language) if told.is_event else told.title(language)


def _told_in_subject(proposal: Proposal, language: str) -> Entry | None:
    """Return what a subject tells: the headline, else the next thing that can be told in this language."""
    candidates = [*filter(None, [proposal.headline]), *proposal.events, *proposal.articles]
    return next(iter(_in(candidates, language)), None)


def _in(told: Iterable[Entry], language: str) -> list[Entry]:
    """Return those that have a title in a language: a foreign one says nothing in an inbox."""
    return [entry for entry in told if language in entry.texts]


def _event_line(event: Entry, language: str) -> str:
    t = languages.translator(language)
    title = event.title(language)
    if event.register_by and must_register_soon(event) and event.registration(language):
        deadline = (event.register_by - timedelta(seconds=1)).astimezone(event.zone).date()
        written = languages.write_date(deadline, language, weekday=language == "ja", year=False)
        return t("Register by %(date)s: %(title)s", date=written, title=title)
    written = languages.write_dates([day.date for day in event.days], language, year=False)
    return t("%(title)s, %(days)s", title=title, days=written)


def propose_preheaders(mailing_list: audience.MailingList, proposal: Proposal, title: str) -> dict[str, str]:
    """Propose what stands beside the subject in the inbox: the next thing worth opening for.

    Where nothing of it has a title in a language, that edition says how much there is instead of quoting a foreign one.
    """
    if not proposal.events and not proposal.articles:
        return {}
    return {
        language: fit_for_a_line(_preheader(proposal, title, language)) for language in mailing_list.languages
    }


def _preheader(proposal: Proposal, title: str, language: str) -> str:
    said = None if title else _told_in_subject(proposal, language)
    events = [event for event in _in(proposal.events, language) if event is not said]
    articles = [article for article in _in(proposal.articles, language) if article is not said]
    told = [*articles[:1], *events[:1], *articles[1:2], *events[1:2]]
    return _also(told[:2], language) if told else propose_introduction(proposal, language)


def _also(told: list[Entry], language: str) -> str:
    t = languages.translator(language)
    titles = [in_quotes(entry.title(language), language) for entry in told]
    if len(titles) == 1:
        sentence = t("Also: %(title)s.", title=titles[0])
    else:
        sentence = t("Also: %(first)s; %(second)s.", first=titles[0], second=titles[1])
    return sentence[:-1] if sentence.endswith(("?.", "!.", "….", "..")) else sentence


def propose_introduction(proposal: Proposal, language: str) -> str:
    """Propose a first sentence: what this issue holds, in numbers; where it holds nothing yet, a greeting."""
    t = languages.translator(language)
    parts = []
    if proposal.events:
        count = len(proposal.events)
        parts.append(t.plural("%(n)s coming event", "%(n)s coming events", count))
    if proposal.articles:
        count = len(proposal.articles)
        parts.append(
            t.plural("%(n)s new piece of analysis and news", "%(n)s new pieces of analysis and news", count)
        )
    if not parts:
        return t("Greetings from %(name)s.", name=settings.publication().name(language))
    joined = "と".join(parts) if language == "ja" else languages.write_list(parts, language)
    return t("In this issue: %(parts)s.", parts=joined)
