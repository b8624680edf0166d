"""`migrate` and `revise`: the shape of the tables."""

import click
from flask import current_app
from flask_migrate import migrate as write_migration

from newsletter.cli.root import inside


@click.command("migrate")
@inside
def migrate() -> None:
    """Bring the database to the present shape. Every command does so by itself."""
    click.echo("The database is in its present shape.")


@click.command("revise", hidden=True)
@click.argument("message")
@inside
def revise(message: str) -> None:
    """Write a migration from what the tables say now; for developers. Read it before you commit it."""
    folder = current_app.extensions["migrate"].directory
    write_migration(directory=folder, message=message)


COMMANDS = (migrate, revise)
