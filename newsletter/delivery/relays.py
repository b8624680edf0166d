"""Relays: which there are, which rest and why, and how long a rest lasts."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, select, update

from newsletter import clock, mail, settings
from newsletter.database import db
from newsletter.delivery.faces import RelayState
from newsletter.delivery.tables import HandedRow, RelayRow
from newsletter.delivery.upserts import insert_into, upsert
from newsletter.errors import NotFound
from newsletter.wake import Job, wake

_RESTS: dict[str | None, tuple[int, ...]] = {
    mail.Fault.RELAY: (5, 10, 20, 40, 60),
    mail.Fault.SENDER: (60, 120, 300, 600, 900),
}
"""Seconds of the first, second … rest in a row. A server that was down is back soon; a refusal needs a person."""
_REST = (RelayRow.name, RelayRow.rests_until, RelayRow.failures, RelayRow.fault, RelayRow.fingerprint)


def configured() -> list[mail.Relay]:
    """Return the relays of this installation, the preferred one first. Raises `Misconfigured`."""
    return [mail.Relay.parse(url) for url in settings.environment().smtp_urls]


def relays() -> list[RelayState]:
    """Return how each relay of this installation does."""
    rows = {row.name: row for row in db.session.scalars(select(RelayRow))}
    now, prints = clock.now(), _fingerprints()
    return [_view(relay, rows.get(relay.name), prints[relay.name], now) for relay in configured()]


def _view(relay: mail.Relay, row: RelayRow | None, fingerprint: str, now: datetime) -> RelayState:
    if row is None:
        return RelayState(relay.name, False, None, None, None, None, relay.pace)  # noqa: FBT003 - not resting
    same = row.fingerprint == fingerprint
    resting = same and row.rests_until is not None and row.failures > 0
    until = row.rests_until if resting else None
    full = row.full_until if same and row.full_until and row.full_until > now and not resting else None
    return RelayState(
        relay.name,
        resting,
        until and max(until, now),
        row.reason if resting else None,
        row.since if resting else None,
        row.well_at,
        relay.pace,
        full,
        row.full_reason if full else None,
        mail.Fault(row.fault) if resting and row.fault else None,
    )


def try_relay(name: str) -> None:
    """Let a relay that rests be tried now. Raises `NotFound`."""
    if name not in _fingerprints():
        raise NotFound(f"There is no relay {name}.")
    values = {"rests_until": None, "failures": 0}
    db.session.execute(update(RelayRow).where(RelayRow.name == name).values(**values))
    wake(Job.DELIVER)


def rest(connection: Connection, name: str, fault: mail.Fault, reason: str) -> datetime:
    """Let a relay rest, longer each time in a row; return until when. A rest that still holds is not prolonged."""
    now = clock.now()
    same = (RelayRow.name == name) & (RelayRow.fingerprint == _fingerprints().get(name))
    row = connection.execute(select(*_REST).where(same)).first()
    if row and row.rests_until and row.rests_until > now and not _may_be_mended(row):
        return cast("datetime", row.rests_until)
    failures = row.failures if row else 0
    until = now + _length(fault, failures)
    values = {"rests_until": until, "failures": failures + 1, "fault": str(fault), "reason": reason}
    _write(connection, name, values | ({} if failures else {"since": now}))
    return until


def _length(fault: str | None, before: int) -> timedelta:
    """Return how long a relay rests that has rested so many times in a row before."""
    steps = _RESTS.get(fault, _RESTS[mail.Fault.RELAY])
    return timedelta(seconds=steps[min(before, len(steps) - 1)])


def _may_be_mended(row: Row[*tuple[Any, ...]]) -> bool:
    """Tell whether the token that signs in was written anew since this rest began, so that it is not to be waited out."""
    relay = next((relay for relay in configured() if relay.name == row.name), None)
    return relay is not None and mail.has_news(relay, row.rests_until - _length(row.fault, row.failures - 1))


def wake_up(connection: Connection, name: str) -> None:
    """Note that a relay takes mail (again)."""
    well = {
        "rests_until": None,
        "failures": 0,
        "fault": None,
        "reason": None,
        "since": None,
        "well_at": clock.now(),
    }
    _write(connection, name, well)


def fill_up(connection: Connection, name: str, until: datetime, reason: str) -> None:
    """Note that a relay has had all that its limits allow for now."""
    _write(connection, name, {"full_until": until, "full_reason": reason}, failures=0)


def resting_until(connection: Connection) -> dict[str, datetime]:
    """Return which relays rest, and until when. One whose address or token was changed since does not."""
    rows = connection.execute(select(*_REST).where(RelayRow.rests_until > clock.now())).all()
    prints = _fingerprints() if rows else {}
    return {
        row.name: row.rests_until
        for row in rows
        if row.fingerprint == prints.get(row.name) and not _may_be_mended(row)
    }


def taking(connection: Connection) -> set[str]:
    """Return which relays have taken mail since they rested last, at the address they have now."""
    well = RelayRow.since.is_(None) & RelayRow.well_at.is_not(None)
    prints = _fingerprints()
    rows = connection.execute(select(RelayRow.name, RelayRow.fingerprint).where(well))
    return {name for name, fingerprint in rows if fingerprint == prints.get(name)}


def full_until(connection: Connection) -> dict[str, datetime]:
    """Return which relays have had all that their limits allow, and until when."""
    now = clock.now()
    columns = select(RelayRow.name, RelayRow.full_until, RelayRow.fingerprint)
    rows = connection.execute(columns.where(RelayRow.full_until > now)).all()
    prints = _fingerprints() if rows else {}
    return {name: until for name, until, fingerprint in rows if until and fingerprint == prints.get(name)}


def count_handed(connection: Connection, handed: Mapping[tuple[str, mail.Outcome], int]) -> None:
    """Add to what the relays were handed; in one order, so that couriers never wait for each other in a circle."""
    for (relay, outcome), count in sorted(handed.items()):
        row = insert_into(connection, HandedRow).values(relay=relay, outcome=outcome, messages=count)
        more = {"messages": HandedRow.messages + count}
        connection.execute(row.on_conflict_do_update(index_elements=["relay", "outcome"], set_=more))


def _fingerprints() -> dict[str, str]:
    """Return a mark of each relay's address that tells nothing of its password.

    It is the same on machines that differ in how they call, so that all of them heed a rest.
    """
    key = settings.environment().secret_keys[0].encode()
    return {relay.name: _fingerprint(key, replace(relay, source=None, helo=None)) for relay in configured()}


def _fingerprint(key: bytes, relay: mail.Relay) -> str:
    return hmac.new(key, repr(astuple(relay)).encode(), hashlib.sha256).hexdigest()


def _write(connection: Connection, name: str, values: Mapping[str, object], **once: object) -> None:
    known = {"fingerprint": _fingerprints().get(name), **values}
    upsert(connection, RelayRow, {"name": name}, known, **once)
