"""`migrate` and `revise`: the shape of the tables."""

import click
from flask import current_app

from newsletter.cli.root import Workshop, inside, inside_whole


@click.command("migrate")
@inside
def migrate() -> None:
    """Bring the database to the present shape. Every command does so by itself."""
    click.echo("The database is in its present shape.")


@click.command("revise", hidden=True)
@click.argument("message")
@inside_whole
@click.pass_obj
def revise(workshop: Workshop, message: str) -> None:
    """Write a migration from what the tables say now; for developers. Read it before you commit it."""
    workshop.revise(current_app, message)


COMMANDS = (migrate, revise)
