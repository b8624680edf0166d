"""The pages where an issue is written: its list, the composer, its history, comments, approval, the library of blocks."""

from newsletter.web.dashboard.composing import (
    approval,
    comments,
    corrections,
    editor,
    history,
    issues,
    library,
    picker,
    plain_words,
    presence,
    preview,
    rich,
)

PAGES = (
    issues,
    editor,
    history,
    picker,
    rich,
    presence,
    preview,
    comments,
    plain_words,
    approval,
    corrections,
    library,
)
"""The modules of pages; importing them is what adds their views."""
