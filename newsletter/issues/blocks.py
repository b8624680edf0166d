"""The pieces an issue is made of, as an editor arranges them and as the database keeps them.

One shape serves all kinds: a block has an id that stays with it, texts per language, and the few settings of its kind.
What a kind may hold stands in `FIELDS`; a new kind is one line there and one function where issues are composed.
Blocks stand one after the other. Two columns are a block whose stacks follow it: the blocks behind it that have a `side`.
So whoever reads all texts or entries of an issue reads one row. Who sees a block is its own matter too: it may be hidden
in a language, or shown only to some readers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from secrets import token_hex
from typing import Any

from newsletter.errors import Invalid
from newsletter.issues.conditions import Condition, dump_condition, load_condition
from newsletter.issues.cropping import Crop, dump_crop, load_crop
from newsletter.issues.rules import Layout, Rule, dump_rule, load_layout, load_rule


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    ENTRY = "entry"
    ENTRY_LIST = "entry_list"
    PICTURE = "picture"
    BUTTON = "button"
    DIVIDER = "divider"
    QUOTE = "quote"
    CALL = "call"
    COLUMNS = "columns"


KIND_NAMES = {
    Kind.HEADING: "Heading",
    Kind.TEXT: "Text",
    Kind.ENTRY: "Entry",
    Kind.ENTRY_LIST: "Entry list",
    Kind.PICTURE: "Picture",
    Kind.BUTTON: "Button",
    Kind.DIVIDER: "Divider",
    Kind.QUOTE: "Quote",
    Kind.CALL: "Call to action",
    Kind.COLUMNS: "Two columns",
}
"""What each kind is called on the screen, in the language of the catalogues."""


class Side(StrEnum):
    """In which of two columns a block stands; `none` for most."""

    NONE = ""
    LEFT = "left"
    RIGHT = "right"


FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.HEADING: ("text",),
    Kind.TEXT: ("body",),
    Kind.ENTRY: (),
    Kind.ENTRY_LIST: ("title",),
    Kind.PICTURE: ("alt", "caption"),
    Kind.BUTTON: ("label", "url"),
    Kind.DIVIDER: (),
    Kind.QUOTE: ("text", "source"),
    Kind.CALL: ("title", "text", "label", "url"),
    Kind.COLUMNS: (),
}
"""The texts of each kind, per language; the first one is the one that must be there."""

IN_COLUMNS = (Kind.TEXT, Kind.HEADING, Kind.PICTURE, Kind.ENTRY, Kind.BUTTON, Kind.QUOTE)
"""What can stand in a column."""

LARGEST_ISSUE = 200
"""The most blocks an issue can hold."""

LONGEST_TEXT = 50_000
"""The most characters one text of a block can hold."""


@dataclass(frozen=True)
class Block:
    """One piece of an issue. Settings that are not its kind's stay at their defaults."""

    id: str
    kind: Kind
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    entry: int | None = None
    layout: Layout = Layout.CARD
    button: bool = True
    recap: bool = False
    rule: Rule | None = None
    image: str = ""
    """The picture it shows, by its digest."""
    original: str = ""
    """The picture as it was uploaded, from which `image` was cut and made fit for mail."""
    link: str = ""
    half: bool = False
    crop: Crop | None = None
    side: Side = Side.NONE
    hidden: tuple[str, ...] = ()
    """The languages in which it is left out."""
    readers: Condition | None = None
    """Who sees it; nothing: everybody."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, language: str) -> str:
        """Return one text in exactly this language; empty where it is missing."""
        return self.texts.get(language, {}).get(name, "")

    def main_text(self, language: str) -> str:
        """Return the text that must be there, in exactly this language."""
        names = FIELDS[self.kind]
        return self.text(names[0], language).strip() if names else ""

    def stands_in(self, languages: Iterable[str]) -> tuple[str, ...]:
        """Return those of these languages in which it is not hidden."""
        return tuple(language for language in languages if language not in self.hidden)

    def has_text(self) -> bool:
        """Tell whether anything is written in any language."""
        return any(value.strip() for texts in self.texts.values() for value in texts.values())


Blocks = tuple[Block, ...]

_SETTINGS: Mapping[str, Any] = {
    "layout": Layout.CARD,
    "button": True,
    "recap": False,
    "image": "",
    "original": "",
    "link": "",
    "half": False,
    "side": Side.NONE,
}


def new_id() -> str:
    """Make an id for a block, short enough for an address."""
    return token_hex(4)


def new_block(kind: Kind | str, **settings: Any) -> Block:
    """Make a block with an id of its own."""
    if kind == Kind.ENTRY_LIST:
        settings.setdefault("rule", Rule())
    return Block(id=new_id(), kind=_kind(kind), **settings)


def dump(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Write blocks as the JSON that the database keeps; what stands at its default is left out."""
    return [_dump(block) for block in blocks]


def _dump(block: Block) -> dict[str, Any]:
    texts = {
        language: {name: text for name, text in own.items() if text} for language, own in block.texts.items()
    }
    document: dict[str, Any] = {"id": block.id, "kind": block.kind.value}
    document |= {"texts": {language: own for language, own in texts.items() if own}}
    document |= {
        name: getattr(block, name) for name, usual in _SETTINGS.items() if getattr(block, name) != usual
    }
    if block.entry is not None:
        document["entry"] = block.entry
    if block.rule is not None:
        document["rule"] = dump_rule(block.rule)
    if block.hidden:
        document["hidden"] = list(block.hidden)
    if block.readers:
        document["readers"] = dump_condition(block.readers)
    if block.crop:
        document["crop"] = dump_crop(block.crop)
    return {**block.extra, **document}


def load(documents: Iterable[Mapping[str, Any]]) -> Blocks:
    """Read blocks from JSON. Raises `Invalid` that names the block; settings it does not know are kept."""
    blocks = tuple(_load(place, document) for place, document in enumerate(documents, start=1))
    if len(blocks) > LARGEST_ISSUE:
        raise Invalid(f"An issue holds at most {LARGEST_ISSUE} blocks; this one would have {len(blocks)}.")
    if len({block.id for block in blocks}) < len(blocks):
        raise Invalid("Two blocks of the issue have the same id.")
    return blocks


_KNOWN = {"id", "kind", "texts", "entry", "rule", "hidden", "readers", "crop", *_SETTINGS}


def _load(place: int, document: Mapping[str, Any]) -> Block:
    kind = _kind(document.get("kind", ""), place)
    rule = document.get("rule")
    return Block(
        id=str(document.get("id") or new_id()),
        kind=kind,
        texts=_texts(document.get("texts", {}), kind, place),
        entry=document.get("entry"),
        layout=load_layout(document.get("layout", Layout.CARD)),
        button=bool(document.get("button", True)),
        recap=bool(document.get("recap", False)),
        rule=load_rule(rule) if rule is not None else None,
        image=str(document.get("image", "")),
        original=str(document.get("original", "")),
        link=str(document.get("link", "")),
        half=bool(document.get("half", False)),
        crop=load_crop(document.get("crop")),
        side=_side(document.get("side", "")),
        hidden=tuple(str(language) for language in document.get("hidden", ())),
        readers=load_condition(document.get("readers", "")),
        extra={name: value for name, value in document.items() if name not in _KNOWN},
    )


def _kind(word: str, place: int | None = None) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        known = ", ".join(Kind)
        if place:
            raise Invalid(f"Block {place} is of the unknown kind “{word}”; known are {known}.") from None
        raise Invalid(f"“{word}” is no kind of block; known are {known}.") from None


def _side(word: str) -> Side:
    try:
        return Side(word)
    except ValueError:
        return Side.NONE


def _texts(texts: Mapping[str, Mapping[str, str]], kind: Kind, place: int) -> dict[str, dict[str, str]]:
    longest = max((len(str(text)) for own in texts.values() for text in own.values()), default=0)
    if longest > LONGEST_TEXT:
        raise Invalid(
            f"A text of block {place} has {longest:,} characters; {LONGEST_TEXT:,} are the most. Part it in two."
        )
    return {
        language: {name: str(own[name]) for name in FIELDS[kind] if own.get(name)}
        for language, own in texts.items()
    }
