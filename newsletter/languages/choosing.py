"""Which of the offered languages a reader's browser asks for."""

from collections.abc import Sequence


def choose(accept_language: str, offered: Sequence[str]) -> str:
    """Return the offered language that an Accept-Language header likes best (RFC 9110, 12.5.4).

    Region and script are overlooked: `en-GB` is served `en`. A header that is empty, broken or asks for
    nothing on offer gets the first offered language.
    """
    for tag in _by_liking(accept_language):
        if tag == "*":
            return offered[0]
        if tag in offered:
            return tag
    return offered[0]


def _by_liking(header: str) -> list[str]:
    wishes = [_wish(part) for part in header.split(",")[:32]]
    liked = [(quality, tag) for quality, tag in wishes if tag and quality > 0]
    return [tag for _, tag in sorted(liked, key=lambda wish: -wish[0])]


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    primary = tag.strip().partition("-")[0].lower()
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0, primary
    try:
        return float(value), primary
    except ValueError:
        return 0.0, primary
