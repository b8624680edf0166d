"""Mail addresses: which are good, and which two are the same."""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email

from newsletter.errors import Invalid

_LONGEST = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})", re.ASCII)
"""An address that needs no closer look: nearly all of them."""
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width letters, as Japanese keyboards write them, to plain ones."""


@dataclass(frozen=True)
class Address:
    """An address as it was typed, and the key by which it is known: small letters, the domain in ASCII."""

    typed: str
    key: str


def read_address(text: str) -> Address:
    """Read an address from a form or a file. Raises `Invalid` with a sentence that names what is wrong with it.

    Reserved domains such as `.local` are taken: whether mail reaches them is the operator's business.
    """
    typed = text.strip().translate(_NARROW)
    plain = _PLAIN.fullmatch(typed)
    if plain and len(plain[1]) <= 64 and len(typed) <= _LONGEST and "--" not in plain[2]:  # noqa: PLR2004 - RFC 5321, 4.5.3.1
        return Address(typed, typed.lower())
    if not typed:
        raise Invalid("Enter your email address.", "email")
    try:
        read = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid(f"“{_short(typed)}” is not a complete mail address. {error}", "email") from error
    kept = typed if typed.isascii() else read.normalized
    return Address(kept, f"{read.local_part.casefold()}@{(read.ascii_domain or read.domain).lower()}")


def fingerprint(key: str, secret: str) -> str:
    """Return the keyed hash under which an address may be known after it was erased."""
    return hmac.new(secret.encode(), key.encode(), sha256).hexdigest()


def _short(text: str) -> str:
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return shown if len(shown) <= 80 else f"{shown[:79]}…"  # noqa: PLR2004 - what fits in a line
