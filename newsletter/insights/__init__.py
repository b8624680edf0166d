"""What is going on, for the first page of the dashboard: one sentence, and the figures that stand under it.

Hides where each figure comes from. Promises plain frozen facts, written in the language asked for, that a page can
draw without a decision of its own; nothing here writes.

    overview(language: str) -> Overview      # being built; the facts stand
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

__all__ = [
    "ComingEvent", "Fate", "Growth", "Need", "NextIssue", "Overview", "Point", "Running", "Severity",
]  # fmt: skip
