"""`doctor`: what is wrong with this installation, and what to do about each thing."""

import asyncio
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import dns.exception
import dns.resolver
from sqlalchemy import text

from newsletter import accounts, audience, delivery, mail, settings
from newsletter.cli.root import answer, inside, json_option
from newsletter.clock import now
from newsletter.database import db
from newsletter.errors import NewsletterError

_LITTLE_SPACE = 500 * 1024 * 1024
_SKEW = 5.0
_LEVELS = {mail.Standing.GOOD: "ok", mail.Standing.UNKNOWN: "warning", mail.Standing.WRONG: "error"}


@dataclass(frozen=True)
class Complaint:
    """One thing that is well (`ok`), doubtful (`warning`) or wrong (`error`), and what to do."""

    level: str
    part: str
    sentence: str


@click.command("doctor")
@json_option
@inside
def doctor(as_json: bool) -> int:
    """Say what is wrong here, and what to do. Looks at settings, database, clock, relay, DNS, workers and disk; status 1 for an error."""
    found = [
        complaint
        for look in (_settings, _database, _relays, _dns, _keys, _workers, _disk)
        for complaint in look()
    ]
    if as_json:
        answer([asdict(complaint) for complaint in found])
    else:
        for complaint in found:
            click.echo(f"{complaint.level:<8} {complaint.part}: {complaint.sentence}")
    return 1 if any(complaint.level == "error" for complaint in found) else 0


def _settings() -> Iterator[Complaint]:
    environment, publication = settings.environment(), settings.publication()
    if urlsplit(environment.base_url).scheme == "http" and environment.domain not in {
        "localhost",
        "127.0.0.1",
    }:
        yield Complaint(
            "error", "address", "BASE_URL is http; one-click unsubscribing needs https. Put a proxy in front."
        )
    elif environment.domain in {"localhost", "127.0.0.1"} and not environment.catches_mail:
        yield Complaint(
            "error",
            "address",
            "BASE_URL is local, so links in mail lead nowhere. Set it to the public address.",
        )
    else:
        yield Complaint("ok", "address", environment.base_url)
    if not any(publication.postal_addresses.values()):
        yield Complaint(
            "error",
            "publication",
            "There is no postal address; the law wants one in each issue. Dashboard, Settings.",
        )
    if not accounts.is_set_up():
        yield Complaint("warning", "people", "There is no owner yet. newsletter users add YOU --role owner")
    if not audience.lists():
        yield Complaint(
            "warning", "lists", "There is no list yet. newsletter lists create SLUG --title TITLE"
        )


def _database() -> Iterator[Complaint]:
    engine = db.engine.dialect.name
    if engine == "postgresql":
        there = db.session.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
        skew = abs(float(there) - now().timestamp())
        level = "ok" if skew < _SKEW else "error"
        yield Complaint(level, "clock", f"{skew:.1f} s between this machine and the database.")
    yield Complaint("ok", "database", f"{engine} answers.")


def _relays() -> Iterator[Complaint]:
    environment = settings.environment()
    if environment.catches_mail:
        yield Complaint(
            "warning", "mail", "No relay is named (SMTP_URL): mail is caught in the built-in inbox."
        )
    for url in environment.smtp_urls:
        relay = mail.Relay.parse(url)
        trouble = asyncio.run(_try(relay))
        yield Complaint(
            "error" if trouble else "ok", f"relay {relay.name}", trouble or "answers and lets us in."
        )
        if relay.token_file and _is_open(relay.token_file):
            yield Complaint(
                "warning",
                f"relay {relay.name}",
                f"everybody on this machine can read {relay.token_file}; chmod o-r it.",
            )


def _is_open(file: Path) -> bool:
    return file.is_file() and bool(file.stat().st_mode & stat.S_IROTH)


async def _try(relay: mail.Relay) -> str:
    """Open and close a connection; return what went wrong, or an empty string."""
    try:
        async with asyncio.timeout(20):
            connection = await mail.Connection.open(relay)
            await connection.close()
    except TimeoutError:
        return "does not answer within 20 s. Is the address right, and the port open?"
    except (OSError, NewsletterError) as error:
        return str(error)
    return ""


def _dns() -> Iterator[Complaint]:
    domain = settings.publication().sender_email.rpartition("@")[2]
    if settings.environment().catches_mail or domain.endswith((".localdomain", "localhost")):
        return
    for part, name, begins, remedy in (
        ("SPF", domain, "v=spf1", "Add a TXT record that names your relay."),
        ("DMARC", f"_dmarc.{domain}", "v=DMARC1", "Add at least “v=DMARC1; p=none”."),
    ):
        yield _record(part, name, begins, remedy)


def _record(part: str, name: str, begins: str, remedy: str) -> Complaint:
    try:
        found = [record.to_text().strip('"') for record in dns.resolver.resolve(name, "TXT", lifetime=5)]
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        found = []
    except dns.exception.DNSException as error:
        return Complaint("warning", part, f"could not be looked up ({type(error).__name__}).")
    if any(record.startswith(begins) for record in found):
        return Complaint("ok", part, f"{name} has one.")
    return Complaint("error", part, f"{name} has none; large receivers refuse mail without it. {remedy}")


def _keys() -> Iterator[Complaint]:
    """Look at the keys in use; whether the relay signs where there is none, nobody here can tell."""
    in_use = [key for key in settings.signing_keys() if key.state is settings.KeyState.IN_USE]
    records = [(key.record, key.opens) for key in in_use]
    db.session.commit()
    if not records and not settings.environment().catches_mail:
        yield Complaint(
            "warning",
            "DKIM",
            "Nothing is signed here. If the relay does not sign with your domain either, make a key. Dashboard, Settings, Signing.",
        )
    for record, opens in records:
        part, finding = f"DKIM {record.selector}", mail.check_dkim(record)
        if not opens:
            yield Complaint(
                "error", part, "Mail waits: this key was sealed under a SECRET_KEY that is not there."
            )
        yield Complaint(_LEVELS[finding.standing], part, finding.sentence)


def _workers() -> Iterator[Complaint]:
    health = delivery.health()
    if not health.workers:
        yield Complaint(
            "warning", "workers", "None was seen lately. scripts/run has one inside; else start a worker."
        )
    else:
        yield Complaint("ok", "workers", f"{len(health.workers)} seen lately.")
    for worker in health.workers:
        if worker.clock_is_wrong:
            off = f"{abs(worker.ahead):.0f} s {'ahead of' if worker.ahead > 0 else 'behind'} the database's"
            yield Complaint(
                "error",
                f"clock of {worker.name}",
                f"is {off}: its mail is dated wrong, and tried early or late. Let it take the network's time (NTP).",
            )


def _disk() -> Iterator[Complaint]:
    folder = settings.environment().data_dir
    free = shutil.disk_usage(folder).free
    level = "ok" if free > _LITTLE_SPACE else "error"
    yield Complaint(level, "disk", f"{free // 1_000_000:,} MB free in {folder}.")


COMMANDS = (doctor,)
