"""Addresses that must not be mailed, known by a keyed hash.

The hash is an HMAC under the installation's secret key, so a copy of the table tells nobody who is on it. After a key
was rotated the old ones are still tried, as long as they stand in SECRET_KEY.

Who is suppressed is found twice. Right after a mailing's recipients were frozen they are hashed and marked in chunks
(no engine could compute this hash, over folded addresses, inside the INSERT … SELECT), so that the report is right from
the start; it costs some 5 µs a reader, and nothing while no address is suppressed. And where an address was suppressed
since the mailing was made, each batch is looked through again as it is claimed, so that what is left of it spares them.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import Connection, bindparam, func, select, update

from newsletter import mail, settings
from newsletter.database import UTCDateTime, db, moment
from newsletter.delivery.faces import Page, Suppression
from newsletter.delivery.states import State
from newsletter.delivery.tables import Recipient, SuppressionRow
from newsletter.delivery.upserts import add, upsert
from newsletter.errors import Invalid
from newsletter.keyed import keyed

_CHUNK = 5_000
_PAGE = 50
HARD_BOUNCE = "hard bounce at delivery"
_FILLING = timedelta(hours=1)
"""How long the fill of a mailing may take at most."""


def suppress(address: str, reason: str, note: str = "", *, readable: bool = True) -> None:
    """Mail this address no more. A second call changes reason and note. Raises `Invalid`.

    With `readable=False` only the hash is kept, so that nobody can read who it was.
    """
    values = {"reason": reason[:300], "note": note, "address": address.strip() if readable else None}
    row = _find(address)
    key = {"hash": row.hash if row else _hashers()[0](mail.read_address(address).key)}
    connection = db.session.connection()
    upsert(connection, SuppressionRow, key, values, at=moment(connection))


def suppress_hard(connection: Connection, address: str, reason: str, note: str) -> None:
    """Suppress an address inside a courier's transaction; leave it alone where it is suppressed already."""
    hashes = _hashes(address)
    if hashes and not _known(connection, hashes):
        row = {"address": address, "reason": reason, "note": note, "at": moment(connection)}
        add(connection, SuppressionRow, {"hash": hashes[0]}, **row)


def lift(address: str) -> bool:
    """Let this address be mailed again, and tell whether it was suppressed."""
    row = _find(address)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    return row is not None


def suppression(address: str) -> Suppression | None:
    """Return why an address is not mailed, or nothing where it is."""
    row = _find(address)
    return _view(row) if row else None


def suppressions(page: int = 1) -> Page[Suppression]:
    """Return one page of all suppressions, newest first."""
    total = db.session.scalar(select(func.count()).select_from(SuppressionRow)) or 0
    newest = select(SuppressionRow).order_by(SuppressionRow.id.desc())
    rows = db.session.scalars(newest.limit(_PAGE).offset((max(page, 1) - 1) * _PAGE))
    return Page(tuple(map(_view, rows)), max(page, 1), max(1, -(-total // _PAGE)), total)


def forget_suppressed(address: str) -> None:
    """Make a suppression of this address unreadable; it holds all the same."""
    row = _find(address)
    if row is not None:
        row.address = None
        row.note = ""
        db.session.flush()


def any_suppressed(connection: Connection) -> bool:
    """Tell whether any address is suppressed."""
    return connection.execute(select(SuppressionRow.id).limit(1)).first() is not None


def suppressed_among(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """Return those of the addresses, as they were given, that must not be mailed."""
    if not addresses or not any_suppressed(connection):
        return set()
    by_hash = {value: address for address in addresses for value in _hashes(address)}
    known = _known(connection, list(by_hash))
    return {by_hash[value] for value in known}


def suppressed_since(connection: Connection, filled_at: datetime) -> bool:
    """Tell whether any address may have been suppressed since a mailing was filled; by the clock that all machines share."""
    return connection.execute(_SINCE, {"moment": filled_at - _FILLING}).first() is not None


def mark_suppressed(connection: Connection, mailing_id: int, first: int, last: int) -> int:
    """Mark the suppressed among a mailing's fresh recipients, by their numbers, and return how many they are."""
    if not any_suppressed(connection):
        return 0
    starts = range(first, last + 1, _CHUNK)
    return sum(_mark(connection, mailing_id, start, min(start + _CHUNK - 1, last)) for start in starts)


def _mark(connection: Connection, mailing_id: int, first: int, last: int) -> int:
    chunk = (Recipient.mailing_id == mailing_id) & Recipient.seq.between(first, last)
    rows = connection.execute(select(Recipient.seq, Recipient.address).where(chunk)).all()
    spared = suppressed_among(connection, [address for _, address in rows])
    seqs = [seq for seq, address in rows if address in spared]
    if seqs:
        marked = update(Recipient).where(Recipient.mailing_id == mailing_id, Recipient.seq.in_(seqs))
        connection.execute(marked.values(state=State.SUPPRESSED))
    return len(seqs)


_SINCE = select(SuppressionRow.id).where(SuppressionRow.at >= bindparam("moment", type_=UTCDateTime)).limit(1)


def _find(address: str) -> SuppressionRow | None:
    mail.read_address(address)  # an address that is none is the caller's mistake
    found = select(SuppressionRow).where(SuppressionRow.hash.in_(_hashes(address))).limit(1)
    return db.session.scalar(found, execution_options={"populate_existing": True})


def _known(connection: Connection, hashes: Iterable[str]) -> set[str]:
    wanted = list(hashes)
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        part = SuppressionRow.hash.in_(wanted[start : start + _CHUNK])
        found.update(connection.execute(select(SuppressionRow.hash).where(part)).scalars())
    return found


def _hashes(address: str) -> list[str]:
    """The hashes of an address under each key, newest first; none for what is no address."""
    try:
        key = mail.read_address(address).key
    except Invalid:
        return []
    return [hasher(key) for hasher in _hashers()]


def _hashers() -> list[Callable[[str], str]]:
    return [_hasher(secret) for secret in settings.environment().secret_keys]


@lru_cache(8)
def _hasher(secret: str) -> Callable[[str], str]:
    code = keyed(sha256(b"newsletter.suppressions\0" + secret.encode()).digest())
    return lambda address: code(address.encode()).hex()


def _view(row: SuppressionRow) -> Suppression:
    return Suppression(row.id, row.address, row.reason, row.note, row.at)
