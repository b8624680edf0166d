"""Header lines, folded here and nowhere else.

Python's own policy turns a long List-Unsubscribe into encoded-words, which no receiver reads; so the list headers are
written as they stand and folded only before ` <`.
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from unicodedata import category
from urllib.parse import quote

from newsletter.errors import Invalid
from newsletter.mail.draft import Address, ListHeaders
from newsletter.mail.encoding import LINE, ascii_domain, encoded_words, is_plain, phrase, wire_address
from newsletter.mail.marks import Slot, split

LONGEST_LINE = 998
LONGEST_VALUE = 256
"""How many octets a value may take in a list header, so that no line grows too long whatever comes."""

_URL_SAFE = ":/?#[]@!$&'()*+,;=-._~%"
_HOST = re.compile(r"(https?://)([^/?#:]+)", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<?([!-;=?-~]+@[!-;=?-~]+)>?")
_LIST_ID = re.compile(r"[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+")

Pieces = list[str | Slot]


def is_one_line(text: str) -> bool:
    """Tell whether a text may stand in the head of a message: on one line, without control characters or half a letter."""
    return not any(category(sign) in {"Cc", "Zl", "Zp", "Cs"} for sign in text)


def refuse_line_break(value: str, header: str) -> str:
    """Return `value`, unless it would begin a header line of its own."""
    if "\n" in value or "\r" in value:
        raise Invalid(f"The {header} holds a line break; write it on one line.", header)
    return value


def unstructured(header: str, text: str) -> str:
    """Return a header of free text, with its final CRLF."""
    refuse_line_break(text, header)
    if is_plain(text):
        if len(header) + 2 + len(text) <= LINE:
            return f"{header}: {text}\r\n"
        if max(map(len, text.split(" "))) < LINE - len(header) - 2:
            return _folded(f"{header}: {text}")
    return f"{header}: {encoded_words(text, len(header) + 2)}\r\n"


def _folded(line: str) -> str:
    """Fold a plain header at its spaces; each word fits a line."""
    lines, start = [], 0
    while len(line) - start > LINE:
        end = line.rindex(" ", start + 1, start + LINE + 1)
        lines.append(line[start:end])
        start = end
    return "\r\n".join([*lines, line[start:]]) + "\r\n"


def mailbox(header: str, address: Address) -> str:
    """Return a header of one address with its name, with its final CRLF."""
    refuse_line_break(address.name, header)
    taken = len(header) + len(": ")
    email = f"<{wire_address(address.email)}>"
    if not address.name:
        return f"{header}: {email}\r\n"
    name = phrase(address.name, taken)
    last = len(name) - name.rfind("\n") - 1 if "\n" in name else taken + len(name)
    gap = " " if last + 1 + len(email) <= LINE else "\r\n "
    return f"{header}: {name}{gap}{email}\r\n"


def date_line(date: datetime) -> str:
    """Return the Date header, in UTC."""
    return _date_line(int(date.timestamp()))


@lru_cache(64)
def _date_line(second: int) -> str:
    """Write a date once for all messages of one second."""
    return f"Date: {format_datetime(datetime.fromtimestamp(second, UTC))}\r\n"


def message_id_line(message_id: str) -> str:
    """Return the Message-ID header; the angle brackets may be there or not."""
    found = _MESSAGE_ID.fullmatch(message_id)
    if not found or len(message_id) > LONGEST_LINE - LINE:
        raise Invalid(
            f"“{message_id}” is not a message id; it looks like <something@example.org>.", "message_id"
        )
    return f"Message-ID: <{found[1]}>\r\n"


def write_url_value(value: str) -> str:
    """Return a personal value for a list header's URL, percent-encoded where needed; raises `Invalid` if empty."""
    refuse_line_break(value, "list header")
    if not value:
        raise Invalid("A list header's link has no value for this reader; nobody could unsubscribe by it.")
    written = quote(value, safe=_URL_SAFE, errors="replace")
    if len(written) > LONGEST_VALUE:
        raise Invalid(f"A value of {len(written)} octets is too long for a list header's link.")
    return written


def list_lines(headers: ListHeaders) -> Pieces:
    """Return the headers that make list mail, as literals and slots, with their CRLFs."""
    pieces: Pieces = [_list_id(headers)]
    pieces += _linked("List-Unsubscribe", headers.unsubscribe_url, headers.unsubscribe_mailto)
    pieces.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    pieces.append(_list_post(headers.post))
    pieces += _linked("List-Help", headers.help_url)
    pieces += _linked("List-Owner", headers.owner)
    if headers.archive_url:
        pieces += _linked("List-Archive", headers.archive_url)
    pieces += _line(
        "Feedback-ID", ["Feedback-ID: ", *_ascii_pieces("Feedback-ID", headers.feedback_id), "\r\n"]
    )
    if headers.cfbl_address:
        pieces.append(f"CFBL-Address: {wire_address(headers.cfbl_address)}; report=arf\r\n")
    pieces.append("Precedence: list\r\n")
    return pieces


def _list_id(headers: ListHeaders) -> str:
    """Write `Name <slug.domain>`; list headers hold no encoded-words, so a name in other letters is left out."""
    list_id = ascii_domain(refuse_line_break(headers.list_id, "List-Id"))
    if not _LIST_ID.fullmatch(list_id):
        raise Invalid(f"“{headers.list_id}” is not a list id; it looks like letter.example.org.", "List-Id")
    name = refuse_line_break(headers.name, "List-Id")
    if not is_plain(name) or len(name) > LINE:
        return f"List-Id: <{list_id}>\r\n"
    return _within("List-Id", f"List-Id: {phrase(name, 0)} <{list_id}>\r\n")


def _list_post(post: str) -> str:
    return "List-Post: NO\r\n" if post == "NO" else f"List-Post: <{_target(post)}>\r\n"


def _linked(header: str, *targets: str | None) -> Pieces:
    """Write `Header: <one>,CRLF <two>`."""
    pieces: Pieces = [f"{header}: "]
    for number, target in enumerate(target for target in targets if target):
        pieces.append(",\r\n <" if number else "<")
        pieces += _ascii_pieces(header, _target(target))
        pieces.append(">")
    return _line(header, [*pieces, "\r\n"])


def _target(target: str) -> str:
    """Return a URL, making one of a plain mail address."""
    if ":" in target.partition("@")[0]:
        return target
    return f"mailto:{wire_address(target)}" if "@" in target else target


def _ascii_pieces(header: str, text: str) -> Pieces:
    refuse_line_break(text, header)
    text = _HOST.sub(lambda found: found[1] + ascii_domain(found[2]), text, count=1)
    return [
        piece if isinstance(piece, Slot) else quote(piece, safe=_URL_SAFE, errors="replace")
        for piece in split(text)
    ]


def _line(header: str, pieces: Pieces) -> Pieces:
    for line in "".join("x" * LONGEST_VALUE if isinstance(piece, Slot) else piece for piece in pieces).split(
        "\r\n"
    ):
        _within(header, line)
    return pieces


def _within(header: str, line: str) -> str:
    if len(line) > LONGEST_LINE:
        raise Invalid(f"The {header} is too long for one line of mail; shorten it.", header)
    return line
