"""Checks that nobody registers for the wrong event: whose registration page a link leads to, and whose it should be."""

import re
from collections.abc import Iterator

from newsletter import entries, languages
from newsletter.entries import Entry
from newsletter.issues.alike import page_of, short_address
from newsletter.issues.blocks import Block, Kind
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Remedy, Replacement
from newsletter.issues.naming import registrations
from newsletter.issues.passages import Passage, words_of

_LINE_ENDS = re.compile(r"\n|</(?:p|li|h\d|td|div)>|<br\b", re.IGNORECASE)


def _in_texts(look: Look) -> Iterator[Finding]:
    """Find links in words about one event that lead to where one registers for another."""
    pages = registrations(look.materials.at)
    for passage in look.passages:
        for words, address in _links(passage):
            theirs = pages.get(page_of(address), [])
            meant, sure = _event_around(look, passage, words, address) if theirs else ([], False)
            if meant and not any(entry.id in theirs for entry in meant):
                yield from _wrong(look, passage, address, meant[0], theirs, sure=sure)


def _links(passage: Passage) -> list[tuple[str, str]]:
    found = [(words, address) for words, address, _ in passage.links]
    known = {address for _, address in found}
    return found + [("", address) for address in passage.addresses if address not in known]


def _event_around(look: Look, passage: Passage, words: str, address: str) -> tuple[list[Entry], bool]:
    """Return which events a link's words are about, and whether they say so themselves.

    The words of the link name an event, else the line it stands in, else the block; a button that names none belongs to
    the entry right above it.
    """
    for text, sure in (
        (words, True),
        (_line(passage.text, address), True),
        (_beside(passage), passage.is_button),
    ):
        named = _named_in(look, text)
        if named:
            return named, sure
    return (_above(look, passage.block) if passage.is_button and passage.block else []), False


def _beside(passage: Passage) -> str:
    """Return all that stands beside a link in its block."""
    if passage.block is None or passage.block.kind is Kind.TEXT:
        return passage.text
    return " ".join(passage.block.texts.get(passage.language, {}).values())


def _line(text: str, address: str) -> str:
    lines = _LINE_ENDS.split(text.replace("&amp;", "&"))
    return next((line for line in lines if address in line), "")


def _named_in(look: Look, text: str) -> list[Entry]:
    """Return the events that a text names by their titles."""
    words = words_of(text)
    found = {one.entry.id: one.entry for one in look.named if not one.address}
    told = {entry.id: entry for _, entry in look.materials.told() if entry.is_event}
    return [entry for entry in {**told, **found}.values() if _names(words, entry)]


def _names(words: str, entry: Entry) -> bool:
    return any(words_of(text.title) in words for text in entry.texts.values() if text.title)


def _above(look: Look, block: Block) -> list[Entry]:
    place = look.materials.blocks.index(block)
    above = look.materials.blocks[place - 1] if place else None
    told = look.materials.entries_of(above) if above and above.kind is Kind.ENTRY else ()
    return [entry for entry in told if entry.is_event]


def _wrong(
    look: Look, passage: Passage, address: str, meant: Entry, theirs: list[int], *, sure: bool
) -> Iterator[Finding]:
    other = next(iter(entries.by_ids(theirs)), None)
    if other is None or _are_one_series(meant, other):
        return
    values = {"place": look.place(passage), "title": look.title(meant), "other": look.title(other)}
    sentence = look.t(
        "%(place)s: a link for “%(title)s” leads to the registration for “%(other)s”.", **values
    )
    right = meant.registration(passage.language)
    change = (
        Replacement(passage.name, passage.language, address, right, short_address(right))
        if right and address in passage.text
        else None
    )
    yield Finding(
        Level.ERROR if sure else Level.WARNING,
        sentence,
        look.t("Lead it to the right page."),
        passage.block_id,
        passage.field,
        (Remedy.MEND,) if change else (),
        replacement=change,
        entry_id=meant.id,
        about=address,
        may_stand=sure,
    )


def _shared(look: Look) -> Iterator[Finding]:
    """Find events of this issue whose own registration page is that of another event."""
    pages = registrations(look.materials.at)
    seen: set[frozenset[int]] = set()
    for block, entry in look.materials.told():
        mine = {
            page_of(entry.registration(language)) for language in look.materials.languages if entry.is_event
        }
        others = {number for page in mine for number in pages.get(page, ()) if number != entry.id}
        for other in entries.by_ids(sorted(others)):
            pair = frozenset((entry.id, other.id))
            if pair not in seen and not _are_one_series(entry, other):
                seen.add(pair)
                values = {"title": look.title(entry), "other": look.title(other)}
                sentence = look.t("“%(title)s” and “%(other)s” have the same registration page.", **values)
                detail = look.t("If one was copied from the other, its link may be the old one.")
                yield Finding(
                    Level.WARNING,
                    sentence,
                    detail,
                    block.id,
                    entry_id=entry.id,
                    about=f"{other.id}.{other.version}",
                )


def _are_one_series(one: Entry, other: Entry) -> bool:
    """Tell whether two events are of one series, or bear the same title: those may well share a page."""
    if one.series and one.series == other.series:
        return True
    titles = {languages.folded(text.title) for text in one.texts.values()}
    return any(languages.folded(text.title) in titles for text in other.texts.values())


CHECKS = (
    Check("registrations", "Links lead to the registration of the right event", _in_texts),
    Check("shared", "No two events share a registration page", _shared),
)
