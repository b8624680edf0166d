"""Who publishes: names, addresses, sender, languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Mapped, mapped_column

from newsletter import mail
from newsletter.database import Json, Model, db
from newsletter.errors import Invalid

Texts = Mapping[str, str]
"""A text by language, such as `{"en": "…", "ja": "…"}`."""


@dataclass(frozen=True)
class Support:
    """The call to support the publisher, in one language."""

    title: str
    text: str
    button: str
    url: str


@dataclass(frozen=True)
class Publication:
    """The publisher as readers see it. A text missing in a language is given in the first language."""

    names: Texts = field(default_factory=lambda: {"en": "Newsletter"})
    taglines: Texts = field(default_factory=dict)
    introductions: Texts = field(default_factory=dict)
    postal_addresses: Texts = field(default_factory=dict)
    sender_names: Texts = field(default_factory=dict)
    sender_email: str = "newsletter@localhost.localdomain"
    bounce_domain: str = ""
    contact_email: str = ""
    timezone: str = "Europe/London"
    languages: tuple[str, ...] = ("en", "ja")
    support: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    about_urls: Texts = field(default_factory=dict)
    privacy_html: Texts = field(default_factory=dict)
    test_group: tuple[str, ...] = ()
    """The addresses that tests of issues go to, besides an editor's own."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone that times are written in when nothing else is said."""
        return ZoneInfo(self.timezone)

    def in_language(self, texts: Texts, language: str) -> str:
        """Return the text of a language, or of the first language that has one, or an empty string."""
        for candidate in (language, *self.languages):
            if texts.get(candidate):
                return texts[candidate]
        return next((text for text in texts.values() if text), "")

    def name(self, language: str) -> str:
        """The publisher's name."""
        return self.in_language(self.names, language)

    def tagline(self, language: str) -> str:
        """The one line that says what it is about."""
        return self.in_language(self.taglines, language)

    def introduction(self, language: str) -> str:
        """A short paragraph about the publisher."""
        return self.in_language(self.introductions, language)

    def postal_address(self, language: str) -> str:
        """The postal address, lines parted by line feeds."""
        return self.in_language(self.postal_addresses, language)

    def sender_name(self, language: str) -> str:
        """The name that mail comes from."""
        return self.in_language(self.sender_names, language) or self.name(language)

    def address_lines(self, language: str) -> tuple[str, ...]:
        """Who sends it from where, as it stands at the foot of each mail."""
        lines = (line.strip() for line in self.postal_address(language).splitlines())
        return (self.name(language), *filter(None, lines))

    def sender(self, language: str) -> mail.Address:
        """Whom mail comes from."""
        return mail.Address(self.sender_email, self.sender_name(language))

    @property
    def answers_to(self) -> mail.Address | None:
        """Where answers to its mail go, where that is not the sender."""
        return mail.Address(self.contact_email) if self.contact_email else None

    def about_url(self, language: str) -> str:
        """Where the publisher says who it is; empty where it does not."""
        return self.in_language(self.about_urls, language)

    def privacy(self, language: str) -> str:
        """The publisher's own words on personal data, as safe HTML; empty where there are none."""
        return self.in_language(self.privacy_html, language)

    def support_call(self, language: str) -> Support | None:
        """The call to support the publisher, where one was written."""
        for candidate in (language, *self.languages):
            words = self.support.get(candidate)
            if words and words.get("url"):
                return Support(**{name: words.get(name, "") for name in ("title", "text", "button", "url")})
        return None


MOST_TESTERS = 20
_IN_HEADERS = ("names", "sender_names")
_IN_PAGES = ("taglines", "introductions", "postal_addresses", "about_urls", "privacy_html")
"""The texts of a publication by where they stand; those in pages may run over several lines."""


class _PublicationRow(Model):
    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(Json)


def publication() -> Publication:
    """Return the publication of this installation; a plain one until somebody has said who publishes."""
    row = db.session.get(_PublicationRow, 1)
    db.session.info["publication"] = row  # held, or the session's weak memory asks the database at each call
    return _from_document(row.document) if row else Publication()


def is_established() -> bool:
    """Tell whether somebody has said who publishes."""
    return db.session.get(_PublicationRow, 1) is not None


def change_publication(**changes: Any) -> Publication:
    """Change the named fields of the publication and return it. Raises `Invalid` with the field's name."""
    new = replace(publication(), **changes)
    sender, contact = _address(new.sender_email, "sender_email"), _address(new.contact_email, "contact_email")
    new = replace(new, sender_email=sender, contact_email=contact, bounce_domain=_domain(new.bounce_domain))
    new = replace(new, test_group=_group(new.test_group))
    _check(new)
    _check_texts(new)
    lists: dict[str, Any] = {"languages": list(new.languages), "test_group": list(new.test_group)}
    document = {f.name: getattr(new, f.name) for f in fields(new)} | lists
    row = db.session.get(_PublicationRow, 1)
    if row is None:
        db.session.add(_PublicationRow(id=1, document=document))
    else:
        row.document = document
    db.session.flush()
    return new


def _check(new: Publication) -> None:
    if not new.languages:
        raise Invalid("Choose at least one language.", "languages")
    if not new.in_language(new.names, new.languages[0]).strip():
        raise Invalid("Give the publication a name.", f"names-{new.languages[0]}")
    if new.timezone not in available_timezones():
        raise Invalid(f"“{new.timezone}” is no time zone. Write one such as Asia/Tokyo.", "timezone")
    if not new.sender_email:
        raise Invalid("Give the address that mail comes from, such as letter@example.org.", "sender_email")


def _check_texts(new: Publication) -> None:
    for name in _IN_HEADERS:
        for language, text in getattr(new, name).items():
            if not mail.is_one_line(text):
                raise Invalid(
                    "This stands in the head of every mail. Write it on one line, without control characters.",
                    f"{name}-{language}",
                )
    for name in _IN_PAGES:
        for language, text in getattr(new, name).items():
            if not all(mail.is_one_line(line) for line in re.split(r"[\r\n\t]", text)):
                raise Invalid("Take the control character out of this text.", f"{name}-{language}")


def _group(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses of the test group, each once. Raises `Invalid`."""
    group = tuple(dict.fromkeys(one for text in addresses if (one := _address(text, "test_group"))))
    if len(group) > MOST_TESTERS:
        raise Invalid(
            f"The test group has {len(group)} addresses; {MOST_TESTERS} are the most. Make a list for more.",
            "test_group",
        )
    return group


def _domain(text: str) -> str:
    """Return a domain as mail knows it. It stands in the envelope of every message. Raises `Invalid`."""
    try:
        return mail.read_address(f"bounces@{text.strip()}").email.partition("@")[2] if text.strip() else ""
    except Invalid as error:
        raise Invalid(
            f"“{text}” is no domain for mail. Write one such as bounces.example.org.", "bounce_domain"
        ) from error


def _address(text: str, field: str) -> str:
    try:
        return mail.read_address(text).email if text.strip() else ""
    except Invalid as error:
        raise Invalid(str(error), field) from error


def _from_document(document: dict[str, Any]) -> Publication:
    known = {f.name for f in fields(Publication)}
    values = {name: value for name, value in document.items() if name in known}
    for name in {"languages", "test_group"} & set(values):
        values[name] = tuple(values[name])
    return Publication(**values)
