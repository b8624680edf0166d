"""How two spellings of one address are told to be the same."""

from newsletter.errors import Invalid


def address_key(address: str) -> str:
    """Return what an address is compared by: case folded, its domain in A-labels. Raises `Invalid`."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        raise Invalid(f"“{address}” is no mail address. Write one such as dora@example.org.", "address")
    return f"{local.casefold()}@{_a_label(domain)}"


def _a_label(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:  # no name that DNS could hold: it is compared as it stands
        return domain.casefold()
