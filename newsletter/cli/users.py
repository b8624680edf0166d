"""`users add`, `users list`."""

import sys

import click

from newsletter import accounts
from newsletter.cli.root import answer, inside, json_option
from newsletter.database import db


@click.group("users")
def users() -> None:
    """People who may sign in to the dashboard."""


@users.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([str(role) for role in accounts.Role]), required=True)
@click.option("--name", default="", help="What they are called.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input.")
@json_option
@inside
def add(email: str, role: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Let EMAIL sign in. Without a password they are mailed a link to choose one."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    if password is None:
        user = accounts.invite(email, accounts.Role(role), by=None, name=name)
    else:
        user = accounts.add(email, accounts.Role(role), password=password, name=name)
    db.session.commit()
    if as_json:
        answer({"id": user.id, "email": user.email, "role": str(user.role)})
    elif password:
        click.echo(f"{user.email} may sign in as {user.role}.")
    else:
        click.echo(f"{user.email} is {user.role} and gets a link to choose a password.")


@users.command("list")
@json_option
@inside
def list_(as_json: bool) -> None:
    """Show who may sign in."""
    people = accounts.people()
    if as_json:
        answer([{"id": u.id, "email": u.email, "role": str(u.role), "active": u.active} for u in people])
        return
    for user in people:
        click.echo(f"{user.email}: {user.role}{'' if user.active else ', switched off'}")


COMMANDS = (users,)
