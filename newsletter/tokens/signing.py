"""Making and reading tokens: `<numbers>.<time, unless it never ages>.<signature>`, all in URL-safe characters."""

from binascii import b2a_base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, BadSignature, Signer, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from newsletter import clock
from newsletter.errors import Damaged, Expired
from newsletter.keyed import keyed

_LONGEST = 512
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_CUT = "This link is not complete. Open it again from the mail, or copy all of it."


class Purpose(StrEnum):
    """What a token is good for, and nothing else."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CLICK = "click"
    RESET = "reset"
    BROWSER = "browser"


class _Signer(Signer):
    """A signer that derives each of its keys once; deriving costs more than signing."""

    def __init__(self, keys: list[str], salt: str) -> None:
        super().__init__(keys, salt=salt, key_derivation="hmac", digest_method=sha256)
        self._derived: dict[str | bytes | None, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key for this purpose, as itsdangerous derives it."""
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]


class Tokens:
    """Makes and reads the tokens of one installation, signed with its newest key, read with any of its keys."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._keys = list(reversed(secret_keys))  # itsdangerous signs with the last

    def make(self, purpose: Purpose, *numbers: int) -> str:
        """Return a token that carries `numbers` (each ≥ 0) and the time it was made."""
        return self._aging(purpose).sign(_write(numbers)).decode()

    def lasting(self, purpose: Purpose, *numbers: int) -> str:
        """Return a token that carries `numbers` (each ≥ 0) and never ages."""
        return self._lasting(purpose).sign(_write(numbers)).decode()

    def bulk(self, *purposes: Purpose) -> Callable[..., list[bytes]]:
        """Return a maker of lasting tokens, one for each purpose, for the links in each of many mails.

        In octets, for the wire; each takes 1 µs: they are signed as itsdangerous does it, but with keys that were derived and hashed once.
        """
        codes = [keyed(self._lasting(purpose).derive_key()) for purpose in purposes]

        def make(*numbers: int) -> list[bytes]:
            content = _write(numbers).encode()
            signatures = [b2a_base64(code(content), newline=False) for code in codes]
            return [b"%b.%b" % (content, signature.translate(_URL_SAFE, b"=")) for signature in signatures]

        return make

    def read(self, purpose: Purpose, token: str, max_age: timedelta | None = None) -> tuple[int, ...]:
        """Return the numbers of a token.

        With `max_age` only tokens that carry their time are taken. Raises `Damaged` or `Expired`.
        """
        numbers, _ = self.read_with_time(purpose, token, max_age)
        return numbers

    def read_with_time(
        self, purpose: Purpose, token: str, max_age: timedelta | None = None
    ) -> tuple[tuple[int, ...], datetime | None]:
        """Return the numbers of a token and when it was made, where it says so. Raises `Damaged` or `Expired`."""
        if not token or len(token) > _LONGEST or not token.isascii() or not _is_canonical(token):
            raise Damaged(_CUT)
        try:
            if max_age is None and token.count(".") == 1:
                return _read(self._lasting(purpose).unsign(token)), None
            value, made = self._aging(purpose).unsign(token, return_timestamp=True)
        except BadSignature as error:
            raise Damaged(_CUT) from error
        if max_age is not None and clock.now() - made.astimezone(UTC) > max_age:
            raise Expired("This link is too old. Ask for a fresh one.")
        return _read(value), made

    def _aging(self, purpose: Purpose) -> TimestampSigner:
        return TimestampSigner(
            self._keys, salt=f"newsletter.{purpose}", key_derivation="hmac", digest_method=sha256
        )

    def _lasting(self, purpose: Purpose) -> _Signer:
        salt = f"newsletter.{purpose}.lasting"
        return _Signer(self._keys, salt)


def _is_canonical(token: str) -> bool:
    """Tell whether the signature is spelled as we spell it: its last letter has bits to spare, so others read alike."""
    signature = token.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False


def _write(numbers: Sequence[int]) -> str:
    if min(numbers, default=0) < 0:
        raise ValueError(f"a token carries no negative number such as {min(numbers)}")
    return "-".join([f"{number:x}" for number in numbers])


def _read(value: bytes) -> tuple[int, ...]:
    try:
        return tuple(int(part, 16) for part in value.decode("ascii").split("-"))
    except ValueError as error:  # signed by us, so never seen; a key shared with another program could do it
        raise Damaged("This link holds something that is not ours.") from error
