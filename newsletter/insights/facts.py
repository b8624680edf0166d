"""The facts that the first page of the dashboard shows. Sentences are in the language of the page."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from newsletter import delivery, feedback


class Severity(StrEnum):
    """How much a thing matters now; also the name of its colour and icon."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class NextIssue:
    """The issue that goes out next, or the newest draft.

    `name` is "Tokyo Letter No. 42"; `subjects` by language; `readers` is how many would get each language today.
    """

    id: int
    name: str
    state: str
    subjects: tuple[tuple[str, str], ...]
    send_at: datetime | None
    readers: tuple[tuple[str, int], ...]
    errors: int
    warnings: int
    changed_at: datetime


class About(StrEnum):
    """What kind of thing waits for a person, so that the page can lead there."""

    ISSUE = "issue"
    SENDING = "sending"
    CORRECTION = "correction"
    """An event that readers know otherwise than it is."""
    SOURCE = "source"
    RELAY = "relay"
    SIGNING = "signing"
    LIST = "list"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class Need:
    """Something that waits for a person: one sentence, what it means, and where to go; `number` says which one."""

    severity: Severity
    sentence: str
    detail: str
    remedy: str
    about: About
    number: int | None = None


@dataclass(frozen=True)
class Fate:
    """What became of the last issue. `progress` has the counts that add up, `returned` what came back afterwards."""

    id: int
    slug: str
    name: str
    sent_at: datetime
    duration: str
    progress: delivery.Progress
    returned: feedback.Counts


@dataclass(frozen=True)
class Point:
    """Confirmed subscribers at the end of one month."""

    month: date
    confirmed: int


@dataclass(frozen=True)
class Growth:
    """Twelve months of one list's confirmed subscribers, and what happened since its last issue; `title` names it."""

    points: tuple[Point, ...]
    confirmed: int
    joined: int
    left: int
    to_confirm: int
    since: str
    title: str = ""

    @property
    def change(self) -> int:
        """How many more there are than at the last issue."""
        return self.joined - self.left


@dataclass(frozen=True)
class ComingEvent:
    """An event ahead: `told` lists the issues that told it ("No. 40, 41"), `next` what is to be known about it."""

    entry_id: int
    slug: str
    day: str
    title: str
    language: str
    told: str
    next: str
    severity: Severity


@dataclass(frozen=True)
class Running:
    """One line on the machinery: a sentence and since when it is so."""

    severity: Severity
    sentence: str
    at: datetime | None = None


@dataclass(frozen=True)
class Overview:
    """Everything on the first page. `sentence` answers “what is going on”."""

    sentence: str
    next_issue: NextIssue | None = None
    needs: tuple[Need, ...] = ()
    fate: Fate | None = None
    growth: Growth | None = None
    events: tuple[ComingEvent, ...] = ()
    running: tuple[Running, ...] = field(default=())
