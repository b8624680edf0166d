"""DKIM's keys: made, read, and what DNS has to say of each so that receivers can check what it signed."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from newsletter.later import later

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
else:
    hashes, serialization = (
        later(f"cryptography.hazmat.primitives.{name}") for name in ("hashes", "serialization")
    )
    ed25519, padding, rsa = (
        later(f"cryptography.hazmat.primitives.asymmetric.{name}") for name in ("ed25519", "padding", "rsa")
    )

_RSA_BITS = 2048
_STRING = 255
"""Octets that one string of a TXT record holds (1035, 3.3)."""


class DkimAlgorithm(StrEnum):
    """What a key signs with, as `k=` of its record says it."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class DkimRecord:
    """What DNS has to say of a key. `public` is its public half in base64."""

    domain: str
    selector: str
    algorithm: DkimAlgorithm
    public: str

    @property
    def name(self) -> str:
        """The name at which it stands."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def value(self) -> str:
        """What stands there, in one piece."""
        return f"v=DKIM1; k={self.algorithm}; p={self.public}"

    @property
    def strings(self) -> tuple[str, ...]:
        """The same, cut into strings as long as a TXT record takes them."""
        return tuple(self.value[start : start + _STRING] for start in range(0, len(self.value), _STRING))


class DkimKey:
    """A private key, and the record by which what it signs is checked; several threads may share it."""

    def __init__(self, record: DkimRecord, private: bytes) -> None:
        self.record = record
        self._sign = _signing(private)

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the canonical headers: of their digest, with either algorithm (6376, 3.7; 8463, 3)."""
        return self._sign(data)


def make_dkim_key(domain: str, selector: str, algorithm: DkimAlgorithm) -> tuple[DkimRecord, bytes]:
    """Make a key; return its record, and its private half (PKCS #8), which nobody else may see."""
    plain = serialization.NoEncryption()
    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    if algorithm is DkimAlgorithm.RSA:
        private = rsa.generate_private_key(65537, _RSA_BITS)
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    else:
        private = ed25519.Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
    kept = private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    return DkimRecord(domain, selector, algorithm, b64encode(public).decode()), kept


def _signing(private: bytes) -> Callable[[bytes], bytes]:
    key = serialization.load_der_private_key(private, None)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return lambda data: key.sign(sha256(data).digest())
    assert isinstance(key, rsa.RSAPrivateKey)
    scheme, digest = padding.PKCS1v15(), hashes.SHA256()
    return lambda data: key.sign(data, scheme, digest)
