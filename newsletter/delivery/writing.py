"""From a recipient's row to an envelope: the values that the message's slots take, and its return path."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from newsletter import clock, mail, settings
from newsletter.delivery.claims import Hand
from newsletter.delivery.naming import message_id
from newsletter.delivery.outcomes import Claimed
from newsletter.errors import Invalid, NewsletterError
from newsletter.tokens import Purpose, Tokens

_log = logging.getLogger(__name__)
_TOKEN = "token:"  # noqa: S105 - the beginning of a slot's name

Templates = Mapping[str, mail.Template]


class _Wanted(NamedTuple):
    """What a template takes: slots of tokens, with the maker of them all, and whether it takes a reader's own fields."""

    slots: list[str]
    make: Callable[..., list[bytes]]
    fields: bool


class Writer:
    """Writes the messages of one installation."""

    def __init__(
        self, tokens: Tokens, secret_keys: tuple[str, ...], bounce_domain: str, signers: settings.Signers
    ) -> None:
        self._keys = secret_keys
        self._bounce_domain = bounce_domain
        self._tokens = tokens
        self._signers = signers
        self._wanted: dict[frozenset[str], _Wanted] = {}

    def envelope(self, key: int, hand: Hand, row: Claimed, templates: Templates) -> mail.Envelope:
        """Return the envelope of one message; the message itself is written when the connection asks for it."""
        build = partial(self._write_or_refuse, hand, row, templates)
        return mail.Envelope(key, self._return_path(hand, row), row.address, build)

    def _write_or_refuse(self, hand: Hand, row: Claimed, templates: Templates) -> bytes:
        """Write a message; one that cannot be written is set aside, so that it never holds up the others."""
        try:
            return self._write(hand, row, templates)
        except NewsletterError:
            raise
        except Exception as error:
            _log.exception("recipient %s of mailing %s could not be written", row.seq, row.mailing_id)
            raise Invalid(f"This message could not be written ({error}).") from error

    def _write(self, hand: Hand, row: Claimed, templates: Templates) -> bytes:
        template = templates.get(row.variant) or next(iter(templates.values()))
        wanted = self._wanted.get(template.slots) or self._want(template.slots)
        called = row.name or ""
        values = {"name": called}
        if wanted.fields and row.fields:
            values = _fields(row.fields) | values
        return template.fill(
            mail.Address(row.address, called),
            message_id(hand.nonce, row.mailing_id, row.seq, hand.sender_email),
            clock.now(),
            values,
            dict(zip(wanted.slots, wanted.make(row.reader or 0, hand.scope, row.mailing_id), strict=True)),
            signer=self._signers.of(hand.sender_email),
        )

    def _want(self, slots: frozenset[str]) -> "_Wanted":
        """Note for a template what has to be made for it; the templates at work are few."""
        purposes = [purpose for purpose in Purpose if f"{_TOKEN}{purpose}" in slots]
        tokens = [f"{_TOKEN}{purpose}" for purpose in purposes]
        wanted = _Wanted(tokens, self._tokens.bulk(*purposes), bool(slots - {"name", *tokens}))
        self._wanted[slots] = wanted
        return wanted

    def _return_path(self, hand: Hand, row: Claimed) -> str:
        if not self._bounce_domain:
            return hand.sender_email
        return mail.return_path(self._bounce_domain, self._keys, row.mailing_id, row.seq)


def _fields(text: str) -> dict[str, str]:
    """The reader's own fields, as far as they can stand in a line of text."""
    document = json.loads(text)
    if not isinstance(document, dict):
        return {}
    return {str(key): str(value) for key, value in document.items() if isinstance(value, str | int | float)}
