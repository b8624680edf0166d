"""Return paths that say which delivery a bounce belongs to: `b+2a-1f3-<signature>@bounces.example.org`.

Numbers in hexadecimal digits, since case is not kept on the way, then ten octets of HMAC-SHA256, so that nobody can forge
a bounce for somebody else. It has its own short form because a whole local part takes no more than 64 octets (5321,
4.5.3.1.1).
"""

import hmac
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256

from newsletter.errors import Damaged
from newsletter.keyed import keyed

_LONGEST = 64
_SIGNATURE = 20
_TOKEN = re.compile(r"((?:[0-9a-f]+-)+)([0-9a-f]{20})", re.IGNORECASE)
_PATH = re.compile(rf"<?(?:[^@<>\s]*=)?b\+{_TOKEN.pattern}(?:@[^@<>\s]+)?>?", re.IGNORECASE)


def return_path(domain: str, keys: Sequence[str], *numbers: int) -> str:
    """Return an address at `domain` that carries `numbers` (each ≥ 0), signed with the first of `keys`."""
    content = "".join([f"{number:x}-" for number in numbers])
    if len(content) > _LONGEST - len("b+") - _SIGNATURE:
        raise ValueError(f"a return path has no room for the numbers {numbers}")
    return f"b+{content}{_sign(keys[0], content)}@{domain}"


def read_return_path(address: str, keys: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers that a return path, its local part or its token carries; raises `Damaged`."""
    found = _PATH.fullmatch(address.strip()) or _TOKEN.fullmatch(address.strip())
    if not found:
        raise Damaged("This return path is not one of ours.")
    content, signature = found[1].lower(), found[2].lower()
    for key in keys:
        if hmac.compare_digest(_sign(key, content), signature):
            return tuple(int(number, 16) for number in content[:-1].split("-"))
    raise Damaged("This return path is not one of ours.")


def _sign(secret: str, content: str) -> str:
    return _keyed(secret)(content.encode()).hex()[:_SIGNATURE]


@lru_cache(8)
def _keyed(secret: str) -> Callable[[bytes], bytes]:
    return keyed(hmac.digest(secret.encode(), b"newsletter.return", sha256))
