"""Hard or soft: what a mail server's words, status and action mean together.

The words decide first. A full mailbox is reported as 5.2.2, a filter as 5.7.1, a sender's own fault as 550; none of them says that
the address is bad. Only where the words say nothing is the number believed.
"""

import re

from newsletter.mail.reports.report import ReportKind

_CODE = re.compile(r"(?<![\d.])([245]\d\d)(?![\d.])")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")

_PASSING = re.compile(
    r"""
    over\s?-?quota | quota\s+(exceeded|full|violation) | exceed\w*\s+(\w+\s+){0,4}(quota|storage|limit|allowance|space|size)
    | mailbox\s+(is\s+)?(too\s+)?full | (mail)?box\s+(has\s+)?exceeded | inbox\s+is\s+full | not\s+enough\s+(storage|space|disk)
    | insufficient\s+(system\s+)?(storage|space|disk) | out\s+of\s+(disk\s+)?(space|storage|quota) | disk\s+(is\s+)?full
    | try\s+(again|later) | temporar(y|ily) | greylist | gray-?list | too\s+many\s+(connections|messages|recipients|hops)
    | rate\s+limit | throttl | (time[d]?[\s-]*out) | connection\s+(refused|timed|reset|lost|dropped) | network\s+(is\s+)?unreachable
    | no\s+route\s+to\s+host | host\s+(is\s+)?(down|not\s+reachable|unreachable) | could\s+not\s+connect | unable\s+to\s+connect
    | (message|mail)\s+(size|is\s+too\s+(large|big))|too\s+large|size\s+(limit|exceeds)|message\s+exceeds|exceeds\s+(the\s+)?(maximum|fixed)
    | in\s+use\s+too\s+long | will\s+(be\s+)?retr(y|ied) | resources\s+(temporarily|unavailable) | local\s+error\s+in\s+processing
    | mail\s+loop | loops?\s+back\s+to\s+(myself|me) | expired | retry\s+time(out)? | server\s+(busy|overload)
    | local\s+configuration\s+error | misconfigur
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FILTERED = re.compile(
    r"""
    \bspam\b | \bspammer | junk | unsolicited | blacklist | black\s+list | block\s?-?list | blocklist | \bRBL\b | \bDNSBL\b | spamhaus
    | spamcop | sorbs | barracuda | uribl | surbl | \bvirus | malware | content\s+(filter|reject|denied|restrict|scan) | policy
    | reputation | \bSPF\b | \bDKIM\b | \bDMARC\b | (PTR|reverse\s+dns|rdns) | not\s+authori[sz]ed | authentication\s+required
    | banned | attachment | listed\s+(at|in|on|by) | abuse | (message|mail)\s+(content\s+)?(rejected|refused|blocked|denied)
    | (access|permission)\s+denied | blocked | suspicious | rejected\s+(by|due\s+to|for)\s+(\w+\s+){0,3}(filter|content|reasons) | \bURL\b
    | relay(ing)?\s+(access\s+)?(denied|not\s+(permitted|allowed)|prohibited) | unable\s+to\s+relay | not\s+a\s+relay
    | will\s+not\s+relay | rcpthosts | sender\s+(address\s+)?(rejected|verify|denied|refused) | closed\s+(the\s+)?transmission
    """,
    re.IGNORECASE | re.VERBOSE,
)
_GONE = re.compile(
    r"""
    (user|recipient|mailbox|address|account|addressee|alias|login|adress|rcpt)\W+(\S+\W+){0,4}?
        (unknown|not\s+(found|exist|known|recogni[sz]ed|valid|listed|active|available|here|present)|does\s?n[o']t\s+exist|invalid|disabled
        |inactive|deactivated|suspended|unavailable|discontinued|closed|terminated|deleted|rejected|undeliverable|no\s+longer|expired
        |is\s+not\s+(a|known|in|on|our)|isn't|has\s+been\s+(disabled|closed|deleted|discontinued|suspended))
    | (unknown|invalid|no\s+such|bad|illegal|nonexistent|non-existent|inactive|disabled|unrouteable|unrecogni[sz]ed|undeliverable)
        \W+(\S+\s+){0,3}?(user|recipient|mailbox|address|account|addressee|person|local\s?part|userid|alias|login|destination|rcpt)
    | (no|not\s+a)\s+(such\s+)?(\w+\s+){0,2}(user|mailbox|account|recipient|address)\b | (doesn't|does\s+not)\s+have\s+an?\s+(\S+\s+){0,3}account
    | no\s+mailbox\s+here | not\s+(a\s+)?(valid|known|our|local)\s+(\w+\s+)?(user|mailbox|recipient|address|customer)
    | (host|domain)\s+(name\s+)?(unknown|not\s+found|does\s+not\s+exist|invalid|lookup\s+failed) | unknown\s+host | no\s+such\s+(host|domain)
    | name\s+service\s+error.{0,40}not\s+found | name\s+or\s+service\s+not\s+known | nxdomain | null\s+mx | no\s+mx | cannot\s+find\s+(your|that)
    | unknown\s+recip | recipnotfound | moved | no\s+longer\s+(\w+\s+){0,4}(valid|active|employed|available|works?|with|here|in\s+use|at)
    | account\s+(\S+\s+)?(is|has\s+been|was)\s+(\w+\s+)?(disabled|closed|deleted|cancel|suspend|deactivat|inactive|locked)
    | nie\s+istnieje | nieznany | unbekannt | inconnu | desconocid | 存在しない | 宛先(不明|がありません) | ユーザー?(不明|が見つかりません)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SOFT_SUBJECTS = {"2", "3", "4"}  # mailbox status, mail system, network (3463, 3.3 to 3.5)
_BAD_ADDRESS = {"0", "1", "2", "3", "6", "10"}  # x.1.y that speak of the recipient's address


def reply_code(words: str, status: str) -> int | None:
    """Return the reply code among a server's words, skipping the digits of its status."""
    found = _CODE.search(words.replace(status, " ") if status else words)
    return int(found[1]) if found else None


def status_in(words: str) -> str:
    """Return the enhanced status (3463) among a server's words, or an empty string."""
    found = _STATUS.search(words)
    return found[0] if found else ""


def judge(words: str, status: str, action: str) -> tuple[ReportKind, str]:
    """Return what a report means and why, in plain words."""
    if action in {"delivered", "relayed", "expanded"}:
        return ReportKind.DELIVERED, "It was delivered."
    if action == "delayed":
        return ReportKind.DELAYED, _soft_reason(
            words, "It has not been delivered yet; the server goes on trying."
        )
    told = status_in(words) or status
    if _is_gone(words, told):
        return ReportKind.HARD, _gone_reason(words)
    if _FILTERED.search(words) or told.startswith("5.7."):
        return ReportKind.SOFT, "Refused as unwanted, or for the way it was sent."
    if _PASSING.search(words):
        return ReportKind.SOFT, _soft_reason(words, "It could not be delivered this time.")
    return _by_number(words, told)


def _is_gone(words: str, status: str) -> bool:
    if status.startswith("4.") and not _GONE.search(words):
        return False
    if _explicitly_passing(words):
        return False
    parts = status.split(".")
    bad_address = len(parts) == 3 and parts[0] == "5" and parts[1] == "1" and parts[2] in _BAD_ADDRESS  # noqa: PLR2004
    return bool(_GONE.search(words)) or (bad_address and not _FILTERED.search(words))


def _explicitly_passing(words: str) -> bool:
    """Tell whether a full box is named: some servers say “user unknown or over quota”, more say “account … is over quota”."""
    return bool(
        re.search(
            r"quota|mailbox\s+(is\s+)?full|inbox\s+is\s+full|insufficient\s+(system\s+)?storage",
            words,
            re.IGNORECASE,
        )
    )


def _by_number(words: str, status: str) -> tuple[ReportKind, str]:
    parts = status.split(".")
    if status.startswith("4.") or (len(parts) > 1 and parts[1] in _SOFT_SUBJECTS and parts[1:] != ["2", "1"]):
        return ReportKind.SOFT, "It could not be delivered this time."
    code = reply_code(words, status)
    if code and code // 100 == 4:  # noqa: PLR2004 - the first digit of a reply
        return ReportKind.SOFT, "It could not be delivered this time."
    return ReportKind.HARD, "The mail server refuses this address."


def _gone_reason(words: str) -> str:
    if re.search(
        r"host|domain|nxdomain|\bmx\b|name\s+(or\s+)?service", words, re.IGNORECASE
    ) and not re.search(r"user|mailbox|recipient|account", words, re.IGNORECASE):
        return "The domain takes no mail, or no longer exists."
    return "There is no such mailbox."


def _soft_reason(words: str, otherwise: str) -> str:
    if re.search(r"quota|full|storage|space", words, re.IGNORECASE):
        return "The mailbox is full."
    if re.search(r"too\s+(large|big)|size|exceeds", words, re.IGNORECASE):
        return "The message was too large for this server."
    return otherwise
