"""Mail addresses as people type them: which are good, and what is wrong with one that is not.

One set of rules for every door: sign-up, import, settings, people, entries. What a keyboard or a clipboard adds is taken
off: full-width letters, the Japanese full stop, invisible signs, `mailto:`, the dot that ends a domain. Everything else
stays as it was typed, for only the receiving side knows what the part before the @ means (RFC 5321, 2.3.11).
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.errors import Invalid
from newsletter.later import later
from newsletter.mail.draft import Address

if TYPE_CHECKING:
    import email_validator
else:
    email_validator = later("email_validator")

LONGEST_LOCAL, LONGEST = 64, 254  # RFC 5321, 4.5.3.1
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})", re.ASCII)
"""An address that needs no closer look: nearly all of them."""
_IN_VAIN_QUOTED = re.compile(rf'^"({_ATOM}(?:\.{_ATOM})*)"(@.+)', re.ASCII)
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "。｡"), ".")
_INVISIBLE = dict.fromkeys(
    (0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_SHOWN = 80


def read_address(text: str) -> Address:
    """Read an address from a form or a file. Raises `Invalid` with a sentence that names what is wrong with it.

    Reserved domains such as `.local` are taken: whether mail reaches them is the operator's business.
    """
    typed = _tidied(text)
    plain = _PLAIN.fullmatch(typed)
    if plain and len(plain[1]) <= LONGEST_LOCAL and len(typed) <= LONGEST and "--" not in plain[2]:
        return Address(typed)
    try:
        read = email_validator.validate_email(
            typed, check_deliverability=False, test_environment=True, strict=True
        )
    except email_validator.EmailNotValidError as error:
        raise Invalid(next(_faults(typed)), "email") from error
    return Address(typed if typed.isascii() else read.normalized)


def _tidied(text: str) -> str:
    """Take off what was not meant: NFKC would do more, and make of some letters before the @ others."""
    typed = text.translate(_NARROW).translate(_INVISIBLE).strip()
    typed = typed[7:] if typed[:7].lower() == "mailto:" else typed
    typed = _IN_VAIN_QUOTED.sub(r"\1\2", typed)
    return typed.removesuffix(".")


def _faults(typed: str) -> Iterator[str]:
    """Yield what is wrong with an address, the plainest first."""
    shown, (local, _, domain) = _short(typed), typed.rpartition("@")
    if not typed:
        yield "Enter an email address."
    if re.search(r"[\s,;]", typed) or typed.count("@") > 1:
        yield f"“{shown}” holds a space, a comma or a second @. Write one address alone, such as name@example.org."
    if "@" not in typed:
        yield f"“{shown}” has no @. Write an address such as name@example.org."
    if not local:
        yield f"In “{shown}” nothing stands before the @. Write an address such as name@example.org."
    if not domain:
        yield f"In “{shown}” nothing stands after the @. Write an address such as name@example.org."
    if len(local) > LONGEST_LOCAL:
        yield f"“{shown}” has more than {LONGEST_LOCAL} characters before the @, which mail does not carry."
    if len(typed) > LONGEST:
        yield f"“{shown}” has more than {LONGEST} characters, which mail does not carry."
    if ".." in typed or typed.startswith(".") or ".@" in typed or "@." in typed:
        yield f"“{shown}” has a dot too many. Write an address such as name@example.org."
    if "." not in domain:
        yield f"“{shown}” ends too soon: after the @ stands a domain such as example.org."
    yield f"“{shown}” is no mail address. Write one such as name@example.org."


def _short(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
