"""From a recipient's row to an envelope: the values that the message's slots take, and its return path."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import partial

from newsletter import clock, mail
from newsletter.delivery.claims import Hand
from newsletter.delivery.naming import message_id
from newsletter.delivery.outcomes import Claimed
from newsletter.errors import Invalid, NewsletterError
from newsletter.tokens import Purpose, Tokens

_log = logging.getLogger(__name__)
_TOKEN = "token:"  # noqa: S105 - the beginning of a slot's name

Templates = Mapping[str, mail.Template]


class Writer:
    """Writes the messages of one installation."""

    def __init__(self, tokens: Tokens, secret_keys: tuple[str, ...], bounce_domain: str) -> None:
        self._keys = secret_keys
        self._bounce_domain = bounce_domain
        self._makers = {f"{_TOKEN}{purpose}": tokens.bulk(purpose) for purpose in Purpose}

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
        name = message_id(hand.nonce, row.mailing_id, row.seq, hand.sender_email)
        to = mail.Address(row.address, row.name or "")
        return template.fill(to, name, clock.now(), self._values(template.slots, hand, row))

    def _values(self, slots: frozenset[str], hand: Hand, row: Claimed) -> dict[str, str]:
        values = _fields(row.fields) if row.fields and slots - self._makers.keys() else {}
        values["name"] = row.name or ""
        for slot in slots:
            maker: Callable[..., str] | None = self._makers.get(slot)
            if maker is not None:
                values[slot] = maker(row.reader or 0, hand.scope, row.mailing_id)
        return values

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
