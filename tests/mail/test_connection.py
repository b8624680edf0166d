"""Envelopes go over real sockets to real servers, and each is answered once whatever the server does."""

import asyncio
import os
import socket
import time
from collections import Counter
from collections.abc import Iterable

import pytest

from newsletter import mail
from newsletter.errors import Invalid, Misconfigured, Unreachable
from newsletter.mail import Connection, Envelope, Relay, Result, Timeouts
from tests.mail.letters import DORA, LIST, check_wire, draft, fill
from tests.mail.servers import (
    PASSWORD,
    SMTP_SINK,
    Stream,
    TokenBox,
    aiosmtpd_server,
    check_password,
    free_port,
    played,
    server_encryption,
    smtp_sink,
)
from tests.mail.talk import envelope

PATIENT = Timeouts()
IMPATIENT = Timeouts(connect=2, greeting=0.4, command=0.4, data=0.4, block=0.4, dot=0.4, quit=0.4)
needs_sink = pytest.mark.skipif(not SMTP_SINK, reason="Postfix's smtp-sink is not here")


class Delivery:
    """What one delivery took, announced and heard."""

    def __init__(self, envelopes: Iterable[Envelope]) -> None:
        self._envelopes = iter(envelopes)
        self.taken: list[int] = []
        self.announced: list[int] = []
        self.results: list[Result] = []

    def offer(self, envelopes: Iterable[Envelope]) -> None:
        self._envelopes = iter(envelopes)

    def take(self) -> Envelope | None:
        following = next(self._envelopes, None)
        if following:
            self.taken.append(following.key)
        return following

    async def more(self) -> bool:
        return False

    def before_dot(self, key: int) -> None:
        self.announced.append(key)

    def done(self, result: Result) -> None:
        self.results.append(result)

    async def over(self, connection: Connection) -> "Delivery":
        try:
            await connection.deliver(self)
        finally:
            assert sorted(result.key for result in self.results) == sorted(self.taken)
            unknown = {result.key for result in self.results if result.outcome in {"sent", "unknown"}}
            assert unknown <= set(self.announced)
        return self

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(result.outcome for result in self.results)


async def deliver(relay: Relay, envelopes: Iterable[Envelope], timeouts: Timeouts = PATIENT) -> Delivery:
    connection = await Connection.open(relay, timeouts)
    try:
        return await Delivery(envelopes).over(connection)
    finally:
        await connection.close()


def meet(play, envelopes: Iterable[Envelope] = (), **options) -> Delivery:
    """Deliver to a server that the test plays."""

    async def run() -> Delivery:
        async with played(play) as port:
            return await deliver(Relay("127.0.0.1", port, **options), envelopes, IMPATIENT)

    return asyncio.run(run())


# Real servers


def test_a_letter_arrives_octet_for_octet():
    wire = fill(mail.compile(draft(list=LIST, subject="第42号")), name="江口花子")
    check_wire(wire)
    with aiosmtpd_server() as (port, box):
        letters = [
            Envelope(key, "b+ab@example.org", f"r{key}@example.com", lambda: wire) for key in range(20)
        ]
        delivery = asyncio.run(deliver(Relay("127.0.0.1", port), letters))
    assert delivery.outcomes == {"sent": 20}
    assert [result.key for result in delivery.results] == delivery.announced == list(range(20))
    assert all(taken.content == wire for taken in box.envelopes)
    assert [taken.rcpt_tos for taken in box.envelopes] == [[f"r{key}@example.com"] for key in range(20)]
    assert {taken.mail_from for taken in box.envelopes} == {"b+ab@example.org"}


def test_a_refused_recipient_does_not_hold_up_the_others():
    with aiosmtpd_server() as (port, box):
        people = [
            "dora@example.com",
            "nobody@example.com",
            "emi@example.com",
            "not an address",
            "bob@example.com",
        ]
        letters = [envelope(key, recipient) for key, recipient in enumerate(people)]
        delivery = asyncio.run(deliver(Relay("127.0.0.1", port), letters))
    assert delivery.outcomes == {"sent": 3, "refused": 2}
    assert len(box.envelopes) == 3
    assert {result.key: result.reason for result in delivery.results}[1] == "There is no such mailbox."


def test_encryption_and_the_password_open_a_relay(tmp_path):
    encryption = server_encryption(tmp_path)
    options = {
        "tls_context": encryption,
        "require_starttls": True,
        "authenticator": check_password,
        "auth_required": True,
    }
    with aiosmtpd_server(**options) as (port, box):
        relay = Relay("127.0.0.1", port, "dora", PASSWORD, tls="starttls", verify=False)
        assert asyncio.run(deliver(relay, [envelope(1), envelope(2)])).outcomes == {"sent": 2}
        wrong = Relay("127.0.0.1", port, "dora", "wrong", tls="starttls", verify=False)
        with pytest.raises(Misconfigured, match="user name and password"):
            asyncio.run(deliver(wrong, []))
    assert len(box.envelopes) == 2


@pytest.fixture
def by_token(tmp_path):
    """A server that lets in by token, and a relay that reads it from a file."""
    with aiosmtpd_server(TokenBox(), auth_require_tls=False) as (port, box):
        url = f"smtp://letter%40example.org@127.0.0.1:{port}?auth=xoauth2&token_file={tmp_path}/token"
        yield Relay.parse(url), box


def test_a_token_is_read_anew_for_each_connection(by_token, tmp_path):
    relay, box = by_token
    for box.good in ("first", "second" * 100):
        (tmp_path / "token").write_text(f"{box.good}\n")
        assert asyncio.run(deliver(relay, [envelope(1)])).outcomes == {"sent": 1}
    assert [said.count(b"second") for said in box.told] == [0, 100]


def test_a_token_that_has_expired_lets_nobody_in_and_is_not_shown(by_token, tmp_path):
    relay, box = by_token
    box.good = "fresh"
    (tmp_path / "token").write_text("stale-and-secret")
    with pytest.raises(
        Misconfigured, match=r"does not take the token in .*/token; mail goes on by itself"
    ) as refused:
        asyncio.run(deliver(relay, [envelope(1)]))
    assert "stale" not in str(refused.value)
    assert not box.envelopes


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (None, "there is no token file"),
        (" \n", "is empty"),
        ("two tokens", "holds no token, or more than one"),
        ('{"access_token":"secret"}', "holds no token, or more than one"),
        ("ｓｅｃｒｅｔ", "holds no token, or more than one"),
        ("x" * 20_000, "holds no token, or more than one"),
    ],
)
def test_a_token_file_without_a_token_is_named_with_what_to_mend(by_token, tmp_path, written, words):
    relay, box = by_token
    if written is not None:
        (tmp_path / "token").write_text(written)
    with pytest.raises(Misconfigured, match=words) as refused:
        asyncio.run(deliver(relay, []))
    assert str(refused.value).startswith("SMTP_URL: ")
    assert f"{tmp_path}/token" in str(refused.value)
    assert "secret" not in str(refused.value).replace(str(tmp_path), "")
    assert not box.told


def test_a_pipe_in_place_of_the_token_file_is_not_waited_for(by_token, tmp_path):
    os.mkfifo(tmp_path / "token")
    with pytest.raises(Misconfigured, match="there is no token file"):
        asyncio.run(deliver(by_token[0], []))


def test_encryption_from_the_start(tmp_path):
    with aiosmtpd_server(ssl_context=server_encryption(tmp_path)) as (port, _):
        relay = Relay("127.0.0.1", port, tls="implicit", verify=False)
        assert asyncio.run(deliver(relay, [envelope(1)])).outcomes == {"sent": 1}


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, tls):
    encryption = server_encryption(tmp_path)
    options = {"tls_context": encryption} if tls == "starttls" else {"ssl_context": encryption}
    with aiosmtpd_server(**options) as (port, box), pytest.raises(Misconfigured, match="certificate"):
        asyncio.run(deliver(Relay("127.0.0.1", port, tls=tls), [envelope(1)]))
    assert not box.envelopes


@needs_sink
def test_many_connections_share_the_work_of_a_pipelining_server():
    async def run(port: int) -> Delivery:
        delivery = Delivery(map(envelope, range(1000)))
        connections = [await Connection.open(Relay("127.0.0.1", port)) for _ in range(5)]
        deliver = (connection.deliver(delivery) for connection in connections)
        await asyncio.gather(*deliver)
        assert all(connection.alive for connection in connections)
        await asyncio.gather(*(connection.close() for connection in connections))
        return delivery

    with smtp_sink() as port:
        delivery = asyncio.run(run(port))
    assert delivery.outcomes == {"sent": 1000}
    assert sorted(delivery.announced) == list(range(1000))


@needs_sink
@pytest.mark.parametrize(
    ("options", "outcomes"),
    [
        (("-p",), {"sent": 20}),
        (("-e",), {"sent": 20}),
        (("-r", "mail"), {"deferred": 20}),
        (("-f", "rcpt"), {"refused": 20}),
        (("-r", "rcpt"), {"deferred": 20}),
        (("-f", "data"), {"refused": 20}),
        (("-f", "."), {"refused": 20}),
        (("-r", "."), {"deferred": 20}),
    ],
)
def test_a_server_that_refuses_a_command_refuses_each_message_once(options, outcomes):
    with smtp_sink(*options) as port:
        assert asyncio.run(deliver(Relay("127.0.0.1", port), map(envelope, range(20)))).outcomes == outcomes


@needs_sink
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "."])
def test_a_server_that_hangs_up_loses_no_message(step):
    with smtp_sink("-q", step) as port:
        delivery = asyncio.run(deliver(Relay("127.0.0.1", port), map(envelope, range(20))))
    assert delivery.outcomes["sent"] == 0
    assert delivery.outcomes["unknown"] == (1 if step == "." else 0)
    assert {result.fault for result in delivery.results} == {"relay"}


# Servers that misbehave


def test_a_server_that_drops_what_was_pipelined_defers_the_message_in_time():
    async def liar(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.reader.read(4096)
        await stream.says("250 only the first")
        await asyncio.sleep(5)

    started = time.monotonic()
    delivery = meet(liar, [envelope(1), envelope(2)])
    assert delivery.outcomes["deferred"] == len(delivery.taken)
    assert delivery.announced == []
    assert "did not answer" in delivery.results[0].reason
    assert time.monotonic() - started < 3


def test_a_server_that_never_answers_the_final_dot_leaves_the_message_unknown():
    async def mute(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        await stream.hears_body()
        await asyncio.sleep(5)

    delivery = meet(mute, map(envelope, range(9)))
    assert delivery.announced == [0]
    assert delivery.outcomes == {"unknown": 1, "deferred": len(delivery.taken) - 1}


def test_a_server_that_closes_between_two_messages_loses_none():
    async def tired(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        await stream.hears_body()
        await stream.says("250 taken", "421 4.3.2 that is enough")

    delivery = meet(tired, map(envelope, range(9)))
    assert delivery.outcomes == {"sent": 1, "deferred": len(delivery.taken) - 1}


def test_a_slow_server_is_waited_for():
    async def slow(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        for _ in range(2):
            for word, reply in (("MAIL", "250 Ok"), ("RCPT", "250 Ok"), ("DATA", "354 Go")):
                await stream.hears(word)
                await asyncio.sleep(0.1)
                await stream.says(reply)
            await stream.hears_body()
            await asyncio.sleep(0.1)
            await stream.says("250 taken")
        await stream.hears("QUIT")

    assert meet(slow, [envelope(1), envelope(2)]).outcomes == {"sent": 2}


def test_a_body_never_leaves_before_it_was_announced():
    seen: list[str] = []

    async def watchful(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        await stream.hears_body()
        seen.append("body")
        await stream.says("250 taken")

    async def run() -> None:
        delivery = Delivery([envelope(1)])
        delivery.before_dot = lambda _: seen.append("announced")
        async with played(watchful) as port:
            connection = await Connection.open(Relay("127.0.0.1", port), IMPATIENT)
            await connection.deliver(delivery)
            await connection.close()

    asyncio.run(run())
    assert seen == ["announced", "body"]


def test_a_body_that_could_not_be_announced_never_leaves():
    bodies: list[bytes] = []

    async def server(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        bodies.append(await stream.reader.read(4096))

    def fails(key: int) -> None:
        raise OSError("the disk is full")

    async def run() -> list[Result]:
        delivery = Delivery(map(envelope, range(5)))
        delivery.before_dot = fails
        async with played(server) as port:
            connection = await Connection.open(Relay("127.0.0.1", port), IMPATIENT)
            with pytest.raises(OSError, match="disk"):
                await connection.deliver(delivery)
            assert not connection.alive
            await connection.close()
            await asyncio.sleep(0.05)
        assert sorted(result.key for result in delivery.results) == delivery.taken
        return delivery.results

    assert {result.outcome for result in asyncio.run(run())} == {"deferred"}
    assert bodies in ([b""], [])


def test_a_slow_source_of_envelopes_does_not_hold_up_the_body_that_waits():
    async def server(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        for _ in range(2):
            await stream.takes_commands()
            await asyncio.wait_for(stream.hears_body(), 0.35)
            await stream.says("250 taken")
        await stream.hears("QUIT")

    async def run() -> Delivery:
        delivery = Delivery([envelope(1)])

        async def slow() -> bool:
            await asyncio.sleep(0.5)
            delivery.offer([envelope(2)] if len(delivery.taken) == 1 else [])
            return len(delivery.taken) == 1

        delivery.more = slow
        async with played(server) as port:
            connection = await Connection.open(Relay("127.0.0.1", port))
            await delivery.over(connection)
            assert connection.alive
            await connection.close()
        return delivery

    assert asyncio.run(run()).outcomes == {"sent": 2}


def test_a_connection_serves_one_delivery_after_another():
    async def run(port: int) -> list[Counter[str]]:
        connection = await Connection.open(Relay("127.0.0.1", port))
        first = await Delivery([envelope(1), envelope(2, "nobody@example.com")]).over(connection)
        second = await Delivery([envelope(3)]).over(connection)
        none = await Delivery([]).over(connection)
        await connection.close()
        assert not connection.alive
        late = await Delivery([envelope(4)]).over(connection)
        return [delivery.outcomes for delivery in (first, second, none, late)]

    with aiosmtpd_server() as (port, _):
        assert asyncio.run(run(port)) == [{"sent": 1, "refused": 1}, {"sent": 1}, {}, {}]


def test_a_delivery_that_is_cancelled_answers_for_all_it_took():
    async def mute(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        await stream.hears_body()
        await asyncio.sleep(5)

    async def run() -> Delivery:
        delivery = Delivery(map(envelope, range(9)))
        async with played(mute) as port:
            connection = await Connection.open(Relay("127.0.0.1", port))
            task = asyncio.create_task(delivery.over(connection))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not connection.alive
            await connection.close()
        return delivery

    delivery = asyncio.run(run())
    assert delivery.outcomes == {"unknown": 1, "deferred": len(delivery.taken) - 1}


@pytest.mark.parametrize("fails_at", [0, 1, 3])
def test_a_source_that_fails_comes_out_and_answers_for_all_it_gave(fails_at):
    async def run(port: int) -> None:
        def source():
            yield from map(envelope, range(fails_at))
            raise LookupError("the ledger is gone")

        connection = await Connection.open(Relay("127.0.0.1", port))
        with pytest.raises((LookupError, RuntimeError)):
            await Delivery(source()).over(connection)
        await connection.close()

    with aiosmtpd_server() as (port, _):
        asyncio.run(run(port))


def test_an_envelope_that_cannot_be_built_is_refused_alone():
    def evil() -> bytes:
        raise Invalid("The To holds a line break; write it on one line.", "To")

    with aiosmtpd_server() as (port, _):
        letters = [envelope(1), Envelope(2, "b@example.org", DORA.email, evil), envelope(3)]
        delivery = asyncio.run(deliver(Relay("127.0.0.1", port), letters))
    assert {result.key: result.outcome for result in delivery.results} == {1: "sent", 2: "refused", 3: "sent"}


def test_a_return_path_that_breaks_out_of_its_line_is_refused_alone():
    evil = "a@b.example>\r\nRCPT TO:<evil@example.com"
    with aiosmtpd_server() as (port, box):
        letters = [envelope(1), Envelope(2, evil, DORA.email, envelope().build), envelope(3)]
        delivery = asyncio.run(deliver(Relay("127.0.0.1", port), letters))
    assert {result.key: result.outcome for result in delivery.results} == {1: "sent", 2: "refused", 3: "sent"}
    assert [each.rcpt_tos for each in box.envelopes] == [[DORA.email]] * 2


def test_a_build_that_breaks_comes_out_and_defers_its_envelope():
    def broken() -> bytes:
        raise KeyError("name")

    async def run(port: int) -> Delivery:
        connection = await Connection.open(Relay("127.0.0.1", port))
        delivery = Delivery([Envelope(1, "b@example.org", DORA.email, broken)])
        with pytest.raises(KeyError):
            await delivery.over(connection)
        await connection.close()
        return delivery

    with aiosmtpd_server() as (port, _):
        assert asyncio.run(run(port)).outcomes == {"deferred": 1}


# Opening


def test_a_port_where_nobody_listens_is_unreachable():
    with pytest.raises(Unreachable, match="cannot be reached"):
        asyncio.run(deliver(Relay("127.0.0.1", free_port()), []))


def test_a_server_that_does_not_greet_is_unreachable():
    async def mute(stream: Stream) -> None:
        await asyncio.sleep(5)

    with pytest.raises(Unreachable, match="did not answer"):
        meet(mute)


def test_a_server_that_hangs_up_at_once_is_unreachable():
    async def shy(stream: Stream) -> None:
        pass

    with pytest.raises(Unreachable):
        meet(shy)


def test_a_server_that_turns_us_away_says_why():
    async def busy(stream: Stream) -> None:
        await stream.says("421 4.3.2 too busy")

    with pytest.raises(Unreachable, match="too busy"):
        meet(busy)


def test_a_server_that_fails_to_encrypt_is_unreachable():
    async def odd(stream: Stream) -> None:
        await stream.greets("STARTTLS")
        await stream.hears("STARTTLS")
        await stream.says("220 go")
        await stream.reader.read(100)
        await stream.says("this is no handshake")

    with pytest.raises(Unreachable):
        meet(odd, tls="starttls")


@pytest.mark.parametrize("then", ["hangs up", "waits", "tells more"])
def test_a_server_that_breaks_off_when_encryption_begins_is_unreachable(then):
    async def odd(stream: Stream) -> None:
        await stream.greets("STARTTLS")
        await stream.hears("STARTTLS")
        await stream.says("220 go")
        if then == "tells more":
            await asyncio.sleep(0)
            await stream.says("250-relay", "250 AUTH PLAIN")
            assert b"EHLO" not in await stream.reader.read(4096)
        if then == "waits":
            await asyncio.sleep(5)

    with pytest.raises(Unreachable):
        meet(odd, tls="starttls")


def test_a_server_that_reads_no_further_in_mid_message_is_given_up():
    async def stuck(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        stream.writer.transport.pause_reading()
        await asyncio.sleep(5)

    started = time.monotonic()
    huge = b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * 4_000_000
    delivery = meet(stuck, [envelope(1, message=huge), envelope(2)])
    assert delivery.outcomes == {"unknown": 1, "deferred": 1}
    assert time.monotonic() - started < 4


@pytest.mark.slow
def test_a_server_that_reads_slowly_is_waited_for_while_it_reads():
    async def slow(stream: Stream) -> None:
        await stream.greets("PIPELINING")
        await stream.takes_commands()
        left = len(huge)
        while left > 0:
            left -= len(await stream.reader.read(1 << 20))
            await asyncio.sleep(0.04)
        await stream.says("250 taken")
        await stream.hears("QUIT")

    async def run() -> Delivery:
        async with played(slow) as port:
            return await deliver(Relay("127.0.0.1", port), [envelope(1, message=huge)], Timeouts(block=0.4))

    huge = b"Subject: x\r\n\r\n" + (b"x" * 70 + b"\r\n") * 200_000
    started = time.monotonic()
    assert asyncio.run(run()).outcomes == {"sent": 1}
    assert time.monotonic() - started > 4 * 0.4


def test_we_introduce_ourselves_with_a_name_or_an_address():
    names: list[str] = []

    async def curious(stream: Stream) -> None:
        await stream.says("220 ready")
        names.append((await stream.hears("EHLO")).split()[1])
        await stream.says("250 relay")

    meet(curious)
    meet(curious, helo="letter.example.org")
    assert names[0] in {socket.gethostname(), "[127.0.0.1]"}
    assert names[1] == "letter.example.org"


def test_a_relay_is_called_from_the_address_that_its_own_names():
    async def run():
        peers = []

        async def meet(_reader, writer):
            peers.append(writer.get_extra_info("peername")[0])
            writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            with pytest.raises(Unreachable):
                await Connection.open(Relay.parse(f"smtp://127.0.0.1:{port}?source=127.0.0.7"), PATIENT)
            with pytest.raises(Misconfigured, match=r"no address 192\.0\.2\.7"):
                await Connection.open(Relay.parse(f"smtp://127.0.0.1:{port}?source=192.0.2.7"), PATIENT)
        return peers

    assert asyncio.run(run()) == ["127.0.0.7"]


@pytest.fixture
def relay_at_two_addresses(monkeypatch):
    """A relay that DNS knows under an address of each family, where nobody listens."""

    def both(_host, _port, *_args, **_kept):
        closed = free_port()
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", closed, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", closed)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    return "smtp://relay.example.org"


def test_a_relay_that_is_reached_at_none_of_its_addresses_says_why_at_each(relay_at_two_addresses):
    with pytest.raises(Unreachable, match=r"cannot be reached \(.*::1.*127\.0\.0\.1"):
        asyncio.run(Connection.open(Relay.parse(relay_at_two_addresses), PATIENT))


@pytest.mark.parametrize("source", ["192.0.2.7", "2001:db8::7"])
def test_a_wrong_source_is_named_also_where_the_relay_has_addresses_of_both_families(
    relay_at_two_addresses, source
):
    with pytest.raises(Misconfigured, match=f"no address {source}"):
        asyncio.run(Connection.open(Relay.parse(f"{relay_at_two_addresses}?source={source}"), PATIENT))
