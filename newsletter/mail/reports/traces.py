"""Finds the traces of our own letter in what came back: they say whom it is about, whatever the report says or hides."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message

from newsletter.mail.reports.opening import decoded, header, parts, source_of

_TOKEN = re.compile(r"\bb\+((?:[0-9a-f]+-)+[0-9a-f]{20})(?:@|=40)", re.IGNORECASE)
_LINK = re.compile(r"/unsubscribe/([\w-]{1,200}(?:\.[\w-]{1,200}){1,3})", re.ASCII)
_MESSAGE_ID = re.compile(r"^Message-ID:\s{0,9}(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_SENT_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Original-Recipient")
_SENT_FROM = (
    "Return-Path",
    "X-Original-Return-Path",
    "X-Envelope-From",
    "X-Env-Sender",
    "Original-Mail-From",
)
_LETTERS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/partial",
    "message/global",
)


@dataclass(frozen=True)
class Traces:
    """What was found: the token of the return path, the token of the unsubscribe link, the Message-ID."""

    verp: str | None
    unsubscribe: str | None
    message_id: str | None


def traces_of(message: Message) -> Traces:
    """Return the traces of our letter in a message that came back."""
    letters = [source_of(part) for part in parts(message, *_LETTERS)]
    return Traces(
        verp=_lower(_first(_TOKEN, (*_paths(message), *letters))),
        unsubscribe=_first(_LINK, (*map(_unfolded, letters), *_bodies(message))),
        message_id=_first(_MESSAGE_ID, letters),
    )


def token_in(text: str) -> str | None:
    """Return our token where a text names a return path of ours."""
    return _lower(_first(_TOKEN, [text]))


def _paths(message: Message) -> Iterator[str]:
    """Return where the report was sent to, and where parts of it say that our letter came from."""
    for part in message.walk():
        for name in _SENT_TO if part is message else _SENT_FROM:
            for value in part.get_all(name, []):
                yield str(value)


def _bodies(message: Message) -> Iterator[str]:
    """Return what our own letter says, in its headers and in its text."""
    for part in message.walk():
        yield header(part, "List-Unsubscribe")
        if part is not message and part.get_content_maintype() == "text":
            yield decoded(part)


def _unfolded(letter: str) -> str:
    return re.sub(r"\r?\n[ \t]+", "", letter)


def _lower(token: str | None) -> str | None:
    return token.lower() if token else None


def _first(pattern: re.Pattern[str], texts: Iterable[str]) -> str | None:
    for text in texts:
        if found := pattern.search(text):
            return found[1]
    return None
