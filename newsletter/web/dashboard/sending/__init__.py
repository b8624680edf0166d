"""The pages from the last look at an issue to its report: checks, readers, tests, rehearsal, what waits, what is on its way."""

from newsletter.web.dashboard.sending import (
    checks,
    later,
    readers_pages,
    rehearsal,
    review,
    rhythm,
    sending,
    testing,
)

PAGES = (review, checks, readers_pages, testing, rehearsal, sending, later, rhythm)
"""The modules of pages; importing them is what adds their views."""
