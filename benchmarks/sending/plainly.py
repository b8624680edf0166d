"""The way everybody begins: an `EmailMessage` for each reader, over one kept smtplib connection."""

import smtplib
import time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from benchmarks.sending.letters import SENDER, body
from newsletter.tokens import Purpose, Tokens


def send(port: int, count: int) -> tuple[float, float]:
    """Return messages a second, and the processor's seconds for a thousand."""
    tokens = Tokens(["a key for the benchmark alone"])
    begun, cpu = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            server.sendmail(SENDER, [f"reader{number}@example.com"], _message(tokens, number))
    seconds, spent = time.perf_counter() - begun, time.process_time() - cpu
    return count / seconds, spent / count * 1000


def _message(tokens: Tokens, number: int) -> bytes:
    token = {page: tokens.make(Purpose(page), number, 1, 42) for page in ("unsubscribe", "preferences")}
    click = tokens.make(Purpose.CLICK, number, 1, 42)
    html, text = body("en" if number % 2 else "ja", click, token, f"Dora {number}")
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Minato Institute <{SENDER}>"
    message["To"] = f"Dora {number} <reader{number}@example.com>"
    message["Subject"] = f"Dora {number}, your letter from Minato"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="example.org")
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()
