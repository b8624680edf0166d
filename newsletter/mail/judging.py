"""What a reply means for one message: its outcome, and whose fault it is."""

from enum import StrEnum

from newsletter.mail.envelope import Fault, Outcome, Reply, Result
from newsletter.mail.meanings import detail, explain, explain_sender_fault

LOST_BEFORE = "The connection to the relay was lost before the message was handed over."
LOST_AFTER = "The connection to the relay was lost before it said whether it took the message."


class Stage(StrEnum):
    """The command that a reply answers."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "."


def judge(key: int, stage: Stage, reply: Reply, *, welcome: bool = False) -> Result:
    """Return what became of a message by the reply to one of its commands; unknown codes go by their first digit.

    `welcome` says that the relay is known to take readers of ours.
    """
    if stage is Stage.DOT and reply.code // 100 == 2:  # noqa: PLR2004 - the first digit of success
        return Result(key, Outcome.SENT, reply, None, explain(reply))
    outcome, fault = _blame(stage, reply, welcome=welcome)
    return Result(key, outcome, reply, fault, explain(reply, welcome=welcome))


def lost(key: int, *, after_dot: bool, reason: str | None = None) -> Result:
    """Return what became of a message whose connection went away."""
    if after_dot:
        return Result(key, Outcome.UNKNOWN, None, Fault.RELAY, LOST_AFTER)
    return Result(key, Outcome.DEFERRED, None, Fault.RELAY, reason or LOST_BEFORE)


def _blame(stage: Stage, reply: Reply, *, welcome: bool) -> tuple[Outcome, Fault]:
    if explain_sender_fault(reply, welcome=welcome):
        return Outcome.DEFERRED, Fault.SENDER
    if reply.code in {421, 503}:  # closing, or the two sides do not understand each other
        return Outcome.DEFERRED, Fault.RELAY
    by_stage = {Stage.MAIL: _at_mail, Stage.RCPT: _at_rcpt, Stage.DATA: _at_data, Stage.DOT: _at_dot}
    fault = by_stage[stage](reply)
    # 552 after RCPT stands for 452 (5321, 4.5.3.1.10), unless it speaks of the message's size.
    later = reply.code < 500 or (stage is Stage.RCPT and reply.code == 552 and fault is Fault.RECIPIENT)  # noqa: PLR2004
    refused = not later and fault in {Fault.RECIPIENT, Fault.MESSAGE}
    return Outcome.REFUSED if refused else Outcome.DEFERRED, fault


def _is_too_large(reply: Reply) -> bool:
    return detail(reply) in {"2.3", "3.4"}


def _is_the_servers(reply: Reply) -> bool:
    return detail(reply).startswith("3.") and not _is_too_large(reply)


def _at_mail(reply: Reply) -> Fault:
    """MAIL names the sender and the size, so nothing is the recipient's fault yet."""
    if _is_too_large(reply) or reply.code == 552:  # noqa: PLR2004 - exceeded storage allocation
        return Fault.MESSAGE
    return Fault.RELAY if reply.code < 500 else Fault.SENDER  # noqa: PLR2004 - 4yz, 5yz


def _at_rcpt(reply: Reply) -> Fault:
    if _is_too_large(reply):
        return Fault.MESSAGE
    return Fault.RELAY if reply.code < 500 and _is_the_servers(reply) else Fault.RECIPIENT  # noqa: PLR2004 - 4yz


def _at_data(reply: Reply) -> Fault:
    return Fault.RELAY if reply.code < 500 else _at_dot(reply)  # noqa: PLR2004 - 4yz


def _at_dot(reply: Reply) -> Fault:
    if reply.code == 452 or (reply.code < 500 and _is_the_servers(reply)):  # noqa: PLR2004 - insufficient storage
        return Fault.RELAY
    about_the_mailbox = detail(reply).startswith(("1.", "2.")) and not _is_too_large(reply)
    return Fault.RECIPIENT if about_the_mailbox else Fault.MESSAGE
