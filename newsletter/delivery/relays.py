"""Relays: which there are, which rest and why, and how long a rest lasts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, select

from newsletter import clock, mail, settings
from newsletter.database import db
from newsletter.delivery.faces import RelayState
from newsletter.delivery.tables import RelayRow
from newsletter.delivery.upserts import upsert

_RESTS = {
    mail.Fault.RELAY: (5, 10, 20, 40, 60),
    mail.Fault.SENDER: (60, 120, 300, 600, 900),
}
"""Seconds of the first, second … rest in a row. A server that was down is back soon; a refusal needs a person."""


def configured() -> list[mail.Relay]:
    """Return the relays of this installation, the preferred one first. Raises `Misconfigured`."""
    return [mail.Relay.parse(url) for url in settings.environment().smtp_urls]


def relays() -> list[RelayState]:
    """Return how each relay of this installation does."""
    rows = {row.name: row for row in db.session.scalars(select(RelayRow))}
    now = clock.now()
    return [_view(relay.name, rows.get(relay.name), now) for relay in configured()]


def _view(name: str, row: RelayRow | None, now: datetime) -> RelayState:
    if row is None:
        return RelayState(name, resting=False, rests_until=None, reason=None, since=None, well_at=None)
    resting = row.rests_until is not None and row.failures > 0
    until = row.rests_until if resting else None
    return RelayState(name, resting, until and max(until, now), row.reason, row.since, row.well_at)


def rest(connection: Connection, name: str, fault: mail.Fault, reason: str) -> datetime:
    """Let a relay rest, longer each time in a row; return until when. A rest under way is not prolonged."""
    now = clock.now()
    row = connection.execute(
        select(RelayRow.failures, RelayRow.rests_until).where(RelayRow.name == name)
    ).first()
    failures, until = (row.failures, row.rests_until) if row else (0, None)
    if until is not None and until > now:
        return cast("datetime", until)
    steps = _RESTS.get(fault, _RESTS[mail.Fault.RELAY])
    until = now + timedelta(seconds=steps[min(failures, len(steps) - 1)])
    values = {"rests_until": until, "failures": failures + 1, "fault": str(fault), "reason": reason}
    _write(connection, name, values | ({} if failures else {"since": now}))
    return until


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


def resting_until(connection: Connection) -> dict[str, datetime]:
    """Return which relays rest, and until when."""
    now = clock.now()
    rows = connection.execute(select(RelayRow.name, RelayRow.rests_until).where(RelayRow.rests_until > now))
    return {name: until for name, until in rows if until}


def _write(connection: Connection, name: str, values: Mapping[str, object]) -> None:
    upsert(connection, RelayRow, {"name": name}, {"failures": 0, **values})
