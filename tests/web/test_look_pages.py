"""An owner chooses how the mail looks, beside a letter that shows it, and writes a theme."""

import html
import io
import re

import pytest
from PIL import Image

from newsletter import accounts, audience, settings
from newsletter.accounts import Role
from newsletter.database import db

PAGE = "/dashboard/settings/look"


@pytest.fixture
def alice(app, publication):
    owner = accounts.add("alice@example.org", Role.OWNER, name="Alice")
    client = app.test_client()
    with client.session_transaction() as session:
        session["person"] = accounts.begin_session(owner)
    audience.create_list("letter", {"en": "Tokyo Letter", "ja": "東京だより"})
    audience.create_list("members", {"en": "Members", "ja": "会員"})
    db.session.commit()
    return client


def logo(colour):
    file = io.BytesIO()
    Image.new("RGB", (440, 120), colour).save(file, "PNG")
    file.seek(0)
    return file


def text(answer):
    return html.unescape(answer.get_data(as_text=True))


def test_a_look_is_chosen_kept_and_worn(alice):
    answer = alice.post(
        PAGE,
        data={
            "theme": "gazette",
            "accent": "#7A1F5C",
            "title_latin": "times",
            "logo": (logo("red"), "a.png"),
            "logo_dark": (logo("white"), "b.png"),
            "alt-en": "Minato Institute",
            "act": "save",
        },
        follow_redirects=True,
    )
    assert "Letters that are sent from now on look like this." in text(answer)
    worn = settings.look()
    assert (worn.theme, worn.accent, worn.faces.title_latin) == ("gazette", "#7a1f5c", "times")
    assert (worn.logo.width, worn.logo.alt("ja")) == (440, "Minato Institute")
    assert worn.logo.dark_url != worn.logo.url
    assert worn.logo.url in settings.notice("S", ["Hello"], "en", reason="R").html
    kept = re.search(r'name="logo_kept" value="(\w+)"', text(answer))[1]
    assert alice.get(f"/images/{kept}").status_code == 200


def test_a_colour_that_is_hard_to_read_is_refused_with_the_nearest_that_is_not(alice):
    answer = alice.post(PAGE, data={"theme": "letter", "accent": "#ffcc00", "logo": (logo("red"), "a.png")})
    assert answer.status_code == 422
    assert "Links would be hard to read on the paper." in text(answer)
    assert settings.look().accent == ""
    offered = re.search(r'value="(take:accent:#\w+)"', text(answer))[1]
    kept = re.search(r'name="logo_kept" value="(\w+)"', text(answer))[1]
    assert kept, "the picture that came with the mistake is not lost"
    answer = alice.post(
        PAGE, data={"theme": "letter", "accent": "#ffcc00", "logo_kept": kept, "act": offered}
    )
    colour = re.search(r'name="accent" type="text" value="(#\w+)"', text(answer))[1]
    assert colour == offered.rpartition(":")[2]
    assert settings.look().accent == ""
    assert alice.post(PAGE, data={"theme": "letter", "accent": colour}).status_code == 302
    assert settings.look().accent == colour


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"accent": "blue"}, "“blue” is no colour."),
        ({"theme": "none"}, "There is no such theme."),
        ({"theme": "own-7"}, "There is no such theme."),
        ({"theme": "gazette", "ground": "#222"}, "The text would be hard to read on this background."),
    ],
)
def test_what_was_wrong_is_said(alice, typed, complaint):
    answer = alice.post(PAGE, data={"theme": "letter", **typed})
    assert answer.status_code == 422
    assert complaint in text(answer)


def test_a_list_may_look_otherwise_and_again_as_the_publication(alice):
    members = audience.lists()[1]
    alice.post(f"{PAGE}?list=members", data={"theme": "poster", "list": "members"})
    assert settings.look(members.id).theme == "poster"
    assert settings.look().theme == "letter"
    alice.post(f"{PAGE}/drop", data={"list": "members"})
    assert settings.look(members.id).theme == "letter"


def test_the_letter_beside_the_form_is_what_is_being_chosen_and_can_do_nothing(alice):
    answer = alice.get(f"{PAGE}/letter?theme=poster&accent=%23ff&edition=ja&scheme=dark")
    assert "東京だより" in text(answer)
    assert "@media all" in text(answer)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert alice.get(f"{PAGE}/letter?edition=xx").status_code == 404
    assert "Links would be hard" in text(alice.get(f"{PAGE}/judged?theme=letter&accent=%23ffcc00"))


def test_the_gallery_shows_every_theme_on_a_desktop_and_a_phone(alice):
    page = text(alice.get("/dashboard/settings/themes?edition=ja&scheme=dark"))
    for theme in ("letter", "gazette", "poster"):
        addresses = re.findall(rf'<iframe src="([^"]*theme={theme}[^"]*)"', page)
        assert len(addresses) == 2
        assert "東京だより" in text(alice.get(addresses[0]))


THEMES = "/dashboard/settings/themes"


@pytest.fixture
def ours(alice):
    answer = alice.post(THEMES, data={"title": "Ours", "base": "gazette"})
    assert answer.headers["Location"].endswith(f"{THEMES}/1")
    return settings.own_theme(1)


def test_a_theme_is_written_mended_put_in_use_and_worn(alice, ours):
    source = settings.version(ours).source
    broken = source.replace("{{ parts.footer(content) }}", "{{ parts.feet(content) }}")
    page = text(alice.post(f"{THEMES}/1", data={"source": broken, "title": "Ours", "act": "use"}))
    assert "This version cannot be used yet." in page
    assert re.search(r'data-line="\d+">Line \d+', page)
    assert ours.in_use is None
    assert settings.version(ours).source == broken, "a draft is kept, whatever is wrong with it"
    assert alice.post(PAGE, data={"theme": "own-1"}).status_code == 422
    good = source.replace("font-size:44px", "font-size:46px")
    page = text(
        alice.post(f"{THEMES}/1", data={"source": good, "title": "Ours", "act": "use"}, follow_redirects=True)
    )
    assert "Version 3 sets every sample in every language" in page
    alice.post(PAGE, data={"theme": "own-1", "accent": "#17497b"})
    assert "font-size:46px" in text(alice.get(f"{PAGE}/letter?theme=own-1"))
    assert "Ours" in text(alice.get(THEMES))
    page = text(alice.post(f"{THEMES}/1/remove"))
    assert "Choose another theme for it before you remove this one." in page


def test_a_draft_is_judged_and_shown_without_being_kept_and_an_old_version_comes_back(alice, ours):
    judged = text(alice.post(f"{THEMES}/1/judged", data={"source": "<mjml>\n<mj-buton/></mjml>"}))
    assert 'data-line="2"' in judged
    assert "MJML knows no <mj-buton>." in judged
    shown = alice.post(f"{THEMES}/1/letter", data={"source": "<mjml>\n<mj-buton/></mjml>"})
    assert "The letter cannot be set yet." in text(shown)
    assert "東京だより" in text(alice.get(f"{THEMES}/1/letter?edition=ja"))
    assert [one.number for one in settings.versions(ours)] == [1]
    alice.post(f"{THEMES}/1", data={"source": "<mjml></mjml>", "title": "Ours"})
    alice.post(f"{THEMES}/1/restore", data={"version": "1"})
    assert [one.number for one in settings.versions(ours)] == [3, 2, 1]
    assert settings.version(ours).source == settings.version(ours, 1).source
    assert "is removed" in text(alice.post(f"{THEMES}/1/remove", follow_redirects=True))


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"title": "", "base": "letter"}, "Give the theme a name"),
        ({"title": "A", "base": "none"}, "Choose the theme to begin with."),
    ],
)
def test_a_theme_begins_with_a_name_and_a_copy(alice, typed, complaint):
    answer = alice.post(THEMES, data=typed)
    assert answer.status_code == 422
    assert complaint in text(answer)


def test_a_theme_too_large_to_be_one_is_refused_and_not_lost(alice, ours):
    source = "<mjml>" + "x" * 200_000
    answer = alice.post(f"{THEMES}/1", data={"source": source, "title": "Ours"})
    assert answer.status_code == 422
    assert "A theme may have 200 kB." in text(answer)
    assert source in text(answer)


def test_editors_may_look_at_letters_but_not_write_themes(app, alice, ours):
    bob = accounts.add("bob@example.org", Role.EDITOR, name="Bob")
    client = app.test_client()
    with client.session_transaction() as session:
        session["person"] = accounts.begin_session(bob)
    db.session.commit()
    for path in (PAGE, THEMES, f"{THEMES}/1"):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
