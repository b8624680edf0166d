"""The lists: making, finding and counting them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from newsletter import mail, settings
from newsletter.audience.tables import MailingList, State, Subscription
from newsletter.database import db
from newsletter.errors import Invalid, NotFound


@dataclass(frozen=True)
class ListCounts:
    """How many subscriptions of a list stand where."""

    confirmed: int = 0
    pending: int = 0
    unsubscribed: int = 0


def create_list(
    slug: str,
    titles: Mapping[str, str],
    languages: Sequence[str] | None = None,
    descriptions: Mapping[str, str] | None = None,
    *,
    public: bool = True,
) -> MailingList:
    """Make a list; `languages` are those its issues appear in, by default all the publication's.

    Raises `Invalid` with the field that is wrong.
    """
    slug = _good_slug(slug)
    if db.session.scalar(select(MailingList.id).where(MailingList.slug == slug)):
        raise Invalid(f"There is a list “{slug}” already. Choose another short name.", "slug")
    last = db.session.scalar(select(func.max(MailingList.position)))
    new = MailingList(
        slug=slug,
        titles=_good_titles(titles),
        descriptions=dict(descriptions or {}),
        own_languages=_good_languages(languages),
        public=public,
        position=0 if last is None else last + 1,
    )
    db.session.add(new)
    db.session.flush()
    return new


def change_list(
    which: int | str,
    *,
    titles: Mapping[str, str] | None = None,
    descriptions: Mapping[str, str] | None = None,
    languages: Sequence[str] | None = None,
    public: bool | None = None,
    unknown: str | None = None,
    welcomes: bool | None = None,
    counts_links: bool | None = None,
    approvers: str | None = None,
    position: int | None = None,
) -> MailingList:
    """Change what is given of a list, leave the rest; its short name stays for good. Raises `Invalid`, `NotFound`."""
    found = mailing_list(which)
    if titles is not None:
        found.titles = _good_titles(titles)
    if descriptions is not None:
        found.descriptions = dict(descriptions)
    if languages is not None:
        found.own_languages = _good_languages(languages)
    if public is not None:
        found.public = public
    if unknown is not None:
        found.unknown = _good_policy(unknown)
    if welcomes is not None:
        found.welcomes = welcomes
    if counts_links is not None:
        found.counts_links = counts_links
    if approvers is not None:
        found.approvers = _good_approvers(approvers)
    if position is not None:
        found.position = position
    db.session.flush()
    return found


def lists(*, public_only: bool = False) -> list[MailingList]:
    """Return the lists in the publisher's order."""
    query = select(MailingList).order_by(MailingList.position, MailingList.id)
    return list(db.session.scalars(query.where(MailingList.public) if public_only else query))


def mailing_list(which: int | str) -> MailingList:
    """Return a list by its number or its short name. Raises `NotFound`."""
    query = select(MailingList)
    found = db.session.scalar(
        query.where(MailingList.id == which)
        if isinstance(which, int)
        else query.where(MailingList.slug == which)
    )
    if found is None:
        raise NotFound(f"There is no list “{which}”.")
    return found


def counts(list_id: int) -> ListCounts:
    """Count a list's subscriptions by state."""
    return all_counts().get(list_id, ListCounts())


def all_counts() -> dict[int, ListCounts]:
    """Count the subscriptions of all lists by state, in one query."""
    found: dict[int, dict[str, int]] = {}
    query = select(Subscription.list_id, Subscription.state, func.count()).group_by(
        Subscription.list_id, Subscription.state
    )
    for list_id, state, n in db.session.execute(query):
        found.setdefault(list_id, {})[State(state).value] = n
    return {list_id: ListCounts(**states) for list_id, states in found.items()}


def _good_slug(slug: str) -> str:
    slug = slug.strip().lower()
    if not slug.isascii() or not slug.replace("-", "").isalnum() or len(slug) > 80:  # noqa: PLR2004 - the column's width
        raise Invalid(
            f"“{slug}” cannot stand in a web address. Use small letters, digits and hyphens, such as tokyo-letter.",
            "slug",
        )
    return slug


def _good_titles(titles: Mapping[str, str]) -> dict[str, str]:
    kept = {language: title.strip() for language, title in titles.items() if title.strip()}
    if not kept:
        raise Invalid("Give the list a title.", f"titles-{settings.publication().languages[0]}")
    for language, title in kept.items():
        if not mail.is_one_line(title):
            raise Invalid("Write the list's title on one line.", f"titles-{language}")
    return kept


def _good_languages(languages: Sequence[str] | None) -> list[str] | None:
    if not languages:
        return None
    offered = settings.publication().languages
    for language in languages:
        if language not in offered:
            raise Invalid(
                f"The publication does not appear in “{language}”. Choose among {', '.join(offered)}.",
                "languages",
            )
    return list(dict.fromkeys(languages))


def _good_policy(unknown: str) -> str:
    if unknown not in {"resend", "hold"}:
        raise Invalid(
            f"“{unknown}” is no way to treat messages of unknown fate. Choose resend or hold.", "unknown"
        )
    return unknown


def _good_approvers(approvers: str) -> str:
    if approvers not in {"", "editor", "owner"}:
        raise Invalid(f"“{approvers}” cannot approve issues. Choose editor, owner or nobody.", "approvers")
    return approvers
