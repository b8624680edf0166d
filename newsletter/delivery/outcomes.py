"""What an outcome means for a recipient's row. Pure: no database, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from newsletter import mail
from newsletter.delivery.pacing import after_deferral, after_doubt, after_setback
from newsletter.delivery.states import State, Unknown

_HARD = re.compile(r"5\.1\.(1|2|3|6|10)\Z")
"""Bad mailbox, bad system, bad syntax, moved without a forward, null MX."""
_REPLY = 500


class Claimed(NamedTuple):
    """A recipient as a courier has it in hand."""

    mailing_id: int
    seq: int
    address: str
    variant: str
    reader: int | None
    name: str | None
    fields: str | None
    attempts: int
    doubts: int
    setbacks: int

    @property
    def rests_as(self) -> State:
        """The state it waits in while nobody has it in hand."""
        return State.UNKNOWN if self.doubts else State.DEFERRED if self.attempts else State.QUEUED


@dataclass(frozen=True, slots=True)
class Policy:
    """What of a mailing bears on outcomes."""

    service: bool
    unknown: str


class Sent(NamedTuple):
    """The outcome of most rows, as it is recorded: by itself and in bulk, since all that changes is the answer."""

    mailing_id: int
    seq: int
    code: int | None
    reply: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a row becomes."""

    mailing_id: int
    seq: int
    state: State
    attempts: int
    doubts: int
    setbacks: int
    due_at: datetime | None = None
    code: int | None = None
    reply: str | None = None
    reason: str | None = None
    hard: str | None = None
    """The address, where it is to be suppressed."""


def sent(row: Claimed, reply: mail.Reply | None) -> Sent:
    """Return what is recorded of a message that was taken."""
    code, words = (reply.code, _in_one_line(reply)) if reply else (None, None)
    return Sent(row.mailing_id, row.seq, code, words)


def withheld(row: Claimed, due_at: datetime, reason: str) -> Settled:
    """Return what becomes of a row that was not tried, because its domain or relay is to get no more for now."""
    return Settled(
        row.mailing_id,
        row.seq,
        row.rests_as,
        row.attempts,
        row.doubts,
        row.setbacks,
        due_at,
        reason=reason[:300],
    )


def settle(row: Claimed, result: mail.Result, policy: Policy, now: datetime) -> Settled:
    """Return what becomes of a row after an attempt by which it was not sent."""
    if result.outcome == mail.Outcome.UNKNOWN:
        return _doubt(row, result, policy, now)
    if result.fault in (mail.Fault.SENDER, mail.Fault.RELAY):
        return _set_back(row, result, now)
    if result.outcome == mail.Outcome.REFUSED:
        hard = row.address if _is_hard(result) else None
        return _settled(row, result, State.REFUSED, hard=hard)
    return _put_off(row, result, policy, now)


def _doubt(row: Claimed, result: mail.Result, policy: Policy, now: datetime) -> Settled:
    doubts = row.doubts + 1
    wait = after_doubt(doubts) if policy.unknown == Unknown.RESEND else None
    return _settled(row, result, State.UNKNOWN, doubts=doubts, due_at=_after(now, wait))


def _set_back(row: Claimed, result: mail.Result, now: datetime) -> Settled:
    setbacks = row.setbacks + 1
    wait = after_setback(setbacks, ours=result.fault == mail.Fault.SENDER)
    return _settled(row, result, row.rests_as, setbacks=setbacks, due_at=now + wait)


def _put_off(row: Claimed, result: mail.Result, policy: Policy, now: datetime) -> Settled:
    attempts = row.attempts + 1
    wait = after_deferral(attempts, service=policy.service)
    if wait is not None:
        state = State.UNKNOWN if row.doubts else State.DEFERRED
        return _settled(row, result, state, attempts=attempts, due_at=now + wait)
    if row.doubts:  # it may have arrived at the first try: a person decides
        return _settled(row, result, State.UNKNOWN, attempts=attempts)
    given_up = f"given up after {attempts} tries: {result.reason}"
    return _settled(row, result, State.REFUSED, attempts=attempts, reason=given_up)


def _settled(row: Claimed, result: mail.Result, state: State, **changes: object) -> Settled:
    values: dict[str, object] = {
        "attempts": row.attempts,
        "doubts": row.doubts,
        "setbacks": row.setbacks,
        "code": result.reply.code if result.reply else None,
        "reply": _in_one_line(result.reply) if result.reply else None,
        "reason": result.reason[:300],
    }
    return Settled(row.mailing_id, row.seq, state, **(values | changes))  # type: ignore[arg-type]


@lru_cache(256)
def _in_one_line(reply: mail.Reply) -> str:
    return str(reply)[:_REPLY]


def _after(now: datetime, wait: timedelta | None) -> datetime | None:
    return None if wait is None else now + wait


def _is_hard(result: mail.Result) -> bool:
    reply = result.reply
    return bool(
        result.fault == mail.Fault.RECIPIENT and reply and reply.enhanced and _HARD.match(reply.enhanced)
    )
