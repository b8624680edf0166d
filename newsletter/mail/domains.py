"""Whether a domain takes mail at all, asked of DNS while its reader is still there to mend a slip of the finger.

A no counts only where it is said in so many words. No answer, a slow one, a broken one, or a resolver that knows nobody
outside its own network: then the domain has the benefit of the doubt, and the relay finds out.
"""

import re
from typing import TYPE_CHECKING

from newsletter.later import later
from newsletter.mail.draft import Address

if TYPE_CHECKING:
    from dns import exception, resolver
else:
    exception, resolver = later("dns.exception"), later("dns.resolver")

_PATIENCE = 1.0  # seconds
_MADE_UP = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost|local|internal)$")
"""Names that no public DNS knows as they are used (RFC 2606, 6761): whether mail reaches them the operator knows."""


def takes_no_mail(address: Address) -> bool:
    """Tell whether DNS says plainly that nobody gets mail there: no such name, or a null MX (RFC 7505). Takes seconds at most."""
    domain = address.key.rpartition("@")[2]
    if _MADE_UP.search(domain):
        return False
    try:
        found = resolver.resolve(f"{domain}.", "MX", lifetime=_PATIENCE)
    except resolver.NXDOMAIN:
        return _knows_the_world()
    except (exception.DNSException, OSError):
        return False
    return all(record.exchange.to_text() == "." for record in found)


def _knows_the_world() -> bool:
    """Tell whether the resolver that knows no such name knows any name: in a closed network it may know none."""
    try:
        return bool(resolver.resolve("com.", "NS", lifetime=_PATIENCE))
    except (exception.DNSException, OSError):
        return False
