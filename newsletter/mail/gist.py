"""What a reply says, without what differs from message to message: so that a thousand replies of one kind are one."""

import re
from functools import lru_cache

_VARIES = re.compile(
    r"""
      <[^<>]*>                                             # addresses and ids in brackets
    | [^\s<>()\[\]"',;:]+@[^\s<>()\[\]"',;:]+              # addresses
    | https?://\S+
    | \b\d{1,3}(?:\.\d{1,3}){3}\b                           # IPv4
    | \b(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\b              # IPv6
    | (?<![\w.])(?=[\w.+/=~-]*\d)(?=[\w.+/=~-]*[a-z])[\w.+/=~-]{6,}(?<![.])   # ids: letters and digits mixed
    | \b\d+\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GAP = "…"
_GAPS = re.compile(r"…(?:[\s.\-_=/]*…)+")
_STATUS = re.compile(r"\d{3}(?:[ -]+[245]\.\d{1,3}\.\d{1,3})?(?![\d.])")
_LONGEST = 160


@lru_cache(512)
def gist(reply: str) -> str:
    """Return a reply in one line with "…" for addresses, hosts' numbers and ids; its code and status stay as they are."""
    found = _STATUS.match(reply)
    head = found[0] if found else ""
    words = " ".join(_VARIES.sub(_GAP, reply[len(head) :]).split())
    words = _GAPS.sub(_GAP, words)
    return f"{head} {words}".strip()[:_LONGEST]
