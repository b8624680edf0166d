"""`demo`: the whole loop in a throw-away place, ending in a ledger that must add up.

It drives the real parts: the pages over HTTP's own words, the engine over SMTP to an inbox that refuses one address, and a
bounce that comes back. Nothing outside its temporary folder is touched.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.testing import FlaskClient

from newsletter import audience, clock, delivery, entries, feedback, issues, mail, sample, settings
from newsletter.cli.bars import counted
from newsletter.cli.root import Workshop, answer, json_option, tally_line
from newsletter.database import db
from newsletter.errors import Conflict
from newsletter.inbox import Inbox

_LIST = "tokyo-letter"
_REFUSED = "nobody@example.com"
_BOUNCING = "gone@example.com"


@click.command("demo")
@click.option(
    "--readers", type=click.IntRange(3, 5000), default=25, show_default=True, help="How many subscribe."
)
@json_option
@click.pass_obj
def demo(workshop: Workshop, readers: int, as_json: bool) -> None:
    """Run the whole loop in a throw-away place. Fails unless the ledger adds up."""
    say: Callable[[str], None] = (lambda _: None) if as_json else click.echo
    with (
        tempfile.TemporaryDirectory(prefix="newsletter-demo-") as folder,
        _stage(workshop, Path(folder)) as (app, inbox),
    ):
        say(f"A throw-away place: {folder}")
        _entries_in(say)
        _subscribe(app.test_client(), inbox, readers, say)
        issue_id = _send(say)
        _bounce(issue_id, say)
        _leave(app.test_client(), inbox, say)
        counts = _report(issue_id, say)
    if as_json:
        answer(counts)


@contextmanager
def _stage(workshop: Workshop, folder: Path) -> Iterator[tuple[Flask, Inbox]]:
    """Set up an application in `folder` whose mail is caught by an inbox that refuses one address."""
    inbox = Inbox(
        folder / "inbox", answer=lambda to: "550 5.1.1 No such user here" if to == _REFUSED else None
    )
    app = workshop.create_app(
        "config.Testing",
        DATA_DIR=str(folder),
        SMTP_URL=f"smtp://127.0.0.1:{inbox.start()}",
        WTF_CSRF_ENABLED=False,
    )
    workshop.migrate(app)
    try:
        with app.app_context():
            sample.fill()
            db.session.commit()
            delivery.deliver()
            yield app, inbox
            db.session.remove()
            db.engine.dispose()
    finally:
        inbox.stop()


def _entries_in(say: Callable[[str], None]) -> None:
    year = clock.now().year + 1
    calendar = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//demo//EN\r\nBEGIN:VEVENT\r\nUID:demo@example.org\r\n"
        f"DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Asia/Tokyo:{year}0302T180000\r\nDTEND;TZID=Asia/Tokyo:{year}0302T193000\r\n"
        "SUMMARY:Spring lecture on sea lanes\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    imported = entries.import_entries(calendar.encode())
    again = entries.import_entries(calendar.encode())
    db.session.commit()
    say(
        f"An .ics calendar came in: {imported[0].title} ({imported[0].status}; a second time: {again[0].status})."
    )


def _subscribe(browser: FlaskClient, inbox: Inbox, readers: int, say: Callable[[str], None]) -> None:
    addresses = [_REFUSED, _BOUNCING, *(f"reader{number}@example.com" for number in range(readers - 2))]
    browser.post("/subscribe", data={"email": "careless@example.com", "list": _LIST, "language": "en"})
    for number, address in enumerate(counted("Subscribing", addresses[1:], readers - 1)):
        browser.post(
            "/subscribe",
            data={"email": address, "list": _LIST, "language": "ja" if number % 3 == 0 else "en"},
        )
    say(f"Confirmation mails: {tally_line(delivery.deliver())}.")
    for address in addresses[1:]:
        browser.post(_link(inbox, address, "/confirm/"))
    audience.import_subscribers([_REFUSED], _LIST, confirmed=True)
    db.session.commit()
    counts = audience.counts(audience.mailing_list(_LIST).id)
    say(f"{counts.confirmed} readers are confirmed, {counts.pending} never pressed the button.")


def _link(inbox: Inbox, address: str, path: str) -> str:
    """Return the path of a link in the newest letter to an address."""
    letter = inbox.read(inbox.letters(limit=1, search=address)[0].id)
    found = re.search(rf"https?://[^\s<>\"]*{path}[^\s<>\"]*", letter.text)
    if found is None:
        raise Conflict(f"The mail to {address} has no link to {path}.")
    return urlsplit(found[0]).path


def _send(say: Callable[[str], None]) -> int:
    issue = issues.draft(_LIST)
    issues.send(issue.id)
    db.session.commit()
    say(
        f"Issue {issue.number}: {', '.join(issues.gather(issue).languages)}. {tally_line(delivery.deliver())}."
    )
    issues.settle()
    db.session.commit()
    return issue.id


def _bounce(issue_id: int, say: Callable[[str], None]) -> None:
    """Let the mail to one reader come back to its return path, as its server would send it."""
    mailing_id = issues.issue(issue_id).mailing_id or 0
    seq = next(r.seq for r in delivery.recipients(mailing_id).items if r.address == _BOUNCING)
    keys, domain = settings.environment().secret_keys, settings.publication().bounce_domain
    path = mail.return_path(domain, keys, mailing_id, seq)
    bounce = (
        f"From: MAILER-DAEMON@example.com\r\nTo: {path}\r\nSubject: Undelivered mail\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nIt came back.\r\n--x\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.com\r\n\r\nFinal-Recipient: rfc822; "
        f"{_BOUNCING}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--x--\r\n"
    )
    received = feedback.receive(bounce.encode(), envelope_to=path)
    db.session.commit()
    say(f"A bounce came back: {', '.join(str(report.kind) for report in received)}.")
    if delivery.suppression(_BOUNCING) is None:
        raise Conflict("the bouncing address is not suppressed")


def _leave(browser: FlaskClient, inbox: Inbox, say: Callable[[str], None]) -> None:
    path = _link(inbox, "reader0@example.com", "/unsubscribe/")
    status = browser.post(path, data={"List-Unsubscribe": "One-Click"}).status_code
    counts = audience.counts(audience.mailing_list(_LIST).id)
    say(f"One reader left by one click (answer {status}): {counts.unsubscribed} unsubscribed.")
    if counts.unsubscribed != 1:
        raise Conflict("the one click did not unsubscribe")


def _report(issue_id: int, say: Callable[[str], None]) -> dict[str, int]:
    found = issues.report(issue_id)
    names = ("queued", "sending", "sent", "deferred", "refused", "unknown", "withdrawn", "suppressed")
    counts = {name: getattr(found, name) for name in names}
    for name, count in counts.items():
        say(f"{count:>8} {name}")
    say(f"{sum(counts.values()):>8} together, {found.recipients} recipients")
    if sum(counts.values()) != found.recipients or counts["queued"] or counts["sending"]:
        raise Conflict("the ledger does not add up")
    say("The ledger adds up.")
    return {"recipients": found.recipients, **counts}


COMMANDS = (demo,)
