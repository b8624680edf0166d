"""Mending what was found, with one press: some words of one text are put in place of others."""

from collections.abc import Mapping
from dataclasses import replace

from newsletter.issues.blocks import Blocks
from newsletter.issues.checking.findings import Finding, Replacement
from newsletter.issues.checking.inspecting import Inspection, inspect
from newsletter.issues.materials import gather
from newsletter.issues.tables import Issue

Lines = Mapping[str, str]


def mended(
    issue: Issue, mark: str, subjects: Lines, preheaders: Lines, blocks: Blocks
) -> tuple[Lines, Lines, Blocks]:
    """Return subjects, preheaders and blocks as somebody typed them, put right where the finding of this mark says how.

    The finding is one of the issue as it is kept, or as it is typed. Where there is none such, all comes back as it is.
    """
    typed = _as_typed(issue, subjects, preheaders)
    finding = _found(inspect(issue), mark) or _found(inspect(typed, materials=gather(typed, blocks)), mark)
    change = finding.replacement if finding else None
    if finding is None or change is None:
        return subjects, preheaders, blocks
    if finding.block_id is None:
        return _in_line(subjects, "subject", change), _in_line(preheaders, "preheader", change), blocks
    return subjects, preheaders, _in_blocks(blocks, finding.block_id, change)


def _found(inspection: Inspection, mark: str) -> Finding | None:
    return next((one for one in inspection.findings if one.mark == mark), None)


def _as_typed(issue: Issue, subjects: Lines, preheaders: Lines) -> Issue:
    """Return a copy of an issue that no session knows."""
    kept = {column.key: getattr(issue, column.key) for column in Issue.__table__.columns}
    return Issue(**{**kept, "subjects": dict(subjects), "preheaders": dict(preheaders)})


def _in_line(lines: Lines, name: str, change: Replacement) -> Lines:
    if change.name != name:
        return lines
    return {**lines, change.language: lines.get(change.language, "").replace(change.old, change.new)}


def _in_blocks(blocks: Blocks, block_id: str, change: Replacement) -> Blocks:
    def put_right(text: str) -> str:
        return text.replace(change.old, change.new)

    def changed(texts: Mapping[str, str]) -> dict[str, str]:
        return {name: put_right(text) if name == change.name else text for name, text in texts.items()}

    return tuple(
        block
        if block.id != block_id
        else replace(block, link=put_right(block.link))
        if change.name == "link"
        else replace(
            block,
            texts={
                code: changed(own) if code == change.language else own for code, own in block.texts.items()
            },
        )
        for block in blocks
    )
