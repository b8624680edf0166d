"""To whom an issue goes: its own list and others, without some, narrowed to topics. Kept with the issue.

A reader gets it through the first of these lists, its own before the others, on which they are when it goes out. That one
stands in the mail's `List-Id` and at its foot, and the link to unsubscribe leaves it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ForeignKey, Select, select, update
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import accounts, audience, clock, delivery, settings
from newsletter.audience import Subscriber
from newsletter.database import Json, Model, db
from newsletter.errors import Conflict, Invalid
from newsletter.issues.drafting import OPEN, issue
from newsletter.issues.tables import Issue


class PlanRow(Model):
    """The plan of an issue that goes to others than all readers of its own list."""

    __tablename__ = "plans"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    document: Mapped[dict[str, Any]] = mapped_column(Json)


@dataclass(frozen=True)
class Plan:
    """To whom an issue goes besides the readers of its own list, and to whom it does not; all by number.

    Of readers on several lists each gets it once. `topics` keeps those who chose one of them, or none at all;
    `without_issues` leaves out who got one of these.
    """

    lists: tuple[int, ...] = ()
    without_lists: tuple[int, ...] = ()
    without_issues: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


def plan_of(issue_id: int) -> Plan:
    """Return to whom an issue goes; to all readers of its own list where nobody has said otherwise."""
    row = db.session.get(PlanRow, issue_id, populate_existing=True)
    return _read(row.document) if row else Plan()


def lists_of(found: Issue) -> list[int]:
    """Return the lists that an issue goes to, by number, its own first; a reader of several gets it through the first."""
    return [found.list_id, *plan_of(found.id).lists]


def _read(document: Mapping[str, Sequence[int]]) -> Plan:
    return Plan(**{one.name: tuple(document.get(one.name, ())) for one in fields(Plan)})


def plan(issue_id: int, version: int, new: Plan, by: str = "") -> Issue:
    """Keep to whom an issue goes, as somebody says who has seen `version` of it.

    Raises `Conflict` where somebody was faster or it is on its way, `Invalid` where something named is not there.
    """
    found = issue(issue_id)
    checked(found, new)
    mine = update(Issue).where(Issue.id == issue_id, Issue.version == version, Issue.state.in_(OPEN))
    values = {"version": version + 1, "changed_at": clock.now(), "changed_by": by}
    values["changed_by_id"] = accounts.acting()
    taken = db.session.execute(mine.values(**values), execution_options={"synchronize_session": False})
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise Conflict("Somebody has changed this issue since you opened it. Look at it again.")
    db.session.merge(PlanRow(issue_id=issue_id, document=asdict(new)))
    db.session.flush()
    return issue(issue_id)


def checked(found: Issue, new: Plan) -> Plan:
    """Return a plan whose lists, topics and issues are all there. Raises `Invalid` with its field."""
    lists, topics = {one.id for one in audience.lists()}, {one.id for one in settings.topics()}
    if not lists.issuperset(new.lists):
        raise Invalid("One of the lists is no longer there. Choose again.", "lists")
    if not lists.issuperset(new.without_lists):
        raise Invalid("One of the lists is no longer there. Choose again.", "without_lists")
    if not topics.issuperset(new.topics):
        raise Invalid("One of the topics is no longer there. Choose again.", "topics")
    if {found.list_id, *new.lists} & set(new.without_lists):
        raise Invalid(
            "A list cannot get this issue and be left out of it. Choose one of both.", "without_lists"
        )
    if len(_mailings(new.without_issues)) != len(new.without_issues):
        raise Invalid("Only who got an issue that was sent can be left out. Choose again.", "without_issues")
    return new


def readers_of(
    found: Issue, in_languages: Sequence[str] | None = None, planned: Plan | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of who gets an issue, as `delivery.enqueue` takes it: one row for each, whatever the plan."""
    planned = plan_of(found.id) if planned is None else planned
    readers = audience.readers(
        found.list_id,
        in_languages,
        also_lists=planned.lists,
        topics=planned.topics,
        exclude_lists=planned.without_lists,
    )
    for mailing_id in _mailings(planned.without_issues):
        readers = readers.where(~delivery.gets(mailing_id, Subscriber.id))
    return readers


def _mailings(issue_ids: Sequence[int]) -> list[int]:
    if not issue_ids:
        return []
    sent = select(Issue.mailing_id).where(Issue.id.in_(issue_ids), Issue.mailing_id.is_not(None))
    return [one for one in db.session.scalars(sent) if one is not None]
