"""How the editor shows blocks beyond their texts: row by row, with who sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self, TypeVar

from werkzeug.datastructures import MultiDict

from newsletter import audience, issues, languages, settings
from newsletter.audience import Circle
from newsletter.issues import Block, Kind, Materials, Side, Variant
from newsletter.web.dashboard.composing.block_form import addable, can_stand_in_columns
from newsletter.web.dashboard.composing.lines import Mark

_FOCUSES = {
    "": "the middle",
    "left top": "the upper left",
    "top": "the top",
    "right top": "the upper right",
    "left": "the left",
    "right": "the right",
    "left bottom": "the lower left",
    "bottom": "the bottom",
    "right bottom": "the lower right",
}


class Shown(Protocol):
    """A block as the page shows it."""

    @property
    def block(self) -> Block:
        """The block."""

    @property
    def left(self) -> tuple[Self, ...]:
        """What stands in its left column."""


S = TypeVar("S", bound=Shown)


def in_rows(shown: Iterable[S]) -> list[S]:
    """Put blocks that stand in columns into these, number all as they follow each other, and mark the ends."""
    by_id = {view.block.id: view for view in shown}
    numbers = {block_id: number for number, block_id in enumerate(by_id, start=1)}
    found = issues.rows(view.block for view in by_id.values())

    def numbered(block: Block) -> S:
        view: S = replace(by_id[block.id], place=numbers[block.id])  # type: ignore[type-var]
        return view

    return [
        replace(  # type: ignore[type-var]
            numbered(row.block),
            left=tuple(map(numbered, row.left)),
            right=tuple(map(numbered, row.right)),
            first=place == 0,
            last=place == len(found) - 1,
        )
        for place, row in enumerate(found)
    ]


def reader_marks(block: Block, editions: tuple[str, ...], language: str) -> Iterator[Mark]:
    """Say in short facts who does not see a block."""
    t = languages.translator(language)
    for code in editions:
        if code in block.hidden:
            yield Mark(t("hidden in %(language)s", language=languages.language_name(code, language)))
    if block.readers:
        name = issues.circle_title(block.readers.circle, language) or block.readers.circle.slug
        words = (
            t("only for %(name)s", name=name) if block.readers.within else t("not for %(name)s", name=name)
        )
        yield Mark(words, "accent")


@dataclass(frozen=True)
class BlockChoices:
    """What can be chosen for any block of an issue, in the language of the page."""

    materials: Materials
    language: str

    @cached_property
    def circles(self) -> list[tuple[str, str]]:
        """The topics and the other lists whose readers a block can be for, as pairs of value and words."""
        t, own = languages.translator(self.language), self.materials.issue.list_id
        topics = [
            (f"topic:{one.slug}", t("Topic: %(name)s", name=one.title(self.language)))
            for one in settings.topics()
        ]
        lists = [
            (f"list:{one.slug}", t("List: %(name)s", name=one.title(self.language)))
            for one in audience.lists()
            if one.id != own
        ]
        return topics + lists

    @cached_property
    def asked(self) -> list[tuple[str, str, bool]]:
        """The circles that blocks ask about: value, name, and whether most readers belong to them."""
        circles: dict[Circle, bool] = {}
        for language in self.materials.languages:
            usual = issues.usual_variant(self.materials, language)
            circles |= {circle: circle in usual.belongs for circle in usual.asked}
        return [
            (
                f"{circle.sort}:{circle.slug}",
                issues.circle_title(circle, self.language) or circle.slug,
                belongs,
            )
            for circle, belongs in sorted(circles.items())
        ]

    @cached_property
    def count(self) -> int:
        """In how many variants the issue goes out, all languages together."""
        return issues.how_many(self.materials.blocks, self.materials.languages)

    @cached_property
    def has_columns(self) -> bool:
        """Tell whether the issue has columns that a block can be put into."""
        return any(block.kind is Kind.COLUMNS for block in self.materials.blocks)

    @property
    def shapes(self) -> list[tuple[str, str]]:
        """The shapes that a picture can be cut to, with the whole one first."""
        t = languages.translator(self.language)
        return [("", t("the whole picture")), *((shape, shape) for shape in issues.SHAPES)]

    @property
    def focuses(self) -> list[tuple[str, str]]:
        """What of a picture must stay when it is cut."""
        t = languages.translator(self.language)
        return [(name, t(_FOCUSES[name])) for name in _FOCUSES]

    def can_be_put_in(self, block: Block) -> bool:
        """Tell whether a block can be put into a column now."""
        return self.has_columns and can_stand_in_columns(block)

    @property
    def addable(self) -> list[tuple[str, str]]:
        """What a column offers to add, as pairs of kind and its name in English."""
        return [(kind.value, issues.KIND_NAMES[kind]) for kind in addable()]

    @property
    def sides(self) -> tuple[tuple[str, str], ...]:
        """The two columns, each with its name."""
        t = languages.translator(self.language)
        return (Side.LEFT.value, t("Left column")), (Side.RIGHT.value, t("Right column"))


@dataclass(frozen=True)
class VariantRow:
    """A variant of an issue: who gets it, in which language, how many they are, and the circles to preview it by."""

    who: str
    language: str
    readers: int
    belongs: list[str]


def variant_rows(materials: Materials, language: str) -> list[VariantRow]:
    """Show the variants of an issue with their readers; none where every block is for everybody, or they are too many."""
    count = issues.how_many(materials.blocks, materials.languages)
    if not len(materials.languages) < count <= issues.MOST_VARIANTS:
        return []
    readers = issues.readers_by_variant(materials)
    shown = (one for code in materials.languages for one in issues.variants_in(materials, code))
    return [
        VariantRow(
            issues.described(one, language),
            one.language,
            readers.get(one.key, 0),
            [f"{circle.sort}:{circle.slug}" for circle in sorted(one.belongs)],
        )
        for one in shown
    ]


def variant_asked_for(materials: Materials, language: str, args: MultiDict[str, str]) -> Variant | None:
    """Return the variant that a preview was asked for: `as=1&belongs=topic:security`; nothing where it was not."""
    if "as" not in args:
        return None
    conditions = (issues.load_condition(word) for word in args.getlist("belongs"))
    return issues.variant_for(materials, language, [one.circle for one in conditions if one])
