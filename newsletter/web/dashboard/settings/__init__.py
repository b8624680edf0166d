"""The pages of what seldom changes: the publication, its lists, how letters look, how mail leaves, who may do what."""

from newsletter.web.dashboard.settings import lists, look, mail, people, settings, signing, workshop

PAGES = (settings, lists, look, workshop, mail, signing, people)
"""The modules of pages; importing them is what adds their views."""
