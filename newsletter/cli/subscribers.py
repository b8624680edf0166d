"""`subscribers import`, `subscribers export`."""

import csv
import sys
from dataclasses import asdict
from pathlib import Path

import click

from newsletter import audience
from newsletter.cli.root import answer, inside, json_option, progress
from newsletter.database import db


@click.group("subscribers")
def subscribers() -> None:
    """The people on the lists."""


@subscribers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "slug", required=True, help="The list they come onto.")
@click.option("--confirmed", is_flag=True, help="They have agreed already, and you can show it.")
@json_option
@inside
def import_(file: Path, slug: str, confirmed: bool, as_json: bool) -> None:
    """Take in subscribers from a CSV file (a column email; name, language, timezone, topics) or one address a line."""
    with progress("Importing", None) as done:
        report = audience.import_subscribers(file, slug, confirmed=confirmed, progress=done)
    db.session.commit()
    if as_json:
        answer(asdict(report))
        return
    click.echo(
        f"{report.rows} rows: {report.created} created, {report.updated} updated, {report.skipped} skipped."
    )
    for error in report.errors[:20]:
        click.echo(f"  line {error.line}: {error.reason}")
    if len(report.errors) > 20:  # noqa: PLR2004 - enough to see what is wrong
        click.echo(f"  and {len(report.errors) - 20} more")


@subscribers.command("export")
@click.option("--list", "slug", help="One list; by default all.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; by default standard output."
)
@inside
def export(slug: str | None, output: Path | None) -> None:
    """Write the subscribers as CSV."""
    if output is None:
        csv.writer(sys.stdout).writerows(audience.export_subscribers(slug))
        return
    with output.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(audience.export_subscribers(slug))
    click.echo(f"Written to {output}.")


COMMANDS = (subscribers,)
