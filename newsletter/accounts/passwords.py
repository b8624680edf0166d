"""Passwords: argon2id, ten characters at least, nothing else demanded (NIST SP 800-63B-4, section 3.1.1.2)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from newsletter.errors import Invalid

SHORTEST = 10
_LONGEST = 200  # bytes beyond this would only make the hashing slow
_COMMON = frozenset(
    {"password12", "1234567890", "0123456789", "qwertyuiop", "newsletter", "passwordpassword"}
)

_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher.hash("nobody has this password")


def make(password: str) -> str:
    """Return the hash of a new password. Raises `Invalid` for one that is too short or known to everybody."""
    if len(password) < SHORTEST:
        raise Invalid(
            f"The password is too short. Take {SHORTEST} characters or more; a few words do well.", "password"
        )
    if len(password) > _LONGEST:
        raise Invalid(f"The password is too long. Take at most {_LONGEST} characters.", "password")
    if password.lower() in _COMMON or len(set(password)) < 4:  # noqa: PLR2004 - fewer signs is a held-down key
        raise Invalid("That password is guessed first. Take another; a few words do well.", "password")
    return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether a password fits; takes as long where there is no hash, so that time tells nothing."""
    try:
        verified = _hasher.verify(password_hash or _decoy(), password[:_LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return verified and password_hash is not None


def is_stale(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker parameters than new ones are."""
    return _hasher.check_needs_rehash(password_hash)
