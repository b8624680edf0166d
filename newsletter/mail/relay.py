"""A relay, as an address such as `smtp://user:secret@relay.example.org:587?tls=starttls` tells it."""

import ipaddress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from newsletter.errors import Invalid, Misconfigured
from newsletter.mail.pace import Pace, read_steps

TLS = Literal["none", "starttls", "implicit"]
Auth = Literal["password", "xoauth2", "oauthbearer"]

_VARIABLE = "SMTP_URL"
_EXAMPLE = "write it as smtp://user:password@relay.example.org:587?tls=starttls"
_BEARER_EXAMPLE = (
    "write it as smtp://letter%40example.org@smtp.example.org:587?auth=xoauth2&token_file=/run/secrets/token"
)
_LIMITS = ("per_second", "per_hour", "per_day")
_OPTIONS = {
    "tls", "verify", "name", "pipelining", "helo", "source", *_LIMITS, "connections", "weight", "warm_up", "warm_up_from",
    "auth", "token_file",
}  # fmt: skip
_PORTS = {"none": 25, "starttls": 587, "implicit": 465}


@dataclass(frozen=True)
class Relay:
    """An SMTP server that mail is handed to.

    `name` is what screens and logs call it and never holds the password. `verify=False` takes any certificate;
    `pipelining=False` is for a server that offers PIPELINING and cannot do it. `helo` is how we introduce ourselves,
    by default the machine's full name or its address; `source` is the address of this machine that we call from. `pace`
    says how fast mail may go through it, `connections` how many may be open at once. Relays with a `weight` share the
    mail in that proportion; those of weight 0 stand by. Where `auth` is not by password, `token_file` holds the token
    that signs in, and somebody else keeps it fresh.
    """

    host: str
    port: int = 25
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: TLS = "none"
    verify: bool = True
    name: str = ""
    pipelining: bool = True
    helo: str | None = None
    source: str | None = None
    pace: Pace = field(default_factory=Pace)
    connections: int | None = None
    weight: int | None = None
    auth: Auth = "password"
    token_file: Path | None = None

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", f"{self.host}:{self.port}")

    @classmethod
    def parse(cls, smtp_url: str) -> "Relay":
        """Return the relay that `smtp_url` tells; raises `Misconfigured` with what to write instead."""
        parts, port = _split(smtp_url.strip())
        options = _options(parts.query)
        tls = _tls(parts, options)
        auth, token_file = _auth(parts, options)
        return cls(
            host=parts.hostname or "",
            port=port or _PORTS[tls],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            verify=_yes(options, "verify"),
            name=options.get("name", ""),
            pipelining=_yes(options, "pipelining"),
            helo=options.get("helo"),
            source=_address(options, "source"),
            pace=_pace(options),
            connections=_number(options, "connections"),
            weight=_number(options, "weight", least=0),
            auth=auth,
            token_file=token_file,
        )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Misconfigured(f"the port or address is not one ({error}); {_EXAMPLE}", _VARIABLE) from error
    if parts.scheme not in {"smtp", "smtps"}:
        raise Misconfigured(f"it must begin with smtp:// or smtps://; {_EXAMPLE}", _VARIABLE)
    if not parts.hostname or any(sign.isspace() for sign in parts.hostname):
        raise Misconfigured(f"it names no server; {_EXAMPLE}", _VARIABLE)
    if parts.path not in {"", "/"}:
        raise Misconfigured(f"“{parts.path}” after the server's name means nothing; {_EXAMPLE}", _VARIABLE)
    if parts.port == 0:
        raise Misconfigured(f"no server listens on port 0; {_EXAMPLE}", _VARIABLE)
    return parts, port


def _options(query: str) -> dict[str, str]:
    options = {key: values[-1] for key, values in parse_qs(query, keep_blank_values=True).items()}
    if unknown := sorted(options.keys() - _OPTIONS):
        known = ", ".join(sorted(_OPTIONS))
        raise Misconfigured(f"the option “{unknown[0]}” is unknown; there are {known}", _VARIABLE)
    if any(sign in value for value in options.values() for sign in "\r\n"):
        raise Misconfigured("an option holds a line break; take it out", _VARIABLE)
    return options


def _auth(parts: SplitResult, options: dict[str, str]) -> tuple[Auth, Path | None]:
    """Say how to sign in, and in which file the token is, if it is by token."""
    auth, token_file = options.get("auth"), options.get("token_file")
    if auth is None and token_file is None:
        if bool(parts.username) != bool(parts.password):
            raise Misconfigured(f"a user name and a password go together; {_EXAMPLE}", _VARIABLE)
        return "password", None
    for way in get_args(Auth)[1:]:
        if auth == way:
            return way, _token_file(parts, token_file or "")
    raise Misconfigured(
        f"a token is told by auth=xoauth2 or auth=oauthbearer, a password by neither; {_BEARER_EXAMPLE}",
        _VARIABLE,
    )


def _token_file(parts: SplitResult, written: str) -> Path:
    if not parts.username or parts.password:
        raise Misconfigured(
            f"a token signs in a user who is named, and stands in place of the password; {_BEARER_EXAMPLE}",
            _VARIABLE,
        )
    if not written.startswith("/"):
        raise Misconfigured(f"token_file must name a file by its whole path; {_BEARER_EXAMPLE}", _VARIABLE)
    return Path(written)


def _tls(parts: SplitResult, options: dict[str, str]) -> TLS:
    """Say how to encrypt; neither password nor token ever travels in the clear unless somebody wrote `tls=none`."""
    written = options.get("tls")
    if parts.scheme == "smtps":
        if written not in {None, "implicit"}:
            raise Misconfigured(f"smtps:// is encrypted from the start; leave out tls={written}", _VARIABLE)
        return "implicit"
    if written == "none" or (written is None and (not parts.username or _is_here(parts.hostname or ""))):
        return "none"
    if written in {"starttls", None}:
        return "starttls"
    if written == "implicit":
        return "implicit"
    raise Misconfigured(f"tls={written} is unknown; write tls=starttls, implicit or none", _VARIABLE)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _yes(options: dict[str, str], option: str) -> bool:
    written = options.get(option, "yes")
    if written not in {"yes", "no"}:
        raise Misconfigured(f"{option}={written} is unknown; write {option}=yes or {option}=no", _VARIABLE)
    return written == "yes"


def _number(options: dict[str, str], option: str, *, least: int = 1) -> int | None:
    written = options.get(option)
    if written is None:
        return None
    if not (written.isascii() and written.isdecimal()) or int(written) < least:
        raise Misconfigured(f"{option}={written} is no number; write one such as {option}=20", _VARIABLE)
    return int(written)


def _address(options: dict[str, str], option: str) -> str | None:
    written = options.get(option)
    if written is None:
        return None
    try:
        return str(ipaddress.ip_address(written))
    except ValueError as error:
        raise Misconfigured(
            f"{option}={written} is no address; write one of this machine, such as {option}=192.0.2.10",
            _VARIABLE,
        ) from error


def _pace(options: dict[str, str]) -> Pace:
    warm_up, begins = options.get("warm_up"), options.get("warm_up_from")
    if bool(warm_up) != bool(begins):
        raise Misconfigured(
            "a warm-up has its steps and its first day; write warm_up=200-500-1000&warm_up_from=2026-11-02",
            _VARIABLE,
        )
    try:
        steps = read_steps(warm_up) if warm_up else ()
        first = date.fromisoformat(begins) if begins else None
    except (Invalid, ValueError) as error:
        raise Misconfigured(
            "a warm-up is written as numbers for its days and a date, warm_up=200-500-1000&warm_up_from=2026-11-02",
            _VARIABLE,
        ) from error
    second, hour, day = (_number(options, option) for option in _LIMITS)
    return Pace(second, hour, day, steps, first)
