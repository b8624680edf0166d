"""Which command stands in which module. A module loads when its command is given, or all of them where help names them all."""

import click

from newsletter.later import later

_MODULES = {
    "backup": "backup",
    "bounces": "bounces",
    "deliver": "deliver",
    "demo": "demo",
    "doctor": "doctor",
    "entries": "entries",
    "issues": "issues",
    "lists": "lists",
    "migrate": "schema",
    "restore": "backup",
    "revise": "schema",
    "subscribers": "subscribers",
    "users": "users",
}


class Commands(click.Group):
    """The commands of the product, found by name."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Name all commands."""
        return list(_MODULES)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Load the command that is meant, or return None where there is no such."""
        if name not in _MODULES:
            return None
        commands: tuple[click.Command, ...] = later(f"newsletter.cli.{_MODULES[name]}").COMMANDS
        return next(command for command in commands if command.name == name)
