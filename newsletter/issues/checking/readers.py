"""Checks of who sees what: blocks that nobody sees, circles that are gone, readers who would get nothing."""

from collections.abc import Callable, Iterator

from newsletter.audience import Sort
from newsletter.issues.arranging import rows
from newsletter.issues.blocks import KIND_NAMES, Block, Kind
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Remedy
from newsletter.issues.variants import (
    MOST_VARIANTS,
    circle_title,
    described,
    for_all_readers,
    for_any_reader,
    how_many,
    too_many,
    variants_in,
)

_TELLS_NOTHING = (Kind.DIVIDER, Kind.CALL, Kind.COLUMNS)


def seen_by(look: Look) -> Iterator[Finding]:
    """Look over who sees each block, and what each sort of reader gets."""
    for block in look.materials.blocks:
        yield from _seen_by_nobody(look, block)
        yield from _gone(look, block)
    yield from _empty_columns(look)
    yield from _variants(look)


def _seen_by_nobody(look: Look, block: Block) -> Iterator[Finding]:
    if not block.stands_in(look.materials.languages):
        sentence = look.t("%(block)s: it is hidden in every language.", block=look.t(KIND_NAMES[block.kind]))
        detail = look.t("Nobody would see it. Show it in a language, or drop it.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))


def _gone(look: Look, block: Block) -> Iterator[Finding]:
    if block.readers is None or circle_title(block.readers.circle, look.t.language):
        return
    values = {"block": look.t(KIND_NAMES[block.kind]), "name": block.readers.circle.slug}
    is_topic = block.readers.circle.sort is Sort.TOPIC
    sentence = (
        look.t("%(block)s: the topic “%(name)s”, whose readers it is for, is no longer there.", **values)
        if is_topic
        else look.t("%(block)s: the list “%(name)s”, whose readers it is for, is no longer there.", **values)
    )
    yield Finding(Level.ERROR, sentence, look.t("Choose anew who sees it, or drop it."), block.id)


def _empty_columns(look: Look) -> Iterator[Finding]:
    for row in rows(look.materials.blocks):
        if row.block.kind is not Kind.COLUMNS or (row.left and row.right):
            continue
        if row.left or row.right:
            sentence = look.t("Two columns: one of them holds nothing yet.")
            detail = look.t("The other one is set at the full width.")
            yield Finding(Level.WARNING, sentence, detail, row.block.id)
        else:
            sentence = look.t("Two columns hold nothing yet.")
            detail = look.t("Readers would see nothing in its place.")
            yield Finding(Level.WARNING, sentence, detail, row.block.id, remedies=(Remedy.DROP,))


def _variants(look: Look) -> Iterator[Finding]:
    count = how_many(look.materials.blocks, look.materials.languages)
    if count > MOST_VARIANTS:
        yield Finding(Level.ERROR, look.t.filled(too_many(count)))
        return
    for language in look.materials.languages:
        yield from _get_nothing(look, language)


def _get_nothing(look: Look, language: str) -> Iterator[Finding]:
    """Find whether an edition holds nothing for some sort of readers, or for the archive, in an issue that tells something."""
    if not any(_tells(look, one, for_any_reader) for one in look.materials.languages):
        return
    variants = variants_in(look.materials, language)
    empty = [one for one in variants if not _tells(look, language, one.shows)]
    values = {"language": look.name_of(language)}
    if not _tells(look, language, for_all_readers):
        sentence = look.t("%(language)s edition: the archive would show nothing.", **values)
        detail = look.t("There stands what is for all readers, and no block is.")
        yield Finding(Level.WARNING, sentence, detail)
    if empty:
        values |= {"who": described(empty[0], look.t.language)}
        sentence = look.t("%(language)s edition: some readers would get an empty letter.", **values)
        detail = look.t("%(who)s: no block is for them. Show one to all readers.", **values)
        yield Finding(Level.ERROR, sentence, detail, about=language)


def _tells(look: Look, language: str, shows: Callable[[Block], bool]) -> bool:
    return any(
        shows(block) and language not in block.hidden
        for block in look.materials.blocks
        if block.kind not in _TELLS_NOTHING
    )


CHECKS = (Check("readers_of_blocks", "Each block has readers, and all readers have blocks", seen_by),)
