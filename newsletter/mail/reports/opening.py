"""Opens what came back: from bytes, however broken, to headers, parts and text that can be asked for without fear.

Only the beginning of a large message is looked at: reports come first, and the copy of our letter last.
"""

import codecs
import html
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from itertools import islice

_MOST_BYTES = 128 * 1024
_MOST_TEXT = 40_000
_MOST_HEADER = 4000
_MOST_PARTS = 100
_BOUNDARY = re.compile(rb"\bboundary\s{0,9}=", re.IGNORECASE)
_NO_TEXT = {
    "unicode-escape",
    "raw-unicode-escape",
    "idna",
    "punycode",
    "undefined",
}  # Python's own, never a mail's
_BREAKS = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d|/?table|/?ul)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(?:style|script|title)\b[^<>]*>[^<]*<", re.IGNORECASE)
_TAG = re.compile(r"<(?![\w.+-]{1,64}@)[^<>]*>")


def opened(data: bytes) -> Message:
    """Return the message in some bytes. Raises `RecursionError` where it is nested beyond all reason."""
    return message_from_bytes(_bearable(data[:_MOST_BYTES]))


def _bearable(data: bytes) -> bytes:
    """Return the data up to where parts are nested beyond all reason, which would take the parser minutes."""
    deep = list(islice(_BOUNDARY.finditer(data), _MOST_PARTS + 1))
    return data[: deep[-1].start()] if len(deep) > _MOST_PARTS else data


def parts(message: Message, *media_types: str) -> Iterator[Message]:
    """Walk the parts of some media types, also within messages that are passed on."""
    for part in message.walk():
        if part.get_content_type() in media_types:
            yield part


def header(message: Message, name: str) -> str:
    """Return one header as people read it; an empty string where it is absent."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(str(value)[:_MOST_HEADER])))
    except (MessageError, LookupError, ValueError):
        return str(value)[:_MOST_HEADER]


def addresses(message: Message, *names: str) -> list[str]:
    """Return the bare addresses in some headers."""
    values = [str(value)[:_MOST_HEADER] for name in names for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(values) if "@" in address]


def text_of(message: Message) -> str:
    """Return what a message says in its own words, without the copy of the letter that a report carries."""
    texts = [decoded(part) for part in _readable(message) if _is_plain(part)]
    if not any(text.strip() for text in texts):
        pages = [part for part in _readable(message) if part.get_content_type() == "text/html"]
        texts = [_without_tags(decoded(part)) for part in pages]
    return "\n".join(texts)[:_MOST_TEXT]


def decoded(part: Message) -> str:
    """Return the text of one part; what cannot be decoded is replaced."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        codec = codecs.lookup(str(part.get_content_charset("utf-8"))).name
        return payload.decode("latin-1" if codec in _NO_TEXT else codec, "replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def source_of(part: Message) -> str:
    """Return the headers and the text of everything inside a part, as it stands."""
    return "\n".join(map(_source, _inner(part))) if part.is_multipart() else decoded(part)


def blocks_of(part: Message) -> list[str]:
    """Return the blocks of a delivery status, whatever the parser made of them."""
    return list(map(_source, _inner(part))) or re.split(r"\n[ \t\r]*\n", decoded(part))


def fields_of(block: str) -> dict[str, str]:
    """Return the fields of one block, unfolded, by lower-case name; the first of each counts."""
    fields: dict[str, str] = {}
    for line in re.sub(r"\r?\n[ \t]+", " ", block).splitlines():
        name, colon, value = line.partition(":")
        if colon and re.fullmatch(r"[\w-]+", name.strip()):
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _inner(part: Message) -> list[Message]:
    """Return the messages in a part. Asked of a part without any, `get_payload` would decode, and may raise."""
    payload = part.get_payload() if part.is_multipart() else []
    return [inner for inner in payload if isinstance(inner, Message)] if isinstance(payload, list) else []


def _readable(message: Message) -> Iterator[Message]:
    if message.get_content_maintype() == "message":
        return
    if message.is_multipart():
        for part in _inner(message):
            yield from _readable(part)
    else:
        yield message


def _is_plain(part: Message) -> bool:
    """Tell whether a part is plain text, or the body of a message whose boundary was lost."""
    return part.get_content_type() == "text/plain" or part.get_content_maintype() == "multipart"


def _source(block: Message) -> str:
    head = "\n".join(f"{name}: {_as_written(value)}" for name, value in block.raw_items())
    body = "" if block.is_multipart() else decoded(block)
    return f"{head}\n\n{body}" if body else head


def _as_written(value: object) -> str:
    """Return a header's octets as UTF-8: what servers say comes in any letters, without an encoding named."""
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _without_tags(page: str) -> str:
    lines = _BREAKS.sub("\n", _HIDDEN.sub("<", page[:_MOST_TEXT]))
    return html.unescape(_TAG.sub(" ", lines)).replace("\xa0", " ")
