"""Reading messages from files, for whoever wants to know what is in them; changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter import mail
from newsletter.errors import Invalid


@dataclass(frozen=True)
class Reading:
    """What one file says: a report for each recipient it is about, none where it is ordinary mail."""

    file: str
    reports: tuple[mail.Report, ...]

    def as_document(self) -> dict[str, Any]:
        """Return it as other programs read it."""
        return {
            "file": self.file,
            "reports": [
                {
                    "recipient": report.recipient,
                    "action": report.action,
                    "status": report.status,
                    "reply_code": report.reply_code,
                    "kind": str(report.kind),
                    "reason": report.reason,
                    "message_id": report.message_id,
                }
                for report in self.reports
            ],
        }


def read(paths: Iterable[Path]) -> Iterator[Reading]:
    """Read files, and all files in folders, in order. Raises `Invalid` where one cannot be opened."""
    for path in paths:
        for file in (
            sorted(inner for inner in path.rglob("*") if inner.is_file()) if path.is_dir() else (path,)
        ):
            try:
                data = file.read_bytes()
            except OSError as error:
                raise Invalid(f"{file} cannot be read ({error.strerror}).") from error
            yield Reading(str(file), tuple(mail.read_report(data)))
