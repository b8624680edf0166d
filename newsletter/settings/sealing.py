"""Sealing: what lies in the database and may be read by this installation alone.

Sealed under the newest of SECRET_KEY, opened with any of them. So a copy of the database without the environment gives
nothing away.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.errors import Misconfigured
from newsletter.later import later
from newsletter.settings.installation import environment

if TYPE_CHECKING:
    from cryptography import fernet
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf import hkdf
else:
    fernet = later("cryptography.fernet")
    hashes, hkdf = (
        later("cryptography.hazmat.primitives.hashes"),
        later("cryptography.hazmat.primitives.kdf.hkdf"),
    )

_PURPOSE = b"newsletter.dkim"


def seal(secret: bytes) -> str:
    """Return `secret` as a text that only an installation with the present SECRET_KEY opens."""
    return _seal(environment().secret_keys).encrypt(secret).decode()


def unseal(text: str) -> bytes:
    """Return what was sealed. Raises `Misconfigured` where the key of then is among those of now no more."""
    try:
        return _seal(environment().secret_keys).decrypt(text)
    except fernet.InvalidToken as error:
        raise Misconfigured(
            "a key that signs mail was sealed under a SECRET_KEY that is not there. Add that one to the end, or make a new key.",
            "SECRET_KEY",
        ) from error


@lru_cache(4)
def _seal(secret_keys: tuple[str, ...]) -> "fernet.MultiFernet":
    return fernet.MultiFernet([fernet.Fernet(urlsafe_b64encode(_derived(key))) for key in secret_keys])


def _derived(secret_key: str) -> bytes:
    return hkdf.HKDF(hashes.SHA256(), 32, None, _PURPOSE).derive(secret_key.encode())
