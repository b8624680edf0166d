"""How often mail may be asked for: nobody can bury a mailbox in confirmations, not even by sub-addresses of it.

`dora+1@`, `dora+2@` and, where dots mean nothing, `d.ora@` lead to one mailbox. They are counted as one and stored as
what they are: a reader who signs each newsletter up under an address of its own keeps all of them.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from newsletter import mail
from newsletter.audience.consent import hash_of, hashes_of
from newsletter.audience.tables import AskedMail
from newsletter.clock import now
from newsletter.database import db, is_postgres

_AN_HOUR = 4
_DOTS_MEAN_NOTHING = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def may_write(address: mail.Address) -> bool:
    """Tell whether one more mail to this mailbox may be asked for now, and count it where it may."""
    moment, hashed = now(), hash_of(_mailbox(address.key))
    if is_postgres():  # SQLite lets one writer in at a time anyway
        db.session.execute(select(func.pg_advisory_xact_lock(int(hashed[:15], 16))))
    hour = (AskedMail.address_hash == hashed) & (AskedMail.at > moment - timedelta(hours=1))
    if (db.session.scalar(select(func.count()).select_from(AskedMail).where(hour)) or 0) >= _AN_HOUR:
        return False
    db.session.add(AskedMail(address_hash=hashed, at=moment))
    return True


def forget_asked(key: str) -> None:
    """Forget that mail was asked for to this address."""
    db.session.execute(delete(AskedMail).where(AskedMail.address_hash.in_(hashes_of(_mailbox(key)))))


def tidy_asked() -> None:
    """Drop what is older than a day."""
    db.session.execute(delete(AskedMail).where(AskedMail.at < now() - timedelta(days=1)))


def _mailbox(key: str) -> str:
    """Return the mailbox that an address most likely leads to."""
    local, _, domain = key.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_MEAN_NOTHING:
        return f"{local.replace('.', '')}@{_DOTS_MEAN_NOTHING[domain]}"
    return f"{local}@{domain}"
