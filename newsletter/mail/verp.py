"""Return paths that say which delivery a bounce belongs to: `b+<token>@bounces.example.org`.

The token is base32, since case is not kept on the way: numbers in LEB128, then ten bytes of HMAC-SHA256. It has its own
short form because the whole local part may take no more than 64 octets (5321, 4.5.3.1.1), and because nobody may
forge a bounce for somebody else.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256

from newsletter.errors import Damaged

_SIGNATURE = 10
_MORE = 0x80  # LEB128: another octet of this number follows
_LONGEST = (64 - len("b+")) * 5 // 8
_PATH = re.compile(r"<?(?:[^@<>\s]*=)?b\+([a-z2-7]+)(?:@[^@<>\s]+)?>?", re.IGNORECASE)


def return_path(domain: str, keys: Sequence[str], *numbers: int) -> str:
    """Return an address at `domain` that carries `numbers` (each ≥ 0), signed with the first of `keys`."""
    content = b"".join(map(_write, numbers))
    token = content + _sign(keys[0], content)
    if len(token) > _LONGEST:
        raise ValueError(f"a return path has no room for the numbers {numbers}")
    return f"b+{base64.b32encode(token).rstrip(b'=').decode().lower()}@{domain}"


def read_return_path(address: str, keys: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers that a return path, its local part or its token carries; raises `Damaged`."""
    token = _token(address)
    content, signature = token[:-_SIGNATURE], token[-_SIGNATURE:]
    for key in keys:
        if hmac.compare_digest(_sign(key, content), signature):
            return tuple(_read(content))
    raise Damaged("This return path is not one of ours.")


def _token(address: str) -> bytes:
    found = _PATH.fullmatch(address.strip()) or re.fullmatch(r"([a-z2-7]+)", address.strip(), re.IGNORECASE)
    if not found:
        raise Damaged("This return path is not one of ours.")
    text = found[1].upper()
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise Damaged("This return path was cut on its way.") from error


@lru_cache(8)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"newsletter.return", sha256)


def _sign(secret: str, content: bytes) -> bytes:
    return hmac.digest(_key(secret), content, "sha256")[:_SIGNATURE]


def _write(number: int) -> bytes:
    if number < 0:
        raise ValueError(f"a return path carries no negative number such as {number}")
    written = bytearray()
    while number >= _MORE:
        written.append(number % _MORE | _MORE)
        number >>= 7
    written.append(number)
    return bytes(written)


def _read(content: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in content:
        number |= byte % _MORE << shift
        shift += 7
        if byte < _MORE:
            yield number
            number = shift = 0
