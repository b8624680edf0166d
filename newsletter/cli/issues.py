"""`issues draft|check|test|send|report|list`."""

from datetime import datetime

import click
from dateutil import parser

from newsletter import insights, settings
from newsletter import issues as domain
from newsletter.cli.root import answer, inside, json_option
from newsletter.database import db
from newsletter.errors import Invalid

_COUNTS = [
    "recipients",
    "queued",
    "sending",
    "sent",
    "deferred",
    "refused",
    "unknown",
    "withdrawn",
    "suppressed",
]


@click.group("issues")
def issues() -> None:
    """Newsletter issues: draft, check, test, send, report."""


@issues.command("draft")
@click.option("--list", "slug", required=True, help="The list it goes to.")
@click.option("--title", help="Its subject; by default one is proposed.")
@json_option
@inside
def draft(slug: str, title: str | None, as_json: bool) -> None:
    """Draft an issue from what there is to tell. Coming events, and news and analysis since the last one."""
    issue = domain.draft(slug, title)
    db.session.commit()
    languages = list(domain.gather(issue).languages)
    if as_json:
        answer({"id": issue.id, "slug": issue.slug, "languages": languages, "blocks": len(issue.blocks)})
    else:
        click.echo(f"Issue {issue.id} is drafted: {len(issue.blocks)} blocks in {', '.join(languages)}.")


@issues.command("check")
@click.argument("issue_id", metavar="ID", type=int)
@json_option
@inside
def check(issue_id: int, as_json: bool) -> int:
    """Say what is wrong with an issue. Status 1 where an error would keep it from being sent."""
    findings = domain.check(domain.issue(issue_id), "en")
    if as_json:
        answer([{"level": str(f.level), "sentence": f.sentence, "block": f.block_id} for f in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level}: {finding.sentence}")
        if not findings:
            click.echo("Nothing stands in its way.")
    return 1 if domain.errors_of(findings) else 0


@issues.command("test")
@click.argument("issue_id", metavar="ID", type=int)
@click.option("--to", "address", required=True, help="The address that gets the test.")
@click.option("--language", help="One language; by default each.")
@inside
def test(issue_id: int, address: str, language: str | None) -> None:
    """Send an issue to one address as a test."""
    domain.test(issue_id, address, language=language)
    db.session.commit()
    click.echo(f"The test for {address} is on its way.")


@issues.command("send")
@click.argument("issue_id", metavar="ID", type=int)
@click.option(
    "--at", "when", help="When, such as '2026-11-10 09:00' (the publication's time) or with an offset."
)
@json_option
@inside
def send(issue_id: int, when: str | None, as_json: bool) -> None:
    """Send an issue now, or at a time. Findings that are errors stop it."""
    issue = domain.send(issue_id, at=_moment(when) if when else None)
    db.session.commit()
    if as_json:
        answer({"id": issue.id, "state": str(domain.state_of(issue)), "send_at": issue.send_at})
    else:
        click.echo(f"Issue {issue.id} is {domain.state_of(issue)}.")


def _moment(words: str) -> datetime:
    try:
        moment = parser.parse(words)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"“{words}” is no time; write one such as '2026-11-10 09:00'.", "at") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=settings.publication().zone)


@issues.command("report")
@click.argument("issue_id", metavar="ID", type=int)
@json_option
@inside
def report(issue_id: int, as_json: bool) -> None:
    """Say what became of every recipient; the counts add up."""
    domain.settle()
    db.session.commit()
    found = domain.report(issue_id)
    counts = {name: getattr(found, name) for name in _COUNTS}
    if as_json:
        answer({"state": str(found.state), **counts})
        return
    click.echo(f"{found.state}")
    for name, count in counts.items():
        click.echo(f"{count:>10,} {name}")
    _tell_links(insights.followed(issue_id))


def _tell_links(followed: insights.Followed) -> None:
    """Say which links readers followed, where that is counted."""
    if not followed.links:
        return
    total = followed.total
    click.echo(f"\nLinks: {total.people:,} readers, {total.visits:,} visits, as far as can be told.")
    click.echo(f"Left out: {total.machines:,} visits that look like those of programs that check mail.")
    for link in followed.links:
        readers = f"{link.reach.people:>10,} readers {link.reach.visits:>10,} visits"
        click.echo(f"{readers}  {link.language}  {link.words or link.url}  {link.url}")


@issues.command("list")
@json_option
@inside
def list_(as_json: bool) -> None:
    """Show the issues, newest first."""
    rows = [
        {
            "id": i.id,
            "slug": i.slug,
            "state": str(domain.state_of(i)),
            "subjects": dict(i.subjects),
            "send_at": i.send_at,
        }
        for i in domain.issues()
    ]
    if as_json:
        answer(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>5} {row['state']:<10} {row['slug']}")


COMMANDS = (issues,)
