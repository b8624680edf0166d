"""What an outcome means for a recipient's row. Pure: no database, no clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter import mail
from newsletter.delivery.pacing import after_deferral, after_doubt, after_setback
from newsletter.delivery.states import State, Unknown

_HARD = re.compile(r"5\.1\.(1|2|3|6|10)\Z")
"""Bad mailbox, bad system, bad syntax, moved without a forward, null MX."""
_REPLY = 500


@dataclass(frozen=True, slots=True)
class Claimed:
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


def settle(row: Claimed, result: mail.Result, policy: Policy, now: datetime) -> Settled:
    """Return what becomes of a row after one attempt."""
    if result.outcome == mail.Outcome.SENT:
        return _settled(row, result, State.SENT)
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
        "reply": str(result.reply)[:_REPLY] if result.reply else None,
        "reason": None if state == State.SENT else result.reason[:300],
    }
    return Settled(row.mailing_id, row.seq, state, **(values | changes))  # type: ignore[arg-type]


def _after(now: datetime, wait: timedelta | None) -> datetime | None:
    return None if wait is None else now + wait


def _is_hard(result: mail.Result) -> bool:
    reply = result.reply
    return bool(
        result.fault == mail.Fault.RECIPIENT and reply and reply.enhanced and _HARD.match(reply.enhanced)
    )
