"""Whether DNS says of a DKIM key what it has to say, and in plain words what is wrong where it does not."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.later import later
from newsletter.mail.dkim_keys import DkimRecord

if TYPE_CHECKING:
    from dns import exception, resolver
else:
    exception, resolver = later("dns.exception"), later("dns.resolver")

_PATIENCE = 5.0  # seconds


class Standing(StrEnum):
    """How it stands with a key's record."""

    GOOD = "good"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DkimFinding:
    """What DNS said of a key, and one sentence on what to do."""

    standing: Standing
    sentence: str


def check_dkim(record: DkimRecord) -> DkimFinding:
    """Ask DNS for a key's record and compare. Takes seconds where DNS is slow; hold no transaction."""
    try:
        found = _texts(record.name)
        if not found and _texts(f"{record.name}.{record.domain}"):
            return _wrong(
                f"The record stands at {record.name}.{record.domain}: your DNS provider adds the domain by itself. "
                f"Give it the name without the domain."
            )
    except (exception.DNSException, OSError):
        return DkimFinding(
            Standing.UNKNOWN, f"DNS gave no answer about {record.name}. Try again in some minutes."
        )
    return _judged(record, found)


def _texts(name: str) -> list[str]:
    try:
        answer = resolver.resolve(f"{name}.", "TXT", lifetime=_PATIENCE)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    return [b"".join(entry.strings).decode("utf-8", "replace") for entry in answer]


def _judged(record: DkimRecord, found: list[str]) -> DkimFinding:
    if not found:
        return _wrong(
            f"There is no TXT record at {record.name} yet. A new one can take an hour until all the world sees it."
        )
    if len(found) > 1:
        return _wrong(
            f"There are {len(found)} TXT records at {record.name}, and receivers may read any. Leave one."
        )
    problem = _problem(record, found[0])
    return (
        _wrong(problem) if problem else DkimFinding(Standing.GOOD, f"{record.name} says what it has to say.")
    )


def _problem(record: DkimRecord, text: str) -> str:
    """Say what is wrong with what stands there, or nothing."""
    if '"' in text or "\\" in text:
        return f"The record at {record.name} has quotation marks or backslashes within its text. Enter the value without them."
    tags = _tags(text)
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return f"What stands at {record.name} is no DKIM record: it begins with “{text[:20]}”."
    return _problem_of_key(record, tags["p"]) or _problem_of_tags(record, tags)


def _problem_of_key(record: DkimRecord, public: str) -> str:
    if not public:
        return f"The record at {record.name} says that this key was withdrawn: its “p=” is empty."
    if public == record.public:
        return ""
    if record.public.startswith(public):
        return (
            f"The key at {record.name} was cut off after {len(public)} of {len(record.public)} signs. "
            "Enter the value as several strings of at most 255 signs."
        )
    return f"Another key stands at {record.name}. Enter the value as it is shown here."


def _problem_of_tags(record: DkimRecord, tags: dict[str, str]) -> str:
    if tags.get("k", "rsa") != record.algorithm:
        return f"The record at {record.name} names another kind of key; it has to say “k={record.algorithm}”."
    if "sha256" not in tags.get("h", "sha256").split(":"):
        return f"The record at {record.name} does not allow SHA-256. Take its tag “h=” out."
    if not {"*", "email"} & set(tags.get("s", "*").split(":")):
        return f"The record at {record.name} is not for mail. Take its tag “s=” out."
    if "y" in tags.get("t", "").split(":"):
        return f"The record at {record.name} says that it is a test, so receivers pass over signatures. Take “t=y” out."
    return ""


def _tags(text: str) -> dict[str, str]:
    """Read `name=value; …`, without the spaces that may stand anywhere (6376, 3.2)."""
    pairs = (re.sub(r"\s+", "", tag).partition("=") for tag in text.split(";"))
    return {name: value for name, equals, value in pairs if equals}


def _wrong(sentence: str) -> DkimFinding:
    return DkimFinding(Standing.WRONG, sentence)
