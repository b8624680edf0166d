"""Checks of what the blocks hold: entries and what has become of them, texts, pictures, lists."""

from collections import Counter
from collections.abc import Callable, Iterator

from newsletter import entries, languages
from newsletter.entries import Entry
from newsletter.issues.blocks import FIELDS, KIND_NAMES, Block, Kind
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Remedy
from newsletter.issues.checking.words import says_changed
from newsletter.issues.mentions import changed_since, role_of, what_readers_know
from newsletter.issues.rules import Layout
from newsletter.issues.tables import Role

HEAVY = 800 * 1024
"""Bytes of a picture that make readers on the way wait."""


def _each_block(look_at: Callable[[Look, Block], Iterator[Finding]]) -> Callable[[Look], Iterator[Finding]]:
    def look_at_all(look: Look) -> Iterator[Finding]:
        for block in look.materials.blocks:
            yield from look_at(look, block)

    return look_at_all


def _each_entry(
    look_at: Callable[[Look, Block, Entry], Iterator[Finding]],
) -> Callable[[Look], Iterator[Finding]]:
    def look_at_all(look: Look) -> Iterator[Finding]:
        for block, entry in look.materials.told():
            yield from look_at(look, block, entry)

    return look_at_all


def _gone(look: Look, block: Block) -> Iterator[Finding]:
    if block.kind is Kind.ENTRY and not look.materials.entries_of(block):
        sentence = look.t("An entry of this issue no longer exists.")
        detail = look.t("Readers would see nothing in its place.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))


def _empty_lists(look: Look, block: Block) -> Iterator[Finding]:
    if block.kind is Kind.ENTRY_LIST and not look.materials.entries_of(block):
        sentence = look.t("An entry list takes nothing now.")
        detail = look.t("Readers would see nothing in its place. Widen what it takes, or drop it.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))


def _missing_texts(look: Look, block: Block) -> Iterator[Finding]:
    names = FIELDS[block.kind]
    if not names or not block.has_text() or block.kind is Kind.PICTURE:
        return
    for language in block.stands_in(look.materials.languages):
        if not block.main_text(language):
            values = {"block": look.t(KIND_NAMES[block.kind]), "language": look.name_of(language)}
            sentence = look.t("%(block)s: there is no %(language)s text.", **values)
            detail = look.t("Readers would get it in the other language, labelled.")
            yield Finding(Level.WARNING, sentence, detail, block.id, f"{names[0]}-{language}")


def _pictures(look: Look, block: Block) -> Iterator[Finding]:
    if block.kind is not Kind.PICTURE:
        return
    if not block.image:
        sentence = look.t("A picture block holds no picture yet.")
        detail = look.t("Readers would see nothing in its place.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))
        return
    for language in block.stands_in(look.materials.languages):
        if not block.main_text(language):
            sentence = look.t("A picture has no %(language)s description.", language=look.name_of(language))
            detail = look.t("Write what it shows, for those who cannot see it.")
            yield Finding(Level.WARNING, sentence, detail, block.id, f"alt-{language}")


def _published(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    title = look.title(entry)
    if not entry.is_published:
        sentence = look.t("“%(title)s” is not published.", title=title)
        detail = look.t("Its page would not be there for readers. Publish it or drop the block.")
        yield Finding(Level.ERROR, sentence, detail, block.id, remedies=_drop(block), entry_id=entry.id)


def _alive(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    title = look.title(entry)
    if entry.is_cancelled:
        sentence = look.t("“%(title)s” has been cancelled.", title=title)
        detail = look.t("Readers are told so, in place of the button.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=_drop(block), entry_id=entry.id)
    elif look.teller.is_over(entry):
        yield from _over(look, block, entry)
    elif look.teller.is_closed(entry):
        values = {"title": title, "date": look.teller.deadline(entry)}
        sentence = look.t("“%(title)s”: registration closed on %(date)s.", **values)
        detail = look.t("Readers see this sentence in place of the button.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=_drop(block), entry_id=entry.id)
    elif look.teller.is_full(entry):
        sentence = look.t("“%(title)s” is full.", title=title)
        detail = look.t("Readers are told that no places are left, in place of the button.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=_drop(block), entry_id=entry.id)


def _over(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    if block.recap:
        return
    sentence = look.t("“%(title)s” is over when this issue goes out.", title=look.title(entry))
    detail = look.t("Drop it, or tell it as a look back.")
    remedies = (*_drop(block), Remedy.RECAP)
    yield Finding(Level.ERROR, sentence, detail, block.id, remedies=remedies, entry_id=entry.id)


def _drop(block: Block) -> tuple[Remedy, ...]:
    """Offer to drop a block that tells nothing else."""
    return (Remedy.DROP,) if block.kind is Kind.ENTRY else ()


def _languages(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    for language in block.stands_in(look.materials.languages):
        shown = entry.text(language)[1]
        if shown != language:
            values = {"title": look.title(entry), "language": look.name_of(language)}
            sentence = look.t("“%(title)s” has no %(language)s text.", **values)
            detail = look.t(
                "Readers would get the other one, marked “%(label)s”.",
                label=languages.only_in(shown, language),
            )
            yield Finding(Level.WARNING, sentence, detail, block.id, entry_id=entry.id, about=language)


def _alt(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    if entry.image is None or _layout(block) is not Layout.FEATURE:
        return
    if any(not entry.text(language)[0].image_alt for language in block.stands_in(look.materials.languages)):
        sentence = look.t("The picture of “%(title)s” has no description.", title=look.title(entry))
        detail = look.t("Write what it shows, for those who cannot see it.")
        yield Finding(Level.WARNING, sentence, detail, block.id, entry_id=entry.id)


def _heavy(look: Look) -> Iterator[Finding]:
    """Find pictures that keep readers on the way waiting."""
    shown = {
        block.image: block for block in look.materials.blocks if block.kind is Kind.PICTURE and block.image
    }
    for block, entry in look.materials.told():
        if entry.image and _layout(block) is Layout.FEATURE:
            shown.setdefault(entry.image.digest, block)
    for digest, size in entries.image_sizes(shown).items():
        if size > HEAVY:
            written = languages.write_number(round(size / 1024 / 1024, 1), look.t.language)
            sentence = look.t("A picture has %(size)s MB.", size=written)
            detail = look.t(
                "On a phone on the way it shows late. Upload a smaller one; under 0.8 MB is good."
            )
            yield Finding(Level.WARNING, sentence, detail, shown[digest].id, about=digest)


def _layout(block: Block) -> Layout:
    return block.rule.layout if block.rule else block.layout


def _twice(look: Look) -> Iterator[Finding]:
    times = Counter(entry.id for _, entry in look.materials.told())
    for block, entry in look.materials.told():
        if times[entry.id] > 1 and block.kind is Kind.ENTRY:
            sentence = look.t("“%(title)s” stands in this issue twice.", title=look.title(entry))
            yield Finding(
                Level.WARNING, sentence, block_id=block.id, remedies=(Remedy.DROP,), entry_id=entry.id
            )
            times[entry.id] = 0


def _changed(look: Look) -> Iterator[Finding]:
    """Tell the editor what readers were told otherwise before."""
    spoken = [(entry, one.passage.block_id, one.passage.field) for one in look.named for entry in [one.entry]]
    spoken += [(entry, block.id, "") for block, entry in look.materials.told()]
    places = {entry.id: (entry, block_id, field) for entry, block_id, field in spoken if entry.is_event}
    for entry_id, before in what_readers_know(places).items():
        entry, block_id, field = places[entry_id]
        mine = [one for one in before if one.list_id == look.materials.issue.list_id]
        said = any(one.entry.id == entry_id and says_changed(one.passage) for one in look.named)
        if mine and not entry.is_cancelled and not said and changed_since(entry, mine[-1]):
            number = languages.write_issue_number(mine[-1].number, look.t.language)
            values = {"title": look.title(entry), "number": number}
            sentence = look.t(
                "“%(title)s” has changed since readers were told of it in %(number)s.", **values
            )
            yield Finding(
                Level.WARNING,
                sentence,
                look.t("Say so in the introduction."),
                block_id,
                field,
                entry_id=entry_id,
            )


def _sent_before(look: Look) -> Iterator[Finding]:
    """Say what readers of this list were told already; an event may well be told again before it comes."""
    told = [
        (block, entry)
        for block, entry in look.materials.told()
        if block.kind is Kind.ENTRY and not block.recap
    ]
    known = what_readers_know({entry.id for _, entry in told})
    for block, entry in told:
        mine = [one for one in known[entry.id] if one.list_id == look.materials.issue.list_id]
        if mine and not (entry.is_event and role_of(entry, look.materials.at) is not Role.REMINDER):
            numbers = [languages.write_issue_number(one.number, look.t.language) for one in mine]
            written = languages.write_list(numbers, look.t.language)
            sentence = look.t(
                "“%(title)s” was told in %(numbers)s already.", title=look.title(entry), numbers=written
            )
            level = Level.HINT if entry.is_event else Level.WARNING
            yield Finding(level, sentence, "", block.id, remedies=_drop(block), entry_id=entry.id)


CHECKS = (
    Check("gone", "Each entry is there", _each_block(_gone)),
    Check("published", "Each entry is published", _each_entry(_published)),
    Check("alive", "No event is over, cancelled, closed or full", _each_entry(_alive)),
    Check("lists", "Each entry list takes something", _each_block(_empty_lists)),
    Check("texts", "Each text is there in each language", _each_block(_missing_texts)),
    Check("languages", "Each entry is there in each language", _each_entry(_languages)),
    Check("pictures", "Each picture has a description", _each_block(_pictures)),
    Check("described", "Each entry’s picture has a description", _each_entry(_alt)),
    Check("heavy", "No picture is too heavy", _heavy),
    Check("twice", "No entry stands here twice", _twice),
    Check("sent", "No entry was sent before", _sent_before),
    Check("changed", "Readers know what has changed", _changed),
)
