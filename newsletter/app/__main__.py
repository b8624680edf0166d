"""The command line: `scripts/newsletter …`."""

from newsletter import cli
from newsletter.app import create_app, migrate, revise

if __name__ == "__main__":
    cli.main(cli.Workshop(create_app, migrate, revise))
