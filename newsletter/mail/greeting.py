"""The beginning of a conversation: greeting, EHLO, STARTTLS and AUTH, written as the dialogue it is.

`greet` is a generator: it yields the next command (or `UPGRADE`) and is sent the reply to it; it returns what the
server can do, or raises `Unreachable` (try later) or `Misconfigured` (nothing mends it but a person).
"""

import base64
import re
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final

from newsletter.errors import Misconfigured, NewsletterError, Unreachable
from newsletter.mail.envelope import Reply
from newsletter.mail.meanings import explain
from newsletter.mail.relay import Auth, Relay

UPGRADE: Final = "upgrade"
"""What `greet` yields when the connection must be encrypted before the next command."""

_VARIABLE = "SMTP_URL"
_LONGEST_COMMAND = 512
"""Octets of a command with its end (5321, 4.5.3.1.4); what would be longer is said on request (4954, 4)."""
_MECHANISMS: dict[Auth, tuple[str, ...]] = {
    "password": ("PLAIN", "LOGIN"),
    "xoauth2": ("XOAUTH2",),
    "oauthbearer": ("OAUTHBEARER",),
}
_RENEW = "; mail goes on by itself once a fresh one is there"
_LONG_WORD = re.compile(r"[A-Za-z0-9+/_~-]{8,}")
_SIZE_DIGITS = 20  # 1870, 4

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
            size=int(size) if size.isdecimal() and len(size) <= _SIZE_DIGITS else 0,
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
    """Prove who we are (4954)."""
    mechanism = _mechanism(relay, features)
    proof = [base64.b64encode(word) for word in _proof(mechanism, relay)]
    words = deque(proof)
    command = b"AUTH " + mechanism.encode()
    if mechanism != "LOGIN" and len(command) + len(words[0]) < _LONGEST_COMMAND - len(b" \r\n"):
        command += b" " + words.popleft()
    reply, _ = yield command + b"\r\n"
    while words and reply.code == 334:  # noqa: PLR2004 - go on
        reply, _ = yield words.popleft() + b"\r\n"
    if reply.code != 235:  # noqa: PLR2004 - signed in
        reply = reply._replace(text=_blacken(reply.text, [*proof, (relay.password or "").encode()]))
        if relay.token_file:
            raise _fault(relay, reply, f"does not take the token in {relay.token_file}", _RENEW)
        raise _fault(relay, reply, "does not take the user name and password")


def _mechanism(relay: Relay, features: Features) -> str:
    """Choose how to sign in among what the server offers."""
    known = _MECHANISMS[relay.auth]
    chosen = next((mechanism for mechanism in known if mechanism in features.auth), None)
    if chosen:
        return chosen
    if features.starttls and not features.auth:
        raise Misconfigured(
            f"{relay.name} lets nobody sign in before encryption; write tls=starttls", _VARIABLE
        )
    offered = ", ".join(sorted(features.auth)) or "none"
    raise Misconfigured(
        f"{relay.name} does not offer to sign in by {' or '.join(known)} (it offers {offered})", _VARIABLE
    )


def _proof(mechanism: str, relay: Relay) -> list[bytes]:
    """Return what is said, one word after the other; a token is followed by the answer to the server's complaint.

    A server that does not take a token tells a program why, in a challenge, and refuses once that is answered (7628, 3.2.3).
    """
    user, secret = relay.username or "", relay.password or ""
    bearer = f"auth=Bearer {secret}\1\1"
    said = {
        "PLAIN": [f"\0{user}\0{secret}"],
        "LOGIN": [user, secret],
        "XOAUTH2": [f"user={user}\1{bearer}", ""],
        "OAUTHBEARER": [f"n,a={user.replace('=', '=3D').replace(',', '=2C')},\1{bearer}", "\1"],
    }
    return [word.encode() for word in said[mechanism]]


def _blacken(text: str, secrets: Iterable[bytes]) -> str:
    """Strike out of a reply what repeats our proof, also a piece of it: some servers repeat what they did not understand."""
    ours = [secret.decode() for secret in secrets if secret]
    for secret in sorted(ours, key=len, reverse=True):  # a short password may stand in the middle of a proof
        text = text.replace(secret, "…")
    return _LONG_WORD.sub(lambda found: "…" if any(found[0] in secret for secret in ours) else found[0], text)


def _fault(relay: Relay, reply: Reply, what: str, remedy: str = "") -> NewsletterError:
    """Say what went wrong, and whether waiting may help."""
    if reply.code // 100 == 4:  # noqa: PLR2004 - later
        return Unreachable(f"{relay.name} {what} for now: {reply}. {explain(reply)}")
    return Misconfigured(f"{relay.name} {what}{remedy}: {reply}", _VARIABLE)
