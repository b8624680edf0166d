"""How a mailing comes to be: what is said, to whom, and when it starts."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from newsletter import clock, mail
from newsletter.database import db
from newsletter.delivery.adding_up import begin_again
from newsletter.delivery.claims import steer
from newsletter.delivery.faces import Letter
from newsletter.delivery.freezing import COLUMNS, count, freeze_next, in_words, see_whether_finished
from newsletter.delivery.states import MailingState, State
from newsletter.delivery.suppressions import mark_suppressed
from newsletter.delivery.tables import Mailing, Message, Recipient
from newsletter.errors import Conflict, Invalid, NotFound
from newsletter.wake import Job, wake


def enqueue(letter: Letter, readers: Select[*tuple[Any, ...]]) -> int:
    """Make a mailing to all that `readers` selects, and return its number.

    `readers` selects five columns, in this order: address, variant, reader (a number of its own, or null), name, fields
    (JSON, or null). The first of them are frozen here and now, in the caller's transaction, or at `letter.start_at`; of
    more than a few thousand the others follow within seconds, while these are on their way. Raises `Invalid`.
    """
    if not letter.templates:
        raise Invalid(f"“{letter.label}” has no message to send.", "templates")
    if len(readers.selected_columns) != len(COLUMNS):
        raise Invalid(f"Readers are selected as {', '.join(COLUMNS)}.", "readers")
    mail.wire_address(letter.sender_email)  # else each of its messages would be refused
    mailing = _mailing(letter)
    _keep_templates(mailing.id, letter.templates)
    mailing.readers = in_words(readers)
    db.session.flush()
    if letter.start_at is None:
        freeze_next(db.session.connection(), mailing.id)
        db.session.refresh(mailing)
        wake(Job.DELIVER)
    return mailing.id


def extend(mailing_id: int, readers: Select[*tuple[Any, ...]]) -> int:
    """Add to a mailing those whom `readers` selects, as `enqueue` takes them, and return how many that are.

    They get what the others got, and a mailing that was finished goes on. Raises `NotFound`, and `Conflict` where it was
    withdrawn or its own readers are not all frozen yet.
    """
    connection = db.session.connection()
    steer(connection)
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True, with_for_update=True)
    if mailing is None:
        raise NotFound(f"There is no mailing {mailing_id}.")
    if mailing.state == MailingState.WITHDRAWN or mailing.readers is not None:
        raise Conflict(f"“{mailing.label}” was withdrawn or has not begun; nobody can be added.")
    added = db.session.scalar(select(func.count()).select_from(readers.subquery())) or 0
    if added:
        mailing.readers, mailing.frozen_to = in_words(readers), None
        mailing.extended_at = clock.now()
        if mailing.state == MailingState.FINISHED:
            mailing.state, mailing.finished_at = MailingState.SENDING, None
        db.session.flush()
        begin_again(connection, mailing_id)
        freeze_next(connection, mailing_id)
        db.session.refresh(mailing)
        wake(Job.DELIVER)
    return added


def has_row(mailing_id: int, reader: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a reader is among a mailing's recipients, for the caller's own SELECT."""
    return exists().where(Recipient.mailing_id == mailing_id, Recipient.reader == reader)


def post(
    draft: mail.Draft,
    to: mail.Address,
    reference: str,
    *,
    reader: int | None = None,
    even_if_suppressed: bool = False,
) -> int:
    """Send one service mail, such as a confirmation, ahead of all issues; return its mailing's number.

    To a suppressed address nothing goes out: its row is `suppressed`, unless the caller knows better.
    """
    letter = Letter(
        label=draft.subject,
        reference=reference,
        templates={"": mail.compile(draft)},
        sender_email=draft.sender.email,
        service=True,
    )
    mailing = _mailing(letter)
    _keep_templates(mailing.id, letter.templates)
    connection = db.session.connection()
    connection.execute(insert(Recipient), _row(mailing.id, to, reader))
    suppressed = 0 if even_if_suppressed else mark_suppressed(connection, mailing.id, 1, 1)
    count(connection, mailing.id, 0, 1, suppressed)
    if suppressed:
        see_whether_finished(connection, mailing.id)
    db.session.refresh(mailing)
    wake(Job.DELIVER)
    return mailing.id


def _mailing(letter: Letter) -> Mailing:
    mailing = Mailing(
        label=letter.label[:500],
        reference=letter.reference,
        nonce=secrets.token_hex(4),
        scope=letter.scope,
        service=letter.service,
        sender_email=letter.sender_email,
        unknown_policy=letter.unknown,
        created_at=clock.now(),
        start_at=letter.start_at,
    )
    db.session.add(mailing)
    db.session.flush()
    return mailing


def _keep_templates(mailing_id: int, templates: Mapping[str, mail.Template]) -> None:
    for variant, template in templates.items():
        db.session.add(Message(mailing_id=mailing_id, variant=variant, template=template.dump()))
    db.session.flush()


def _row(mailing_id: int, to: mail.Address, reader: int | None) -> dict[str, Any]:
    return {
        "mailing_id": mailing_id,
        "seq": 1,
        "state": State.QUEUED,
        "address": to.email,
        "domain": to.email.rpartition("@")[2].lower(),
        "variant": "",
        "reader": reader,
        "name": to.name or None,
    }
