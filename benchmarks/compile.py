"""How long one personal message takes to build: compiled once, beside `EmailMessage` per recipient.

    python -m benchmarks.compile

Builds the same 15 KB letter with eight personal links both ways and prints microseconds and their ratio. With a mail
server at hand (`--server 127.0.0.1:2525`, such as Postfix's smtp-sink) it also hands both over, one connection each.
"""

import argparse
import asyncio
import smtplib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from newsletter import mail
from newsletter.mail import Address, Draft, Envelope, ListHeaders, Relay, Result

LINKS = 8
SENTENCE = "The Minato Institute invites you to two days on the security of the seas around Japan. "
DATE = datetime(2026, 10, 13, tzinfo=UTC)


def letter(token: str, name: str) -> tuple[str, str]:
    """The HTML and the text of the letter for one reader, or with marks for all."""
    cards = [
        f'<p style="margin:0 0 16px">{SENTENCE * 9}<a href="https://example.org/click/{token}/{n}">Read on</a></p>\n'
        for n in range(LINKS)
    ]
    plain = [f"{SENTENCE * 8}\nhttps://example.org/click/{token}/{n}\n\n" for n in range(LINKS)]
    return (
        f"<html><body><p>Dear {name},</p>\n{''.join(cards)}</body></html>",
        f"Dear {name},\n\n{''.join(plain)}",
    )


def compiled() -> mail.Template:
    html, text = letter(mail.mark("token:click"), mail.mark("name", "reader"))
    headers = ListHeaders(
        list_id="letter.example.org",
        name="Minato Letter",
        unsubscribe_url="https://example.org/unsubscribe/" + mail.mark("token:unsubscribe"),
        help_url="https://example.org/manage",
        owner="editor@example.org",
        feedback_id="issue42:letter:en:minato",
    )
    subject = f"{mail.mark('name', 'Dear reader')}, your letter from Minato"
    return mail.compile(
        Draft(Address("letter@example.org", "Minato Institute"), subject, html, text, "en", list=headers)
    )


def from_template(template: mail.Template, number: int) -> bytes:
    token = f"{number:x}-2a.Zk3vS0m7Qw9"
    values = {"name": f"Dora {number}", "token:click": token, "token:unsubscribe": token}
    return template.fill(
        Address(f"r{number}@example.com", values["name"]), f"<{number}.42@example.org>", DATE, values
    )


def from_library(number: int) -> bytes:
    token, name = f"{number:x}-2a.Zk3vS0m7Qw9", f"Dora {number}"
    html, text = letter(token, name)
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = "Minato Institute <letter@example.org>"
    message["To"] = f"{name} <r{number}@example.com>"
    message["Subject"] = f"{name}, your letter from Minato"
    message["Date"] = format_datetime(DATE)
    message["Message-ID"] = f"<{number}.42@example.org>"
    message["List-Unsubscribe"] = f"<https://example.org/unsubscribe/{token}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def microseconds(build: Callable[[int], bytes], count: int) -> float:
    """The best of five runs, as the processor counts."""

    def run() -> float:
        start = time.process_time()
        for number in range(count):
            build(number)
        return (time.process_time() - start) / count * 1e6

    return min(run() for _ in range(5))


def by_library(host: str, port: int, count: int) -> float:
    start = time.perf_counter()
    with smtplib.SMTP(host, port) as server:
        for number in range(count):
            server.sendmail("b@example.org", [f"r{number}@example.com"], from_library(number))
    return count / (time.perf_counter() - start)


class Letters:
    """So many letters, to be carried by one connection."""

    def __init__(self, count: int, template: mail.Template) -> None:
        self._numbers = iter(range(count))
        self._template = template
        self.results: list[Result] = []

    def take(self) -> Envelope | None:
        number = next(self._numbers, None)
        if number is None:
            return None
        return Envelope(
            number, "b@example.org", f"r{number}@example.com", lambda: from_template(self._template, number)
        )

    async def more(self) -> bool:
        return False

    def before_dot(self, key: int) -> None:
        pass

    def done(self, result: Result) -> None:
        self.results.append(result)


async def by_connection(host: str, port: int, count: int, template: mail.Template) -> float:
    load = Letters(count, template)
    connection = await mail.Connection.open(Relay(host, port))
    start = time.perf_counter()
    await connection.deliver(load)
    seconds = time.perf_counter() - start
    await connection.close()
    sent = sum(result.outcome is mail.Outcome.SENT for result in load.results)
    if sent != count:
        raise SystemExit(f"only {sent} of {count} were sent: {load.results[0]}")
    return count / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", help="host:port of a mail server that throws mail away")
    server = parser.parse_args().server
    template = compiled()
    ours, theirs = (
        microseconds(lambda number: from_template(template, number), 5000),
        microseconds(from_library, 100),
    )
    size = len(from_template(template, 1))
    print(f"{size / 1000:.1f} kB, {LINKS} links in each part")
    print(f"compiled once   {ours:8.1f} µs a message")
    print(f"EmailMessage    {theirs:8.1f} µs a message   ratio {theirs / ours:.0f}")
    if server:
        host, _, port = server.rpartition(":")
        fast = asyncio.run(by_connection(host, int(port), 20_000, template))
        slow = by_library(host, int(port), 500)
        print(
            f"handed over     {fast:8.0f} a second, one connection; smtplib {slow:.0f}; ratio {fast / slow:.1f}"
        )


if __name__ == "__main__":
    main()
