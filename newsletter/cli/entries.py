"""`entries import`, `entries list`."""

import click

from newsletter import entries as domain
from newsletter.cli.root import answer, inside, json_option
from newsletter.database import db


@click.group("entries")
def entries() -> None:
    """Events, news and analysis."""


@entries.command("import")
@click.argument("source", metavar="FILE|URL")
@click.option("--dry-run", is_flag=True, help="Say what would come in, and write nothing.")
@json_option
@inside
def import_(source: str, dry_run: bool, as_json: bool) -> None:
    """Take in entries from a file or an address. A feed, an .ics calendar or a web page with schema.org data; twice makes no doubles."""
    imported = domain.import_entries(source, dry_run=dry_run, breathe=db.session.commit)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    if as_json:
        answer([one.as_document() for one in imported])
        return
    for one in imported:
        when = one.starts_at or one.dated
        day = f"{when:%Y-%m-%d}" if when else ""
        click.echo(
            f"{one.status:<8} {one.kind:<9} {day:<11}{one.title}{f' ({one.reason})' if one.reason else ''}"
        )
    click.echo(f"{len(imported)} found{', nothing was written' if dry_run else ''}.")


COMMANDS = (entries,)
