"""Mail: compiles a message once, personalises it by the thousand, and hands it to a relay.

Hides MIME, encodings, headers, the SMTP conversation and its pipelining, signed return paths, and what the many
dialects of replies mean. Promises wire bytes that are right to the octet, and that every envelope taken for
delivery is answered with exactly one result. Knows no database, no lists and no issues.

    to = read_address("Dora＠example.org")                                             # or says what is wrong with it
    template = compile(Draft(sender, subject, html, text, "en", list=headers))       # once an edition
    message = template.fill(to, message_id, date, {"name": "Dora", "token:read": …})  # once a recipient: microseconds

    connection = await Connection.open(Relay.parse("smtp://user:secret@relay.example.org:587?tls=starttls"))
    await connection.deliver(load)  # whose envelopes they are, and who is told
    await connection.close()
"""

from newsletter.mail.addresses import read_address
from newsletter.mail.bearer import has_news
from newsletter.mail.compiling import compile  # noqa: A004 - the verb of the trade
from newsletter.mail.connection import Connection
from newsletter.mail.dkim import Signer
from newsletter.mail.dkim_keys import DkimAlgorithm, DkimKey, DkimRecord, make_dkim_key
from newsletter.mail.dkim_record import DkimFinding, Standing, check_dkim
from newsletter.mail.domains import takes_no_mail
from newsletter.mail.draft import Address, Attachment, Draft, ListHeaders
from newsletter.mail.encoding import set_apart, wire_address
from newsletter.mail.envelope import Envelope, Fault, Outcome, Reply, Result
from newsletter.mail.gist import gist
from newsletter.mail.handing import Load
from newsletter.mail.headers import is_one_line
from newsletter.mail.marks import mark
from newsletter.mail.meanings import explain, is_of_the_relay, shuts_the_door
from newsletter.mail.pace import Limit, Pace, Unit, read_steps
from newsletter.mail.relay import Relay
from newsletter.mail.reports import Report, ReportKind, read_report
from newsletter.mail.session import Session
from newsletter.mail.template import Template
from newsletter.mail.timeouts import Timeouts
from newsletter.mail.verp import read_return_path, return_path

__all__ = [
    "Address",
    "Attachment",
    "Connection",
    "DkimAlgorithm",
    "DkimFinding",
    "DkimKey",
    "DkimRecord",
    "Draft",
    "Envelope",
    "Fault",
    "Limit",
    "ListHeaders",
    "Load",
    "Outcome",
    "Pace",
    "Relay",
    "Reply",
    "Report",
    "ReportKind",
    "Result",
    "Session",
    "Signer",
    "Standing",
    "Template",
    "Timeouts",
    "Unit",
    "check_dkim",
    "compile",
    "explain",
    "gist",
    "has_news",
    "is_of_the_relay",
    "is_one_line",
    "make_dkim_key",
    "mark",
    "read_address",
    "read_report",
    "read_return_path",
    "read_steps",
    "return_path",
    "set_apart",
    "shuts_the_door",
    "takes_no_mail",
    "wire_address",
]
