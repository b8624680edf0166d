"""Checks of where links lead, by what they answered when somebody looked last; our own pages need no look."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from sqlalchemy import select

from newsletter import entries, errors, mail, settings
from newsletter.database import db
from newsletter.entries import Entry
from newsletter.fetching import Outcome
from newsletter.issues.alike import page_of, short_address
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Remedy, Replacement
from newsletter.issues.checking.tables import LinkAnswer
from newsletter.issues.passages import Passage
from newsletter.issues.tables import Issue

_SHORTEST_NUMBER = 3


def _answers(look: Look) -> Iterator[Finding]:
    if len(look.answers) > 1 and all(map(_is_silent, look.answers.values())):
        sentence = look.t("None of the %(n)s links could be looked at.", n=len(look.answers))
        detail = look.t("This machine seems to be without a way to the web. Look again later.")
        yield Finding(Level.WARNING, sentence, detail, about=str(len(look.answers)))
        return
    for address, answer in look.answers.items():
        judged = _judged(look, answer) or _detour(look, answer)
        if judged:
            level, said, why = judged
            yield _found(look, address, level, said, why, about=str(answer.outcome))
        if answer.closed_words:
            sentence = look.t(
                "The page at %(address)s says “%(words)s”.",
                address=short_address(address),
                words=answer.closed_words,
            )
            detail = look.t("Look whether readers can still register there.")
            yield _found(look, address, Level.HINT, sentence, detail, about=answer.closed_words)


def _is_silent(answer: LinkAnswer) -> bool:
    return answer.outcome is Outcome.UNKNOWN and not answer.status


def _judged(look: Look, answer: LinkAnswer) -> tuple[Level, str, str] | None:
    return _dead(look, answer) or _doubtful(look, answer)


def _dead(look: Look, answer: LinkAnswer) -> tuple[Level, str, str] | None:
    values = {"address": short_address(answer.url), "status": answer.status}
    sentence = {
        Outcome.GONE: look.t("There is no page at %(address)s (the server answered %(status)s).", **values),
        Outcome.NO_HOST: look.t("There is no such site: %(address)s.", **values),
        Outcome.SHUT: look.t("%(address)s is not open to the public.", **values),
        Outcome.CIRCLE: look.t("%(address)s redirects in circles.", **values),
    }.get(answer.outcome or Outcome.FINE)
    return (Level.ERROR, sentence, look.t("Check the address, then look again.")) if sentence else None


def _doubtful(look: Look, answer: LinkAnswer) -> tuple[Level, str, str] | None:
    values = {"address": short_address(answer.url), "status": answer.status}
    if answer.outcome is Outcome.UNSAFE:
        sentence = look.t("%(address)s has no valid certificate.", **values)
        return Level.WARNING, sentence, look.t("Browsers warn readers before they show it.")
    if answer.outcome is Outcome.BROKEN:
        sentence = look.t("The page at %(address)s fails (the server answered %(status)s).", **values)
        return Level.WARNING, sentence, look.t("It may be back when readers press it; make sure.")
    if answer.outcome is Outcome.UNKNOWN and answer.status:
        sentence = look.t("%(address)s turned our look away (the server answered %(status)s).", **values)
        return Level.HINT, sentence, look.t("Many sites do so with programs. Open it yourself.")
    if answer.outcome is Outcome.UNKNOWN:
        sentence = look.t("%(address)s could not be looked at: it did not answer in time.", **values)
        return Level.WARNING, sentence, look.t("Open it yourself, or look again.")
    return None


def _detour(look: Look, answer: LinkAnswer) -> tuple[Level, str, str] | None:
    """Find links that lead elsewhere: for good, or to the front page where something else was meant."""
    if page_of(answer.url) == page_of(answer.landed):
        return None
    landed = {"address": short_address(answer.url), "landed": short_address(answer.landed)}
    if _is_front(answer.landed) and not _is_front(answer.url):
        detail = look.t("The page that was meant is probably gone.")
        return Level.WARNING, look.t("%(address)s leads to the front page %(landed)s.", **landed), detail
    if answer.for_good:
        detail = look.t("Readers arrive, by a detour that may end one day.")
        return Level.HINT, look.t("%(address)s has moved to %(landed)s.", **landed), detail
    return None


def _is_front(address: str) -> bool:
    return page_of(address).partition("/")[2] in ("", "?")


def _found(look: Look, address: str, level: Level, sentence: str, detail: str, *, about: str) -> Finding:
    """Say it at the place where the link stands: a text, else an entry."""
    passage = next((one for one in look.passages if address in one.addresses), None)
    block_id, field, entry_id = None, "", None
    if passage:
        block_id, field = passage.block_id, passage.field
    elif told := _teller_of(look, address):
        block_id, entry_id = told[0], told[1].id
    change = _as_moved(look, passage, address) if level in (Level.HINT, Level.WARNING) else None
    return Finding(
        level,
        sentence,
        detail,
        block_id,
        field,
        (Remedy.MEND,) if change else (),
        replacement=change,
        entry_id=entry_id,
        about=f"{address} {about}",
        may_stand=level is Level.ERROR,
    )


def _as_moved(look: Look, passage: Passage | None, address: str) -> Replacement | None:
    """Offer the address where one arrives, if the redirects are for good and lead to the page that was meant."""
    answer = look.answers[address]
    moved = answer.outcome is Outcome.FINE and answer.for_good and page_of(address) != page_of(answer.landed)
    if not passage or not moved or _is_front(answer.landed) or address not in passage.text:
        return None
    return Replacement(passage.name, passage.language, address, answer.landed, short_address(answer.landed))


def _teller_of(look: Look, address: str) -> tuple[str, Entry] | None:
    for block, entry in look.materials.told():
        texts = entry.texts.values()
        own = {entry.url, entry.register_url, entry.agenda_url, entry.online_url, entry.map_url}
        own |= {text.register_url for text in texts} | {text.agenda_url for text in texts}
        if address in own:
            return block.id, entry
    return None


def _our_pages(look: Look) -> Iterator[Finding]:
    """Find links to pages of ours that are not there."""
    told = {address: slug.removesuffix(".ics") for address, slug in _slugs(look, "/entries/").items()}
    sent = _slugs(look, "/issues/")
    there = entries.those_there(told.values()) if told else set()
    issues_there = _issues_there(look, sent.values())
    gone = [address for address, slug in told.items() if slug not in there]
    gone += [address for address, slug in sent.items() if slug not in issues_there]
    for address in gone:
        sentence = look.t("There is no page at %(address)s.", address=short_address(address))
        where = next((one for one in look.passages if address in one.addresses), None)
        place = (where.block_id, where.field) if where else (None, "")
        yield Finding(
            Level.ERROR, sentence, look.t("Check the address."), *place, about=address, may_stand=True
        )


def _slugs(look: Look, path: str) -> dict[str, str]:
    """Return the links to pages of ours below a path, each with the slug in it."""
    start = settings.url(path)
    slugs = {
        address: unquote(re.split(r"[?#]", address.removeprefix(start), maxsplit=1)[0])
        for address in look.links
        if address.startswith(start)
    }
    return {address: slug for address, slug in slugs.items() if slug}


def _issues_there(look: Look, slugs: Iterable[str]) -> set[str]:
    sent = select(Issue.slug).where(Issue.slug.in_(list(slugs)), Issue.sent_at.is_not(None))
    return {look.materials.issue.slug, *db.session.scalars(sent)}


def _ways_to_write(look: Look) -> Iterator[Finding]:
    """Judge what opens no page: mail addresses and telephone numbers."""
    for address in look.links:
        scheme, _, rest = address.partition(":")
        if scheme == "mailto" and not _is_mail(unquote(rest.partition("?")[0])):
            sentence = look.t(
                "A link writes to “%(address)s”, which is no mail address.", address=unquote(rest)
            )
        elif scheme == "tel" and sum(sign.isdigit() for sign in rest) < _SHORTEST_NUMBER:
            sentence = look.t(
                "A link calls “%(address)s”, which is no telephone number.", address=unquote(rest)
            )
        else:
            continue
        where = next((one for one in look.passages if address in one.text), None)
        place = (where.block_id, where.field) if where else (None, "")
        yield Finding(Level.ERROR, sentence, "", *place, about=address, may_stand=True)


def _is_mail(address: str) -> bool:
    try:
        return bool([mail.read_address(one) for one in address.split(",")])
    except errors.Invalid:
        return False


CHECKS = (
    Check("links", "Links lead somewhere", _answers),
    Check("our_pages", "Links to our own pages lead somewhere", _our_pages),
    Check("ways_to_write", "Mail addresses and telephone numbers are whole", _ways_to_write),
)
