"""The keys that sign mail by DKIM: made here, shown to DNS, used once the owner says so, and replaced one by one."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock, mail
from newsletter.database import Model, UTCDateTime, db
from newsletter.errors import Conflict, Invalid, Misconfigured, NotFound
from newsletter.settings.sealing import seal, unseal

_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_STILL_NEEDED = timedelta(days=14)
"""How long after its last signature a key's record stays in DNS: as long as that signature is good."""


class KeyState(StrEnum):
    """Where a key stands in its life."""

    NEW = "new"
    IN_USE = "in_use"
    RETIRED = "retired"


class SigningKey(Model):
    """A key of one domain. Its private half is sealed, and never shown."""

    __tablename__ = "signing_keys"
    __table_args__ = (UniqueConstraint("domain", "selector"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(255))
    selector: Mapped[str] = mapped_column(String(63))
    algorithm: Mapped[str] = mapped_column(String(10))
    public: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    standing: Mapped[str | None] = mapped_column(String(10))
    finding: Mapped[str | None] = mapped_column(Text)
    """What DNS said of it when it was asked last, in plain words."""

    @property
    def state(self) -> KeyState:
        """Where it stands in its life."""
        if self.retired_at:
            return KeyState.RETIRED
        return KeyState.IN_USE if self.used_since else KeyState.NEW

    @property
    def record(self) -> mail.DkimRecord:
        """What DNS has to say of it."""
        return mail.DkimRecord(self.domain, self.selector, mail.DkimAlgorithm(self.algorithm), self.public)

    @property
    def is_good(self) -> bool:
        """Whether its record was right when DNS was asked last."""
        return self.standing == mail.Standing.GOOD

    @property
    def opens(self) -> bool:
        """Whether this installation can use it: it was sealed under a SECRET_KEY that is still there."""
        try:
            return bool(unseal(self.sealed))
        except Misconfigured:
            return False

    @property
    def needed_until(self) -> datetime | None:
        """How long its record has to stay in DNS after it was retired; nothing while it is in use, or never was."""
        return self.retired_at + _STILL_NEEDED if self.retired_at and self.used_since else None


class Signers:
    """Who signs for which sender."""

    def __init__(self, by_domain: Mapping[str, mail.Signer]) -> None:
        self._by_domain = by_domain
        self._of: dict[str, mail.Signer | None] = {}

    def of(self, sender_email: str) -> mail.Signer | None:
        """Return the signer of an address's domain, or of the nearest domain above it, as DMARC aligns them; or nobody."""
        if sender_email not in self._of:
            domain = mail.Address(sender_email).key.rpartition("@")[2]
            self._of[sender_email] = self._nearest(domain)
        return self._of[sender_email]

    def _nearest(self, domain: str) -> mail.Signer | None:
        while domain and domain not in self._by_domain:
            domain = domain.partition(".")[2]
        return self._by_domain.get(domain)


def signing_keys() -> list[SigningKey]:
    """Return all keys by domain, the newest first."""
    return list(db.session.scalars(select(SigningKey).order_by(SigningKey.domain, SigningKey.id.desc())))


def signing_key(number: int) -> SigningKey:
    """Return one key. Raises `NotFound`."""
    found = db.session.get(SigningKey, number)
    if found is None:
        raise NotFound("There is no such key.")
    return found


def propose_selector() -> str:
    """Return a name for a new key, by today's date, that no key has yet."""
    today, taken = f"{clock.now():%Y%m%d}", {key.selector for key in signing_keys()}
    candidates = (today, *(f"{today}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
    return next((each for each in candidates if each not in taken), today)


def add_signing_key(domain: str, selector: str, algorithm: str) -> SigningKey:
    """Make a key for a domain; it signs nothing before it is used. Raises `Invalid` with the field's name."""
    domain, selector = _domain(domain), selector.strip().lower()
    if algorithm not in set(mail.DkimAlgorithm):
        raise Invalid("Choose RSA or Ed25519.", "algorithm")
    if not _SELECTOR.fullmatch(selector):
        raise Invalid(
            f"“{selector}” cannot name a key. Use small letters, digits and hyphens, such as 20261013.",
            "selector",
        )
    if db.session.scalar(select(SigningKey.id).filter_by(domain=domain, selector=selector)):
        raise Invalid(f"There is a key “{selector}” of {domain} already. Choose another name.", "selector")
    record, private = mail.make_dkim_key(domain, selector, mail.DkimAlgorithm(algorithm))
    made = SigningKey(
        domain=domain,
        selector=selector,
        algorithm=str(algorithm),
        public=record.public,
        sealed=seal(private),
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def note_finding(number: int, finding: mail.DkimFinding) -> SigningKey:
    """Keep what DNS said of a key. Raises `NotFound`."""
    key = signing_key(number)
    key.checked_at, key.standing, key.finding = clock.now(), str(finding.standing), finding.sentence
    db.session.flush()
    return key


def use_signing_key(number: int, *, unchecked: bool = False) -> list[SigningKey]:
    """Sign with a key from now on, in place of others of its domain and kind; return those, which are retired.

    Raises `Conflict` where its record was not seen in DNS, unless the caller takes it `unchecked`; and `Misconfigured`
    where it cannot be opened.
    """
    key = signing_key(number)
    unseal(key.sealed)
    if not key.is_good and not unchecked:
        raise Conflict(
            "DNS does not say what it has to say of this key yet. Check it again before mail is signed with it."
        )
    before = [other for other in _in_use() if (other.domain, other.algorithm) == (key.domain, key.algorithm)]
    for other in before:
        other.retired_at = None if other is key else clock.now()
    key.used_since, key.retired_at = key.used_since or clock.now(), None
    db.session.flush()
    return [other for other in before if other is not key]


def retire_signing_key(number: int) -> SigningKey:
    """Sign with a key no more; its record stays in DNS while its last mail may be on its way. Raises `NotFound`."""
    key = signing_key(number)
    if key.state is KeyState.IN_USE:
        key.retired_at = clock.now()
        db.session.flush()
    return key


def remove_signing_key(number: int) -> SigningKey:
    """Throw away a key that is not in use, for good. Raises `NotFound` and `Conflict`."""
    key = signing_key(number)
    if key.state is KeyState.IN_USE:
        raise Conflict("Mail is signed with this key. Retire it first.")
    db.session.delete(key)
    db.session.flush()
    return key


def signers() -> Signers:
    """Return who signs now. Raises `Misconfigured` where a key in use cannot be opened: then no mail may leave unsigned."""
    return _signers(tuple((key.record, unseal(key.sealed)) for key in _in_use()))


def _in_use() -> list[SigningKey]:
    return [key for key in signing_keys() if key.state is KeyState.IN_USE]


@lru_cache(4)
def _signers(keys: tuple[tuple[mail.DkimRecord, bytes], ...]) -> Signers:
    """Load keys once a process; RSA first, which every receiver reads."""
    by_domain: dict[str, list[mail.DkimKey]] = {}
    for record, private in sorted(keys, key=lambda key: key[0].algorithm, reverse=True):
        by_domain.setdefault(record.domain, []).append(mail.DkimKey(record, private))
    return Signers({domain: mail.Signer(each) for domain, each in by_domain.items()})


def _domain(text: str) -> str:
    try:
        return mail.read_address(f"letter@{text.strip().rstrip('.')}").key.rpartition("@")[2]
    except Invalid as error:
        raise Invalid(f"“{text}” is no domain for mail. Write one such as example.org.", "domain") from error
