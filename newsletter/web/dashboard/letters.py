"""Letters shown on the dashboard: as pages of their own, which can do nothing to the one around them."""

import re

from flask import Response, make_response

_PREVIEW_POLICY = "default-src 'none'; img-src 'self' https: http: data:; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'self'"
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")


def shut_off(html: str) -> Response:
    """Answer with a letter as a page of its own, which can do nothing to the dashboard around it."""
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return answer


def in_scheme(html: str, scheme: str) -> str:
    """Let a mail believe that its reader has a dark or a light screen, whatever the editor's own is."""
    return _DARK.sub("@media all" if scheme == "dark" else "@media not all", html)
