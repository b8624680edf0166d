"""One try to hand one message over: its commands and octets, made to what the server can do."""

from dataclasses import dataclass

from newsletter.errors import Invalid
from newsletter.mail.encoding import wire_address
from newsletter.mail.envelope import Envelope, Fault, Outcome, Reply, Result
from newsletter.mail.greeting import Features
from newsletter.mail.meanings import explain


@dataclass(slots=True)
class Attempt:
    """A message on its way; `opening` is its MAIL, RCPT and DATA, `failure` is set by the first that is refused."""

    key: int
    opening: bytes
    message: bytes
    failure: Result | None = None
    recipient_taken: bool = False


def prepare(envelope: Envelope, features: Features) -> Attempt | Result:
    """Build the message and its commands, or return why this server cannot take it.

    No line of a message begins with a dot, so none has to be shielded here (5321, 4.5.2).
    """
    try:
        message = envelope.build()
        sender = _return_path(envelope.sender)
        recipient = wire_address(envelope.recipient)
    except Invalid as error:
        fault = Fault.RECIPIENT if error.field == "email" else Fault.MESSAGE
        return Result(envelope.key, Outcome.REFUSED, None, fault, str(error))
    eight_bit = not message.isascii()
    unicode = not (sender.isascii() and recipient.isascii() and (not eight_bit or _head(message).isascii()))
    if unicode or eight_bit or features.size:
        obstacle = _obstacle(features, len(message), eight_bit=eight_bit, unicode=unicode)
        if obstacle:
            fault = Fault.RECIPIENT if unicode and not features.smtputf8 else Fault.MESSAGE
            return Result(envelope.key, Outcome.REFUSED, obstacle, fault, explain(obstacle))
    options = _mail_options(features, sender, len(message), eight_bit, unicode)
    opening = (
        f"MAIL FROM:<{sender}>{options}\r\n"
        f"RCPT TO:<{recipient}>{_rcpt_options(features, sender, recipient)}\r\n"
        "DATA\r\n"
    )
    return Attempt(envelope.key, opening.encode(), message)


def _return_path(sender: str) -> str:
    """Return the sender as MAIL says it; raises `Invalid` where it would say more than one address.

    One in ASCII is not read as an address, which takes fifteen times as long, and nearly each message has its own.
    """
    if not sender.isascii():
        return wire_address(sender)
    if ">" in sender or "\n" in sender or "\r" in sender or " " in sender or "<" in sender or "\0" in sender:
        raise Invalid(f"{sender!r} cannot be a return path; give one bare address, or none.", "sender")
    return sender


def _head(message: bytes) -> bytes:
    return message.partition(b"\r\n\r\n")[0]


def _obstacle(features: Features, size: int, *, eight_bit: bool, unicode: bool) -> Reply | None:
    """Return the reply that the server would give, had we asked it."""
    if unicode and not features.smtputf8:
        return Reply(553, "5.6.7", "The relay offers no SMTPUTF8 (found before sending)")
    if eight_bit and not features.eight_bit:
        return Reply(554, "5.6.3", "The relay offers no 8BITMIME (found before sending)")
    if features.size and size > features.size:
        return Reply(
            552, "5.3.4", f"{size} octets, and the relay takes {features.size} (found before sending)"
        )
    return None


def _mail_options(features: Features, sender: str, size: int, eight_bit: bool, unicode: bool) -> str:
    options = f" SIZE={size}" if features.size else ""
    if eight_bit:
        options += " BODY=8BITMIME"
    if unicode:
        options += " SMTPUTF8"
    if features.dsn and sender:
        options += f" RET=HDRS ENVID={_xtext(sender.partition('@')[0])}"
    return options


def _rcpt_options(features: Features, sender: str, recipient: str) -> str:
    """Ask for reports of what goes wrong, and only where they have somewhere to go (3461)."""
    if not (features.dsn and sender):
        return ""
    original = f" ORCPT=rfc822;{_xtext(recipient)}" if recipient.isascii() else ""
    return f" NOTIFY=FAILURE,DELAY{original}"


def _xtext(text: str) -> str:
    return text.replace("+", "+2B").replace("=", "+3D")
