"""Web addresses: when two are the same page for a reader, though written differently, and one written short."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_FOLLOWS_READERS = re.compile(
    r"(?:utm_|mc_|pk_|mtm_|ga_)\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|ref|source|usp|_hs\w+"
)
_LANGUAGE = re.compile(r"lang|language|locale|hl|lng|l")
_LANGUAGE_PART = re.compile(r"(?:en|ja|jp)(?:[-_][a-z]{2})?", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"https?://(?:[^/?#@:]*\.)?(?:example(?:\.(?:com|net|org))?|test|invalid)(?::\d+)?(?:[/?#]|$)",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.\w+$", re.IGNORECASE)


def page_of(address: str) -> str:
    """Return what is the same for all ways to write a page's address.

    Scheme, `www.`, slashes at the end, the fragment, what follows readers about (`utm_source`), and the language, in
    the path or the query, make no difference; whatever else the query says does.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return address
    if not host:
        return address
    path = _INDEX.sub("/", unquote(parts.path))
    steps = [step for step in path.split("/") if step and not _LANGUAGE_PART.fullmatch(step)]
    return f"{host}{port}/{'/'.join(steps)}?{_asked(parts.query)}"


def _asked(query: str) -> str:
    pairs = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _FOLLOWS_READERS.fullmatch(name.casefold()) and not _LANGUAGE.fullmatch(name.casefold())
    ]
    return urlencode(sorted(pairs))


def is_an_example(address: str) -> bool:
    """Tell whether an address is one that documents write and nobody can own (RFC 2606)."""
    return _EXAMPLE.match(address) is not None


def short_address(address: str) -> str:
    """Write an address so that it can be read in a sentence."""
    bare = unquote(address).removeprefix("https://").removeprefix("http://").rstrip("/")
    return bare if len(bare) <= 70 else f"{bare[:48]}…{bare[-20:]}"  # noqa: PLR2004
