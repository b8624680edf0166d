"""`backup` and `restore`: the whole installation in one file that any engine can take back.

A backup is a gzipped tar: `about.json`, then one file of JSON lines for each table. It moves an installation from a laptop
to PostgreSQL as well as it saves one.
"""

import base64
import io
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Table, func, select, text

from newsletter import clock, delivery, settings
from newsletter.cli.bars import counted
from newsletter.cli.root import inside_whole
from newsletter.database import db
from newsletter.errors import Conflict, Invalid

_FORMAT = 1
_CHUNK = 1000


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@inside_whole
def backup(file: Path) -> None:
    """Write everything into FILE (.tar.gz). It holds addresses and the key of all links: keep it as you keep keys."""
    partial = file.with_name(file.name + ".partial")
    try:
        with tarfile.open(partial, "w:gz") as archive:
            _write_all(archive)
        partial.chmod(0o600)
        partial.replace(file)
    except OSError as error:
        raise Invalid(f"{file} cannot be written ({error.strerror}).") from error
    click.echo(f"Everything is in {file} ({file.stat().st_size:,} bytes).")


def _write_all(archive: tarfile.TarFile) -> None:
    tables = _tables()
    about = {
        "format": _FORMAT,
        "made_at": clock.now().isoformat(),
        "schema": _schema(),
        "tables": [table.name for table in tables],
        "secret_keys": settings.environment().secret_keys,
    }
    _add(archive, "about.json", [json.dumps(about)])
    for table in tables:
        total = db.session.scalar(select(func.count()).select_from(table)) or 0
        _add(archive, f"{table.name}.jsonl", counted(table.name, _lines(table), total))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@inside_whole
def restore(file: Path) -> None:
    """Take a backup back into an empty installation. Mail that was on its way waits for you to resume it."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            about = json.loads(_member(archive, "about.json").read())
            _check(about)
            for table in _tables():
                if table.name in about["tables"]:
                    _fill(table, _member(archive, f"{table.name}.jsonl"))
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as error:
        db.session.rollback()
        raise Invalid(f"{file} is no whole backup ({error}). Nothing was changed.") from error
    held = delivery.hold_all("Restored from a backup")
    db.session.commit()
    _key_back(about["secret_keys"])
    click.echo(
        f"Restored from {about['made_at']}. {held} mailings that were under way are paused until you resume them."
    )


def _tables() -> list[Table]:
    return list(db.metadata.sorted_tables)


def _schema() -> str:
    return str(db.session.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _lines(table: Table) -> Iterator[str]:
    for row in db.session.execute(select(table).execution_options(yield_per=_CHUNK)):
        yield json.dumps([_write(value) for value in row], ensure_ascii=False)


def _write(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    for kind, name in ((datetime, "moment"), (date, "date"), (time, "time")):
        if isinstance(value, kind):
            return {name: value.isoformat()}
    return {"json": value} if isinstance(value, dict) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((name, inner),) = value.items()
    readers: dict[str, Callable[[Any], Any]] = {
        "bytes": base64.b64decode,
        "moment": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "json": lambda document: document,
    }
    return readers[name](inner)


def _add(archive: tarfile.TarFile, name: str, lines: Iterator[str] | list[str]) -> None:
    """Add a member; its size must be known before it is written, so large tables pass through a temporary file."""
    with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as file:
        for line in lines:
            file.write(line.encode() + b"\n")
        member = tarfile.TarInfo(name)
        member.size = file.tell()
        file.seek(0)
        archive.addfile(member, file)


def _member(archive: tarfile.TarFile, name: str) -> io.BufferedIOBase:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found  # type: ignore[return-value]  # IO[bytes] reads lines as well


def _check(about: dict[str, Any]) -> None:
    if about.get("format") != _FORMAT:
        raise Invalid("This backup was made by a version that this one does not know.")
    if about["schema"] != _schema():
        raise Conflict(
            f"This backup belongs to version {about['schema']} of the tables, here they are {_schema()}."
        )
    for table in _tables():
        if db.session.execute(select(table).limit(1)).first():
            raise Conflict(
                f"This installation is not empty (table {table.name}). Restore into a new DATA_DIR or database."
            )


def _fill(table: Table, lines: io.BufferedIOBase) -> None:
    names = [column.name for column in table.columns]
    chunk: list[dict[str, Any]] = []
    for line in counted(table.name, lines, None):
        values = json.loads(line)
        if len(values) != len(names):
            raise ValueError(f"{table.name} has {len(values)} columns there and {len(names)} here")
        chunk.append(dict(zip(names, map(_read, values), strict=True)))
        if len(chunk) == _CHUNK:
            db.session.execute(table.insert(), chunk)
            chunk.clear()
    if chunk:
        db.session.execute(table.insert(), chunk)
    _advance(table)


def _advance(table: Table) -> None:
    """Let PostgreSQL count on from the highest number that came in."""
    key = table.autoincrement_column
    if db.engine.dialect.name == "postgresql" and key is not None:
        db.session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), "  # noqa: S608 - our own names
                f"greatest((SELECT max({key.name}) FROM {table.name}), 1))"
            )
        )


def _key_back(keys: list[str]) -> None:
    """Bring back the key that signed the links in the mails; where the environment names another, say what to do."""
    path, present = settings.environment().data_dir / "secret_key", settings.environment().secret_keys
    if path.exists() and path.read_text().strip() == present[0]:
        path.write_text(keys[0])
    elif keys[0] not in present:
        click.echo(
            "Links in mails that went out before, and the keys that sign mail, need the old key: add the first of “secret_keys” in the backup’s about.json "
            "to the end of SECRET_KEY.",
            err=True,
        )


COMMANDS = (backup, restore)
