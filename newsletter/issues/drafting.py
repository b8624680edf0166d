"""Issues while they are written: begun with a proposal, saved without overwriting anybody, found again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from newsletter import accounts, audience, clock, languages, mail, settings, wake
from newsletter.database import db
from newsletter.entries import Entry
from newsletter.errors import Conflict, Invalid, NotFound
from newsletter.issues.arranging import tidy
from newsletter.issues.blocks import Block, Blocks, Kind, dump, load, new_block
from newsletter.issues.choosing import Proposal, propose
from newsletter.issues.fitting import with_pictures_fit
from newsletter.issues.manuscripts import lines
from newsletter.issues.rules import Layout
from newsletter.issues.subjects import propose_introduction, propose_preheaders, propose_subjects
from newsletter.issues.tables import Issue, State
from newsletter.issues.versions import Deed, keep_version

PAGE = 50
LONGEST_SUBJECT = 300
OPEN = (State.DRAFT, State.SCHEDULED)
"""States in which an issue can be changed."""


def draft(mailing_list: int | str | audience.MailingList, title: str | None = None, by: str = "") -> Issue:
    """Begin an issue of a list with everything that seems worth telling; `title` stands in for the proposed subject."""
    chosen = (
        mailing_list
        if isinstance(mailing_list, audience.MailingList)
        else audience.mailing_list(mailing_list)
    )
    proposal = propose(chosen)
    title = " ".join((title or "").split())
    return begin(
        chosen,
        subjects=propose_subjects(chosen, next_number(chosen.id), proposal, title),
        preheaders=propose_preheaders(chosen, proposal, title),
        blocks=propose_blocks(proposal, chosen.languages),
        title=title,
        by=by,
    )


def begin(
    mailing_list: audience.MailingList,
    *,
    subjects: Mapping[str, str],
    preheaders: Mapping[str, str],
    blocks: Blocks,
    title: str = "",
    corrects: int | None = None,
    by: str = "",
) -> Issue:
    """Keep a new draft as the next issue of a list."""
    _check_subjects(subjects)
    number, now = next_number(mailing_list.id), clock.now()
    begun = Issue(
        list_id=mailing_list.id,
        number=number,
        slug=_free_slug(f"{mailing_list.slug}-{number}"),
        title=title,
        corrects=corrects,
        state=State.DRAFT,
        subjects=lines(subjects),
        preheaders=lines(preheaders),
        blocks=dump(blocks),
        version=1,
        created_at=now,
        changed_at=now,
        changed_by=by,
        changed_by_id=accounts.acting(),
    )
    db.session.add(begun)
    db.session.flush()
    keep_version(begun, by, Deed.BEGIN)
    wake.wake(wake.Job.LOOK_AT_LINKS, begun.id)
    return begun


def propose_blocks(proposal: Proposal, in_languages: tuple[str, ...]) -> Blocks:
    """Lay out a proposal: an introduction, the headline large, the rest under two headings, a call."""
    blocks = [_introduction(proposal, in_languages)]
    if proposal.headline:
        blocks.append(_told(proposal.headline, Layout.FEATURE))
    rest = [event for event in proposal.events if event is not proposal.headline]
    if rest:
        blocks.append(_heading("Also coming", in_languages))
        blocks += [_told(event) for event in rest]
    if proposal.articles:
        blocks.append(_heading("Analysis and news", in_languages))
        blocks += [_told(entry) for entry in proposal.articles]
    if settings.publication().support_call(in_languages[0]):
        blocks.append(new_block(Kind.CALL))
    return tuple(blocks)


def _introduction(proposal: Proposal, in_languages: tuple[str, ...]) -> Block:
    """A first sentence that is true as it stands, for the editor to write on."""
    texts = {language: {"body": propose_introduction(proposal, language)} for language in in_languages}
    return new_block(Kind.TEXT, texts=texts)


def _told(entry: Entry, layout: Layout = Layout.CARD) -> Block:
    return new_block(Kind.ENTRY, entry=entry.id, layout=layout)


def _heading(sentence: str, in_languages: tuple[str, ...]) -> Block:
    texts = {language: {"text": languages.translator(language)(sentence)} for language in in_languages}
    return new_block(Kind.HEADING, texts=texts)


def next_number(list_id: int) -> int:
    """Return the number that the next issue of a list gets."""
    return (db.session.scalar(select(func.max(Issue.number)).where(Issue.list_id == list_id)) or 0) + 1


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Issue.slug).where(Issue.slug.startswith(wanted, autoescape=True))))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000))) if slug not in taken)


def issue(key: int | str) -> Issue:
    """Return an issue by its id or slug. Raises `NotFound`."""
    column = Issue.id if isinstance(key, int) else Issue.slug
    found = db.session.scalar(select(Issue).where(column == key).execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"There is no issue {key}.")
    return found


def name_of(found: Issue, language: str) -> str:
    """Name an issue with its list: Tokyo Letter No. 42."""
    title = audience.mailing_list(found.list_id).title(language)
    return f"{title} {languages.write_issue_number(found.number, language)}"


def issues(*states: State, list_id: int | None = None, page: int = 1, size: int = PAGE) -> list[Issue]:
    """Return issues, those that were worked on last first."""
    found = select(Issue).order_by(func.coalesce(Issue.sent_at, Issue.changed_at).desc(), Issue.id.desc())
    if states:
        found = found.where(Issue.state.in_(states))
    if list_id is not None:
        found = found.where(Issue.list_id == list_id)
    return list(db.session.scalars(found.offset((page - 1) * size).limit(size)))


def save(
    issue_id: int,
    version: int,
    *,
    subjects: Mapping[str, str] | None = None,
    preheaders: Mapping[str, str] | None = None,
    blocks: Blocks | None = None,
    by: str = "",
    deed: Deed = Deed.EDIT,
    target: int | None = None,
    tag: str = "",
) -> Issue:
    """Save an issue as somebody sees it who loaded `version` of it, and keep that as a version of its own.

    Raises `Conflict` where somebody else has saved since or the issue is no longer open, `Invalid` where a text is too
    long. What is not given stays.
    """
    values: dict[str, Any] = {"version": version + 1, "changed_at": clock.now(), "changed_by": by}
    values["changed_by_id"] = accounts.acting()
    if subjects is not None:
        values["subjects"] = lines(subjects)
        _check_subjects(values["subjects"])
    if preheaders is not None:
        values["preheaders"] = lines(preheaders)
    if blocks is not None:
        values["blocks"] = dump(with_pictures_fit(tidy(load(dump(blocks)))))
    mine = update(Issue).where(Issue.id == issue_id, Issue.version == version, Issue.state.in_(OPEN))
    changed = db.session.execute(mine.values(**values), execution_options={"synchronize_session": False})
    found = issue(issue_id)
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise _too_late(found)
    keep_version(found, by, deed, target, tag)
    wake.wake(wake.Job.LOOK_AT_LINKS, issue_id)
    return found


def _check_subjects(subjects: Mapping[str, str]) -> None:
    for language, subject in subjects.items():
        if not mail.is_one_line(subject):
            raise Invalid(
                "The subject holds a control character, which no mail may carry. Type it anew.",
                f"subject-{language}",
            )
        if len(subject) > LONGEST_SUBJECT:
            raise Invalid(
                f"The subject has {len(subject)} characters; {LONGEST_SUBJECT} are the most. Shorten it.",
                f"subject-{language}",
            )


def refuse_late(found: Issue) -> Issue:
    """Return an issue that can still be changed. Raises `Conflict` for one that is on its way."""
    if found.state not in OPEN:
        raise _too_late(found)
    return found


def _too_late(found: Issue) -> Conflict:
    if found.state not in OPEN:
        return Conflict("This issue is on its way or sent, and cannot be changed any more.")
    if found.changed_by:
        return Conflict(
            f"{found.changed_by} has saved this issue since you opened it. Nothing of yours is lost."
        )
    return Conflict("Somebody has saved this issue since you opened it. Nothing of yours is lost.")


def discard(issue_id: int) -> None:
    """Throw a draft away. Raises `Conflict` where it was scheduled or sent."""
    found = issue(issue_id)
    if found.state is not State.DRAFT:
        raise Conflict("Only a draft can be thrown away.")
    db.session.delete(found)
    db.session.flush()
