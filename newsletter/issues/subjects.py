"""Subject lines and preheaders that an issue proposes, so that an editor has something to improve."""

from datetime import timedelta

from newsletter import audience, clock, languages, settings
from newsletter.entries import Entry
from newsletter.issues.cards import Teller, in_quotes
from newsletter.issues.choosing import Proposal, must_register_soon


def propose_subjects(
    mailing_list: audience.MailingList, number: int, proposal: Proposal, title: str
) -> dict[str, str]:
    """Propose a subject in each language: what must be done soon, else what comes, else what is new."""
    return {
        language: title or _subject(mailing_list, number, proposal, language)
        for language in mailing_list.languages
    }


def _subject(mailing_list: audience.MailingList, number: int, proposal: Proposal, language: str) -> str:
    if proposal.headline:
        return _event_line(proposal.headline, language)
    if proposal.articles:
        return proposal.articles[0].title(language)
    name, which = mailing_list.title(language), languages.write_issue_number(number, language)
    return f"{name} {which}"


def _event_line(event: Entry, language: str) -> str:
    t, teller = languages.translator(language), Teller(language, clock.now())
    first, last = event.days[0].date, event.days[-1].date
    title = event.title(language)
    if event.register_by and must_register_soon(event) and event.registration(language):
        deadline = (event.register_by - timedelta(seconds=1)).astimezone(event.zone).date()
        written = languages.write_date(deadline, language, weekday=language == "ja", year=False)
        return t("Register by %(date)s: %(title)s", date=written, title=title)
    written = languages.write_days(first, last, language, year=False) if event.days else teller.days(event)
    return t("%(title)s, %(days)s", title=title, days=written)


def propose_preheaders(mailing_list: audience.MailingList, proposal: Proposal, title: str) -> dict[str, str]:
    """Propose what stands beside the subject in the inbox: the next thing worth opening for."""
    headline = proposal.headline if not title else None
    events = [event for event in proposal.events if event is not headline]
    articles = list(proposal.articles)
    if not title and not proposal.events:  # the first article is the subject already
        articles = articles[1:]
    told = [*articles[:1], *events[:1], *articles[1:2], *events[1:2]]
    return {language: _also(told[:2], language) for language in mailing_list.languages if told}


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
