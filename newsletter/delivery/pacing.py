"""When to try again. Each function takes how often it happened already and returns the wait, or nothing for never."""

from datetime import timedelta

_MINUTE = 60
_HOUR = 60 * _MINUTE

_ISSUE = (30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 8 * _HOUR, 8 * _HOUR, 8 * _HOUR, 8 * _HOUR)
"""An issue is news for two days."""
_SERVICE = (
    _MINUTE,
    4 * _MINUTE,  # most greylists let pass what comes back after five minutes
    10 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    _HOUR,
    2 * _HOUR,
    4 * _HOUR,
    8 * _HOUR,
    8 * _HOUR,
)
"""Somebody waits for a service mail, and after a day does not any more."""
_DOUBT = (30, 5 * _MINUTE, 30 * _MINUTE)
_SENDER = (60, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE)
_RELAY = (0, 0, 30, 2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE)


def after_deferral(attempts: int, *, service: bool) -> timedelta | None:
    """Return the wait after the other side has put a message off `attempts` times; nothing once it is given up."""
    waits = _SERVICE if service else _ISSUE
    return timedelta(seconds=waits[attempts - 1]) if attempts <= len(waits) else None


def after_doubt(doubts: int) -> timedelta | None:
    """Return the wait before a message whose answer was lost is sent again; nothing once it is held for a person."""
    return timedelta(seconds=_DOUBT[doubts - 1]) if doubts <= len(_DOUBT) else None


def after_setback(setbacks: int, *, ours: bool) -> timedelta:
    """Return the wait after a fault of ours or of the relay.

    It never ends, since nobody's address is to blame; it grows, so that one message that upsets a relay does not stand
    in the way of the others.
    """
    waits = _SENDER if ours else _RELAY
    return timedelta(seconds=waits[min(setbacks, len(waits)) - 1])
