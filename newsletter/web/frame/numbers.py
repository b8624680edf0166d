"""Numbers in addresses and forms: none that is larger than a table can hold, which a database answers with an error."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

_LARGEST = 2**31 - 1


def install(app: Flask) -> None:
    """Let an address with a number that no row can have lead nowhere."""
    app.url_map.converters["int"] = _RowNumber


def number(written: str) -> int:
    """Read a number that somebody typed. Raises `ValueError`, also where no row can have it."""
    read = int(written)
    if abs(read) > _LARGEST:
        raise ValueError(f"{written[:20]} is larger than any number here")
    return read


class _RowNumber(IntegerConverter):
    regex = r"\d{1,10}"

    def __init__(self, addresses: Map, *arguments: Any, **named: Any) -> None:
        super().__init__(addresses, *arguments, **{"max": _LARGEST} | named)
