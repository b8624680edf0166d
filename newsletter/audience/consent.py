"""The consent ledger: which words people agreed to, and each time they gave or withdrew their consent."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from newsletter import settings
from newsletter.audience.tables import Action, ConsentRecord, MailingList, Source, Subscriber, Wording
from newsletter.clock import now
from newsletter.database import db, insert
from newsletter.languages import translator


def wording(language: str) -> str:
    """Return the words that a reader agrees to with the subscribe form, to be shown beside its button."""
    t = translator(language)
    return t(
        "We send you a link to confirm. Once you press it, %(publisher)s sends you what you chose by email, "
        "until you leave. One click in any mail is enough.",
        publisher=settings.publication().name(language),
    )


def keep_wording(text: str, language: str) -> int:
    """Return the number under which these words are kept, and keep them where they are new."""
    version = sha256(text.encode()).hexdigest()[:16]
    db.session.execute(
        insert(Wording).values(version=version, language=language, text=text).on_conflict_do_nothing()
    )
    return db.session.scalars(select(Wording.id).where(Wording.version == version)).one()


def record(
    subscriber: Subscriber,
    action: Action,
    source: Source,
    mailing_list: MailingList | None = None,
    *,
    language: str = "",
    wording_id: int | None = None,
    ip: str = "",
    asked_at: datetime | None = None,
    reference: str = "",
) -> None:
    """Add a row to the consent ledger."""
    db.session.add(
        ConsentRecord(
            subscriber_id=subscriber.id,
            address_hash=hash_of(subscriber.address_key),
            list_id=mailing_list.id if mailing_list else None,
            list_slug=mailing_list.slug if mailing_list else "",
            action=action,
            source=source,
            language=language or subscriber.language,
            wording_id=wording_id,
            ip=ip,
            at=now(),
            asked_at=asked_at,
            reference=reference,
        )
    )


def consents(reader: int) -> Sequence[ConsentRecord]:
    """Return what a subscriber agreed to and withdrew, the newest first."""
    query = (
        select(ConsentRecord).where(ConsentRecord.subscriber_id == reader).order_by(ConsentRecord.id.desc())
    )
    return db.session.scalars(query).all()


def hash_of(key: str) -> str:
    """Return the keyed hash of an address, by the newest of the installation's keys."""
    return _fingerprint(key, settings.environment().secret_keys[0])


def hashes_of(key: str) -> list[str]:
    """Return the hashes of an address by all keys, to find what was written before a key was changed."""
    return [_fingerprint(key, secret) for secret in settings.environment().secret_keys]


def _fingerprint(key: str, secret: str) -> str:
    return hmac.new(secret.encode(), key.encode(), sha256).hexdigest()
