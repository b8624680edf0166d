"""What an editor writes of an issue, taken apart into places, so that two versions can be compared and merged.

A place names one thing that can be changed by itself: `("subject", "en")`, `("order",)`, a text of a block
`("1f2e3d4c", "body", "ja")`, a setting `("1f2e3d4c", "layout")`, or a whole block `("1f2e3d4c",)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from newsletter.issues.blocks import Block, Blocks, dump, load
from newsletter.issues.tables import Issue

Place = tuple[str, ...]
SUBJECT, PREHEADER, ORDER = "subject", "preheader", "order"
_SETTINGS = tuple(one.name for one in fields(Block) if one.name not in {"id", "kind", "texts"})


@dataclass(frozen=True)
class Manuscript:
    """Subjects and preheaders by language, and the blocks."""

    subjects: Mapping[str, str]
    preheaders: Mapping[str, str]
    blocks: Blocks

    def tidy(self) -> "Manuscript":
        """Return it as the database would keep it. Raises `Invalid`."""
        return Manuscript(lines(self.subjects), lines(self.preheaders), load(dump(self.blocks)))

    def by_id(self) -> dict[str, Block]:
        """Return its blocks by their ids."""
        return {block.id: block for block in self.blocks}


def manuscript_of(issue: Issue) -> Manuscript:
    """Return what is written in an issue."""
    return Manuscript(issue.subjects, issue.preheaders, issue.pieces)


def lines(texts: Mapping[str, str]) -> dict[str, str]:
    """Tidy texts that stand in one line; empty ones are not kept."""
    tidy = {language: " ".join(text.split()) for language, text in texts.items()}
    return {language: text for language, text in tidy.items() if text}


def parts(block: Block) -> dict[Place, Any]:
    """Take a block apart: texts by name and language, settings by name."""
    taken_apart: dict[Place, Any] = {
        (name, language): text for language, own in block.texts.items() for name, text in own.items()
    }
    for name in _SETTINGS:
        taken_apart[name,] = getattr(block, name)
    return taken_apart


def put_together(block: Block, parts_of_it: Mapping[Place, Any]) -> Block:
    """Put a block together again from its parts."""
    texts: dict[str, dict[str, str]] = {}
    settings: dict[str, Any] = {}
    for place, value in parts_of_it.items():
        if len(place) == 1:
            settings[place[0]] = value
        elif value:
            name, language = place
            texts.setdefault(language, {})[name] = value
    return replace(block, texts=texts, **settings)
