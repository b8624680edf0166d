"""`subscribers import`, `subscribers export`."""

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from newsletter import audience
from newsletter.cli.bars import counted, progress
from newsletter.cli.root import answer, inside, json_option, opened_for_writing
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
    """Take in subscribers from a CSV file. A column email; name, language, timezone, topics if wanted; or one address a line."""
    with progress("Importing", None) as done:
        report = audience.import_subscribers(file, slug, confirmed=confirmed, progress=done)
    db.session.commit()
    if as_json:
        answer(report.as_document())
        return
    click.echo(
        f"{report.rows} rows: {report.created} created, {report.updated} updated, {report.skipped} skipped."
    )
    for error in report.errors[:20]:
        click.echo(f"  line {error.line}: {error.reason}")
    if len(report.errors) > 20:  # noqa: PLR2004 - enough to see what is wrong
        click.echo(f"  and {len(report.errors) - 20} more")


@subscribers.command("export")
@click.option("--list", "slug", help="One list; by default all, with a column that names it.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A file; by default standard output.",
)
@inside
def export(slug: str | None, output: Path | None) -> None:
    """Write the confirmed subscribers as CSV, which an import reads again."""
    rows = audience.export_subscribers(slug) if slug else _of_all_lists()
    if output is None:
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
        return
    with opened_for_writing(output) as file:
        csv.writer(file).writerows(counted("Exporting", rows, None))
    click.echo(f"Written to {output}.")


def _of_all_lists() -> Iterator[list[str]]:
    """Yield the subscribers of each list under one header; a list without some column has empty cells there."""
    slugs = [one.slug for one in audience.lists()]
    heads = [next(iter(audience.export_subscribers(slug))) for slug in slugs]
    columns = list(dict.fromkeys(name for head in heads for name in head))
    yield ["list", *columns]
    for slug, head in zip(slugs, heads, strict=True):
        for row in islice(audience.export_subscribers(slug), 1, None):
            cells = dict(zip(head, row, strict=True))
            yield [slug, *(cells.get(name, "") for name in columns)]


COMMANDS = (subscribers,)
