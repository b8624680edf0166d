"""The links of a finished letter: which there are, and leading them another way.

It reads HTML that a theme has set, where an address stands in quotation marks and no link stands within another.
"""

import re
from collections.abc import Mapping
from html import escape, unescape

from newsletter.rendering.prose import plain

_ANCHOR = re.compile(
    r'(?P<before><a\s[^>]*?\bhref=")(?P<address>[^"]*)(?P<after>"[^>]*>)(?P<inside>.*?)</a>', re.DOTALL
)


def links(html: str) -> dict[str, str]:
    """Return the addresses a letter leads to, in order, each with the words of the first link that has any."""
    found: dict[str, str] = {}
    for anchor in _ANCHOR.finditer(html):
        address = unescape(anchor["address"])
        found[address] = found.get(address) or " ".join(plain(anchor["inside"]).split())
    return found


def relink(html: str, instead: Mapping[str, str]) -> str:
    """Return the letter with other addresses in place of those that `instead` names; the others stay."""

    def lead(anchor: re.Match[str]) -> str:
        address = instead.get(unescape(anchor["address"]))
        if address is None:
            return anchor[0]
        return f"{anchor['before']}{escape(address)}{anchor['after']}{anchor['inside']}</a>"

    return _ANCHOR.sub(lead, html)
