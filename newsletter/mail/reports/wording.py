"""Makes a server's words plain, so that phrases are written once and not in every spelling."""

import re

_MOST = 3000
_REPLACED = (
    (re.compile(r"<?[^\s<>\"'(),;:=\[\]]{1,64}@[^\s<>\"'(),;\[\]]{1,250}>?"), " "),
    (re.compile(r"\b(?:remote )?host \S+(?: ?[\[(][^\])]{0,60}[\])])? said:"), " "),
    (re.compile(r"(?:remote host said|while talking to \S+|in reply to (?:the )?[\w ]{3,20} command)"), " "),
    (re.compile(r"\bhost [\w.-]{1,100} ?\[[^\]]{1,60}\]:?"), " "),
    (re.compile(r"can[’'`´]?t\b"), "can not"),
    (re.compile(r"n[’'`´]t\b"), " not"),
    (re.compile(r"\b(?:can)not\b"), "can not"),
    (re.compile(r"\b[245]\d\d[ -](?=\D)|#?\b[245]\.\d{1,3}\.\d{1,3}\b"), " "),
    (re.compile(r"[_\-‐-―*~=|<>\"“”()\[\]]+"), " "),
    (re.compile(r"\be mail"), "email"),
    (re.compile(r"\bmail (?=box)"), "mail"),
    (re.compile(r"\b(?:sending|source|from|originating|your email|your) address\b"), "sender"),
    (re.compile(r"\bip address(?:es)?\b"), "ip"),
    (re.compile(r"[.,](?=\s|$)"), ""),
    (re.compile(r"\s+"), " "),
)


def plain(words: str) -> str:
    """Return words in lower case and one spelling, without addresses, hosts, numbers of replies and marks."""
    text = words[:_MOST].lower()
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    return text.strip()
