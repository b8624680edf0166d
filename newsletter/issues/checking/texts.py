"""Checks of what stands in free texts: places for names, words that were to be replaced, weekdays, words of links."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from newsletter import languages
from newsletter.entries import Entry
from newsletter.issues.alike import is_an_example, short_address
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Remedy, Replacement
from newsletter.issues.passages import Passage
from newsletter.issues.personal import names_without_fall_back, unread_places
from newsletter.languages import WrittenDay

_FORGOTTEN = re.compile(
    r"(?i:lorem ipsum[^.\n]{0,20})|\b(?:TODO|FIXME|XXX+|TKTK)\b|\[(?:insert|your|add)\b[^\]]{0,40}\]"
    r"|[●○◯〇]{2,}|[●○◯〇]\s?月|ここに[^。\n]{0,12}(?:入力|記入|入れ)|ダミーテキスト",
)
_NOT_YET_SURE = re.compile(r"\b(?:TBC|TBD|TBA)\b|[(（【](?:仮|仮題|未定|調整中)[)）】]")
_SAYS_NOTHING = re.compile(
    r"(?:please )?(?:click )?(?:here|this|this link|link|more|read more|click)\.?"
    r"|(?:詳細は|詳しくは|申し?込みは)?(?:こちら|コチラ|ここ|此方)(?:から|をクリック|へ)?|リンク|クリック"
)
_LOOKS_BACK, _LOOKS_AHEAD = timedelta(days=190), timedelta(days=370)
"""How far from the issue a date without a year can lie."""


def _unread_names(look: Look) -> Iterator[Finding]:
    """Find what was meant as a place for a reader's name and would reach all of them as it is written."""
    for passage in look.passages:
        for place in unread_places(passage.text):
            sentence = look.t("“%(place)s” stands for nothing that we know.", place=place)
            detail = look.t(
                "Readers would see it as it is written. {name|dear reader} stands for their name."
            )
            yield _found(passage, Level.ERROR, sentence, detail, about=place, may_stand=True)


def _nameless(look: Look) -> Iterator[Finding]:
    """Find places for a name that stay empty for those whose name nobody knows."""
    for passage in look.passages:
        for place, behind in names_without_fall_back(passage.text):
            values = {"place": look.place(passage), "name": place}
            sentence = look.t("%(place)s: %(name)s says nothing to readers without a name.", **values)
            detail = look.t("Write what stands there then, such as {name|dear reader}.")
            written = f"{{name|{_instead(passage.language, behind)}}}"
            change = Replacement(passage.name, passage.language, place + behind, written + behind, written)
            yield _found(passage, Level.WARNING, sentence, detail, change=change, about=place)


def _instead(language: str, behind: str) -> str:
    if language == "ja":
        return "皆" if behind == "様" else "読者の皆さま"
    return "reader"


def _placeholders(look: Look) -> Iterator[Finding]:
    for passage in look.passages:
        for found in _FORGOTTEN.findall(passage.text):
            sentence = look.t(
                "%(place)s: “%(words)s” was to be replaced.", place=look.place(passage), words=found
            )
            detail = look.t("Put the real words in, or take it out.")
            yield _found(passage, Level.ERROR, sentence, detail, about=found, may_stand=True)
        for found in _NOT_YET_SURE.findall(passage.text):
            sentence = look.t(
                "%(place)s: “%(words)s” is not settled yet.", place=look.place(passage), words=found
            )
            yield _found(passage, Level.WARNING, sentence, "", about=found)


def _examples(look: Look) -> Iterator[Finding]:
    for passage in look.passages:
        for address in filter(is_an_example, passage.addresses):
            values = {"place": look.place(passage), "address": short_address(address)}
            sentence = look.t("%(place)s: %(address)s is an address of examples.", **values)
            yield _found(
                passage,
                Level.WARNING,
                sentence,
                look.t("Nobody answers there. Put the real one in."),
                about=address,
            )


def _weekdays(look: Look) -> Iterator[Finding]:
    """Find weekdays that do not belong to the date beside them."""
    near = look.materials.at.astimezone(look.materials.publication.zone).date()
    for passage in look.passages:
        known = {day.date for entry in _spoken_of(look, passage) for day in entry.days}
        for one in languages.days_with_weekdays(passage.text):
            days = _meant(one, near, known)
            if days is None or any(day.weekday() == one.weekday for day in days):
                continue
            yield _wrong_weekday(
                look, passage, one, days, sure=one.year is not None or not known.isdisjoint(days)
            )


def _spoken_of(look: Look, passage: Passage) -> list[Entry]:
    named = [one.entry for one in look.named if one.passage is passage or one.passage == passage]
    return [*named, *(entry for _, entry in look.materials.told())]


def _meant(one: WrittenDay, near: date, known: set[date]) -> list[date] | None:
    """Return the days that a date can mean, the likeliest first; none where there is no such day at all.

    Nothing, where it lies too far away to be judged.
    """
    if one.year is not None:
        return [day for day in [one.on(one.year)] if day]
    years = [day for day in map(one.on, range(near.year - 1, near.year + 2)) if day]
    if not years:
        return []
    sure = [day for day in years if day in known]
    likely = [day for day in years if near - _LOOKS_BACK <= day <= near + _LOOKS_AHEAD]
    return sure or sorted(likely, key=lambda day: (day < near, abs((day - near).days))) or None


def _wrong_weekday(look: Look, passage: Passage, one: WrittenDay, days: list[date], *, sure: bool) -> Finding:
    place = look.place(passage)
    if not days:
        sentence = look.t(
            "%(place)s: there is no such day as “%(written)s”.", place=place, written=one.written
        )
        return _found(passage, Level.ERROR, sentence, "", about=one.written, may_stand=True)
    written = languages.write_date(days[0], look.t.language, weekday=True)
    sentence = look.t("%(place)s: the weekday of “%(written)s” is wrong.", place=place, written=one.written)
    change = _put_right(passage, one, days[0])
    return _found(
        passage,
        Level.ERROR if sure else Level.WARNING,
        sentence,
        look.t("It is %(day)s.", day=written),
        change=change,
        about=one.written,
        may_stand=True,
    )


def _put_right(passage: Passage, one: WrittenDay, day: date) -> Replacement:
    """Put the right weekday in; the words around it make sure that no other one is changed."""
    start, end = max(0, one.start - 40), one.end + 40
    old = passage.text[start:end]
    new = passage.text[start : one.start] + one.word_for(day) + passage.text[one.end : end]
    return Replacement(passage.name, passage.language, old, new, one.word_for(day))


def _weekdays_of_entries(look: Look) -> Iterator[Finding]:
    """Look for wrong weekdays in what entries say of themselves."""
    for block, entry in look.materials.told():
        near = entry.days[0].date if entry.days else look.materials.at.date()
        known = {day.date for day in entry.days}
        for language, text in entry.texts.items():
            for one in languages.days_with_weekdays(f"{text.title}\n{text.summary}"):
                days = _meant(one, near, known)
                if days and not any(day.weekday() == one.weekday for day in days):
                    values = {"title": look.title(entry), "written": one.written}
                    sentence = look.t("“%(title)s”: the weekday of “%(written)s” is wrong.", **values)
                    detail = look.t(
                        "It is %(day)s.", day=languages.write_date(days[0], look.t.language, weekday=True)
                    )
                    yield Finding(
                        Level.ERROR if one.year or days[0] in known else Level.WARNING,
                        sentence,
                        detail,
                        block.id,
                        entry_id=entry.id,
                        about=f"{language} {one.written}",
                        may_stand=True,
                    )


def _words_of_links(look: Look) -> Iterator[Finding]:
    for passage in look.passages:
        for words, address, _ in passage.links:
            if _SAYS_NOTHING.fullmatch(languages.folded(words)):
                sentence = look.t(
                    "%(place)s: a link says only “%(words)s”.", place=look.place(passage), words=words
                )
                detail = look.t("Say where it leads: many hear or skim the links alone.")
                yield _found(passage, Level.HINT, sentence, detail, about=address)


def _found(
    passage: Passage,
    level: Level,
    sentence: str,
    detail: str,
    *,
    about: str,
    change: Replacement | None = None,
    may_stand: bool = False,
) -> Finding:
    return Finding(
        level,
        sentence,
        detail,
        passage.block_id,
        passage.field,
        (Remedy.MEND,) if change else (),
        replacement=change,
        about=about,
        may_stand=may_stand and level is Level.ERROR,
    )


CHECKS = (
    Check("names", "Each place for a name is known", _unread_names),
    Check("nameless", "Each place for a name has words for those without one", _nameless),
    Check("placeholders", "No words wait to be replaced", _placeholders),
    Check("examples", "No address is one of examples", _examples),
    Check("weekdays", "Weekdays belong to their dates", _weekdays),
    Check("entries_weekdays", "Weekdays in entries belong to their dates", _weekdays_of_entries),
    Check("words_of_links", "Links say where they lead", _words_of_links),
)
