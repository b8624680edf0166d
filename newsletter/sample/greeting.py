"""What the console says at start: the address, and how to get in."""

import hmac
from hashlib import sha256

from newsletter import accounts, settings
from newsletter.database import db
from newsletter.errors import NewsletterError
from newsletter.sample.fill import fill

_OWNER = "owner@example.org"


def greet(*, sample: bool) -> str:
    """Fill an empty installation if asked to, and return the lines that tell how to get in."""
    if sample and not settings.is_established() and not accounts.is_set_up():
        accounts.add(_OWNER, accounts.Role.OWNER, password=_password(), name="Sample Owner")
        fill()
        db.session.commit()
    environment = settings.environment()
    lines = [f"Newsletter at {environment.base_url}/"]
    if not accounts.is_set_up():
        lines.append(
            f"Begin at     {environment.base_url}/dashboard/ with the set-up code {accounts.setup_code()}"
        )
    elif _sample_owner_is_here():
        lines.append(f"Sign in at   {environment.base_url}/dashboard/ as {_OWNER} with {_password()}")
    else:
        lines.append(f"Dashboard at {environment.base_url}/dashboard/")
    if environment.catches_mail:
        lines.append(f"Mail is caught: read it at {environment.base_url}/dashboard/inbox")
    return "\n".join(lines)


def _password() -> str:
    """Return the sample owner's password: the same at every start, another on every installation."""
    key = settings.environment().secret_keys[-1].encode()
    return hmac.new(key, b"sample owner", sha256).hexdigest()[:12]


def _sample_owner_is_here() -> bool:
    try:
        accounts.sign_in(_OWNER, _password())
    except NewsletterError:
        return False
    finally:
        db.session.rollback()  # looking is no sign-in
    return True
