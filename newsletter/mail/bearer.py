"""The token that signs in at a relay: a program of the operator's writes a fresh one into a file every hour or so.

Nothing is kept of it: each connection reads the file anew. What the file holds is never shown, also where it is wrong.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from newsletter import clock
from newsletter.errors import Misconfigured
from newsletter.mail.relay import Relay

_VARIABLE = "SMTP_URL"
_LONGEST = 16_384
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # 6750, 2.1


def with_token(relay: Relay) -> Relay:
    """Return the relay with the token that its file holds now as its password. Raises `Misconfigured`."""
    return replace(relay, password=_read(relay.name, relay.token_file)) if relay.token_file else relay


def has_news(relay: Relay, since: datetime) -> bool:
    """Tell whether something was done to the relay's token file after a moment, so that another try is worthwhile."""
    try:
        changed = relay.token_file.stat().st_ctime if relay.token_file else 0.0
    except OSError:
        return False
    return since < datetime.fromtimestamp(changed, UTC) <= clock.now()  # a file server's clock may be ahead


def _read(relay: str, path: Path) -> str:
    try:
        if not path.is_file():  # a pipe would be waited for
            raise Misconfigured(
                f"there is no token file {path} for {relay}; let the token be written there, or mend token_file",
                _VARIABLE,
            )
        with path.open("rb") as file:
            written = file.read(_LONGEST + 1).strip()
    except OSError as error:
        raise Misconfigured(
            f"the token file {path} for {relay} cannot be read ({error.strerror}); let this service read it",
            _VARIABLE,
        ) from error
    if not written:
        raise Misconfigured(
            f"the token file {path} for {relay} is empty; let the token be written there", _VARIABLE
        )
    token = written.decode("ascii", "replace")
    if len(token) > _LONGEST or not _TOKEN.fullmatch(token):
        raise Misconfigured(
            f"the token file {path} for {relay} holds no token, or more than one; let the access token alone be written there",
            _VARIABLE,
        )
    return token
