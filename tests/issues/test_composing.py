import io
import re
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image

from newsletter import entries, issues
from newsletter.database import db
from newsletter.images import HEAVIEST
from newsletter.issues import Kind, Layout, Teller
from tests.issues.conftest import NOW


def preview(issue, language):
    return issues.preview(issue, language)


def test_dates_are_written_as_each_language_writes_them(letter, dialogue):
    issue = issues.draft(letter)
    english, japanese = preview(issue, "en"), preview(issue, "ja")
    assert "No. 1 · 8 October 2026" in english.text
    assert "10–11 November 2026" in english.text
    assert "Register by Friday 30 October" in english.text
    assert "第1号・2026年10月8日(木)" in japanese.text
    assert "2026年11月10日(火)・11日(水)" in japanese.text
    assert "10月30日(金)までに申し込む" in japanese.text


def test_an_entry_in_one_language_is_labelled_for_readers_of_the_other(letter, lecture):
    issue = issues.draft(letter)
    assert "英語のみ" in preview(issue, "ja").text
    assert "Japanese only" not in preview(issue, "en").text


def test_times_name_their_place_and_what_clocks_at_home_show(letter, lecture):
    assert "17:00–18:30, London time (3 December, 2:00 in Tokyo)" in preview(issues.draft(letter), "en").text


def test_a_closed_registration_is_said_in_place_of_the_button(letter, dialogue, now):
    issue = issues.draft(letter)
    now.move_to(datetime(2026, 11, 1, tzinfo=UTC))
    text = preview(issue, "en").text
    assert "Registration closed on Friday 30 October." in text
    assert "https://www.example.org/register" not in text


def test_the_footer_says_why_it_came_and_every_way_out(letter, dialogue):
    text = preview(issues.draft(letter), "en").text
    assert "You get this because you subscribed to Tokyo Letter." in text
    assert "Shimbashi, Minato-ku, Tokyo" in text
    assert "/issues/tokyo-letter-1?language=ja" in text
    assert "/manage" in text
    assert "「東京だより」を購読された方へお送りしています。" in preview(issues.draft(letter), "ja").text


def test_the_call_for_support_is_the_publications_own_unless_it_is_rewritten(letter, dialogue):
    issue = issues.draft(letter)
    assert "https://www.example.org/ja/support" in preview(issue, "ja").text
    call = next(block for block in issue.pieces if block.kind is Kind.CALL)
    texts = {
        "en": {"title": "Join us", "text": "Now.", "label": "Join", "url": "https://www.example.org/join"}
    }
    issues.save(issue.id, 1, blocks=issues.edited(issue.pieces, call.id, texts=texts))
    issue = issues.issue(issue.id)
    assert "https://www.example.org/join" in preview(issue, "en").text
    assert "Join us(英語のみ)" in preview(issue, "ja").text


def test_a_text_is_markdown_or_simple_html_and_never_a_script(letter):
    issue = issues.draft(letter)
    texts = {
        "en": {"body": "**Bold** <script>alert(1)</script>"},
        "ja": {"body": "<p>太字<script>x()</script></p>"},
    }
    issues.save(issue.id, 1, blocks=(issues.new_block(Kind.TEXT, texts=texts),))
    issue = issues.issue(issue.id)
    assert "<strong" in preview(issue, "en").html
    assert "<script" not in preview(issue, "en").html + preview(issue, "ja").html


def test_a_text_that_is_missing_comes_in_the_other_language_with_a_label(letter):
    issue = issues.draft(letter)
    issues.save(issue.id, 1, blocks=(issues.new_block(Kind.TEXT, texts={"en": {"body": "Good news"}}),))
    html = preview(issues.issue(issue.id), "ja").html
    assert "英語のみ" in html
    assert 'lang="en"' in html


def test_a_name_stands_where_it_was_asked_for_and_its_fallback_where_there_is_nobody(letter):
    issue = issues.draft(letter)
    issues.save(issue.id, 1, subjects={"en": "Dear {name|reader}", "ja": "{name|読者の皆さま}へ"})
    db.session.commit()
    materials = issues.gather(issues.issue(issue.id))
    assert "Dear reader" in issues.preview(materials.issue, "en", materials).html


def test_every_kind_of_block_is_set(letter, articles):
    words = {
        "text": "Words",
        "body": "Words",
        "title": "Words",
        "label": "Words",
        "url": "https://www.example.org/",
    }
    issue = issues.draft(letter)
    blocks = tuple(
        issues.new_block(kind, texts={"en": {name: words.get(name, "Words") for name in issues.FIELDS[kind]}})
        for kind in Kind
        if kind is not Kind.PICTURE
    )
    issues.save(issue.id, 1, blocks=blocks)
    assert preview(issues.issue(issue.id), "en").text.count("Words") >= 6


def test_an_entry_told_large_shows_its_picture_fit_for_mail(letter, dialogue):
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(out, "PNG")
    stored = entries.store_image(out.getvalue())
    content = replace(entries.content_of(dialogue), image=stored.digest)
    entries.change(dialogue.id, content, dialogue.version, "Bob")
    card = Teller("en", NOW).card(entries.get(dialogue.id), Layout.FEATURE)
    shown = entries.image(card.picture.url.rpartition("/")[2])
    assert shown.width <= 1120
    assert len(shown.data) <= HEAVIEST


def test_every_kind_of_block_falls_back_to_the_other_language_labelled_and_told_apart(letter):
    japanese = {
        "heading": {"text": "見出し"},
        "text": {"body": "本文"},
        "button": {"label": "申し込む", "url": "https://www.example.org/"},
        "quote": {"text": "引用", "source": "江口"},
        "call": {"title": "支援", "text": "お願い", "label": "寄付", "url": "https://www.example.org/give"},
    }
    blocks = tuple(issues.new_block(kind, texts={"ja": own}) for kind, own in japanese.items())
    made = issues.draft(letter)
    saved = issues.save(made.id, made.version, blocks=blocks)
    english, own = preview(saved, "en"), preview(saved, "ja")
    for words in ("見出し", "申し込む", "引用", "支援", "お願い", "寄付"):
        assert f"{words} (Japanese only)" in english.text
        assert re.search(f'lang="ja"[^<]*>{words}', english.html), words
    assert re.search('<div[^>]*lang="ja"[^>]*><p[^>]*>本文', english.html)
    assert "Japanese only" not in own.html
