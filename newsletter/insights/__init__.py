"""What is going on, for the first page of the dashboard: one sentence, and the figures that stand under it.

Hides where each figure comes from. Promises plain frozen facts, written in the language asked for, that a page can
draw without a decision of its own; nothing here writes.
"""

from newsletter.insights.facts import (
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
from newsletter.insights.overview import overview, write_duration

__all__ = [
    "ComingEvent", "Fate", "Growth", "Need", "NextIssue", "Overview", "Point", "Running", "Severity", "overview",
    "write_duration",
]  # fmt: skip
