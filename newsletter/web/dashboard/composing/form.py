"""The editor's one form: every button of the page sends all that was typed, so pressing one loses nothing.

Field names: `version`, `subject-ja`, `preheader-ja`, `order` (block ids, repeated), and for each block `ID.kind`,
`ID.layout`, `ID.button`, `ID.body.ja`; a picture also has `ID.file`, an entry list `ID.kinds`, `ID.limit` and so on. The pressed button is `do`: a verb, or `verb:what`.
A script adds `saving`, a tag of its own for each request, and `unanswered`, those of which it never heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from newsletter import entries, issues
from newsletter.errors import Invalid, NotFound
from newsletter.issues import Block, Blocks, Issue, Kind, Rule, Side
from newsletter.web import frame
from newsletter.web.dashboard.composing.block_form import ACTS, placed, with_picture, with_readers

W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True)
class Typed:
    """The issue as it stands in somebody's browser, and the button they pressed."""

    version: int
    subjects: Mapping[str, str]
    preheaders: Mapping[str, str]
    blocks: Blocks
    verb: str
    what: str


def read(form: MultiDict[str, str], kept: Blocks, languages: tuple[str, ...]) -> Typed:
    """Read the form. Blocks it does not know are those that somebody else has added; they stay out of it."""
    verb, _, what = form.get("do", "save").partition(":")
    if verb in _CHOSEN_IN:
        what = ",".join(form.getlist(_CHOSEN_IN[verb]))
    if verb == "cut":
        what = ",".join((what, form.get(f"{what}.shape", ""), form.get(f"{what}.focus", "")))
    stored = {block.id: block for block in kept}
    blocks = tuple(
        _block(form, block_id, side, stored, languages) for block_id, side in placed(form.getlist("order"))
    )
    try:
        version = frame.number(form.get("version", ""))
    except ValueError:
        raise Invalid("This form is incomplete. Load the page again.") from None
    return Typed(
        version=version,
        subjects=_lines(form, "subject", languages),
        preheaders=_lines(form, "preheader", languages),
        blocks=blocks,
        verb=verb,
        what=what,
    )


def _lines(form: MultiDict[str, str], name: str, languages: tuple[str, ...]) -> dict[str, str]:
    return {language: form.get(f"{name}-{language}", "").strip() for language in languages}


def _block(
    form: MultiDict[str, str],
    block_id: str,
    side: Side | None,
    stored: Mapping[str, Block],
    languages: tuple[str, ...],
) -> Block:
    """Put what was typed over what is kept of a block; one that was dropped meanwhile is made anew from the form."""
    block = stored.get(block_id) or _restored(form, block_id)
    typed = {
        language: {
            name: form.get(f"{block_id}.{name}.{language}", "").replace("\r\n", "\n").strip()
            for name in issues.FIELDS[block.kind]
        }
        for language in languages
    }
    others = {language: own for language, own in block.texts.items() if language not in languages}
    block = replace(block, texts={**others, **typed}, side=block.side if side is None else side)
    block = with_readers(form, block, languages)
    if block.kind is Kind.ENTRY:
        block = replace(
            block,
            layout=_word(issues.Layout, form.get(f"{block_id}.layout", block.layout)),
            button=f"{block_id}.button" in form,
            recap=f"{block_id}.recap" in form,
        )
    elif block.kind is Kind.PICTURE:
        block = with_picture(form, block)
    elif block.kind is Kind.ENTRY_LIST:
        block = replace(block, rule=read_rule(form, block))
    return block


def read_rule(form: MultiDict[str, str], block: Block) -> Rule:
    """Read what an entry list takes. A form that says nothing of it leaves it as it is."""
    kept, name = block.rule or Rule(), f"{block.id}.{{}}".format
    if name("limit") not in form:
        return kept
    limit = form.get(name("limit"), kept.limit, type=frame.number)
    return replace(
        kept,
        kinds=tuple(kind for kind in entries.Kind if kind in form.getlist(name("kinds"))),
        topics=tuple(form.getlist(name("topics"))),
        window=_word(issues.Window, form.get(name("window"), kept.window)),
        order=_word(issues.Order, form.get(name("order"), kept.order)),
        limit=max(1, min(limit, issues.MOST)),
        layout=_word(issues.Layout, form.get(name("layout"), kept.layout)),
        unsent=name("unsent") in form,
    )


def _restored(form: MultiDict[str, str], block_id: str) -> Block:
    try:
        kind = Kind(form.get(f"{block_id}.kind", ""))
    except ValueError:
        raise Invalid("This form is incomplete. Load the page again.") from None
    entry = form.get(f"{block_id}.entry", type=frame.number)
    return Block(id=block_id, kind=kind, entry=entry, rule=Rule() if kind is Kind.ENTRY_LIST else None)


def _word(words: type[W], word: str) -> W:
    try:
        return words(word)
    except ValueError:
        raise Invalid("This form is incomplete. Load the page again.") from None


def mended(found: Issue, typed: Typed) -> Typed:
    """Put right what the pressed button says; where that is no longer found, all stays as it was typed."""
    if typed.verb != "mend":
        return typed
    subjects, preheaders, blocks = issues.mended(
        found, typed.what, typed.subjects, typed.preheaders, typed.blocks
    )
    return replace(typed, subjects=subjects, preheaders=preheaders, blocks=blocks)


def rearranged(typed: Typed) -> Blocks:
    """Do to the blocks what the pressed button says; verbs that are not about blocks leave them as they are."""
    act = _ACTS.get(typed.verb)
    try:
        return act(typed.blocks, typed.what) if act else typed.blocks
    except (NotFound, ValueError):
        return typed.blocks  # the block is gone already: there is nothing left to do to it


def _put(blocks: Blocks, what: str, make: Callable[[str], Block]) -> Blocks | None:
    """Put a block where it was dragged to: before another one, `text@1f2e3d4c`, or at the end, `text@`; else say nothing."""
    wanted, dragged, before = what.partition("@")
    if not dragged:
        return None
    known = {block.id for block in blocks}
    return issues.added(blocks, make(wanted), before if before in known else None)


def _add(blocks: Blocks, what: str) -> Blocks:
    put = _put(blocks, what, issues.new_block)
    return issues.added(blocks, issues.new_block(what)) if put is None else put


def _add_entry(blocks: Blocks, what: str) -> Blocks:
    put = _put(blocks, what, lambda number: issues.new_block(Kind.ENTRY, entry=frame.number(number)))
    return _with_entry(blocks, frame.number(what)) if put is None else put


def _with_entry(blocks: Blocks, entry_id: int) -> Blocks:
    """Put an entry behind the last entry of the issue, before what closes it."""
    block = issues.new_block(Kind.ENTRY, entry=entry_id)
    entries = [place for place, one in enumerate(blocks) if one.kind is Kind.ENTRY and not one.side]
    if not entries:
        closing = next((one.id for one in blocks if one.kind is Kind.CALL), None)
        return issues.added(blocks, block, before=closing)
    place = entries[-1] + 1
    return (*blocks[:place], block, *blocks[place:])


def _with_entries(blocks: Blocks, picked: str) -> Blocks:
    """Put all that was ticked into the issue, in the order of the picker; what is in already stays where it is."""
    told = {block.entry for block in blocks}
    for entry_id in map(frame.number, filter(None, picked.split(","))):
        blocks = blocks if entry_id in told else _with_entry(blocks, entry_id)
    return blocks


_CHOSEN_IN = {"add-entries": "pick", "add-saved": "saved"}
"""Fields of the form that say what a button is about."""

_ACTS: Mapping[str, Callable[[Blocks, str], Blocks]] = {
    **ACTS,
    "up": lambda blocks, block_id: issues.moved(blocks, block_id, -1),
    "down": lambda blocks, block_id: issues.moved(blocks, block_id, 1),
    "drop": issues.dropped,
    "clear": lambda blocks, block_id: issues.edited(blocks, block_id, image="", original="", crop=None),
    "recap": lambda blocks, block_id: issues.edited(blocks, block_id, recap=True),
    "add": _add,
    "add-entry": _add_entry,
    "add-entries": _with_entries,
    "add-saved": lambda blocks, number: issues.with_saved(blocks, frame.number(number)),
    "drop-entry": lambda blocks, entry_id: tuple(
        block for block in blocks if block.entry != frame.number(entry_id)
    ),
}
