"""What servers' replies mean, in plain words: one sentence of a fixed set, so that it can be translated."""

import re

from newsletter.mail.envelope import Reply

_TAKEN = "The server took the message."
_NO_MAILBOX = "There is no such mailbox."
_NO_DOMAIN = "The domain of the address does not exist or takes no mail."
_BAD_ADDRESS = "The receiving server does not take this address."
_FULL = "The mailbox is full."
_TOO_LARGE = "The message is larger than the server takes."
_BUSY = "The server takes no mail at the moment."
_NOT_REACHED = "The receiving server could not be reached."
_LATER = "The server asks to try again later."
_POLICY = "The receiving server's rules refuse the message."

_BY_STATUS = {
    "4.1.1": "The server could not find the mailbox for now.",
    "4.1.2": "The domain of the address could not be looked up.",
    "4.2.1": "The mailbox takes no mail at the moment.",
    "1.0": _BAD_ADDRESS,
    "1.1": _NO_MAILBOX,
    "1.2": _NO_DOMAIN,
    "1.3": "The address is not written as an address.",
    "1.6": "The mailbox has moved and left no new address.",
    "1.10": _NO_DOMAIN,
    "2.0": "The mailbox takes no mail.",
    "2.1": "The mailbox is closed.",
    "2.2": _FULL,
    "2.3": "The message is larger than the mailbox takes.",
    "3.0": _BUSY,
    "3.1": _BUSY,
    "3.2": _BUSY,
    "3.4": _TOO_LARGE,
    "3.5": _BUSY,
    "4.0": _NOT_REACHED,
    "4.1": _NOT_REACHED,
    "4.2": _NOT_REACHED,
    "4.3": _NOT_REACHED,
    "4.4": _NOT_REACHED,
    "4.5": _BUSY,
    "4.6": "The mail went round in a circle.",
    "4.7": "The message waited too long for the receiving server.",
    "6.7": "The address has letters that the server cannot handle.",
}
_BY_CODE = {
    421: "The server is closing the connection.",
    450: "The mailbox cannot take mail at the moment.",
    452: _BUSY,
    550: _BAD_ADDRESS,
    551: _NO_MAILBOX,
    552: _FULL,
    553: _BAD_ADDRESS,
    556: _NO_DOMAIN,
}
_BY_TEXT = (
    (re.compile(r"gr[ea]y-?list", re.IGNORECASE), "The server asks every new sender to try again later."),
    (
        re.compile(
            r"(?:user|recipient|mailbox|account|address)\b[^.;]{0,40}\b(?:unknown|not found|not exist|no longer)"
            r"|(?:unknown|no such) (?:user|recipient|mailbox|address|account)|no mailbox here",
            re.IGNORECASE,
        ),
        _NO_MAILBOX,
    ),
    (re.compile(r"over ?quota|quota exceeded|mailbox (?:is )?full", re.IGNORECASE), _FULL),
    (
        re.compile(r"\bspam\b|content (?:rejected|refused)|\bvirus\b", re.IGNORECASE),
        "The server takes the message for spam.",
    ),
)


def explain(reply: Reply, *, welcome: bool = False) -> str:
    """Return in one plain English sentence what `reply` says to the person who sends; `welcome` as below."""
    if reply.code // 100 == 2:  # noqa: PLR2004 - the first digit of success
        return _TAKEN
    return explain_sender_fault(reply, welcome=welcome) or _by_text(reply) or _by_status(reply)


def _by_text(reply: Reply) -> str | None:
    if detail(reply) in _BY_STATUS:
        return None
    return next((words for pattern, words in _BY_TEXT if pattern.search(reply.text)), None)


def _by_status(reply: Reply) -> str:
    words = (
        _BY_STATUS.get(reply.enhanced or "")
        or _BY_STATUS.get(detail(reply))
        or (None if reply.enhanced else _BY_CODE.get(reply.code))
    )
    if words:
        return words
    if reply.code // 100 == 4:  # noqa: PLR2004 - the first digit of “later”
        return _BY_CODE.get(reply.code, _LATER)
    return _POLICY if detail(reply).startswith("7.") else "The server refused the message."


def detail(reply: Reply) -> str:
    """Return the enhanced status without its class: "1.1" of "5.1.1", or ""."""
    return (reply.enhanced or "").partition(".")[2]


_BLOCKED = "The receiving server blocks the address that this mail comes from."
_RATE = "The receiving server finds that too much mail comes from here at once."
_SPF = "The receiving server finds that SPF does not allow this mail; mend the sender domain's DNS."
_DKIM = "The receiving server finds no good DKIM signature; mend the relay or the sender domain's DNS."
_DMARC = (
    "The receiving server finds that the mail is not authenticated for its sender domain (SPF, DKIM, DMARC)."
)
_PTR = "The receiving server finds no good reverse name (PTR) for the relay's address."
_TLS = "The receiving server wants mail over an encrypted connection."
_SIGN_IN = "The relay wants a user name and password, or does not take those it was given."
_RELAYING = "The relay does not carry mail for this sender or to this domain."
_ENCRYPT = "The relay wants an encrypted connection; write tls=starttls in SMTP_URL."
_WANTS_ENCRYPTION = re.compile(r"\bstarttls\b", re.IGNORECASE)
_SHUT_DOOR = re.compile(r"recipient address rejected: access denied", re.IGNORECASE)
"""How Postfix says at RCPT that a stranger may not send through it, and in the same words that one reader is banned;
with 5.4.1 others say so of an unknown mailbox."""

# What the large receivers say when the sender is at fault; RFC 7372 and 7505, Gmail, Microsoft.
_SENDER_STATUS = {
    "1.7": "The relay does not take the sender's address.",
    "1.8": "The domain of the sender's address does not exist.",
    "7.8": _SIGN_IN,
    "7.20": _DKIM,
    "7.21": _DKIM,
    "7.22": _DKIM,
    "7.23": _SPF,
    "7.24": _SPF,
    "7.25": _PTR,
    "7.26": _DMARC,
    "7.27": _SPF,
    "7.28": _RATE,
    "7.29": _TLS,
    "7.30": _DKIM,
    "7.31": _DMARC,
    "7.32": _DMARC,
    "7.40": _DMARC,
    "7.509": _DMARC,
    "7.511": _BLOCKED,
    "7.515": _DMARC,
    "7.708": _BLOCKED,
    "7.750": _RELAYING,
}
_SENDER_CODE = {530: _SIGN_IN, 534: _SIGN_IN, 535: _SIGN_IN, 538: _SIGN_IN}
_MICROSOFT_BANNED = range(606, 650)
_SENDER_TEXT = (
    (
        re.compile(
            r"spamhaus|spamcop|barracuda|sorbs|proofpoint|\brbls?\b|dnsbl|(?:block|black|deny)[ -]?list"
            r"|listed (?:at|by) |\bS31[45]0\b|\[TSS\d+\]|(?:poor|bad|low) reputation|reputation of (?:your|the) "
            r"|(?:your|the|sending|client)(?: mail)? (?:ip|ips|host|server|network)\b[^.]{0,80}\b(?:blocked|banned|listed)"
            r"|client host\b[^.]{0,80}\bblocked|\bip\b[^.]{0,40}\b(?:blocked|banned)",
            re.IGNORECASE,
        ),
        _BLOCKED,
    ),
    (
        re.compile(
            r"too many (?:messages|connections|mails|emails|concurrent|errors)|unusual(?:ly high)? rate|throttl"
            r"|(?:message|connection|sending|sender|hourly|daily|submission) (?:rate|limit|quota)|rate[ -]limit",
            re.IGNORECASE,
        ),
        _RATE,
    ),
    (re.compile(r"\bdmarc\b|unauthenticated (?:e-?)?mail|not authenticated", re.IGNORECASE), _DMARC),
    (re.compile(r"\bspf\b", re.IGNORECASE), _SPF),
    (re.compile(r"\bdkim\b", re.IGNORECASE), _DKIM),
    (re.compile(r"reverse (?:dns|hostname|name|lookup)|\bptr\b|\brdns\b", re.IGNORECASE), _PTR),
    (
        re.compile(r"authentication (?:is )?required|must (?:be )?authenticate|not logged in", re.IGNORECASE),
        _SIGN_IN,
    ),
    (
        re.compile(
            r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not permitted|not allowed|prohibited)|unable to relay"
            r"|sender (?:address )?(?:rejected|denied|not allowed)|not (?:allowed|permitted|authorized) to (?:relay|send)",
            re.IGNORECASE,
        ),
        _RELAYING,
    ),
)


def explain_sender_fault(reply: Reply, *, welcome: bool = False) -> str | None:
    """Return what is wrong on our side, or None if the reply does not blame the sender.

    A door that is shut is shut to us all, unless we are `welcome`: the relay takes others of our readers.
    """
    if reply.code == 530 and _WANTS_ENCRYPTION.search(reply.text):  # noqa: PLR2004 - 3207, 4
        return _ENCRYPT
    known = _SENDER_STATUS.get(detail(reply)) or _SENDER_CODE.get(reply.code)
    if known:
        return known
    if shuts_the_door(reply):
        return None if welcome else _RELAYING
    subject, _, number = detail(reply).partition(".")
    if subject == "7" and number.isdigit() and int(number) in _MICROSOFT_BANNED:
        return _BLOCKED
    if subject in {"1", "2"}:  # about the mailbox, whatever words it uses
        return None
    return next((words for pattern, words in _SENDER_TEXT if pattern.search(reply.text)), None)


def shuts_the_door(reply: Reply) -> bool:
    """Tell whether a reply leaves open whom the relay turns away: all that we send, or this reader."""
    return detail(reply) == "7.1" and bool(_SHUT_DOOR.search(reply.text))


def is_of_the_relay(reason: str) -> bool:
    """Tell whether a fault of ours is between us and the relay, so that mail to any domain would meet it."""
    return reason in {_SIGN_IN, _RELAYING, _ENCRYPT, _SENDER_STATUS["1.7"], _SENDER_STATUS["1.8"]}
