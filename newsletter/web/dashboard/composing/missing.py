"""What is missing in each language, counted at the head of the editor, with the way to each place."""

from dataclasses import dataclass

from newsletter import issues, languages
from newsletter.issues import Materials, Missing
from newsletter.web.dashboard.composing.view import name_of_field

_LINES = {"subject": "Subject", "preheader": "Preheader"}


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: what it is, and the place on the page where it is mended."""

    words: str
    place: str


@dataclass(frozen=True)
class Gaps:
    """All that is missing in one language, and a sentence that counts it."""

    language: str
    sentence: str
    gaps: tuple[Gap, ...]


def gaps(materials: Materials, language: str) -> list[Gaps]:
    """Show what is missing, by language; those that lack nothing are left out."""
    numbers = {block.id: number for number, block in enumerate(materials.blocks, start=1)}
    found = issues.missing(materials)
    return [
        Gaps(code, _sentence(lacking, code, language), tuple(_gap(one, numbers, language) for one in lacking))
        for code, lacking in found.items()
        if lacking
    ]


def _sentence(lacking: list[Missing], code: str, language: str) -> str:
    t = languages.translator(language)
    entries = sum(one.is_entry for one in lacking)
    texts = len(lacking) - entries
    parts = [
        *([t.plural("%(n)s text missing", "%(n)s texts missing", texts)] if texts else []),
        *(
            [t.plural("%(n)s entry without a text", "%(n)s entries without a text", entries)]
            if entries
            else []
        ),
    ]
    joint = "、" if language == "ja" else ", "
    name = languages.language_name(code, language)
    return t("%(language)s: %(parts)s", language=name, parts=joint.join(parts))


def _gap(one: Missing, numbers: dict[str, int], language: str) -> Gap:
    t = languages.translator(language)
    if one.block is None:
        return Gap(t(_LINES[one.name]), f"#{one.name}-{one.language}")
    kind, number = t(issues.KIND_NAMES[one.block.kind]), numbers[one.block.id]
    if one.is_entry:
        return Gap(t("Block %(place)s: %(name)s", place=number, name=kind), f"#block-{one.block.id}")
    values = {"place": number, "name": kind, "field": t(name_of_field(one.name))}
    return Gap(
        t("Block %(place)s: %(name)s, %(field)s", **values), f"#{one.block.id}-{one.name}-{one.language}"
    )
