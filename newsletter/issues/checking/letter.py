"""Checks of the finished letters: what mail programs and readers' eyes would make of them."""

from collections.abc import Iterator

from newsletter import languages, rendering
from newsletter.issues.blocks import FIELDS, Block, Kind
from newsletter.issues.checking.findings import Check, Finding, Level, Look
from newsletter.issues.links import size_in_mail

_NEARLY_CUT = 90 * 1024
_MOST_LABELLED = 0.5


def _told(look: Look) -> Iterator[Finding]:
    content = look.contents[look.materials.languages[0]]
    if not any(not isinstance(block, rendering.Divider | rendering.Call) for block in content.blocks):
        yield Finding(Level.ERROR, look.t("The issue tells nothing yet. Add an entry or write a text."))


def _remarks(look: Look) -> Iterator[Finding]:
    for language, letter in look.letters.items():
        for remark in rendering.check(letter, 0):
            values = {"language": look.name_of(language), "remark": look.t(remark.msgid, **remark.values)}
            sentence = look.t("%(language)s edition: %(remark)s", **values)
            yield Finding(Level.WARNING, sentence, about=f"{language} {remark}")


def _size(look: Look) -> Iterator[Finding]:
    for language, letter in look.letters.items():
        size = size_in_mail(look.materials, letter.html)
        kilobytes = languages.write_number(-(-size // 1024), look.t.language)
        values = {"language": look.name_of(language), "size": kilobytes}
        if size > rendering.CLIPPED_AT:
            sentence = look.t(
                "%(language)s edition: it has %(size)s kB, and Gmail cuts off what comes after 102 kB.",
                **values,
            )
            detail = look.t(
                "The unsubscribe link would be cut off too. Take out some blocks or shorten the texts."
            )
            yield Finding(Level.WARNING, sentence, detail, about=language)
        elif size > _NEARLY_CUT:
            sentence = look.t(
                "%(language)s edition: it has %(size)s kB; from 102 kB on Gmail cuts it off.", **values
            )
            yield Finding(Level.WARNING, sentence, look.t("There is little room left."), about=language)


def _contrast(look: Look) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for letter in look.letters.values():
        for faint in rendering.faint_words(letter.html):
            if (faint.colour, faint.behind) in seen:
                continue
            seen.add((faint.colour, faint.behind))
            sentence = look.t("“%(words)s” stands out too little from what is behind it.", words=faint.words)
            detail = look.t(
                "%(colour)s on %(behind)s has a contrast of %(contrast)s; %(needed)s is needed. Take a darker or lighter colour.",
                colour=faint.colour,
                behind=faint.behind,
                contrast=languages.write_number(round(faint.contrast, 1), look.t.language),
                needed=languages.write_number(faint.needed, look.t.language),
            )
            yield Finding(Level.WARNING, sentence, detail, about=f"{faint.colour} {faint.behind}")


def _foreign(look: Look) -> Iterator[Finding]:
    """Find an edition most of which is told in another language."""
    blocks = [block for block in look.materials.blocks if _says_something(look, block)]
    for language in look.materials.languages:
        here = [block for block in blocks if block.stands_in([language])]
        foreign = [block for block in here if not _says_it_in(look, block, language)]
        if len(foreign) > max(1, len(here) * _MOST_LABELLED):
            values = {"language": look.name_of(language), "n": len(foreign), "all": len(here)}
            sentence = look.t(
                "%(language)s edition: %(n)s of %(all)s blocks are in another language.", **values
            )
            detail = look.t("Its readers may feel forgotten. Translate at least what matters most.")
            yield Finding(Level.WARNING, sentence, detail, about=f"{language} {len(foreign)} {len(here)}")


def _says_something(look: Look, block: Block) -> bool:
    return bool(look.materials.entries_of(block)) or (bool(FIELDS[block.kind]) and block.has_text())


def _says_it_in(look: Look, block: Block, language: str) -> bool:
    own = look.materials.entries_of(block)
    if own:
        return any(language in entry.texts for entry in own)
    return block.kind is Kind.PICTURE or bool(block.main_text(language))


CHECKS = (
    Check("told", "The issue tells something", _told),
    Check("remarks", "Mail programs can show it", _remarks),
    Check("size", "No edition is cut off by Gmail", _size),
    Check("contrast", "All words stand out enough", _contrast),
    Check("foreign", "Each edition is mostly in its own language", _foreign),
)
