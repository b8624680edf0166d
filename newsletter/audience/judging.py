"""Judging a row of a file: what it says of a person, or the sentence that says what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from newsletter import mail, settings
from newsletter.audience.people import good_name, good_zone
from newsletter.audience.sheets import Row
from newsletter.errors import Invalid
from newsletter.languages import NAMES


@dataclass(frozen=True)
class Incoming:
    """A row that is good: what it says of a subscriber, with nothing where it says nothing."""

    address: mail.Address
    name: str
    language: str
    timezone: str
    topics: frozenset[int]
    fields: dict[str, str]


class Judge:
    """Knows the publication's languages and topics, and reads rows by them."""

    def __init__(self) -> None:
        self._offered = settings.publication().languages
        self._languages = _language_names(self._offered)
        self._topics = _topic_names()

    def read(self, row: Row) -> Incoming:
        """Return what a row says. Raises `Invalid`."""
        if row.error:
            raise Invalid(row.error)
        name, email = row.cells.get("name", ""), row.cells.get("email", "")
        if email.endswith(">"):
            shown, email = parseaddr(email)
            name = name or shown
        if not email:
            raise Invalid("There is no address on this line.", "email")
        return Incoming(
            mail.read_address(email),
            good_name(name),
            self._language(row.cells.get("language", "")),
            good_zone(row.cells.get("timezone", "")),
            self._topics_of(row.cells.get("topics", "")),
            row.fields,
        )

    def _language(self, text: str) -> str:
        if not text:
            return ""
        found = self._languages.get(text.casefold()) or self._languages.get(
            text.casefold().replace("_", "-").split("-")[0]
        )
        if found is None:
            offered = ", ".join(self._offered)
            raise Invalid(
                f"The publication does not appear in “{text}”. Write one of {offered}, or leave it empty."
            )
        return found

    def _topics_of(self, text: str) -> frozenset[int]:
        names = [name.strip() for name in text.replace("；", ";").split(";") if name.strip()]
        unknown = next((name for name in names if name.casefold() not in self._topics), None)
        if unknown:
            raise Invalid(f"There is no topic “{unknown}”. Add it first, or leave it out.")
        return frozenset(self._topics[name.casefold()] for name in names)


def _language_names(offered: Sequence[str]) -> dict[str, str]:
    """Return what people write for each language offered: its code, or its name."""
    return (
        {name: code for code in offered for name in (code, NAMES.get(code, code).casefold())}
        | ({"japanese": "ja"} if "ja" in offered else {})
        | ({"英語": "en"} if "en" in offered else {})
    )


def _topic_names() -> dict[str, int]:
    topics = settings.topics()
    by_title = {title.casefold(): topic.id for topic in topics for title in topic.titles.values()}
    return by_title | {topic.slug.casefold(): topic.id for topic in topics}
