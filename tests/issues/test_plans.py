"""To whom an issue goes: several lists without doubles, exclusions, topics, and counts that add up."""

import pytest

from newsletter import audience, delivery, issues, settings
from newsletter.audience import Source
from newsletter.database import db
from newsletter.errors import Conflict, Invalid
from newsletter.issues import Plan, Why
from newsletter.tokens import Purpose
from tests.issues.test_sending import server

__all__ = ["server"]


def enrol(mailing_list, *rows, confirmed=True):
    lines = ["email,name,language", *(f"{one},," + ("ja" if one.endswith(".jp") else "en") for one in rows)]
    audience.import_subscribers(lines, mailing_list.id, confirmed=confirmed)
    db.session.commit()


@pytest.fixture
def members(publication, now):
    made = audience.create_list("members", {"en": "Members", "ja": "会員"})
    enrol(made, "dora@example.org", "gil@example.org", "hana@example.jp")
    return made


@pytest.fixture
def press(publication, now):
    made = audience.create_list("press", {"en": "Press", "ja": "報道関係"})
    enrol(made, "finn@example.org", "gil@example.org")
    return made


def got(issue_id):
    sent = issues.issue(issue_id)
    return sorted(one.address for one in delivery.recipients(sent.mailing_id).items)


def seen(draft):
    return issues.outlook(issues.gather(issues.issue(draft.id)))


@pytest.mark.usefixtures("readers", "dialogue")
def test_a_reader_of_several_lists_gets_the_issue_once(letter, members):
    draft = issues.draft(letter)
    planned = issues.plan(draft.id, draft.version, Plan(lists=(members.id,)))
    ahead = seen(draft)
    assert (dict(ahead.readers), ahead.left) == ({"en": 3, "ja": 2}, 0)
    assert (
        "subscribed to at least one of these: Tokyo Letter and Members." in issues.preview(draft, "en").html
    )
    assert (
        "次のいずれかを購読された方へお送りしています:東京だより・会員。" in issues.preview(draft, "ja").html
    )
    issues.send(draft.id, version=planned.version)
    addresses = [
        "dora@example.org",
        "emi@example.jp",
        "finn@example.org",
        "gil@example.org",
        "hana@example.jp",
    ]
    assert got(draft.id) == addresses
    assert issues.later_readers(draft.id) == {"en": 0, "ja": 0}


@pytest.mark.usefixtures("readers", "dialogue")
def test_exclusions_are_left_out_and_counted_once_each(letter, members, press):
    first = issues.draft(letter)
    issues.send(first.id)
    enrol(letter, "ida@example.org", "joe@example.org")
    enrol(letter, "kim@example.org", confirmed=False)
    delivery.suppress("joe@example.org", "asked us to")
    draft = issues.draft(letter)
    plan = Plan((members.id,), (press.id,), (first.id,))
    issues.plan(draft.id, draft.version, plan)
    ahead = seen(draft)
    assert dict(ahead.readers) == {"en": 1, "ja": 1}
    assert dict(ahead.left_out) == {
        Why.SUPPRESSED: 1,
        Why.UNCONFIRMED: 1,
        Why.ON_A_LIST: 2,
        Why.HAD_ANOTHER: 2,
    }
    issues.send(draft.id)
    assert got(draft.id) == ["hana@example.jp", "ida@example.org", "joe@example.org"]
    assert issues.report(draft.id).suppressed == 1


@pytest.mark.usefixtures("readers", "dialogue")
def test_an_issue_narrowed_to_topics_goes_to_who_chose_one_or_none(letter):
    settings.add_topic("security", {"en": "Security", "ja": "安全保障"})
    settings.add_topic("economy", {"en": "Economy", "ja": "経済"})
    db.session.commit()
    topics = {one.slug: one.id for one in settings.topics()}
    for who, chosen in (("dora@example.org", ["security"]), ("finn@example.org", ["economy"])):
        audience.change_preferences(audience.subscriber(who).id, topics=chosen)
    draft = issues.draft(letter)
    issues.plan(draft.id, draft.version, Plan(topics=(topics["security"],)))
    assert dict(seen(draft).left_out) == {Why.OTHER_TOPICS: 1}
    issues.send(draft.id)
    assert got(draft.id) == ["dora@example.org", "emi@example.jp"]


@pytest.mark.usefixtures("readers", "dialogue")
def test_the_link_to_unsubscribe_leaves_the_list_through_which_it_came(letter, members):
    draft = issues.draft(letter)
    issues.plan(draft.id, draft.version, Plan(lists=(members.id,)))
    issues.send(draft.id)
    db.session.commit()
    mailing = issues.issue(draft.id).mailing_id

    def link(address):
        reader = audience.subscriber(address).id
        token = settings.tokens().make(Purpose.UNSUBSCRIBE, reader, letter.id, mailing)
        return audience.read_link(Purpose.UNSUBSCRIBE, token)

    assert link("dora@example.org").list_id == letter.id
    assert link("emi@example.jp").list_id == letter.id
    hana = link("hana@example.jp")
    assert hana.list_id == members.id
    audience.unsubscribe(hana.reader, hana.list_id, Source.ONE_CLICK)
    assert link("hana@example.jp") == hana
    withdrawn = [one.address for one in delivery.recipients(mailing, delivery.State.WITHDRAWN).items]
    assert withdrawn == ["hana@example.jp"]


@pytest.mark.usefixtures("readers", "dialogue")
def test_an_old_link_leaves_the_list_through_which_its_mail_came_whatever_happened_since(
    letter, members, now
):
    draft = issues.draft(letter)
    issues.plan(draft.id, draft.version, Plan(lists=(members.id,)))
    issues.send(draft.id)
    dora, hana = (audience.subscriber(one).id for one in ("dora@example.org", "hana@example.jp"))
    mailing = issues.issue(draft.id).mailing_id
    now.shift(60)
    audience.unsubscribe(dora, letter.id, Source.ONE_CLICK)
    now.shift(60)
    for reader in (dora, hana):
        audience.change_preferences(reader, lists=["tokyo-letter", "members"])
    db.session.commit()
    token = settings.tokens().make
    came = [
        audience.read_link(
            Purpose.UNSUBSCRIBE, token(Purpose.UNSUBSCRIBE, reader, letter.id, mailing)
        ).list_id
        for reader in (dora, hana)
    ]
    assert came == [letter.id, members.id]


def test_a_plan_names_what_is_there_and_is_kept_by_who_saw_the_latest(letter, members, readers, dialogue):
    draft = issues.draft(letter)
    with pytest.raises(Invalid, match="no longer there"):
        issues.plan(draft.id, draft.version, Plan(lists=(999,)))
    with pytest.raises(Invalid, match="one of both"):
        issues.plan(draft.id, draft.version, Plan((members.id,), (members.id,)))
    with pytest.raises(Invalid, match="was sent"):
        issues.plan(draft.id, draft.version, Plan(without_issues=(draft.id,)))
    issues.plan(draft.id, 1, Plan(lists=(members.id,)))
    with pytest.raises(Conflict):
        issues.plan(draft.id, 1, Plan())
    assert issues.plan_of(draft.id) == Plan(lists=(members.id,))


def test_the_head_and_the_foot_name_the_list_through_which_it_came(
    letter, members, readers, dialogue, server
):
    """Finn reads the letter, Gil the members' list alone; Dora reads both, and gets it as a reader of the letter."""
    draft = issues.draft(letter)
    planned = issues.plan(draft.id, draft.version, Plan(lists=(members.id,)))
    gil = audience.search("gil@example.org").items[0].subscriber
    sees = issues.variant_of_reader(issues.gather(issues.issue(draft.id)), gil.id)
    assert "subscribed to Members." in issues.preview(draft, "en", variant=sees).html
    assert b"List-Id: Members <members." in issues.sample(draft.id, gil.id).message
    issues.send(draft.id, version=planned.version)
    db.session.commit()
    delivery.deliver()
    for address, slug, title in (
        ("finn@example.org", letter.slug, "Tokyo Letter"),
        ("dora@example.org", letter.slug, "Tokyo Letter"),
        ("gil@example.org", "members", "Members"),
        ("hana@example.jp", "members", "会員"),
    ):
        (mail,) = server.taken[address]
        assert f"<{slug}." in mail["List-Id"]
        assert f":{slug}:issue:" in mail["Feedback-ID"]
        foot = mail.get_body(("plain",)).get_content().replace("\n", " ")
        assert (f"subscribed to {title}." if title.isascii() else f"「{title}」を購読") in foot
        assert "at least one of these" not in foot


def test_who_joins_another_list_later_gets_an_issue_as_its_reader(letter, members, readers, dialogue, server):
    draft = issues.draft(letter)
    planned = issues.plan(draft.id, draft.version, Plan(lists=(members.id,)))
    issues.send(draft.id, version=planned.version)
    db.session.commit()
    delivery.deliver()
    enrol(members, "ida@example.org")
    assert issues.send_to_later_readers(draft.id) == 1
    db.session.commit()
    delivery.deliver()
    (mail,) = server.taken["ida@example.org"]
    assert "<members." in mail["List-Id"]
