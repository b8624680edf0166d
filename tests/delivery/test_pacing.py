"""Limits of relays and domains are kept, what waits stands in nobody's way, and the screen can say why."""

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
import redis
import time_machine
from sqlalchemy import String, case, cast, literal, null, select

from newsletter import clock, delivery, errors, mail, settings, wake
from newsletter.app import create_app
from newsletter.database import db
from newsletter.delivery import MailingState, allowance
from newsletter.mail import Pace
from tests.delivery.conftest import agree, draft, engine_matters_little, look, send, template, use
from tests.delivery.server import Server
from tests.delivery.test_faults import Beside, start_worker, until
from tests.mail.servers import TokenBox, aiosmtpd_server
from tests.outside.conftest import redis_url

__all__ = ["redis_url"]


@pytest.fixture(autouse=True)
def _counts_nothing_yet():
    allowance.shared.cache_clear()
    yield
    allowance.shared.cache_clear()


def at(*domains, each=20):
    """Select made-up readers, `each` at every domain, by turns."""
    count = each * len(domains)
    numbers = select(literal(0).label("i")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.i + 1).where(numbers.c.i < count - 1))
    domain = case(
        {place: literal(name, String) for place, name in enumerate(domains)}, value=numbers.c.i % len(domains)
    )
    number = cast(numbers.c.i, String)
    return select(
        literal("reader", String) + number + "@" + domain,
        literal("en", String),
        numbers.c.i + 1,
        "Reader " + number,
        cast(null(), String),
    )


def send_to(*domains, each=20, **changes):
    values = {
        "label": "No. 42",
        "reference": "issue:42",
        "templates": {"en": template()},
        "sender_email": "letter@example.org",
    } | changes
    mailing_id = delivery.enqueue(delivery.Letter(**values), at(*domains, each=each))
    db.session.commit()
    return mailing_id


def by_domain(relay):
    return Counter(who.partition("@")[2] for who in relay.recipients.elements())


class Stamps:
    """Notes when each message arrived."""

    def __init__(self, relay):
        self.times = []
        relay.judge = self._note

    def _note(self, stage, _argument):
        if stage == "dot":
            self.times.append(time.monotonic())

    def most_within(self, seconds):
        times = sorted(self.times)
        return max(sum(first <= one < first + seconds for one in times) for first in times)


# Domains


def test_a_domain_at_its_limit_blocks_nobody_and_says_what_waits_and_until_when(relay):
    delivery.limit_domain("Slow.example", Pace(per_hour=5))
    mailing = send_to("slow.example", "fast.example", each=300)
    delivery.deliver()
    assert by_domain(relay) == {"slow.example": 5, "fast.example": 300}
    seen = look(mailing)
    assert (seen.state, seen.queued, seen.deferred) == (MailingState.WAITING, 295, 0)
    assert seen.notice == "Only 5 messages an hour may go to slow.example."
    wait = delivery.breakdown(mailing).waits[0]
    assert (wait.count, wait.words) == (295, seen.notice)
    assert timedelta(minutes=50) < wait.next_at - clock.now() < timedelta(minutes=80)
    assert timedelta(hours=50) < wait.last_at - clock.now() < timedelta(hours=70)
    assert delivery.recipients(mailing).items[-2].attempts == 0
    agree(mailing)


@pytest.mark.slow
def test_what_waited_for_a_limit_goes_when_it_may_and_everybody_gets_one(relay):
    delivery.limit_domain("slow.example", Pace(per_hour=50))
    mailing = send_to("slow.example", "fast.example", each=100)
    with time_machine.travel(clock.now(), tick=True) as now:
        delivery.deliver()
        assert by_domain(relay)["slow.example"] == 48  # one in twenty is kept for service mail
        now.shift(timedelta(minutes=50))
        delivery.deliver()
        assert by_domain(relay)["slow.example"] == 48
        for _ in range(30):
            now.shift(timedelta(minutes=10))
            delivery.deliver()
    assert look(mailing).state == MailingState.FINISHED
    assert set(relay.recipients.values()) == {1}
    assert len(relay.recipients) == 200
    agree(mailing)


@engine_matters_little
def test_service_mail_has_a_reserve_where_issues_have_used_a_limit_up(relay):
    delivery.limit_domain("slow.example", Pace(per_day=20))
    send_to("slow.example", each=30)
    delivery.deliver()
    assert by_domain(relay)["slow.example"] == 19
    delivery.post(draft(), mail.Address("dora@slow.example"), "confirm")
    db.session.commit()
    delivery.deliver()
    assert "dora@slow.example" in relay.recipients


@pytest.mark.slow
@engine_matters_little
def test_a_limit_a_second_is_kept_and_service_mail_overtakes_what_waits(relay, place):
    stamps = Stamps(relay)
    delivery.limit_domain("slow.example", Pace(per_second=10))
    send_to("slow.example", each=40)
    with Beside(place):
        until(lambda: len(relay.taken) > 5)
        delivery.post(draft(), mail.Address("dora@slow.example"), "confirm")
        db.session.commit()
        until(lambda: "dora@slow.example" in relay.recipients)
        assert len(relay.taken) < 35
    assert stamps.most_within(0.9) <= 12  # a message may be under way a moment longer than another


def test_a_domain_warms_up_day_by_day():
    pace = Pace(per_day=1000, warm_up=(200, 500), warm_up_from=date(2026, 11, 2))
    amounts = [pace.limits(date(2026, 11, day))[0].amount for day in (1, 2, 3, 4)]
    assert amounts == [200, 200, 500, 1000]
    assert Pace(warm_up=(200,), warm_up_from=date(2026, 11, 2)).limits(date(2026, 11, 3)) == ()


@engine_matters_little
def test_limits_are_taken_away_and_what_waited_goes_at_once(relay):
    delivery.limit_domain("slow.example", Pace(per_day=2))
    mailing = send_to("slow.example", each=30)
    delivery.deliver()
    assert look(mailing).queued == 28
    delivery.limit_domain("slow.example", Pace())
    db.session.commit()
    assert delivery.destinations() == []
    delivery.deliver()
    assert look(mailing).sent == 30


def test_what_is_no_domain_gets_no_limit(place):
    with pytest.raises(errors.Invalid):
        delivery.limit_domain("reader@slow.example", Pace(per_day=2))


def _blames(domain, answer="421 4.7.28 too many messages from your address"):
    return lambda stage, who: answer if stage == "dot" and who.endswith("@" + domain) else None


def test_a_domain_that_blames_us_is_left_alone_and_all_others_get_their_mail(relay):
    relay.judge = _blames("cross.example", "450 4.7.28 too many messages from your address")
    mailing = send_to("cross.example", "fast.example", each=300)
    delivery.deliver(seconds=20)
    seen = look(mailing)
    assert (by_domain(relay), seen.sent) == ({"fast.example": 300}, 300)
    assert (seen.refused, seen.deferred, seen.queued) == (0, 0, 300)
    paused = delivery.destinations()[0]
    assert paused.name == "cross.example"
    assert timedelta(minutes=4) < paused.paused_until - clock.now() < timedelta(minutes=6)
    assert "too much mail" in paused.reason
    assert "4.7.28" in paused.reply
    assert not delivery.relays()[0].resting
    waits = delivery.breakdown(mailing).waits
    assert waits[0].words == f"cross.example is left alone for a while. {paused.reason}"
    assert waits[0].paused == "cross.example"
    assert waits[0].count >= 250
    agree(mailing)


@engine_matters_little
def test_a_pause_ends_by_itself_and_grows_while_nothing_is_mended(relay):
    relay.judge = _blames("cross.example", "450 4.7.28 too many messages from your address")
    mailing = send_to("cross.example", "fast.example", each=40)
    with time_machine.travel(clock.now(), tick=True) as now:
        delivery.deliver(seconds=20)
        now.shift(timedelta(minutes=6))
        delivery.deliver(seconds=20)
        assert delivery.destinations()[0].paused_until - clock.now() > timedelta(minutes=14)
        relay.judge = lambda *_: None
        now.shift(timedelta(minutes=16))
        delivery.deliver(seconds=20)
        now.shift(timedelta(minutes=16))
        delivery.deliver(seconds=20)
        assert look(mailing).sent == 80
        assert delivery.destinations() == []
    assert set(relay.recipients.values()) == {1}


@engine_matters_little
def test_a_person_may_try_a_paused_domain_now(relay):
    relay.judge = _blames("cross.example", "550 5.7.27 SPF does not pass")
    mailing = send_to("cross.example", each=40)
    delivery.deliver(seconds=20)
    assert look(mailing).queued == 40
    delivery.deliver(seconds=20)
    relay.judge = lambda *_: None
    delivery.try_domain("cross.example")
    db.session.commit()
    delivery.deliver(seconds=20)
    assert look(mailing).sent == 40
    assert delivery.destinations() == []


@engine_matters_little
def test_service_mail_still_tries_a_domain_that_is_left_alone(relay):
    relay.judge = _blames("cross.example", "450 4.7.28 too many messages from your address")
    send_to("cross.example", each=40)
    delivery.deliver(seconds=20)
    relay.judge = lambda *_: None
    delivery.post(draft(), mail.Address("dora@cross.example"), "confirm")
    db.session.commit()
    delivery.deliver()
    assert set(relay.recipients) == {"dora@cross.example"}


@engine_matters_little
def test_where_several_domains_blame_us_and_none_takes_mail_it_is_the_relay_that_rests(relay):
    relay.judge = lambda stage, _: "550 5.7.1 sending rate limit exceeded" if stage == "MAIL" else None
    mailing = send_to("one.example", "two.example", "three.example", "four.example", each=30)
    delivery.deliver(seconds=1)
    assert delivery.relays()[0].resting
    assert look(mailing).queued == 120


# Relays


SHUT = "554 5.7.1 <x>: Recipient address rejected: Access denied"


def _shuts_out(*addresses):
    return lambda stage, argument: SHUT if stage == "RCPT" and argument in addresses else None


def _is_shut(stage, _argument):
    return SHUT if stage == "RCPT" else None


@engine_matters_little
def test_a_relay_that_lets_no_stranger_send_rests_and_no_reader_pays_for_it(relay):
    relay.judge = _is_shut
    mailing = send(200)
    delivery.deliver(seconds=1)
    assert delivery.relays()[0].resting
    seen = look(mailing)
    assert (seen.queued, seen.refused) == (200, 0)


@engine_matters_little
def test_one_banned_reader_among_many_is_refused_and_the_mailing_finishes(relay):
    relay.judge = _shuts_out("reader150@example.org")
    mailing = send(300)
    delivery.deliver(seconds=20)
    seen = look(mailing)
    assert (seen.state, seen.sent, seen.refused) == (MailingState.FINISHED, 299, 1)
    assert not delivery.relays()[0].resting
    assert delivery.suppressions().total == 0


@engine_matters_little
def test_a_banned_reader_who_is_written_to_alone_is_refused_where_the_relay_took_others_before(relay):
    send(20)
    delivery.deliver()
    relay.judge = _shuts_out("dora@example.org")
    posted = delivery.post(draft(), mail.Address("dora@example.org"), "confirm")
    db.session.commit()
    delivery.deliver(seconds=1)
    assert look(posted).refused == 1


@engine_matters_little
def test_a_relay_that_shuts_its_door_later_costs_three_readers_before_it_rests(relay):
    send(20)
    delivery.deliver()
    relay.judge = _is_shut
    mailing = send(200, reference="issue:43")
    delivery.deliver(seconds=1)
    delivery.try_relay(delivery.relays()[0].name)
    db.session.commit()
    delivery.deliver(seconds=1)
    seen = look(mailing)
    assert (seen.queued, seen.refused) == (197, 3)
    assert delivery.relays()[0].resting


@engine_matters_little
def test_a_relay_at_its_limit_gets_no_more_and_nothing_is_touched_meanwhile(relay):
    use(f"{relay.url}?per_hour=20")
    mailing = send(1200)
    delivery.deliver(seconds=1.5)
    assert len(relay.taken) == 19
    seen = look(mailing)
    name = delivery.relays()[0].name
    assert (seen.state, seen.queued) == (MailingState.WAITING, 1181)
    assert seen.notice == f"Only 20 messages an hour may leave through {name}."
    assert seen.next_try_at > clock.now() + timedelta(minutes=50)
    assert delivery.breakdown(mailing).waits == ()
    posted = delivery.post(draft(), mail.Address("dora@example.org"), "confirm")
    db.session.commit()
    delivery.deliver(seconds=1.5)
    assert look(posted).sent == 1
    with time_machine.travel(clock.now() + timedelta(minutes=62), tick=True):
        delivery.deliver(seconds=1.5)
    assert len(relay.taken) == 39
    agree(mailing)


@pytest.mark.slow
@engine_matters_little
def test_a_relay_gets_no_more_a_second_than_it_may(relay):
    stamps = Stamps(relay)
    use(f"{relay.url}?per_second=20")
    mailing = send(60)
    delivery.deliver()
    assert look(mailing).sent == 60
    assert stamps.most_within(0.9) <= 22


@engine_matters_little
def test_limits_of_a_relay_and_of_a_domain_hold_at_once(relay):
    use(f"{relay.url}?per_second=30")
    delivery.limit_domain("slow.example", Pace(per_hour=5))
    send_to("slow.example", "fast.example", each=15)
    delivery.deliver(seconds=20)
    assert by_domain(relay) == {"slow.example": 5, "fast.example": 15}


@engine_matters_little
def test_a_relay_has_no_more_connections_than_it_may(relay):
    relay.delay = 0.01
    use(f"{relay.url}?connections=2")
    send(40)
    delivery.deliver()
    assert relay.most_connections <= 2


@engine_matters_little
def test_a_relay_with_a_mended_password_does_not_wait_out_its_rest(relay):
    relay.judge = lambda stage, _: "550 5.7.8 bad password" if stage == "MAIL" else None
    mailing = send(20)
    delivery.deliver(seconds=1)
    assert delivery.relays()[0].resting
    assert delivery.relays()[0].rests_until > clock.now() + timedelta(seconds=50)
    relay.judge = lambda *_: None
    use(f"smtp://user:mended@127.0.0.1:{relay.port}?tls=none&helo=letter.example.org")
    assert not delivery.relays()[0].resting
    use(f"{relay.url}?helo=letter.example.org")
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=True):
        delivery.deliver(seconds=5)
    assert look(mailing).sent == 20


@pytest.mark.slow
@engine_matters_little
def test_a_relay_whose_token_has_expired_rests_and_goes_on_by_itself_once_a_fresh_one_is_there(
    place, tmp_path
):
    file = tmp_path / "token"
    file.write_text("stale-and-secret")
    with aiosmtpd_server(TokenBox(), auth_require_tls=False) as (port, box):
        box.good = "fresh"
        use(f"smtp://letter%40example.org@127.0.0.1:{port}?auth=xoauth2&token_file={file}")
        mailing = send(20)
        with Beside(place, seconds=300):
            until(lambda: delivery.relays()[0].resting or db.session.commit())
            [relay] = delivery.relays()
            db.session.commit()
            assert relay.rests_until > clock.now() + timedelta(seconds=50)
            assert "mail goes on by itself once a fresh one is there" in relay.reason
            assert "stale" not in relay.reason
            tries = len(box.told)
            time.sleep(1.5)
            assert len(box.told) == tries
            file.write_text("still-stale")
            until(lambda: len(box.told) > tries)
            time.sleep(1.5)
            assert len(box.told) <= 2 * tries
            file.write_text("fresh")
            begun = time.monotonic()
            until(lambda: len(box.envelopes) == 20)
            assert time.monotonic() - begun < 10
    assert look(mailing).sent == 20
    assert not delivery.relays()[0].resting


@engine_matters_little
def test_a_relay_that_rests_is_tried_when_a_person_says_so_while_a_worker_waits(relay, place):
    relay.kill()
    mailing = send(20)
    with Beside(place, seconds=30):
        until(lambda: delivery.relays()[0].resting or db.session.commit())
        name = delivery.relays()[0].name
        relay.start()
        delivery.try_relay(name)
        db.session.commit()
        begun = time.monotonic()
        until(lambda: len(relay.taken) == 20)
        assert time.monotonic() - begun < 3
    assert look(mailing).sent == 20
    with pytest.raises(errors.NotFound):
        delivery.try_relay("relay.example.org:25")


# Together


@pytest.mark.parametrize("shared", [False, True], ids=["memory", "redis"])
def test_an_allowance_grants_no_more_than_its_limit_and_takes_back_what_was_not_used(request, shared):
    counts = allowance.InRedis(request.getfixturevalue("redis_url")) if shared else allowance.InMemory()
    ask = allowance.Ask(
        "domain:x", (mail.Limit(mail.Unit.SECOND, 1000), mail.Limit(mail.Unit.DAY, 100)), 0, 60
    )
    first, second = counts.grant([ask, ask], 1)
    assert (first.issues, second.issues) == (60, 35)
    third = counts.grant([ask._replace(service=10)], 1)[0]
    assert (third.service, third.issues, third.limit) == (5, 0, ask.limits[1])
    assert 86_000 < third.wait < 90_000
    back = counts.grant([ask._replace(issues=20, unspent=15, unspent_since=second.since)], 1)[0]
    assert back.issues == 10


def test_while_redis_is_away_a_process_keeps_to_its_share_of_what_is_left_and_shares_again_afterwards(
    tmp_path, redis_url, monkeypatch
):
    monkeypatch.setattr(allowance, "_AGAIN", 0.0)
    counts, other = allowance.InRedis(redis_url), allowance.InRedis(redis_url)
    ask = allowance.Ask("relay:x", (mail.Limit(mail.Unit.HOUR, 40),), 0, 15)
    assert counts.grant([ask], 2)[0].issues == 15
    there, counts._client = counts._client, redis.Redis.from_url("redis://127.0.0.1:1/0")
    with monkeypatch.context() as away:
        away.setattr(counts, "_script", counts._client.register_script(allowance._SCRIPT))
        assert counts.grant([ask], 2)[0].issues == 4  # of its twenty, where one is kept for service mail
        assert counts.alone_since is not None
    counts._client = there
    assert other.grant([ask], 2)[0].issues == 15
    assert counts.grant([ask], 2)[0].issues == 8
    assert counts.alone_since is None


def test_two_relays_of_one_name_are_refused_at_the_start(tmp_path):
    twice = "smtp://a:p@relay.example.org,smtp://b:p@relay.example.org"
    with pytest.raises(errors.Misconfigured, match="two relays are called"):
        create_app("config.Testing", DATA_DIR=str(tmp_path), SMTP_URL=twice)


@pytest.mark.fault
def test_two_workers_keep_one_limit_together(relay, redis_url):
    stamps = Stamps(relay)
    mailing = send(90)
    url = f"{relay.url}?per_second=20"
    workers = [start_worker(url, redis_url) for _ in range(2)]
    for worker in workers:
        assert worker.wait(60) == 0
    assert look(mailing).sent == 90
    assert stamps.most_within(0.9) <= 22
    assert max(stamps.times) - min(stamps.times) > 3.0


@engine_matters_little
def test_without_redis_each_process_goes_on_with_its_share_and_says_so(relay):
    settings.bind(replace(settings.environment(), redis_url="redis://127.0.0.1:1/0"))
    use(f"{relay.url}?per_hour=40")
    mailing = send(100)
    delivery.deliver(seconds=2)
    assert look(mailing).sent == 38
    assert delivery.health().workers[0].alone_since is not None


# Several relays


@pytest.fixture
def second():
    running = Server()
    yield running
    running.stop()


@engine_matters_little
def test_relays_share_the_mail_by_their_weights(relay, second):
    relay.delay = second.delay = 0.005
    use(f"{relay.url}?weight=3", f"{second.url}?weight=1&name=second")
    mailing = send(400)
    delivery.deliver()
    assert look(mailing).sent == 400
    assert 270 <= len(relay.taken) <= 330
    assert len(relay.taken) + len(second.taken) == 400


@engine_matters_little
def test_a_relay_that_has_had_all_it_may_carry_is_stood_in_for(relay, second):
    use(f"{relay.url}?per_hour=20", second.url)
    mailing = send(60)
    delivery.deliver()
    assert look(mailing).sent == 60
    assert len(relay.taken) == 19


@pytest.mark.slow
@engine_matters_little
def test_a_relay_that_is_back_takes_its_share_again(relay, second, place):
    relay.delay = 0.05
    second.kill()
    use(f"{relay.url}?weight=1&connections=2", f"{second.url}?weight=1&name=second")
    mailing = send(300)
    with Beside(place, seconds=30):
        until(lambda: delivery.relays()[1].resting or db.session.commit())
        second.start()
        delivery.try_relay("second")
        db.session.commit()
        until(lambda: len(second.taken) > 20)
    assert look(mailing).sent == 300
    assert set((relay.recipients + second.recipients).values()) == {1}


# Steering


class Worker:
    """Delivers in a thread as a worker does: woken by commits, and by the clock each second."""

    def __init__(self, app):
        self._app = app
        self._stop = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        wake.bind(lambda *_: self._woken.set())
        self._thread.start()

    def __exit__(self, *_):
        self._stop.set()
        self._woken.set()
        self._thread.join(30)
        wake.unbind()
        assert not self._thread.is_alive()

    def _run(self):
        while not self._stop.is_set():
            with self._app.app_context():
                delivery.deliver(seconds=30, stop=self._stop)
                db.session.remove()
            self._woken.wait(1.0)
            self._woken.clear()


def soon(happens):
    """See that something happens within a second; and two more, since other tests run beside this one."""
    begun = time.monotonic()
    until(happens, 10)
    assert time.monotonic() - begun < 3


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["", "?per_second=40"], ids=["free", "limited"])
def test_pausing_resuming_and_cancelling_act_within_a_second(relay, place, limit):
    relay.delay = 0.05
    use(f"{relay.url}{limit}")
    mailing = send(1500)
    with Worker(place):
        until(lambda: len(relay.taken) > 20)
        delivery.pause(mailing, "Alice")
        db.session.commit()
        soon(lambda: look(mailing).sending == 0)
        count = len(relay.taken)
        time.sleep(0.3)
        assert len(relay.taken) == count
        delivery.resume(mailing)
        db.session.commit()
        soon(lambda: len(relay.taken) > count)
        delivery.withdraw(mailing)
        db.session.commit()
        soon(lambda: look(mailing).sending == 0)
        assert look(mailing).state == MailingState.WITHDRAWN
    agree(mailing)
    assert set(relay.recipients.values()) == {1}


@engine_matters_little
def test_what_is_held_as_unknown_goes_again_within_a_second(relay, place):
    relay.judge = lambda stage, who: (
        "take and cut" if (stage, who) == ("dot", "reader2@example.org") else None
    )
    mailing = send(3, unknown="hold")
    with Worker(place):
        until(lambda: look(mailing).unknown == 1)
        relay.judge = lambda *_: None
        assert delivery.resend_unknown(mailing) == 1
        db.session.commit()
        soon(lambda: look(mailing).sent == 3)
