"""What a reader chooses, and what is held about them."""

import json

import pytest

from newsletter import audience
from newsletter.errors import Invalid, NotFound
from tests.audience.letterbox import reader, state


def test_all_that_is_given_is_changed_and_the_rest_left():
    dora = reader(name="Dora")
    audience.change_preferences(dora.id, topics=("sea",), language="ja")
    chosen = audience.change_preferences(dora.id, timezone="Asia/Tokyo")
    assert (chosen.name, chosen.language, chosen.timezone) == ("Dora", "ja", "Asia/Tokyo")
    assert chosen.topics == ("sea",)
    assert audience.change_preferences(dora.id, topics=()).topics == ()


def test_choosing_lists_joins_and_leaves_with_a_record_each():
    dora = reader()
    audience.change_preferences(dora.id, lists=("event-notices",), ip="192.0.2.7")
    assert state("dora@example.org") == "unsubscribed"
    assert state("dora@example.org", "event-notices") == "confirmed"
    joined, left = (
        next(e for e in audience.consents(dora.id) if e.action is action)
        for action in (audience.Action.CONFIRMED, audience.Action.WITHDRAWN)
    )
    assert joined.list_slug == "event-notices"
    assert joined.wording.text == audience.wording("en")
    assert left.list_slug == "tokyo-letter"


def test_saving_the_same_again_writes_nothing():
    dora = reader()
    before = len(audience.consents(dora.id))
    audience.change_preferences(dora.id, lists=("tokyo-letter",))
    assert len(audience.consents(dora.id)) == before


def test_what_is_wrong_is_named_and_nothing_is_changed():
    dora = reader(name="Dora")
    for field, change in {
        "list": {"lists": ("nonsense",)},
        "topic": {"topics": ("nonsense",)},
        "language": {"language": "tlh"},
        "timezone": {"timezone": "Mars/Olympus"},
        "name": {"name": "Dora\nBcc: all@example.org"},
    }.items():
        with pytest.raises(Invalid) as caught:
            audience.change_preferences(dora.id, **{"language": "ja", **change})
        assert caught.value.field == field
    assert audience.preferences(dora.id).language == "en"


def test_a_list_that_is_not_public_is_offered_to_its_readers_alone():
    audience.create_list("members", {"en": "Members"}, public=False)
    dora, emi = reader("dora@example.org", "members"), reader("hanako@example.jp")
    offered = {
        who.id: {c.mailing_list.slug for c in audience.preferences(who.id).choices} for who in (dora, emi)
    }
    assert "members" in offered[dora.id]
    assert "members" not in offered[emi.id]
    with pytest.raises(Invalid):
        audience.change_preferences(emi.id, lists=("members",))


def test_personal_data_is_whole_and_ready_for_json():
    dora = reader(name="Dora")
    audience.change_preferences(dora.id, topics=("sea",))
    data = json.loads(json.dumps(audience.personal_data(dora.id)))
    assert data["address"] == "dora@example.org"
    assert data["topics"] == ["sea"]
    assert data["subscriptions"][0]["list"] == "tokyo-letter"
    assert data["consents"][0]["action"] == "imported as confirmed"


def test_nobody_has_no_preferences():
    with pytest.raises(NotFound):
        audience.preferences(999)
