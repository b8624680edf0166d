"""Tables in text files: what spreadsheets write, in any of their dialects, and what is safe to give them.

Knows no database. Reads UTF-8 with or without BOM, UTF-16 with BOM, Shift_JIS, EUC-JP and Western European; commas,
semicolons and tabs; a header in English or Japanese, or none: then the first cell with an @ is the address.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsletter.errors import Invalid

_HEADINGS = {
    "email": "email",
    "e-mail": "email",
    "email address": "email",
    "e-mail address": "email",
    "mail": "email",
    "address": "email",
    "メールアドレス": "email",
    "メール": "email",
    "eメール": "email",
    "name": "name",
    "full name": "name",
    "氏名": "name",
    "名前": "name",
    "お名前": "name",
    "language": "language",
    "lang": "language",
    "言語": "language",
    "timezone": "timezone",
    "time zone": "timezone",
    "time_zone": "timezone",
    "タイムゾーン": "timezone",
    "topics": "topics",
    "topic": "topics",
    "トピック": "topics",
    "関心分野": "topics",
}
_OURS = frozenset({"state", "confirmed_at"})
"""Columns that our own export adds, and that an import leaves aside."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_LONGEST_FIELD = 1000
_MOST_COLUMNS = 500
_HALF_WIDTH = re.compile("[\uff61-\uff9f]{2}")


@dataclass(frozen=True)
class Row:
    """One row of a file: the line it begins on, and its cells by what they mean; or what is wrong with it."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    error: str = ""


def decode(data: bytes) -> str:
    """Return the text of a file in the encoding that fits. Raises `Invalid` for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    if b"\0" in data:
        raise Invalid("This file is no text. Save the table as CSV and try again.", "file")
    readings = [_reading(data, encoding) for encoding in ("utf-8-sig", "cp932", "euc_jp", "cp1252")]
    universal, shift_jis, euc, western = readings
    if shift_jis and euc and _HALF_WIDTH.search(shift_jis):
        shift_jis = None  # what looks like a row of half-width katakana is the other Japanese encoding
    text = next((reading for reading in (universal, shift_jis, euc, western) if reading is not None), None)
    if text is None:
        raise Invalid("The letters of this file are in no known encoding. Save it as CSV in UTF-8.", "file")
    return text


def read_rows(text: str) -> Iterator[Row]:
    """Read the rows of a table, blank ones left out. Raises `Invalid` where no column holds addresses."""
    text = text.removeprefix("\ufeff")
    records = _records(text)
    first = next((record for record in records if not isinstance(record, Row) and any(record[1])), None)
    if first is None:
        return
    headings = _headings(first[1])
    if any("@" in cell for cell in first[1]):  # no header at all
        yield _row(*first, headings)
    for record in records:
        if isinstance(record, Row):
            yield record
        elif any(record[1]):
            yield _row(*record, headings)


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: one that could be gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write rows as lines of CSV."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _reading(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid("This file breaks off in the middle of a letter. Save it again.", "file") from error


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _records(text: str) -> Iterator[tuple[int, list[str]] | Row]:
    """Pair each record with the line it begins on; a record may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    line = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(
                line, error=f"This cannot be read as a table ({error}). Look for a quotation mark left open."
            )
            return
        yield line, [_cell(text) for text in record]
        line = reader.line_num + 1


def _cell(text: str) -> str:
    text = text.strip(" \u3000")
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _headings(record: list[str]) -> list[str]:
    """Return what each column means; our own words for the known ones, the file's for all others."""
    if len(record) > _MOST_COLUMNS:
        raise Invalid(
            f"This table has more than {_MOST_COLUMNS} columns. Leave out those that say nothing.", "file"
        )
    if any("@" in cell for cell in record):
        at = next(n for n, cell in enumerate(record) if "@" in cell)
        rest = next((n for n in range(len(record)) if n != at), None)
        return ["email" if n == at else "name" if n == rest else "" for n in range(len(record))]
    headings = [_HEADINGS.get(cell.casefold(), cell) for cell in record]
    if "email" not in headings:
        raise Invalid("No column is called email. Write “email” above the column with the addresses.", "file")
    return [name if headings.index(name) == n else "" for n, name in enumerate(headings)]


def _row(line: int, record: list[str], headings: list[str]) -> Row:
    cells: dict[str, str] = {}
    fields: dict[str, str] = {}
    for name, cell in zip(headings, record, strict=False):
        if not name or not cell:
            continue
        if name in _MEANT:
            cells[name] = cell
        elif name not in _OURS:
            fields[name] = cell
    too_long = next((name for name, cell in fields.items() if len(cell) > _LONGEST_FIELD), None)
    if too_long:
        return Row(
            line, error=f"The cell under “{too_long}” is longer than {_LONGEST_FIELD} characters. Shorten it."
        )
    return Row(line, cells, fields)


_MEANT = frozenset(_HEADINGS.values())
