"""The root command, and what all commands share: the application, answers, errors."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from newsletter import delivery
from newsletter.cli.commands import Commands
from newsletter.errors import Invalid, NewsletterError

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Workshop:
    """What commands are made of; `newsletter.app` hands it in, because it stands above."""

    create_app: Callable[..., Flask]
    migrate: Callable[[Flask], None]
    revise: Callable[[Flask, str], None]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def newsletter() -> None:
    """Run the newsletter from the command line."""


def main(workshop: Workshop) -> NoReturn:
    """Run the command that the process was started with, and end the process with its status."""
    try:
        status = newsletter.main(prog_name="newsletter", obj=workshop, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.UsageError as error:
        _misspelt(error)
    except click.ClickException as error:
        _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped; nothing half-done was kept")
    except NewsletterError as error:
        _fail(str(error))
    except OperationalError as error:
        _fail(
            f"the database does not answer ({str(error.orig).splitlines()[0]}); check DATABASE_URL, and what else uses it"
        )
    except BrokenPipeError:  # the reader of our output went away, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _misspelt(error: click.UsageError) -> NoReturn:
    path = error.ctx.command_path if error.ctx else "newsletter"
    click.echo(f"newsletter: {error.format_message()} See: {path} --help", err=True)
    sys.exit(error.exit_code)


def _fail(sentence: str) -> NoReturn:
    click.echo(f"newsletter: {sentence}", err=True)
    sys.exit(1)


def inside(command: F) -> F:
    """Run a command inside the application, on a database in its present shape, with what the command itself imports."""
    return _inside(command, whole=False)


def inside_whole(command: F) -> F:
    """Run a command inside the application, where it knows every table."""
    return _inside(command, whole=True)


def _inside(command: F, *, whole: bool) -> F:
    @functools.wraps(command)
    @click.pass_obj
    def run(workshop: Workshop, *arguments: Any, **options: Any) -> Any:
        app = workshop.create_app(whole=whole, **_served_address())
        workshop.migrate(app)
        with app.app_context():
            return command(*arguments, **options)

    return run  # type: ignore[return-value]  # click's decorators lose the signature


def _served_address() -> dict[str, str]:
    """Let links lead to where this data folder is served from, unless the environment says where that is."""
    if os.environ.get("BASE_URL") or os.environ.get("PORT"):
        return {}
    told = Path(os.environ.get("DATA_DIR") or "var") / "address"
    return {"BASE_URL": told.read_text(encoding="utf-8")} if told.is_file() else {}


json_option = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")


def answer(document: object) -> None:
    """Print one JSON document for a program."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str))


@contextmanager
def opened_for_writing(path: Path) -> Iterator[TextIO]:
    """Open a text file that a command writes. Raises `Invalid` where that is not allowed."""
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise Invalid(f"{path} cannot be written ({error.strerror}).") from error


def tally_line(tally: "delivery.Tally") -> str:
    """Say in one line what a delivery did."""
    return (
        f"{tally.sent} sent, {tally.deferred} deferred, {tally.refused} refused, {tally.unknown} unknown "
        f"in {tally.seconds:.1f} s"
    )
