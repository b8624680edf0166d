"""Blocks for some readers only: each reader gets their own variant, and the archive what everybody reads."""

import pytest

from newsletter import audience, delivery, issues, settings
from newsletter.audience import Circle, Sort
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.issues import Condition, Kind, Level
from tests.issues.test_sending import server

__all__ = ["server"]

SEA, MEMBERS = Circle(Sort.TOPIC, "sea"), Circle(Sort.LIST, "members")


def text(words, **settings):
    return issues.new_block(
        Kind.TEXT, texts={"en": {"body": words}, "ja": {"body": f"和 {words}"}}, **settings
    )


@pytest.fixture
def cast(letter):
    """Dora chose the sea, Finn the army, Gus nothing; Hana reads the members' list too, in Japanese."""
    for slug in ("sea", "army"):
        settings.add_topic(slug, {"en": slug.title(), "ja": slug.title()})
    members = audience.create_list("members", {"en": "Members", "ja": "会員"})
    rows = ["email,language,topics", "dora@example.org,en,sea", "finn@example.org,en,army"]
    rows += ["gus@example.org,en,", "hana@example.jp,ja,army"]
    audience.import_subscribers(rows, letter.id, confirmed=True)
    audience.import_subscribers(["email", "hana@example.jp"], members.id, confirmed=True)
    db.session.commit()


@pytest.fixture
def draft(letter, cast):
    made = issues.draft(letter)
    blocks = (
        text("For all."),
        text("About the sea.", readers=Condition(SEA)),
        text("Not about the sea.", readers=Condition(SEA, within=False)),
        text("For members.", readers=Condition(MEMBERS), hidden=("en",)),
        text("English alone.", hidden=("ja",)),
    )
    lines = {"en": "Soon", "ja": "まもなく"}
    return issues.save(made.id, made.version, subjects=lines, preheaders=lines, blocks=blocks)


def body(message):
    return message.get_body(("plain",)).get_content()


def test_each_reader_gets_the_blocks_that_are_for_them(draft, server):
    issues.send(draft.id)
    db.session.commit()
    delivery.deliver()
    got = {address: body(mails[0]) for address, mails in server.taken.items()}
    assert "About the sea." in got["dora@example.org"]
    assert "Not about the sea." not in got["dora@example.org"]
    assert "Not about the sea." in got["finn@example.org"]
    assert "For members." not in got["finn@example.org"]
    assert "About the sea." in got["gus@example.org"]  # who chose no topic gets what is for any
    assert "和 For members." in got["hana@example.jp"]
    assert "English alone." not in got["hana@example.jp"]
    assert all("For all." in words for words in got.values())


def test_the_archive_shows_what_is_for_everybody(draft):
    issues.send(draft.id)
    page = issues.edition(draft.id, "en").web_html
    assert "For all." in page
    assert "English alone." in page
    assert "About the sea." not in page
    assert "Not about the sea." not in page


def test_who_joins_later_gets_their_own_variant(letter, draft, server):
    issues.send(draft.id)
    db.session.commit()
    delivery.deliver()
    rows = ["email,language,topics", "iris@example.org,en,army", "jun@example.jp,ja,sea"]
    audience.import_subscribers(rows, letter.id, confirmed=True)
    assert issues.later_readers(draft.id) == {"en": 1, "ja": 1}
    issues.send_to_later_readers(draft.id)
    db.session.commit()
    delivery.deliver()
    assert "Not about the sea." in body(server.taken["iris@example.org"][0])
    assert "和 About the sea." in body(server.taken["jun@example.jp"][0])


def test_a_link_has_one_number_in_all_variants(letter, draft, server):
    audience.change_list(letter.slug, counts_links=True)
    blocks = (
        text("[Here](https://www.example.org/here)"),
        text("[There](https://www.example.org/there)", readers=Condition(SEA)),
    )
    issues.save(draft.id, draft.version, blocks=blocks)
    issues.send(draft.id)
    db.session.commit()
    delivery.deliver()
    assert [link.url for link in issues.links(draft.id) if link.language == "en"] == [
        "https://www.example.org/here",
        "https://www.example.org/there",
    ]
    html = server.taken["dora@example.org"][0].get_body(("html",)).get_content()
    assert "example.org/there" not in html
    assert html.count("/click/") == 2


def test_the_preview_shows_the_issue_as_a_reader_of_a_circle_gets_it(draft):
    materials = issues.gather(draft)

    def seen(*circles):
        variant = issues.variant_for(materials, "en", circles)
        return issues.preview(draft, "en", materials, variant).text

    assert "Not about the sea." in seen()
    assert "About the sea." in seen(SEA).replace("Not about", "")
    assert "About the sea." in issues.preview(draft, "en", materials).text
    reader = audience.subscriber("finn@example.org").id
    assert issues.variant_of_reader(materials, reader).key == "en+0"


def test_more_variants_than_can_be_set_are_refused_before_and_at_sending(draft):
    settings.add_topic("law", {"en": "Law"})
    settings.add_topic("trade", {"en": "Trade"})
    slugs = ("sea", "army", "law", "trade")
    blocks = [text(slug, readers=Condition(Circle(Sort.TOPIC, slug))) for slug in slugs]
    saved = issues.save(draft.id, draft.version, blocks=(text("All"), *blocks))
    assert not issues.errors_of(issues.check(saved))  # 2 × 16 of 32
    more = text("members", readers=Condition(MEMBERS))
    saved = issues.save(saved.id, saved.version, blocks=(*saved.pieces, more))
    found = issues.errors_of(issues.check(saved, "ja"))
    assert [one.sentence for one in found] == [
        "この号は64通りになりますが、多くて32通りまでです。特定のテーマやリストの読者だけに見せるブロックを減らすか、同じテーマやリストにまとめてください。"
    ]
    with pytest.raises(Invalid, match="64 variants; 32 are the most"):
        issues.send(saved.id)


def test_checks_find_whom_nobody_thought_of(draft):
    blocks = (
        text("Sea", readers=Condition(SEA)),
        text("Gone", readers=Condition(Circle(Sort.TOPIC, "gone"))),
        text("Nowhere", hidden=("en", "ja")),
        issues.new_block(Kind.COLUMNS),
    )
    saved = issues.save(draft.id, draft.version, blocks=blocks)
    found = {one.sentence: one.level for one in issues.check(saved)}
    assert found["Text: the topic “gone”, whose readers it is for, is no longer there."] is Level.ERROR
    assert found["English edition: some readers would get an empty letter."] is Level.ERROR
    assert found["Japanese edition: the archive would show nothing."] is Level.WARNING
    assert found["Text: it is hidden in every language."] is Level.WARNING
    assert found["Two columns hold nothing yet."] is Level.WARNING


def test_an_edition_in_which_everything_is_hidden_is_not_sent(draft):
    saved = issues.save(draft.id, draft.version, blocks=(text("Only English.", hidden=("ja",)),))
    found = {one.sentence: one.level for one in issues.check(saved)}
    assert found["Japanese edition: some readers would get an empty letter."] is Level.ERROR
    assert "English edition: some readers would get an empty letter." not in found


def test_a_text_that_is_hidden_in_a_language_is_not_missed_there(draft):
    block = issues.new_block(Kind.TEXT, texts={"en": {"body": "Only English."}})
    missed = "Text: there is no Japanese text."
    saved = issues.save(draft.id, draft.version, blocks=(text("All"), block))
    assert missed in {one.sentence for one in issues.check(saved)}
    blocks = issues.edited(saved.pieces, block.id, hidden=("ja",))
    saved = issues.save(draft.id, saved.version, blocks=blocks)
    assert missed not in {one.sentence for one in issues.check(saved)}
