"""From a recipient's row to an envelope: the values that the message's slots take, and its return path.

A `Writer` knows the installation and a `Press` one batch: what its messages share is looked up and made once, since at
some forty microseconds a message every call counts.
"""

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
        self._tokens = tokens
        self._signers = signers
        self._return_path = partial(mail.return_path, bounce_domain, secret_keys) if bounce_domain else None
        self._wanted: dict[frozenset[str], _Wanted] = {}

    def press(self, hand: Hand, templates: Templates) -> "Press":
        """Return what writes the messages of a batch."""
        variants = {name: (template, self._wanted_by(template)) for name, template in templates.items()}
        return Press(hand, variants, self._return_path, self._signers.of(hand.sender_email))

    def _wanted_by(self, template: mail.Template) -> _Wanted:
        """Note for a template what has to be made for it; templates with the same slots want the same."""
        slots = template.slots
        if slots not in self._wanted:
            purposes = [purpose for purpose in Purpose if f"{_TOKEN}{purpose}" in slots]
            tokens = [f"{_TOKEN}{purpose}" for purpose in purposes]
            self._wanted[slots] = _Wanted(
                tokens, self._tokens.bulk(*purposes), bool(slots - {"name", *tokens})
            )
        return self._wanted[slots]


def make_writer() -> Writer:
    """Return the writer of this installation, as it is set up now."""
    environment, publication = settings.environment(), settings.publication()
    return Writer(settings.tokens(), environment.secret_keys, publication.bounce_domain, settings.signers())


class Press:
    """Writes the messages of one batch."""

    def __init__(
        self,
        hand: Hand,
        variants: Mapping[str, tuple[mail.Template, _Wanted]],
        return_path: Callable[..., str] | None,
        signer: mail.Signer | None,
    ) -> None:
        self._hand = hand
        self._variants = variants
        self._else = next(iter(variants.values()))
        self._return_path = return_path
        self._signer = signer

    def envelope(self, key: int, row: Claimed) -> mail.Envelope:
        """Return the envelope of one message; the message itself is written when the connection asks for it."""
        sender = self._return_path(row.mailing_id, row.seq) if self._return_path else self._hand.sender_email
        return mail.Envelope(key, sender, row.address, partial(self._write_or_refuse, row))

    def _write_or_refuse(self, row: Claimed) -> bytes:
        """Write a message; one that cannot be written is set aside, so that it never holds up the others."""
        try:
            return self._write(row)
        except NewsletterError:
            raise
        except Exception as error:
            _log.exception("recipient %s of mailing %s could not be written", row.seq, row.mailing_id)
            raise Invalid(f"This message could not be written ({error}).") from error

    def _write(self, row: Claimed) -> bytes:
        hand = self._hand
        template, (slots, make, takes_fields) = self._variants.get(row.variant) or self._else
        called = row.name or ""
        values = {"name": mail.set_apart(called)}
        if takes_fields and row.fields:
            values = _fields(row.fields) | values
        return template.fill(
            mail.Address(row.address, called),
            message_id(hand.nonce, row.mailing_id, row.seq, hand.sender_email),
            clock.now(),
            values,
            dict(zip(slots, make(row.reader or 0, hand.scope, row.mailing_id), strict=True)),
            signer=self._signer,
        )


def _fields(text: str) -> dict[str, str]:
    """The reader's own fields, as far as they can stand in a line of text."""
    document = json.loads(text)
    if not isinstance(document, dict):
        return {}
    return {
        str(key): mail.set_apart(str(value))
        for key, value in document.items()
        if isinstance(value, str | int | float)
    }
