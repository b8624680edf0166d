"""Checks of what an editor wrote freely: nothing in it puts itself right when an event is called off, moves or closes.

A line that inboxes show (a subject, a preheader) is judged as strictly as an entry's own block. A longer text may well
speak of what was; only a call that can no longer be followed blocks sending there.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from newsletter import entries, languages
from newsletter.entries import Entry
from newsletter.issues.alike import page_of
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Remedy
from newsletter.issues.naming import Named
from newsletter.issues.passages import Passage

_CANCELLED = re.compile(
    r"cancel|called off|not take place|postpone|中止|延期|取り?(?:やめ|止め)|見合わせ|開催(?:しない|しません|されません)"
)
_LOOKS_BACK = re.compile(
    r"look(?:ing|s)? back|recap|report|recording|took place|thank you|was held|were held"
    r"|振り返|報告|録画|記録|(?:開催|実施)しました|(?:行|催)(?:わ|さ)れました|ありがとうございました"
)
_URGES = re.compile(r"\bregist|\bsign up\b|\bbook(?:ing)?\b|\bapply\b|申し?込|登録|予約|応募")
_CLOSED = re.compile(r"\bclosed\b|\bfull\b|sold out|no longer|締め?切りました|終了|満席|満員")
_CHANGED = re.compile(
    r"\bnow takes place|\bmoved\b|\bnew (?:date|time|venue)|\bchanged?\b|\bis now\b|変更|変わり|改め"
)
"""What a text says itself, in the words of its language: whoever says so misleads nobody."""


def named_events(look: Look) -> Iterator[Finding]:
    """Find events that free words name or link to and that are not what these words say any more."""
    found = (finding for one in look.named for finding in (_link if one.address else _name)(look, one))
    yield from dict.fromkeys(found)


def _name(look: Look, one: Named) -> Iterator[Finding]:
    entry, passage = one.entry, one.passage
    values = {"place": look.place(passage), "title": look.title(entry)}
    if not entry.is_published:
        sentence = look.t("%(place)s: “%(title)s” is not published.", **values)
        yield _found(one, Level.WARNING, sentence, look.t("Its page is not there for readers yet."))
    elif entry.is_cancelled:
        if not _says(passage, _CANCELLED):
            sentence = look.t("%(place)s: “%(title)s” has been cancelled.", **values)
            detail = look.t("These words do not say so. Write that it is cancelled, or leave it out.")
            yield _found(one, Level.ERROR, sentence, detail)
    elif look.teller.is_over(entry):
        yield from _over(look, one, values)
    else:
        yield from _closed(look, one, values)
        yield from _old_dates(look, one, values)


def _over(look: Look, one: Named, values: dict[str, str]) -> Iterator[Finding]:
    if _looks_back(look, one):
        return
    sentence = look.t("%(place)s: “%(title)s” is over when this issue goes out.", **values)
    detail = look.t("Say that you look back on it, or leave it out.")
    yield _found(one, _as_strict(one.passage), sentence, detail, may_stand=True)


def _looks_back(look: Look, one: Named) -> bool:
    """Tell whether these words, or the event's own block, say that it was; a call to register says otherwise."""
    recap = any(block.recap and entry.id == one.entry.id for block, entry in look.materials.told())
    return _says(one.passage, _LOOKS_BACK) or (recap and not _says(one.passage, _URGES))


def _closed(look: Look, one: Named, values: dict[str, str]) -> Iterator[Finding]:
    """A call to register that can no longer be followed; that a closed event is only named misleads nobody."""
    if look.teller.is_closed(one.entry) and _says(one.passage, _URGES) and not _says(one.passage, _CLOSED):
        values |= {"date": look.teller.deadline(one.entry)}
        sentence = look.t("%(place)s: registration for “%(title)s” closed on %(date)s.", **values)
        yield _found(
            one, _as_strict(one.passage), sentence, look.t("Do not ask readers to register."), may_stand=True
        )


def _old_dates(look: Look, one: Named, values: dict[str, str]) -> Iterator[Finding]:
    """Days or a deadline that were the event's before they changed, where the new ones are not written beside them."""
    for what, now in _dates(one.entry).items():
        old = entries.former_dates(one.entry, what) - now
        named = [day for day in old if _names(one.passage, day)]
        if named and not any(_names(one.passage, day) for day in now):
            written = languages.write_date(min(named), look.t.language, weekday=False, year=False)
            sentence = look.t(
                "%(place)s: %(date)s is no longer right for “%(title)s”.", date=written, **values
            )
            right = _right_date(look, one.entry, what)
            yield _found(one, _as_strict(one.passage), sentence, right, may_stand=True)


def _dates(entry: Entry) -> dict[str, set[date]]:
    days = {day.date for day in entry.days}
    last = entry.register_by and (entry.register_by - timedelta(seconds=1)).astimezone(entry.zone).date()
    return {"days": days, "register_by": {last} if last else set()}


def _right_date(look: Look, entry: Entry, what: str) -> str:
    if what == "days":
        return look.t("It takes place on %(days)s.", days=look.teller.days(entry))
    if entry.register_by:
        return look.t("One can register until %(date)s.", date=look.teller.deadline(entry))
    return look.t("There is no deadline any more.")


def _names(passage: Passage, day: date) -> bool:
    return languages.names_day(passage.words, day, passage.language)


def _link(look: Look, one: Named) -> Iterator[Finding]:
    entry, passage, title = one.entry, one.passage, look.title(one.entry)
    gone = entry.is_cancelled or look.teller.is_over(entry)
    if (
        entry.is_event
        and page_of(one.address) in _registrations(entry)
        and (gone or look.teller.is_closed(entry))
    ):
        sentence = (
            look.t("A button leads to the registration for “%(title)s”, which is closed.", title=title)
            if passage.is_button
            else look.t("A link leads to the registration for “%(title)s”, which is closed.", title=title)
        )
        yield _found(one, Level.ERROR, sentence, may_stand=True)
    elif not entry.is_published:
        sentence = look.t("A link leads to “%(title)s”, which is not published.", title=title)
        detail = look.t("Its page would not be there for readers. Publish it or take the link out.")
        yield _found(one, Level.ERROR, sentence, detail)
    elif entry.is_cancelled and not _says(passage, _CANCELLED):
        sentence = look.t("A link leads to “%(title)s”, which has been cancelled.", title=title)
        yield _found(one, Level.WARNING, sentence, look.t("Its page says so; these words do not."))
    elif look.teller.is_over(entry) and not _looks_back(look, one):
        sentence = look.t("A link leads to “%(title)s”, which is over when this issue goes out.", title=title)
        yield _found(one, Level.WARNING, sentence)


def _found(one: Named, level: Level, sentence: str, detail: str = "", *, may_stand: bool = False) -> Finding:
    passage = one.passage
    return Finding(
        level,
        sentence,
        detail,
        passage.block_id,
        passage.field,
        (Remedy.DROP,) if passage.is_button else (),
        entry_id=one.entry.id,
        about=one.address,
        may_stand=may_stand,
    )


def _as_strict(passage: Passage) -> Level:
    return Level.ERROR if passage.in_inbox else Level.WARNING


def says_changed(passage: Passage) -> bool:
    """Tell whether a text says that something is no longer as it was."""
    return _says(passage, _CHANGED)


def _says(passage: Passage, words: re.Pattern[str]) -> bool:
    return words.search(passage.words) is not None


def _registrations(entry: Entry) -> set[str]:
    addresses = {entry.register_url, *(text.register_url for text in entry.texts.values())} - {""}
    return {page_of(address) for address in addresses}


CHECKS = (Check("named", "Events that texts speak of are as they say", named_events),)
