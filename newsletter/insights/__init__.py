"""What is going on, for the first page of the dashboard; and which links of an issue are followed, for its report.

Hides where each figure comes from, how programs are told from people, and what is kept of a visit. Promises plain frozen
facts, written in the language asked for, that a page can draw without a decision of its own; and that of those who follow
a link nobody can be named, by a stranger who has the database alone. All it writes are visits, and their sums.
"""

from newsletter.insights.facts import (
    About,
    ComingEvent,
    Fate,
    Growth,
    Need,
    NextIssue,
    Overview,
    Point,
    Running,
    Severity,
)
from newsletter.insights.following import follow
from newsletter.insights.overview import overview, write_duration
from newsletter.insights.reach import Followed, FollowedLink, Reach, followed, tidy

__all__ = [
    "About", "ComingEvent", "Fate", "Followed", "FollowedLink", "Growth", "Need", "NextIssue", "Overview", "Point", "Reach",
    "Running", "Severity", "follow", "followed", "overview", "tidy", "write_duration",
]  # fmt: skip
