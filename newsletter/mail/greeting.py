"""The beginning of a conversation: greeting, EHLO, STARTTLS and AUTH, written as the dialogue it is.

`greet` is a generator: it yields the next command (or `UPGRADE`) and is sent the reply to it; it returns what the
server can do, or raises `Unreachable` (try later) or `Misconfigured` (nothing mends it but a person).
"""

import base64
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final

from newsletter.errors import Misconfigured, NewsletterError, Unreachable
from newsletter.mail.envelope import Reply
from newsletter.mail.meanings import explain
from newsletter.mail.relay import Relay

UPGRADE: Final = "upgrade"
"""What `greet` yields when the connection must be encrypted before the next command."""

_VARIABLE = "SMTP_URL"

Answer = tuple[Reply, list[str]]
Dialogue = Generator[bytes | str, Answer, "Features"]


@dataclass(frozen=True, slots=True)
class Features:
    """What the server says it can do; `size` is the largest message in octets, 0 where it names none."""

    pipelining: bool = False
    size: int = 0
    eight_bit: bool = False
    smtputf8: bool = False
    dsn: bool = False
    starttls: bool = False
    auth: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, lines: Iterable[str]) -> "Features":
        """Return what the lines after EHLO's first tell."""
        words = {
            name: rest
            for name, *rest in (
                line.replace("AUTH=", "AUTH ").upper().split() for line in lines if line.strip()
            )
        }
        size = next(iter(words.get("SIZE", [])), "0")
        return cls(
            pipelining="PIPELINING" in words,
            size=int(size) if size.isdecimal() else 0,
            eight_bit="8BITMIME" in words,
            smtputf8="SMTPUTF8" in words,
            dsn="DSN" in words,
            starttls="STARTTLS" in words,
            auth=frozenset(words.get("AUTH", [])),
        )


def greet(relay: Relay, helo: str) -> Dialogue:
    """Lead the conversation from the server's first word until mail may be sent."""
    reply, _ = yield b""
    if reply.code != 220:  # noqa: PLR2004 - ready
        raise _fault(relay, reply, "turned us away")
    features = yield from _introduce(relay, helo)
    if relay.tls == "starttls":
        yield from _encrypt(relay, features)
        features = yield from _introduce(relay, helo)
    if relay.username:
        yield from _sign_in(relay, features)
    return features


def _introduce(relay: Relay, helo: str) -> Dialogue:
    reply, lines = yield f"EHLO {helo}\r\n".encode()
    if reply.code == 250:  # noqa: PLR2004 - done
        return Features.parse(lines[1:])
    if reply.code // 100 == 5:  # noqa: PLR2004 - it speaks the SMTP of old, or dislikes our name
        reply, _ = yield f"HELO {helo}\r\n".encode()
        if reply.code == 250:  # noqa: PLR2004 - done
            return Features()
    raise _fault(relay, reply, "does not take our introduction")


def _encrypt(relay: Relay, features: Features) -> Generator[bytes | str, Answer, None]:
    """Go over to TLS, and never on without it."""
    if not features.starttls:
        raise Misconfigured(
            f"{relay.name} offers no STARTTLS; write tls=none only if that is meant", _VARIABLE
        )
    reply, _ = yield b"STARTTLS\r\n"
    if reply.code != 220:  # noqa: PLR2004 - ready
        raise _fault(relay, reply, "does not begin encryption")
    yield UPGRADE


def _sign_in(relay: Relay, features: Features) -> Generator[bytes | str, Answer, None]:
    username, password = (relay.username or "").encode(), (relay.password or "").encode()
    if "PLAIN" in features.auth:
        reply, _ = yield b"AUTH PLAIN " + base64.b64encode(b"\0" + username + b"\0" + password) + b"\r\n"
    elif "LOGIN" in features.auth:
        reply, _ = yield b"AUTH LOGIN\r\n"
        for secret in (username, password):
            if reply.code == 334:  # noqa: PLR2004 - go on
                reply, _ = yield base64.b64encode(secret) + b"\r\n"
    else:
        offered = ", ".join(sorted(features.auth)) or "none"
        raise Misconfigured(
            f"{relay.name} offers no way to sign in that we know (it offers {offered})", _VARIABLE
        )
    if reply.code != 235:  # noqa: PLR2004 - signed in
        raise _fault(relay, reply, "does not take the user name and password")


def _fault(relay: Relay, reply: Reply, what: str) -> NewsletterError:
    """Say what went wrong, and whether waiting may help."""
    if reply.code // 100 == 4:  # noqa: PLR2004 - later
        return Unreachable(f"{relay.name} {what} for now: {reply}. {explain(reply)}")
    return Misconfigured(f"{relay.name} {what}: {reply}", _VARIABLE)
