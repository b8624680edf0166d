"""The pages of entries: written by hand, taken in from files, and from sources that are read again and again."""

from newsletter.web.dashboard.entries import entries, imports, sources

PAGES = (entries, imports, sources)
"""The modules of pages; importing them is what adds their views."""
