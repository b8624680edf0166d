"""Reading the ledger: for the sending page, for a reader's own page, for support."""

from typing import Any

from sqlalchemy import Select, select

from newsletter import mail, settings
from newsletter.database import db
from newsletter.delivery.faces import Page, RecipientView
from newsletter.delivery.naming import message_id
from newsletter.delivery.states import State
from newsletter.delivery.tables import Mailing, Recipient

_PAGE = 50
_LAST = 100


def recipients(mailing_id: int, state: State | None = None, page: int = 1) -> Page[RecipientView]:
    """Return one page of a mailing's recipients, in order, of one state where asked."""
    counter = Mailing.recipients if state is None else getattr(Mailing, state)
    total: int = db.session.scalar(select(counter).where(Mailing.id == mailing_id)) or 0
    number = max(page, 1)
    before = (number - 1) * _PAGE
    wanted = _joined().where(Recipient.mailing_id == mailing_id).order_by(Recipient.seq).limit(_PAGE)
    if state is None:  # they are numbered from 1 without a gap
        rows = _rows(wanted.where(Recipient.seq > before))
    else:
        rows = _rows(wanted.where(Recipient.state == state).offset(before))
    return Page(rows, number, max(1, -(-total // _PAGE)), total)


def recipient(mailing_id: int, seq: int) -> RecipientView | None:
    """Return one row of the ledger."""
    rows = _rows(_joined().where(Recipient.mailing_id == mailing_id, Recipient.seq == seq))
    return rows[0] if rows else None


def bounced(return_path: str) -> RecipientView | None:
    """Return the recipient that a return path, or its token, was made for. Raises `Damaged` where it is not ours."""
    mailing_id, seq = mail.read_return_path(return_path, settings.environment().secret_keys)
    return recipient(mailing_id, seq)


def variant_of(mailing_id: int, reader: int) -> str | None:
    """Return which variant of a mailing a reader gets or got; nothing where they are none of its recipients."""
    theirs = Recipient.mailing_id == mailing_id, Recipient.reader == reader
    return db.session.scalar(select(Recipient.variant).where(*theirs).limit(1))


def history(reader: int) -> tuple[RecipientView, ...]:
    """Return what one reader got, newest first, at most the last hundred."""
    theirs = _joined().where(Recipient.reader == reader)
    return _rows(theirs.order_by(Mailing.id.desc(), Recipient.seq).limit(_LAST))


def _joined() -> Select[*tuple[Any, ...]]:
    return select(Recipient, Mailing).join(Mailing, Mailing.id == Recipient.mailing_id)


def _rows(found: Select[*tuple[Any, ...]]) -> tuple[RecipientView, ...]:
    rows = db.session.execute(found, execution_options={"populate_existing": True})
    return tuple(_view(row, mailing) for row, mailing in rows)


def _view(row: Recipient, mailing: Mailing) -> RecipientView:
    return RecipientView(
        mailing_id=row.mailing_id,
        seq=row.seq,
        label=mailing.label,
        reference=mailing.reference,
        scope=mailing.scope,
        address=row.address,
        variant=row.variant,
        reader=row.reader,
        name=row.name,
        state=State(row.state),
        attempts=row.attempts,
        due_at=row.due_at,
        sent_at=row.sent_at,
        code=row.code,
        reply=row.reply,
        reason=row.reason,
        message_id=message_id(mailing.nonce, row.mailing_id, row.seq, mailing.sender_email),
    )
