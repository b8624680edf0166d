"""What Jinja says of a theme, in plain sentences; where it says something else, in its own words."""

import re

_UNREADABLE = (
    (r"Unexpected end of template\..*to be closed is '(?P<what>\w+)'.*", "“%(what)s” is never closed."),
    (
        r"Encountered unknown tag '(?P<what>\w+)'.*to be closed is '(?P<open>\w+)'.*",
        "“%(what)s” stands where “%(open)s” should be closed.",
    ),
    (
        r"Encountered unknown tag '(?P<what>\w+)'.*",
        "There is no tag “%(what)s”, or nothing that it could close.",
    ),
    (r"No filter named '(?P<what>\w+)'.*", "There is no filter “%(what)s”."),
    (r"No test named '(?P<what>\w+)'.*", "There is no test “%(what)s”."),
    (r"(?:[Ee]xpected .*, got|unexpected) '(?P<what>.+)'", "“%(what)s” stands where something else should."),
    (r"unexpected char '(?P<what>.)'.*", "“%(what)s” stands where something else should."),
    (r"unexpected end of template.*", "The theme ends in the middle of a tag."),
    (r"Missing end of comment tag", "A comment is never closed."),
)
_UNKNOWN = (
    (r"'(?:[\w.]+\.)?(?P<of>\w+) object' has no attribute '(?P<what>\w+)'", "“%(of)s” has no “%(what)s”."),
    (r"'(?P<what>\w+)' is undefined", "There is no “%(what)s”."),
)


def why_unreadable(message: str) -> str:
    """Say why the source of a theme cannot be read, by the message of Jinja's `TemplateSyntaxError`."""
    return _said(_UNREADABLE, message) or f"Jinja cannot read this: {message}"


def why_unknown(message: str) -> str:
    """Say what a theme names that is not there, by the message of Jinja's `UndefinedError`."""
    return _said(_UNKNOWN, message) or f"There is nothing here by this name: {message}."


def _said(sentences: tuple[tuple[str, str], ...], message: str) -> str:
    for pattern, sentence in sentences:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return sentence % found.groupdict()
    return ""
