"""Finds in free text whom a bounce is about, and the words that speak of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from newsletter.mail.reports.opening import addresses
from newsletter.mail.reports.wording import plain

ADDRESS = re.compile(
    r"(?<![\w.+/=-])([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})", re.ASCII
)
_PREFIX = re.compile(r"^(?:3D|SMTP[=:]|rfc822;)", re.IGNORECASE)
_HEADER_LINE = re.compile(
    r"^[\s>]*(?:from|to|cc|bcc|reply-to|sender|message-id|subject|subj|date|sent)\s*:", re.IGNORECASE
)
_TO_LINE = re.compile(r"^[\s>]*(?:to|recipient|addressed to)\s*:\s*(.{3,300})", re.IGNORECASE)
_MADE_FROM = re.compile(r"\(\s*(?:ultimately )?generated from\s+(\S{3,320}?)\)", re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"""^\W*(?:
        (?:-+\s*)?(?:below\s+this\s+line\s+is|this\s+is\s+a\s+copy|the\s+following\s+is\s+a\s+copy|original\s+message|old\s+message
        |returned\s+message|unsent\s+message|message\s+(?:header|text|contents)|the\s+header\s+of\s+the\s+original|headers?\s+follow
        |start\s+of\s+(?:returned|forwarded)|here\s+is\s+(?:a\s+copy|your)|copy\s+of\s+(?:the|your)\s+(?:original|message)
        |included\s+(?:is|below)|enclosed\s+is|the\s+(?:text|body|original\s+message)\s+(?:of\s+your|follows)
        |(?:your\s+)?original\s+(?:mail|message|text)|a\s+copy\s+of\s+(?:the|your)\s+(?:original|message)|forwarded\s+message)
        |received:\s|return-path:\s|x-[\w-]+:\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = re.compile(
    r"^(?:mailer-daemon|mailerdaemon|postmaster|root|abuse|no-?reply|support|help|helpdesk|webmaster|name)@",
    re.IGNORECASE,
)
_NOT_MEANT = re.compile(
    r"""(?: (?<!expanded\ )\bfrom | \bby | \bcontact | mailto: | \bfinger | \bmailing | e-?mail\ at | \bhelp | \bvia | message-id | \bsender
        | \bwrite\ to | \breply\ to | \baddress\ (?:at\ \w+\ )?is | \bsend\ (?:e-?)?mail\ to | \bassistance | \bquestions?,? | \binstead
        | \btry(?:\ sending\ to)? | \bif | \bpostmaster | \bapologies | envelope )[\s:<("'\[]{0,6}$""",
    re.IGNORECASE | re.VERBOSE,
)
_FAILS = re.compile(
    r"fail|could not|can not|unable|undeliver|not (?:\w+ )?deliver|not reach|reject|refus|unknown|no such|not exist|not found|not (?:a )?valid"
    r"|invalid|error|quota|full\b|exceed|sorry|disabled|inactive|unreach|blocked|denied|not match|did not|not recogni|not listed|not known"
    r"|delay|retr|queue|not a known|no user|no mailbox|no account|non existent|problem|returned|unroute|expired|timed out|not accept"
    r"|inconnu|unbekannt|nicht|не |存在|不明|不能|できません|无法|無法|失败|失敗|退信"
)
_BARE_NAMES = re.compile(
    r"following\s+(?:recipients?|address(?:es)?|users?)\b(?:[^\n]{0,300}\n){1,4}?\s{0,3}((?:[ \t]+[\w.+-]{2,40}[ \t\r]*(?:\n|\Z)){1,50})",
    re.IGNORECASE,
)
_BEFORE, _AFTER, _MOST_LINES, _MOST, _LEAD = 4, 8, 400, 100, 40


@dataclass(frozen=True)
class Mention:
    """An address that failed, what was said of it, and what leads to it."""

    address: str
    words: str
    introduction: str


def mentions_in(message: Message, text: str) -> list[Mention]:
    """Return who is said to have failed: those a header names, else those the text does, else whom it was for."""
    lines = text.splitlines()[:_MOST_LINES]
    named = addresses(message, "X-Failed-Recipients")[:_MOST]
    if named:
        return [_named(address, lines) for address in named]
    ours = {address.lower() for address in addresses(message, "To", "Delivered-To", "From", "Sender")}
    told = _before_the_quote(lines)
    return (
        _failed(told, ours)
        or _bare_names(message, text)
        or _made_from(told, ours)
        or _in_to_line(lines, ours)
    )


def _named(address: str, lines: list[str]) -> Mention:
    for number, line in enumerate(lines):
        if address.lower() in line.lower():
            return _mention(address, lines, number)
    return Mention(address, " ".join(lines[:20]), "")


def _mention(address: str, lines: list[str], number: int) -> Mention:
    while number and lines[number].lstrip().startswith(
        "("
    ):  # a note to the line before, such as “expanded from”
        number -= 1
    return Mention(address, _words_after(address, lines, number), _words_before(lines, number))


def _failed(lines: list[str], ours: set[str]) -> list[Mention]:
    found: dict[str, Mention] = {}
    for number, line in enumerate(lines):
        lead = lines[number - 1] if number else ""
        for address in [] if _HEADER_LINE.match(line) else _addresses(line, lead, ours):
            found.setdefault(address.lower(), _mention(address, lines, number))
        if len(found) >= _MOST:
            break
    told = [one for one in found.values() if _FAILS.search(plain(f"{one.introduction} {one.words}"))]
    return told or (list(found.values()) if len(found) == 1 else [])


def _before_the_quote(lines: list[str]) -> list[str]:
    """Return the lines before the copy of our letter; a heading counts only once somebody was named."""
    named = False
    for number, line in enumerate(lines):
        if named and _QUOTE_BEGINS.match(line):
            return lines[:number]
        named = named or "@" in line
    return lines


def _addresses(line: str, lead: str, ours: set[str]) -> Iterator[str]:
    """Return the addresses in a line that may have failed; not ours, and none that is given as advice."""
    for found in ADDRESS.finditer(line[:1000]):
        address = _PREFIX.sub("", found[1]).strip("'.=")
        before = f"{lead[-_LEAD:].strip()} {line[: found.start()]}"[-_LEAD:]
        if not (_NOT_MEANT.search(before) or address.lower() in ours or _NOBODY.match(address)):
            yield address


def _words_before(lines: list[str], number: int) -> str:
    """Return what introduces a line: the paragraph it stands in, else the one before. Headers of our letter say nothing."""
    start = number
    while start > max(0, number - _BEFORE) and lines[start - 1].strip():
        start -= 1
    if start == number:
        start = max(0, number - _BEFORE)
    return _joined(line for line in lines[start:number] if not _HEADER_LINE.match(line))


def _words_after(address: str, lines: list[str], number: int) -> str:
    """Return the line of an address and what follows, up to where the next address has words of its own."""
    words, told = [lines[number]], False
    for line in lines[number + 1 : number + _AFTER]:
        begins = ADDRESS.match(line.strip(" \t<(-*"))
        another = begins is not None and begins[1].lower() != address.lower()
        if another and (told or line.rstrip().endswith(":")):
            break
        told = told or (bool(line.strip()) and not another)
        words.append(line)
    return _joined(words)


def _joined(lines: "Iterator[str] | list[str]") -> str:
    return " ".join(" ".join(lines).split())


def _bare_names(message: Message, text: str) -> list[Mention]:
    """Return names without a domain, as some servers write of their own users."""
    server = next((one.rpartition("@")[2].lower() for one in addresses(message, "From")), "")
    block = _BARE_NAMES.search(text)
    if not server or block is None:
        return []
    words = _joined([text[: block.end()]])
    return [Mention(f"{name}@{server}", words, "") for name in block[1].split()]


def _made_from(lines: list[str], ours: set[str]) -> list[Mention]:
    """Return the address that we wrote to where the one it was forwarded to is hidden."""
    for number, line in enumerate(lines):
        found = _MADE_FROM.search(line)
        if found and ADDRESS.fullmatch(found[1]) and found[1].lower() not in ours:
            return [_mention(found[1], lines, number)]
    return []


def _in_to_line(lines: list[str], ours: set[str]) -> list[Mention]:
    """Return whom the letter was for, where a bounce says only that."""
    introduction = _joined([line for line in lines[:12] if not _HEADER_LINE.match(line)])
    if not _FAILS.search(plain(introduction)):
        return []
    rests = [match[1] for line in lines if (match := _TO_LINE.match(line))]
    to = {address for rest in rests for address in _addresses(rest, "", ours)}
    return [Mention(to.pop(), introduction, "")] if len(to) == 1 else []
