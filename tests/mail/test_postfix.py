"""Mail goes through a real Postfix, encrypted and signed in, and arrives behind it as it was written."""

import asyncio
import re
import ssl

import pytest

from newsletter import mail
from newsletter.errors import Misconfigured
from newsletter.mail import Address, Connection, Envelope, Relay
from newsletter.mail import connection as connections
from tests.delivery.test_faults import until
from tests.mail.letters import LIST, draft, fill
from tests.mail.postfix import SMALLEST_LIMIT, Postfix, _postfix, needs_postfix, postfix
from tests.mail.servers import PASSWORD
from tests.mail.talk import envelope
from tests.mail.test_connection import Delivery, deliver

__all__ = ["_postfix", "postfix"]
pytestmark = [needs_postfix, pytest.mark.slow]

NAMES = ["Dora Reader", "江口花子", "دورا", "Zoë “Zo” O'Neil, PhD", "👩🏽‍🔬 Ada", "", "a" * 60]
TEMPLATE = mail.compile(
    draft(
        list=LIST,
        subject=f"第42号 {mail.mark('name', '読者')}様へ、{'とても長い件名' * 12}",
        text=f"{mail.mark('name')}\n.\n..\n.hidden\n \nFrom here\n{'=' * 900}\n{'港区' * 300}\n" * 3,
        html=f"<p>.{mail.mark('name')}</p>\n<p>{'長い行' * 400}</p>\n",
    )
)


@pytest.fixture
def trusted(postfix: Postfix, monkeypatch: pytest.MonkeyPatch):
    """Postfix, whose authority this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(postfix.authority))
    connections._encryption.cache_clear()
    yield postfix
    connections._encryption.cache_clear()


def relay(postfix: Postfix, service: str, options: str = "", host: str = "127.0.0.1", who: str = "") -> Relay:
    scheme = "smtps" if service == "submissions" else "smtp"
    return Relay.parse(f"{scheme}://{who}{host}:{postfix.ports[service]}{options}")


def letters(count: int = 7) -> list[Envelope]:
    people = [Address(f"reader{key}@example.org", NAMES[key % len(NAMES)]) for key in range(count)]
    wires = [fill(TEMPLATE, to, name=to.name) for to in people]
    return [
        Envelope(key, f"b+{key}@example.org", to.email, lambda wire=wire: wire)
        for key, (to, wire) in enumerate(zip(people, wires, strict=True))
    ]


def arrived(postfix: Postfix, count: int) -> dict[str, bytes]:
    """What came out behind Postfix, by recipient, without the one header that every server adds."""
    until(lambda: len(postfix.sink.taken) >= count, 30)
    assert len(postfix.sink.taken) == count
    return {
        recipient: re.sub(rb"^Received: .*\r\n(?:[ \t].*\r\n)*", b"", message).removesuffix(b".\r\n")
        for recipient, _, message in postfix.sink.taken
    }


IN = f"dora:{PASSWORD.replace(' ', '%20').replace('&', '%26')}@"


@pytest.mark.parametrize(
    ("service", "options", "who"),
    [
        ("open", "?tls=none", ""),
        ("open", "?tls=none&pipelining=no", ""),
        ("encrypting", "?tls=starttls", ""),
        ("submission", "?tls=starttls", IN),
        ("submissions", "", IN),
        ("login", "?tls=none", IN),
    ],
)
def test_mail_arrives_behind_a_real_server_octet_for_octet(trusted, service, options, who):
    sent = letters()
    delivery = asyncio.run(deliver(relay(trusted, service, options, who=who), sent))
    assert delivery.outcomes == {"sent": len(sent)}
    assert arrived(trusted, len(sent)) == {one.recipient: one.build() for one in sent}


@pytest.mark.parametrize(
    ("service", "options"), [("submission", "?tls=starttls"), ("submissions", ""), ("login", "?tls=none")]
)
def test_a_wrong_password_opens_no_door(trusted, service, options):
    with pytest.raises(Misconfigured, match=r"does not take the user name and password: 535 5\.7\.8"):
        asyncio.run(deliver(relay(trusted, service, options, who="dora:wrong@"), letters(1)))
    assert trusted.sink.taken == []


def test_a_token_opens_the_door_until_it_expires(trusted, tmp_path):
    file = tmp_path / "token"
    by_token = relay(trusted, "submission", f"?auth=xoauth2&tls=starttls&token_file={file}", who="dora@")
    for token in ("first", "second" * 200):
        trusted.doors.token = token
        if token != "first":
            with pytest.raises(Misconfigured, match=r"does not take the token in .*: 535 5.7.8"):
                asyncio.run(deliver(by_token, letters(1)))
        file.write_text(token)
        assert asyncio.run(deliver(by_token, letters(1))).outcomes == {"sent": 1}
    assert len(arrived(trusted, 2)) == 1


def test_a_server_that_takes_a_password_only_after_encryption_is_told_none_before(postfix):
    with pytest.raises(Misconfigured, match="write tls=starttls"):
        asyncio.run(deliver(relay(postfix, "submission", "?tls=none", who=IN), []))


def test_a_server_without_encryption_is_told_nothing(postfix):
    with pytest.raises(Misconfigured, match="offers no STARTTLS"):
        asyncio.run(deliver(relay(postfix, "login", "?tls=starttls", who=IN), letters(1)))


@pytest.mark.parametrize(("service", "options"), [("submission", "?tls=starttls"), ("submissions", "")])
def test_an_authority_that_nobody_knows_vouches_for_nobody(postfix, service, options):
    connections._encryption.cache_clear()
    with pytest.raises(Misconfigured, match=r"certificate .* does not hold .*issuer"):
        asyncio.run(deliver(relay(postfix, service, options, who=IN), letters(1)))


@pytest.mark.parametrize(("service", "options"), [("submission", "?tls=starttls"), ("submissions", "")])
def test_a_certificate_for_another_name_does_not_hold(trusted, service, options):
    with pytest.raises(Misconfigured, match=r"certificate .* does not hold .*localhost"):
        asyncio.run(deliver(relay(trusted, service, options, host="localhost", who=IN), letters(1)))
    assert trusted.sink.taken == []


@pytest.mark.parametrize(
    ("service", "words"), [("login", "does not carry"), ("encrypting", "write tls=starttls")]
)
def test_who_comes_in_by_the_wrong_door_sends_nothing_and_no_reader_is_blamed(postfix, service, words):
    delivery = asyncio.run(deliver(relay(postfix, service, "?tls=none"), [envelope(1), envelope(2)]))
    assert [(one.outcome, one.fault) for one in delivery.results] == [("deferred", "sender")] * 2
    assert all(words in one.reason and mail.is_of_the_relay(one.reason) for one in delivery.results)


def test_reports_are_asked_for_all_the_way(postfix):
    postfix.sink.offers.append("DSN")
    postfix.sink.heard.clear()
    asyncio.run(deliver(relay(postfix, "open"), [envelope(1, "d+x=y@example.com", "b+ab=c@example.org")]))
    arrived(postfix, 1)
    said = " ".join(postfix.sink.heard)
    for word in (
        "RET=HDRS",
        "ENVID=b+2Bab+3Dc",
        "NOTIFY=FAILURE,DELAY",
        "ORCPT=rfc822;d+2Bx+3Dy@example.com",
    ):
        assert word in said
    postfix.sink.offers.remove("DSN")


def test_a_message_too_large_is_refused_alone_and_before_it_is_sent(postfix):
    large = b"Subject: x\r\n\r\n" + b"1234567 \r\n" * (SMALLEST_LIMIT // 10)
    delivery = asyncio.run(
        deliver(relay(postfix, "open"), [envelope(1), envelope(2, message=large), envelope(3)])
    )
    assert [(one.key, one.outcome, one.fault) for one in delivery.results if one.outcome != "sent"] == [
        (2, "refused", "message")
    ]
    assert delivery.outcomes == {"sent": 2, "refused": 1}
    assert len(delivery.announced) == 2
    arrived(postfix, 2)


def test_many_readers_over_several_connections_each_get_their_own(postfix):
    sent = letters(300)

    async def run() -> Delivery:
        delivery = Delivery(sent)
        opened = [await Connection.open(relay(postfix, "open")) for _ in range(5)]
        assert all(one._wire.session.features.pipelining for one in opened)
        await asyncio.gather(*(one.deliver(delivery) for one in opened))
        await asyncio.gather(*(one.close() for one in opened))
        return delivery

    assert asyncio.run(run()).outcomes == {"sent": 300}
    assert arrived(postfix, 300) == {one.recipient: one.build() for one in sent}


def test_the_tests_would_notice_a_certificate_that_is_not_looked_at(postfix):
    """The authority is none of this machine's; else the tests above would say nothing."""
    assert str(postfix.authority) not in str(ssl.get_default_verify_paths())
    taken = asyncio.run(deliver(relay(postfix, "encrypting", "?tls=starttls&verify=no"), [envelope(1)]))
    assert taken.outcomes == {"sent": 1}
