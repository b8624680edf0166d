"""How a mailing fares by domain and by reply: it adds up, groups what is alike, and for a large one is added up beside it."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import String, case, cast, func, literal, null, select, update

from newsletter import clock, delivery
from newsletter.database import db
from newsletter.delivery import Letter, State, allowance
from newsletter.delivery.freezing import freeze_due
from newsletter.delivery.tables import BreakdownRow, Recipient
from newsletter.mail import Pace
from tests.delivery.conftest import engine_matters_little, look, readers, template


@pytest.fixture(autouse=True)
def _counts_nothing_yet():
    allowance.shared.cache_clear()
    yield
    allowance.shared.cache_clear()


COLUMNS = ("sent", "deferred", "refused", "unknown", "waiting", "not_mailed")


def send_to(domains, count, **changes):
    """Enqueue an issue to made-up readers, who are spread evenly over some domains."""
    found = readers(count).subquery()
    _, variant, number, name, _ = found.c
    places = [(number % len(domains) == place, domain) for place, domain in enumerate(domains)]
    address = literal("reader", String) + cast(number, String) + "@" + cast(case(*places), String)
    chosen = db.select(address, variant, number, name, cast(null(), String))
    letter = Letter("No. 42", "issue:42", {"en": template()}, "letter@example.org", **changes)
    mailing = delivery.enqueue(letter, chosen)
    db.session.commit()
    while freeze_due(db.engine):
        pass
    return mailing


def adds_up(breakdown):
    lines = [*breakdown.domains, *filter(None, [breakdown.others])]
    for line in [*lines, breakdown.total]:
        assert sum(getattr(line, column) for column in COLUMNS) == line.recipients, line
    for column in ("recipients", *COLUMNS):
        assert sum(getattr(line, column) for line in lines) == getattr(breakdown.total, column), column
    return True


def agrees(mailing):
    """See that the breakdown says what the rows say."""
    seen = delivery.breakdown(mailing)
    assert adds_up(seen)
    rows = db.session.execute(
        select(Recipient.domain, Recipient.state, func.count())
        .where(Recipient.mailing_id == mailing)
        .group_by(Recipient.domain, Recipient.state)
    )
    counted = Counter({(domain, state): count for domain, state, count in rows})
    for line in seen.domains:
        for state in ("sent", "deferred", "refused", "unknown"):
            assert getattr(line, state) == counted[line.domain, state], (line, state)
    troubled = sum(n for (_, state), n in counted.items() if state in ("deferred", "refused", "unknown"))
    assert sum(reason.count for reason in seen.reasons) == troubled
    db.session.commit()
    return seen


def judge(stage, who):
    """Put some off, refuse some, each with an id of its own."""
    if stage != "RCPT" or not who.endswith("@slow.example"):
        return None
    number = int(who[6:].partition("@")[0])
    if number % 2:
        return f"451 4.7.1 <{who}>: Greylisted, id {number * 7919 + 16**9:x}a"
    return f"550 5.1.1 <{who}>: no such user (q{number * 7919 + 10**6}x)" if number % 5 == 0 else None


def test_domains_add_up_and_replies_that_differ_by_ids_alone_are_one(relay):
    relay.judge = judge
    mailing = send_to(["large.example", "slow.example", "fast.example"], 300)
    before = agrees(mailing)
    assert (before.of, before.total.waiting) == (3, 300)
    delivery.deliver()
    seen = agrees(mailing)
    put_off, refused = seen.reasons
    assert [(one.count, one.outcome) for one in seen.reasons] == [(50, State.DEFERRED), (10, State.REFUSED)]
    assert [(said.count, said.words) for said in put_off.replies] == [(50, "451 4.7.1 …: Greylisted, id …")]
    assert [said.words for said in refused.replies] == ["550 5.1.1 …: no such user (…)"]
    assert timedelta(minutes=25) < put_off.next_at - clock.now() < timedelta(minutes=35)
    assert refused.next_at is None
    slow = next(line for line in seen.domains if line.domain == "slow.example")
    assert (slow.sent, slow.deferred, slow.refused, slow.waits_for) == (40, 50, 10, put_off.words)
    assert slow.next_at == put_off.next_at
    assert sum(line.rate for line in seen.domains) * 60 == 240


@engine_matters_little
def test_a_domain_at_its_limit_says_what_it_waits_for(relay):
    delivery.limit_domain("slow.example", Pace(per_hour=5))
    mailing = send_to(["slow.example", "fast.example"], 100)
    delivery.deliver()
    seen = agrees(mailing)
    slow = next(line for line in seen.domains if line.domain == "slow.example")
    assert (slow.sent, slow.waiting) == (5, 45)
    assert slow.waits_for == "Only 5 messages an hour may go to slow.example."
    assert slow.next_at > clock.now()


@engine_matters_little
def test_only_the_largest_domains_are_told_apart(relay):
    mailing = send_to([f"d{number}.example" for number in range(30)], 305)
    delivery.deliver()
    seen = agrees(mailing)
    assert (len(seen.domains), seen.of) == (8, 30)
    assert [line.recipients for line in seen.domains] == [11] * 5 + [10] * 3
    assert seen.others.recipients == 305 - 85


@pytest.mark.slow
def test_a_large_mailing_is_added_up_beside_it_through_retries_and_more_readers(relay):
    relay.judge = judge
    mailing = send_to(["large.example", "slow.example", "fast.example"], 10_500)
    assert delivery.breakdown(mailing).counted is False
    _sweep()
    assert agrees(mailing).total.waiting == 10_500
    with time_machine.travel(clock.now(), tick=True) as now:
        delivery.deliver()
        _sweep()
        seen = agrees(mailing)
        assert (seen.total.deferred, seen.total.refused) == (1750, 350)
        assert len(seen.reasons) == 2
        assert [len(reason.replies) for reason in seen.reasons] == [1, 1]
        relay.judge = lambda *_: None
        now.shift(timedelta(minutes=40))
        delivery.deliver()
        _sweep()
        assert agrees(mailing).total.deferred == 0
        delivery.extend(mailing, readers(700, first=20_001))
        db.session.commit()
        _sweep()
        assert agrees(mailing).total.waiting == 700
        delivery.deliver()
        _sweep()
        seen = agrees(mailing)
    assert (seen.total.sent, seen.total.refused, seen.of) == (10_850, 350, 4)
    assert look(mailing).sent == 10_850


def test_a_large_mailing_that_is_cancelled_is_added_up_once_more(relay):
    mailing = send_to(["large.example", "fast.example"], 10_100)
    _sweep()
    delivery.withdraw(mailing)
    db.session.commit()
    _sweep()
    assert agrees(mailing).total.not_mailed == 10_100


def test_what_ended_before_anybody_swept_is_added_up_to_its_end(relay):
    mailing = send_to(["large.example", "fast.example"], 40_000)
    delivery.withdraw(mailing)
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        for _ in range(40):
            delivery.sweep()
        assert agrees(mailing).total.not_mailed == 40_000
        kept = db.session.scalar(select(BreakdownRow.finished_at).where(BreakdownRow.first_seq == 0))
        assert kept == look(mailing).finished_at


def test_the_domains_of_a_large_mailing_come_by_size_and_add_up_when_a_reader_is_forgotten(relay):
    mailing = send_to(["zz.example", "a.example", "a.example", "zz.example", "zz.example"], 10_200)
    db.session.execute(update(Recipient).where(Recipient.seq == 1).values(domain="own.example"))
    db.session.commit()
    _sweep()
    delivery.withdraw(mailing)
    delivery.forget(1)
    for reader in range(2, 40):
        delivery.forget(reader)
    db.session.commit()
    _sweep()
    seen = agrees(mailing)
    assert [line.domain for line in seen.domains] == ["zz.example", "a.example"]
    assert [line.waiting for line in [*seen.domains, seen.others]] == [0, 0, 0]
    assert seen.others.recipients == 1
    forgotten = db.session.execute(select(Recipient.address, Recipient.domain).where(Recipient.seq <= 2))
    assert [tuple(row) for row in forgotten] == [("", ""), ("", "a.example")]


@pytest.mark.slow
def test_what_is_sent_again_is_added_up_though_nobody_looked_between(relay):
    relay.judge = lambda stage, who: "take and cut" if stage == "dot" and who.startswith("reader7@") else None
    mailing = send_to(["large.example", "fast.example"], 10_100, unknown="hold")
    delivery.deliver()
    _sweep()
    assert agrees(mailing).total.unknown > 0
    relay.judge = lambda *_: None
    delivery.resend_unknown(mailing)
    db.session.commit()
    delivery.deliver()
    _sweep()
    assert agrees(mailing).total.sent == 10_100


@pytest.mark.slow
@engine_matters_little
def test_what_a_mailing_without_end_of_replies_keeps_is_bounded(relay):
    words = "abcdefghijklmnopqrstuvwxyz"

    def each_its_own(stage, who):
        if stage != "RCPT":
            return None
        n = int(who[6:].partition("@")[0])
        return f"550 5.1.1 nobody called {words[n % 26]}{words[n // 26 % 26]}{words[n // 676]} here"

    relay.judge = each_its_own
    mailing = send_to(["large.example"], 10_100)
    delivery.deliver()
    _sweep()
    seen = agrees(mailing)
    assert seen.reasons[0].count == 10_100
    kept = db.session.scalar(
        select(BreakdownRow.counts).where(BreakdownRow.mailing_id == mailing, BreakdownRow.first_seq == 0)
    )
    assert len(kept["counts"]) < 250


@engine_matters_little
def test_a_mailing_that_goes_on_months_later_is_told_in_sixty_points_from_where_it_went_on(relay):
    mailing = send_to(["large.example"], 3)
    delivery.deliver()
    with time_machine.travel(clock.now() + timedelta(days=100), tick=True) as now:
        delivery.extend(mailing, readers(2, first=11))
        db.session.commit()
        delivery.deliver()
        again = look(mailing).extended_at
        now.shift(timedelta(days=30))
        whole, month = delivery.rates(mailing), delivery.rates(mailing, timedelta(days=30))
    assert again - timedelta(seconds=10) < whole[0].at <= again
    assert len(whole) == 1
    assert 50 < len(month) <= 61


def _sweep():
    """Sweep as the clock would, until nothing is left to be added up."""
    for _ in range(12):
        delivery.sweep()
