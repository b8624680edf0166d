"""Whether a domain takes mail at all, asked of DNS while its reader is still there to mend a slip of the finger.

A no counts only where it is said in so many words. No answer, a slow one, a broken one, or a resolver that knows nobody
outside its own network: then the domain has the benefit of the doubt, and the relay finds out.
"""

import re
import time
from typing import TYPE_CHECKING

from newsletter.later import later
from newsletter.mail.draft import Address

if TYPE_CHECKING:
    from dns import exception, resolver
else:
    exception, resolver = later("dns.exception"), later("dns.resolver")

_PATIENCE = 1.0  # seconds
_REST = 60.0
"""Seconds that a resolver which said nothing is not asked again, so that not every reader waits for it in turn."""
_MADE_UP = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost|local|internal)$")
"""Names that no public DNS knows as they are used (RFC 2606, 6761): whether mail reaches them the operator knows."""


def takes_no_mail(address: Address) -> bool:
    """Tell whether DNS says plainly that nobody gets mail there: no such name, or a null MX (RFC 7505). Takes seconds at most."""
    domain = address.key.rpartition("@")[2]
    if _MADE_UP.search(domain) or time.monotonic() < _silent_until.get(_whom(), 0.0):
        return False
    try:
        found = resolver.resolve(f"{domain}.", "MX", lifetime=_PATIENCE)
    except resolver.NXDOMAIN:
        return _knows_the_world()
    except exception.Timeout:
        _silent_until[_whom()] = time.monotonic() + _REST
        return False
    except (exception.DNSException, OSError):
        return False
    return all(record.exchange.to_text() == "." for record in found)


_silent_until: dict[tuple[object, ...], float] = {}


def _whom() -> tuple[object, ...]:
    """Return which resolver would be asked."""
    try:
        asked = resolver.get_default_resolver()
    except (exception.DNSException, OSError):  # this machine has none
        return ()
    return (*asked.nameservers, asked.port)


def _knows_the_world() -> bool:
    """Tell whether the resolver that knows no such name knows any name: in a closed network it may know none."""
    try:
        return bool(resolver.resolve("com.", "NS", lifetime=_PATIENCE))
    except (exception.DNSException, OSError):
        return False
