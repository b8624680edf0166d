"""What is held off at the door: too many tries from one place, and forms that another site sends in somebody's name."""

from ipaddress import IPv6Address, ip_address

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from newsletter import settings

_HOUSEHOLD = 64
"""So many bits of an IPv6 address name the place; whoever is there draws the rest as they like (RFC 8981)."""


def network() -> str:
    """Return where a request comes from, as limits count it: an IPv4 address, or the network of an IPv6 address."""
    place = get_remote_address()
    try:
        address = ip_address(place.partition("%")[0])
    except ValueError:
        return place
    if not isinstance(address, IPv6Address) or address.ipv4_mapped:
        return place
    return f"{IPv6Address(int(address) >> (128 - _HOUSEHOLD) << (128 - _HOUSEHOLD))}/{_HOUSEHOLD}"


limiter = Limiter(network, default_limits=[], headers_enabled=True)
"""Limits for single doors: `@frame.limiter.limit("20/hour")`. Off where RATE_LIMITS says so."""
csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Set both as the environment wants them."""
    environment = settings.environment()
    app.config.setdefault("RATELIMIT_ENABLED", environment.rate_limits)
    app.config.setdefault("RATELIMIT_STORAGE_URI", environment.redis_url or "memory://")
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)  # a broker that is away closes no door
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a form left open over lunch still works
    limiter.init_app(app)
    csrf.init_app(app)
