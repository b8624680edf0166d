"""The first start: whoever can read the console becomes the owner."""

import base64
import hmac
import secrets
from hashlib import sha256

from sqlalchemy import select

from newsletter import clock
from newsletter.accounts.people import add
from newsletter.accounts.tables import Role, User
from newsletter.database import db
from newsletter.errors import Conflict, Invalid
from newsletter.settings import environment

_PURPOSE = b"newsletter.set-up"


def is_set_up() -> bool:
    """Tell whether anybody is there who may sign in."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def setup_code() -> str:
    """Return the code that the console shows at the first start, such as `k3wm-7xqa-p2dn`; useless afterwards."""
    key = environment().secret_keys[0].encode()
    letters = base64.b32encode(hmac.digest(key, _PURPOSE, sha256)).decode().lower()
    return "-".join((letters[0:4], letters[4:8], letters[8:12]))


def set_up_owner(code: str, email: str, password: str, *, name: str = "", language: str = "en") -> User:
    """Make the first owner. Raises `Conflict` when somebody is there already, `Invalid` for what was mistyped."""
    if is_set_up():
        raise Conflict(
            "This installation has its owner already. Sign in, or ask the owner for an invitation."
        )
    if not secrets.compare_digest(_plain(code), _plain(setup_code())):
        raise Invalid(
            "That is not the set-up code. The console shows it at the start of the service.", "code"
        )
    owner = add(email, Role.OWNER, password, name=name, language=language)
    owner.signed_in_at = clock.now()
    return owner


def _plain(code: str) -> bytes:
    return "".join(sign for sign in code.lower() if sign.isalnum()).encode()
