"""Leaves out NUL, the one letter that PostgreSQL keeps in no text: scanners send it, and so may a mail server's answer."""

import json
import re

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.types.json import set_json_dumps
from psycopg.types.string import StrDumperUnknown

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def teach(connection: "Connection[object]") -> None:
    """Let a connection leave it out of every text and document that is sent over it."""
    connection.adapters.register_dumper(str, _Text)
    set_json_dumps(_document, connection)


class _Text(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", ""))


def _document(value: object) -> str:
    written = json.dumps(value)
    return _NUL.sub(r"\1", written) if r"\u0000" in written else written
