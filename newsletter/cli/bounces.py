"""`bounces read`: what came back, read from files; writes nothing."""

import json
from pathlib import Path

import click

from newsletter import feedback
from newsletter.cli.root import json_option


@click.group("bounces")
def bounces() -> None:
    """Mail that came back."""


@bounces.command("read")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@json_option
def read(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say who bounced, how and why. Reads messages from files, or from all files in folders; writes nothing."""
    for reading in feedback.read(paths):
        if as_json:
            click.echo(json.dumps(reading.as_document(), ensure_ascii=False))
            continue
        click.echo(f"{reading.file}:")
        for report in reading.reports:
            click.echo(f"  {report.kind}: {report.recipient or 'unknown recipient'}: {report.reason}")
        if not reading.reports:
            click.echo("  no report of a bounce or complaint")


COMMANDS = (bounces,)
