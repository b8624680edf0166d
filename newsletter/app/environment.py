"""From environment variables to a checked `settings.Environment`: a wrong value stops the start with one line."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsletter import mail
from newsletter.errors import Misconfigured
from newsletter.settings import Environment

_HIGHEST_PORT = 65_535
_SHORTEST_KEY = 16


def read_environment(config: Mapping[str, Any]) -> Environment:
    """Check the configuration's values and return what the domain needs of them. Raises `Misconfigured`."""
    data_dir = _data_dir(str(config["DATA_DIR"]))
    redis_url = _redis_url(str(config["REDIS_URL"]))
    smtp_urls = _smtp_urls(str(config["SMTP_URL"]), needed=redis_url is not None)
    host, port = str(config["HOST"]), _port(str(config["PORT"]))
    return Environment(
        base_url=_base_url(str(config["BASE_URL"]), host, port),
        secret_keys=_secret_keys(str(config["SECRET_KEY"]), data_dir, needed=redis_url is not None),
        data_dir=data_dir,
        database_url=_database_url(str(config["DATABASE_URL"]), data_dir),
        redis_url=redis_url,
        smtp_urls=smtp_urls,
        catches_mail=not smtp_urls,
        rate_limits=_switch(str(config["RATE_LIMITS"])),
        host=host,
        port=port,
    )


def _data_dir(value: str) -> Path:
    folder = Path(value or "var").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"the folder {folder} cannot be made ({error.strerror}).", "DATA_DIR") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misconfigured(
            f"the folder {folder} cannot be written to; choose another or mend its rights.", "DATA_DIR"
        )
    return folder


def _redis_url(value: str) -> str | None:
    if not value:
        return None
    if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise Misconfigured("it must begin with redis://, rediss:// or unix://.", "REDIS_URL")
    return value


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) <= _HIGHEST_PORT:
        raise Misconfigured(f"“{value}” is no port; give a number from 1 to {_HIGHEST_PORT}.", "PORT")
    return int(value)


def _base_url(value: str, host: str, port: int) -> str:
    if not value:
        return f"http://{'localhost' if host in {'127.0.0.1', '0.0.0.0', '::'} else host}:{port}"  # noqa: S104
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise Misconfigured(
            f"“{value}” is no web address; write one such as https://news.example.org.", "BASE_URL"
        )
    return value.rstrip("/")


def _secret_keys(value: str, data_dir: Path, *, needed: bool) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if any(len(key) < _SHORTEST_KEY for key in keys):
        raise Misconfigured(
            f"a key is shorter than {_SHORTEST_KEY} characters; make one of 32 or more.", "SECRET_KEY"
        )
    if keys:
        return keys
    if needed:
        raise Misconfigured(
            "it is not set; every process of an installation needs the same one.", "SECRET_KEY"
        )
    return (_own_key(data_dir / "secret_key"),)


def _own_key(path: Path) -> str:
    """Return the key kept in the data folder, made on first use; two processes at once end up with the same one."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written ({error.strerror}).", "DATA_DIR") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _database_url(value: str, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{data_dir / 'newsletter.sqlite3'}"
    scheme, _, rest = value.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest:
        return value
    raise Misconfigured("it must begin with postgresql:// or sqlite:///.", "DATABASE_URL")


def _smtp_urls(value: str, *, needed: bool) -> tuple[str, ...]:
    urls = tuple(url.strip() for url in value.split(",") if url.strip())
    names = [mail.Relay.parse(url).name for url in urls]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Misconfigured(
            f"two relays are called {twice}; add name= to tell them apart, such as name=second.", "SMTP_URL"
        )
    if needed and not urls:
        raise Misconfigured("it is not set; the built-in inbox works without Redis only.", "SMTP_URL")
    return urls


def _switch(value: str) -> bool:
    if value.lower() not in {"on", "off"}:
        raise Misconfigured(f"“{value}” is neither on nor off.", "RATE_LIMITS")
    return value.lower() == "on"
