"""Compiling: a draft becomes header lines and quoted-printable bodies with gaps, once for all its readers."""

import base64
import re
from collections.abc import Sequence
from hashlib import sha256

from newsletter.errors import Invalid
from newsletter.mail.draft import Attachment, Draft
from newsletter.mail.encoding import parameter, quoted_printable
from newsletter.mail.headers import list_lines, mailbox, refuse_line_break
from newsletter.mail.marks import Slot, split
from newsletter.mail.template import Gap, How, Template

Parts = list[str | Gap]

_SOFT_BREAK = "=\r\n"
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+\-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def compile(draft: Draft) -> Template:  # noqa: A001 - the verb of the trade
    """Return `draft` as byte literals and slots; raises `Invalid` where a header or mark cannot be written."""
    refuse_line_break(draft.subject, "Subject")
    return Template(split(draft.subject), _joined([*_headers(draft), *_body(draft)]))


def _headers(draft: Draft) -> Parts:
    """Write what is the same for everybody; To, Date, Message-ID and Subject come with each filling."""
    parts: Parts = [mailbox("From", draft.sender)]
    if draft.reply_to:
        parts.append(mailbox("Reply-To", draft.reply_to))
    if draft.list:
        parts += [
            Gap(How.URL, *piece) if isinstance(piece, Slot) else piece for piece in list_lines(draft.list)
        ]
    if draft.automatic:
        parts.append("Auto-Submitted: auto-generated\r\n")
    if draft.list or draft.automatic:
        parts.append("X-Auto-Response-Suppress: All\r\n")
    if not _LANGUAGE.fullmatch(draft.language):
        raise Invalid(f"“{draft.language}” is not a language; it looks like en or ja.", "language")
    parts.append(f"Content-Language: {draft.language}\r\nMIME-Version: 1.0\r\n")
    return parts


def _body(draft: Draft) -> Parts:
    if not draft.attachments:
        return _alternative(draft)
    files: list[Parts] = [[_attachment(attachment)] for attachment in draft.attachments]
    return _multipart("mixed", _boundary(draft, "mixed"), [_alternative(draft), *files])


def _alternative(draft: Draft) -> Parts:
    text = _text_part("plain", draft.text, How.TEXT)
    if not draft.html:
        return text
    both = [text, _text_part("html", draft.html, How.HTML)]
    return _multipart("alternative", _boundary(draft, "alternative"), both)


def _boundary(draft: Draft, kind: str) -> str:
    """Return a boundary that can stand in no body, because quoted-printable has no "=_"."""
    content = f"{kind} {draft.subject} {draft.text} {draft.html}".encode("utf-8", "replace")
    return f"=_{sha256(content).hexdigest()[:24]}"


def _multipart(kind: str, boundary: str, parts: Sequence[Parts]) -> Parts:
    joined: Parts = [f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n']
    for part in parts:
        joined.append(f"\r\n--{boundary}\r\n")
        joined += part
    return [*joined, f"\r\n--{boundary}--\r\n"]


def _text_part(kind: str, content: str, how: How) -> Parts:
    headers = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    )
    return [headers, *_quoted(content if content.endswith("\n") else content + "\n", how)]


def _quoted(content: str, how: How) -> Parts:
    """Write a body so that each gap has lines to itself: a soft break before it and one after."""
    parts: Parts = []
    for piece in split(content):
        if isinstance(piece, Slot):
            parts.append(Gap(how, *piece))
            continue
        literal = quoted_printable(piece)
        if parts:
            literal = _SOFT_BREAK + literal
        parts.append(literal)
    return [
        _broken_softly(part) if isinstance(part, str) and part is not parts[-1] else part for part in parts
    ]


def _broken_softly(literal: str) -> str:
    return literal if not literal or literal.endswith("\r\n") else literal + _SOFT_BREAK


def _attachment(attachment: Attachment) -> str:
    refuse_line_break(attachment.name, "attachment's name")
    if not _MEDIA_TYPE.fullmatch(attachment.media_type):
        raise Invalid(
            f"“{attachment.media_type}” is not a media type; it looks like text/calendar.", "attachment"
        )
    params = dict(attachment.params)
    if attachment.media_type.startswith("text/"):
        params.setdefault("charset", "utf-8")
    return (
        f"Content-Type: {attachment.media_type}{''.join(map(_parameter, params.items()))}\r\n"
        f"Content-Disposition: attachment{parameter('filename', attachment.name)}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(attachment.data).decode().replace("\n", "\r\n")
    )


def _parameter(param: tuple[str, str]) -> str:
    name, value = param
    if not _TOKEN.fullmatch(name):
        raise Invalid(f"“{name}” cannot name a parameter of an attachment.", "attachment")
    return parameter(name, refuse_line_break(value, "attachment's parameter"))


def _joined(parts: Parts) -> Parts:
    """Join neighbouring literals, so that filling has the fewest pieces to put together."""
    joined: Parts = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
