"""Says in words where in an issue something changed, and what it says there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from newsletter import issues, languages
from newsletter.issues import Block, Blocks, Place
from newsletter.web.dashboard.composing.view import LABELS


@dataclass(frozen=True)
class Places:
    """Names the places of an issue in the language of the page, blocks by their number in `blocks`."""

    blocks: Blocks
    language: str

    @property
    def t(self) -> languages.Translate:
        """Say a sentence in the page's language."""
        return languages.translator(self.language)

    def name(self, place: Place, block: Block | None = None) -> str:
        """Name a place: `Subject, English` or `Block 3 (Text): Text, Japanese`."""
        if place[0] in _LINES and len(place) > 1:
            return self._in_language(_LINES[place[0]], place[1])
        if place == ("order",):
            return self.t("The order of the blocks")
        return self._in_block(place, block or self._block(place[0]))

    def _in_block(self, place: Place, block: Block | None) -> str:
        named = self.block(place[0], block)
        if len(place) == 1:
            return named
        where = (
            self._in_language(LABELS.get(place[1], "Text"), place[2])
            if len(place) > 2  # noqa: PLR2004  (block, name, language)
            else self.t(_SETTINGS.get(place[1], "Settings"))
        )
        return self.t("%(block)s: %(place)s", block=named, place=where)

    def block(self, block_id: str, block: Block | None) -> str:
        """Name a block by its number and kind; by its kind alone where it is not among the blocks."""
        number = next((n for n, one in enumerate(self.blocks, start=1) if one.id == block_id), None)
        kind = self.t(issues.KIND_NAMES[block.kind]) if block else self.t("Block")
        return self.t("Block %(place)s (%(name)s)", place=number, name=kind) if number else kind

    def _block(self, block_id: str) -> Block | None:
        return next((one for one in self.blocks if one.id == block_id), None)

    def _in_language(self, label: str, language: str) -> str:
        called = languages.language_name(language, self.language)
        return self.t("%(field)s, %(language)s", field=self.t(label), language=called)

    def said(self, value: Any) -> str:
        """Say what stands in a place: a text as it is, a block by its first words, settings in a word."""
        if value is None:
            return self.t("dropped")
        if isinstance(value, Block):
            return self.gist(value)
        if isinstance(value, bool):
            return self.t("yes") if value else self.t("no")
        if isinstance(value, str):
            return self.t(_VALUES[value]) if value in _VALUES else value
        if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
            return languages.write_list([self.block(one, self._block(one)) for one in value], self.language)
        return self.t("changed")

    def gist(self, block: Block) -> str:
        """Say a block by its first words, else by its kind."""
        words = next((text for text in _texts_of(block, self.language) if text), "")
        return words or self.t(issues.KIND_NAMES[block.kind])

    def several(self, places: Iterable[Place]) -> str:
        """Name several places in one line, blocks of which much changed once."""
        names = dict.fromkeys(self.name(place[:1] if place[0] not in _LINES else place) for place in places)
        return languages.write_list(list(names), self.language)


def _texts_of(block: Block, language: str) -> list[str]:
    spoken = sorted(block.texts, key=lambda code: code != language)
    return [block.main_text(code) for code in spoken]


_LINES: Mapping[str, str] = {"subject": "Subject", "preheader": "Preheader"}
_SETTINGS = {
    "layout": "Size",
    "button": "Button",
    "recap": "Look back",
    "rule": "What it takes",
    "image": "Picture",
    "link": "Where it leads",
}
_VALUES = {"feature": "Large", "card": "Small", "line": "One line"}
