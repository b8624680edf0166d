"""What this process was started with. `newsletter.app` binds it once; everything below asks here."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.errors import Misconfigured
from newsletter.tokens import Tokens


@dataclass(frozen=True)
class Environment:
    """The environment variables of the contract with the outside, read and checked.

    `catches_mail` says that mail goes to the built-in inbox instead of out into the world; `smtp_urls` then holds the
    inbox's own address once it is open.
    """

    base_url: str
    secret_keys: tuple[str, ...]
    data_dir: Path
    database_url: str
    redis_url: str | None
    smtp_urls: tuple[str, ...]
    catches_mail: bool
    rate_limits: bool
    host: str
    port: int

    @property
    def embedded(self) -> bool:
        """Tell whether the worker lives in this process, without Redis."""
        return self.redis_url is None

    @property
    def domain(self) -> str:
        """The host name of this installation's address."""
        return urlsplit(self.base_url).hostname or "localhost"


_bound: Environment | None = None


def bind(environment: Environment) -> None:
    """Make `environment` the one that this process works in."""
    global _bound  # noqa: PLW0603 - one process is one installation
    _bound = environment


def environment() -> Environment:
    """Return the environment this process works in. Raises `Misconfigured` before it is bound."""
    if _bound is None:
        raise Misconfigured(
            "the application was not put together yet; start it through newsletter.app.", "environment"
        )
    return _bound


def tokens() -> Tokens:
    """Return the maker and reader of this installation's signed links."""
    return _tokens(environment().secret_keys)


@lru_cache(maxsize=4)
def _tokens(secret_keys: tuple[str, ...]) -> Tokens:
    return Tokens(secret_keys)


def url(path: str) -> str:
    """Return the public address of a path such as `/issues/`."""
    return environment().base_url.rstrip("/") + path
