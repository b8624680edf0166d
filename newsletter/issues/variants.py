"""Variants: what sorts of readers get what of an edition, where some of its blocks are for some readers only.

Each language has a variant for every way in which readers can belong to the circles that its blocks ask about, so each
circle doubles them. All of them are compiled, because a reader who joins later may be of any sort; so there is a most.
Where an issue goes to several lists, each comes once for every one of them, with its name in the head and at the foot.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from newsletter import audience, languages, settings
from newsletter.audience import Circle, Sort
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.issues.blocks import Block
from newsletter.issues.materials import Materials
from newsletter.issues.plans import lists_of, readers_of
from newsletter.issues.tables import Issue

MOST_VARIANTS = 32
"""The most variants of an issue, in all languages together: each is set and compiled before the issue goes out."""


@dataclass(frozen=True)
class Variant:
    """A sort of readers: their language, which of the circles that its blocks ask about they belong to, and their list."""

    language: str
    asked: tuple[Circle, ...] = ()
    number: int = 0
    way: int | None = None
    """The place of the list through which they get it, among those that the issue goes to, where that is known."""

    @property
    def key(self) -> str:
        """How delivery knows it: the language alone where neither circles nor lists matter."""
        return audience.variant_of(self.language, self.number if self.asked else None, self.way or 0)

    @property
    def belongs(self) -> frozenset[Circle]:
        """The circles that these readers belong to."""
        return frozenset(circle for place, circle in enumerate(self.asked) if self.number >> place & 1)

    def shows(self, block: Block) -> bool:
        """Tell whether these readers see a block."""
        return block.readers is None or block.readers.meets(self.belongs)


def for_all_readers(block: Block) -> bool:
    """Tell whether everybody sees a block: what stands on the web."""
    return block.readers is None


def for_any_reader(_block: Block) -> bool:
    """Show every block, whoever it is for: the issue as a whole."""
    return True


def asked(blocks: Iterable[Block], language: str) -> tuple[Circle, ...]:
    """Return the circles that the blocks of an edition ask about, in a lasting order."""
    told = (block for block in blocks if language not in block.hidden)
    return tuple(sorted({block.readers.circle for block in told if block.readers}))


def how_many(blocks: Sequence[Block], in_languages: Iterable[str]) -> int:
    """Count the variants of an issue in all its languages."""
    return int(sum(2 ** len(asked(blocks, language)) for language in in_languages))


def refuse_too_many(materials: Materials) -> None:
    """Raise `Invalid` where an issue would come in more variants than are set."""
    count = how_many(materials.blocks, materials.languages)
    if count > MOST_VARIANTS:
        raise Invalid(too_many(count))


def variants_in(materials: Materials, language: str) -> list[Variant]:
    """Return the variants of one edition, whatever list they come through; one alone where no block of it asks who reads."""
    circles = asked(materials.blocks, language)
    return [Variant(language, circles, number) for number in range(2 ** len(circles))]


def variants_by_way(materials: Materials, language: str, ways: int) -> Iterator[Variant]:
    """Yield the variants of one edition as they come through each of so many lists."""
    for variant in variants_in(materials, language):
        yield from (replace(variant, way=way) for way in range(ways))


def too_many(count: int) -> str:
    """Say that an issue would come in too many variants."""
    return (
        f"The issue would come in {count} variants; {MOST_VARIANTS} are the most. "
        "Show fewer blocks to the readers of a topic or list, or use the same topic or list for several."
    )


def usual(materials: Materials, language: str) -> Variant:
    """Return the variant of readers who chose no topic and read no other list: what most get."""
    circles = asked(materials.blocks, language)
    return variant_for(materials, language, [one for one in circles if one.sort is Sort.TOPIC])


def variant_for(materials: Materials, language: str, belongs: Iterable[Circle]) -> Variant:
    """Return the variant that readers get who belong to these circles."""
    circles, theirs = asked(materials.blocks, language), set(belongs)
    bits = (1 << place for place, circle in enumerate(circles) if circle in theirs)
    return Variant(language, circles, sum(bits))


def variant_of_reader(materials: Materials, reader: int) -> Variant | None:
    """Return the variant that one subscriber gets; nothing where they do not read the list."""
    everybody = readers_of(materials.issue, materials.languages)
    one = with_variants(everybody, materials.issue, materials.blocks, materials.languages).subquery()
    key = db.session.scalar(select(one.c.variant).where(one.c.reader == reader)) or ""
    language, shown = audience.language_of(key), audience.by_any_way(key)
    among = variants_in(materials, language) if language in materials.languages else []
    return next((replace(found, way=audience.way_of(key)) for found in among if found.key == shown), None)


def with_variants(
    readers: Select[*tuple[Any, ...]], found: Issue, blocks: Sequence[Block], in_languages: Iterable[str]
) -> Select[*tuple[Any, ...]]:
    """Return a SELECT of an issue's readers, as `readers_of` makes it, that yields for each the key of their variant."""
    circles = {language: asked(blocks, language) for language in in_languages}
    return audience.parted(readers, circles, lists_of(found))


def counted(readers: Select[*tuple[Any, ...]]) -> dict[str, int]:
    """Count what a SELECT of readers yields, by variant."""
    chosen_readers = readers.subquery()
    rows = select(chosen_readers.c.variant, func.count()).group_by(chosen_readers.c.variant)
    return {str(variant): int(n) for variant, n in db.session.execute(rows)}


def readers_by_variant(materials: Materials) -> dict[str, int]:
    """Count the readers of an issue by the key of the variant that they would get, whatever list it comes through."""
    everybody = readers_of(materials.issue, materials.languages)
    counts = counted(with_variants(everybody, materials.issue, materials.blocks, materials.languages))
    return _added_up(counts, audience.by_any_way)


def by_language(counts: Mapping[str, int]) -> dict[str, int]:
    """Add variants up by language."""
    return _added_up(counts, audience.language_of)


def _added_up(counts: Mapping[str, int], by: Callable[[str], str]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for variant, count in counts.items():
        totals[by(variant)] += count
    return dict(totals)


def circle_title(circle: Circle, language: str) -> str:
    """Return what a circle's topic or list is called; empty where there is none such."""
    if circle.sort is Sort.TOPIC:
        return next((one.title(language) for one in settings.topics() if one.slug == circle.slug), "")
    return next((one.title(language) for one in audience.lists() if one.slug == circle.slug), "")


def described(variant: Variant, language: str) -> str:
    """Say who gets a variant: `Readers of Security, not of Members`."""
    t = languages.translator(language)
    yes = [circle_title(one, language) for one in variant.asked if one in variant.belongs]
    no = [circle_title(one, language) for one in variant.asked if one not in variant.belongs]
    values = {"yes": languages.write_list(yes, language), "no": languages.write_list(no, language)}
    if yes and no:
        return t("Readers of %(yes)s, not of %(no)s", **values)
    if yes:
        return t("Readers of %(yes)s", **values)
    return t("Readers of none of these: %(no)s", **values) if no else t("All readers")
