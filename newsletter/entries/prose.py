"""Turns the words of foreign sources into ours: decoded, plain, cut where a sentence ends, safe as HTML."""

import codecs
import re
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from newsletter import mail
from newsletter.errors import Invalid
from newsletter.rendering import plain, sanitise

WHAT_LIBRARIES_RAISE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What readers of foreign formats throw at input that their authors did not think of."""

_SUMMARY = 320
_LONGEST_LINE = 400
_TAG = re.compile(r"<(?:/?[a-z][a-z0-9]*\b[^<>]*|!--)>?", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^>]*>|<figure\b[^>]*>\s*</figure>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ADDRESS = re.compile(r"(?<![\"'=>\w])https?://[^\s<>\"'）」、。]+[^\s<>\"'.,;:!?)）」、。]", re.IGNORECASE)


def decode(data: bytes, content_type: str = "") -> str:
    """Return bytes as text: by their mark, as UTF-8, as their sender says, or as Japanese and Western files often are."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    for name in _candidates(data, content_type):
        try:
            text = data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
        if name not in ("cp932", "euc_jp") or _KANA.search(text):
            return text
    return data.decode("cp1252", "replace")


def damaged(error: Exception) -> str:
    """Return the sentence about something that a library could not read."""
    return f"It is damaged ({line(error)[:120]})."


def line(text: object) -> str:
    """Return one line of plain text, whatever HTML or white space it came with; longer ones are cut with an ellipsis."""
    words = " ".join(text_of(text).split())
    return words if len(words) <= _LONGEST_LINE else words[:_LONGEST_LINE].rstrip() + "…"


def mail_address(text: str) -> str:
    """Return a mail address as it is kept; empty where it is none."""
    try:
        return mail.read_address(text).email
    except Invalid:
        return ""


def text_of(text: object) -> str:
    """Return text without tags, entities and control characters."""
    words = _CONTROL.sub("", str(text or ""))
    if _TAG.search(words):
        return plain(words)
    return unescape(words) if "&" in words else words


def html_of(text: str) -> str:
    """Return safe HTML of foreign HTML or plain text, without pictures: those would tell others who reads."""
    text = _CONTROL.sub("", text)
    if not _TAG.search(text):
        paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
        linked = (
            _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', escape(part, quote=False)) for part in paragraphs
        )
        text = "".join("<p>" + part.strip().replace("\n", "<br>") + "</p>" for part in linked if part.strip())
    return _PICTURE.sub("", sanitise(text)).strip()


def summary_and_body(summary: str, body: str = "") -> tuple[str, str]:
    """Part what a source says into a short plain summary and, if there is more to it, a body as safe HTML."""
    short = " ".join(text_of(summary or body).split())
    whole = body or summary
    if len(short) <= _SUMMARY and not body:
        return short, ""
    return cut(short, _SUMMARY), html_of(whole)


def cut(text: str, most: int) -> str:
    """Cut a text where a sentence ends, else where a word ends."""
    if len(text) <= most:
        return text
    head = text[:most]
    end = max(head.rfind(stop) for stop in (". ", "。", "! ", "? ", "！", "？"))
    if end > most // 3:
        return head[: end + 1].strip()
    return (head.rsplit(" ", 1)[0] if " " in head[most // 2 :] else head).rstrip(" ,;:、") + "…"


def language_of(said: object, text: str, offered: tuple[str, ...], assumed: str) -> tuple[str, str]:
    """Return the publication's language that a text is in, and a note if its own is none of them.

    By what its source says, else what the importer chose, else its letters.
    """
    tag = str(said or "").strip().lower().replace("_", "-").split("-")[0]
    if tag in offered:
        return tag, ""
    if assumed:
        return assumed, ""
    guess = _by_letters(text, offered)
    if len(tag) in (2, 3) and tag.isalpha() and tag != "und":
        return guess, f"Its language “{tag}” is none of the publication’s; filed under “{guess}”."
    return guess, ""


def _by_letters(text: str, offered: tuple[str, ...]) -> str:
    if "ja" in offered and (_KANA.search(text) or (_HAN.search(text) and "zh" not in offered)):
        return "ja"
    return next((language for language in offered if language != "ja"), offered[0])


def _candidates(data: bytes, content_type: str) -> list[str]:
    said = re.search(r"charset=[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    names = ["iso2022_jp"] if b"\x1b$" in data[:200_000] else []
    return [*names, "utf-8", *([said[1]] if said else []), "cp932", "euc_jp"]


def web_address(link: object, base: str) -> str:
    """Return a link as a whole web address, or nothing where it is none."""
    try:
        address = urljoin(base, str(link or "").strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.netloc and not any(sign.isspace() for sign in address)
    return address if good else ""
