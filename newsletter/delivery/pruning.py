"""Dropping service mail that was settled long ago: a confirmation is nobody's business a month later."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, func, select

from newsletter import clock
from newsletter.database import db
from newsletter.delivery.states import RUNNING
from newsletter.delivery.tables import Mailing, Recipient

_KEPT = timedelta(days=30)
"""Six times as long as a mail server tries, so that no bounce comes too late to be understood."""


def prune() -> int:
    """Drop service mailings that were settled thirty days ago, and return how many; issues stay for good.

    The newest mailing stays whatever it is: SQLite would give its number again, and a late bounce or an old link would
    speak of somebody else.
    """
    connection = db.session.connection()
    newest = select(func.max(Mailing.id)).scalar_subquery()
    old = select(Mailing.id).where(
        Mailing.service,
        Mailing.state.not_in(RUNNING),
        Mailing.finished_at < clock.now() - _KEPT,
        Mailing.id < newest,
    )
    dropped = [{"mailing": mailing_id} for mailing_id in connection.execute(old).scalars()]
    if dropped:
        for table, mailing in ((Recipient, Recipient.mailing_id), (Mailing, Mailing.id)):
            connection.execute(delete(table).where(mailing == bindparam("mailing")), dropped)
    return len(dropped)
