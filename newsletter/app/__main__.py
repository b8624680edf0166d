"""The command line: `scripts/newsletter …`."""

from newsletter import cli
from newsletter.app import create_app, migrate

if __name__ == "__main__":
    cli.main(create_app, migrate)
