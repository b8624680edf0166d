"""Sent issues, each in the edition that suits the reader. What was frozen is what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from newsletter import settings
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.errors import NotFound
from newsletter.issues import Edition, Issue, State

_PER_PAGE = 20
_OUT = Issue.state.in_([State.SENDING, State.SENT])


@dataclass(frozen=True)
class IssueLine:
    """A sent issue in a list: its subject and preheader, and the language these are in."""

    slug: str
    number: int
    list_slug: str
    list_title: str
    subject: str
    preheader: str
    language: str
    languages: tuple[str, ...]
    sent_at: datetime


@dataclass(frozen=True)
class IssuePage:
    """One page of sent issues, the newest first; `number` counts from 1, `total` counts all of them."""

    issues: tuple[IssueLine, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class ArchivedIssue:
    """A sent issue to be read: one edition of it, and its neighbours on the same list. Unlisted ones have none."""

    line: IssueLine
    text: str
    listed: bool
    older: IssueLine | None
    newer: IssueLine | None


def sent_issues(
    language: str, list_slug: str | None = None, page: int = 1, per_page: int = _PER_PAGE
) -> IssuePage:
    """Return one page of the issues sent to lists that readers can find, told in `language` where that edition exists."""
    query = _listed()
    if list_slug:
        query = query.where(MailingList.slug == list_slug)
    ids = list(db.session.scalars(query.with_only_columns(Issue.id).order_by(*_NEWEST)))
    pages = max(1, -(-len(ids) // per_page))
    number = min(max(1, page), pages)
    shown = ids[(number - 1) * per_page : number * per_page]
    return IssuePage(tuple(_lines(shown, language)), number, pages, len(ids))


def sent_issue(slug: str, language: str) -> ArchivedIssue:
    """Return an issue to be read in `language`, or in the language that it has. Raises `NotFound`."""
    issue = _issue(slug)
    (line,) = _lines([issue.id], language)
    text = db.session.scalars(_edition(issue.id, line.language).with_only_columns(Edition.text)).one()
    mailing_list = db.session.get_one(MailingList, issue.list_id)
    older, newer = _neighbours(issue, language) if mailing_list.public else (None, None)
    return ArchivedIssue(line, text, mailing_list.public, older, newer)


def letter(slug: str, language: str) -> str:
    """Return the HTML of an issue as it was sent, without anything personal. Raises `NotFound`."""
    issue = _issue(slug)
    (line,) = _lines([issue.id], language)
    return db.session.scalars(_edition(issue.id, line.language).with_only_columns(Edition.web_html)).one()


_NEWEST = (Issue.sent_at.desc(), Issue.id.desc())


def _listed() -> Select[Issue]:
    return (
        select(Issue)
        .join(MailingList, MailingList.id == Issue.list_id)
        .where(_OUT, MailingList.public.is_(True))
    )


def _issue(slug: str) -> Issue:
    """Find an issue that has left, even when it was stopped on its way: those who got it follow its link."""
    frozen = select(Edition.issue_id)
    found = db.session.scalar(
        select(Issue).where(Issue.slug == slug, Issue.id.in_(frozen), Issue.state != State.DRAFT)
    )
    if found is None:
        raise NotFound("There is no issue at this address.")
    return found


def _edition(issue_id: int, language: str) -> Select[Edition]:
    return select(Edition).where(Edition.issue_id == issue_id, Edition.language == language)


def _neighbours(issue: Issue, language: str) -> tuple[IssueLine | None, IssueLine | None]:
    def nearest(side: ColumnElement[bool], order: ColumnElement[int]) -> IssueLine | None:
        query = _listed().where(Issue.list_id == issue.list_id, side).order_by(order).limit(1)
        lines = _lines(list(db.session.scalars(query.with_only_columns(Issue.id))), language)
        return lines[0] if lines else None

    return (
        nearest(Issue.number < issue.number, Issue.number.desc()),
        nearest(Issue.number > issue.number, Issue.number.asc()),
    )


def _lines(ids: Sequence[int], language: str) -> list[IssueLine]:
    """Tell issues in a line each, in the order of `ids`; one without any edition is left out."""
    editions = _editions(ids)
    query = (
        select(Issue, MailingList).join(MailingList, MailingList.id == Issue.list_id).where(Issue.id.in_(ids))
    )
    found = {issue.id: (issue, mailing_list) for issue, mailing_list in db.session.execute(query)}
    return [_line(*found[number], editions[number], language) for number in ids if number in editions]


def _line(
    issue: Issue, mailing_list: MailingList, editions: Mapping[str, tuple[str, str, datetime]], language: str
) -> IssueLine:
    shown = next(
        candidate for candidate in (language, *mailing_list.languages, *editions) if candidate in editions
    )
    subject, preheader, frozen_at = editions[shown]
    return IssueLine(
        slug=issue.slug,
        number=issue.number,
        list_slug=mailing_list.slug,
        list_title=mailing_list.title(shown),
        subject=subject,
        preheader=preheader,
        language=shown,
        languages=tuple(code for code in settings.publication().languages if code in editions),
        sent_at=issue.sent_at or frozen_at,
    )


def _editions(ids: Sequence[int]) -> dict[int, dict[str, tuple[str, str, datetime]]]:
    """Subjects, preheaders and moments of editions, without their heavy bodies."""
    columns = (Edition.issue_id, Edition.language, Edition.subject, Edition.preheader, Edition.frozen_at)
    editions: dict[int, dict[str, tuple[str, str, datetime]]] = {}
    for issue_id, language, subject, preheader, frozen_at in db.session.execute(
        select(*columns).where(Edition.issue_id.in_(ids)).order_by(Edition.id)
    ):
        editions.setdefault(issue_id, {})[language] = (subject, preheader, frozen_at)
    return editions
