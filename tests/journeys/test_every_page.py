"""Every page, wide and narrow, light and dark, in both languages: axe finds nothing, and nothing runs over the side."""

import pytest

from tests.journeys.conftest import assert_accessible, picture, sign_in

PUBLIC = ["/", "/subscribe", "/manage", "/entries/", "/entries/?kind=event", "/issues/", "/follow", "/privacy", "/subscribe/embed", "/no-such-page", "/confirm/not-a-link", "/dashboard/sign-in", "/dashboard/forgotten"]  # fmt: skip
DASHBOARD = ["/dashboard/", "/dashboard/issues", "/dashboard/issues/new", "/dashboard/issues/1/sending", "/dashboard/issues/1/recipients", "/dashboard/issues/1/later", "/dashboard/issues/1/comments", "/dashboard/library", "/dashboard/entries", "/dashboard/entries/1", "/dashboard/entries/new/event", "/dashboard/entries/import", "/dashboard/entries/sources", "/dashboard/subscribers", "/dashboard/subscribers/1", "/dashboard/subscribers/new", "/dashboard/subscribers/import", "/dashboard/subscribers/suppressions", "/dashboard/lists", "/dashboard/lists/tokyo-letter", "/dashboard/lists/tokyo-letter/edit", "/dashboard/lists/new", "/dashboard/inbox", "/dashboard/settings", "/dashboard/settings/look", "/dashboard/settings/themes", "/dashboard/settings/topics", "/dashboard/settings/people", "/dashboard/settings/mail", "/dashboard/settings/audit", "/dashboard/account"]  # fmt: skip
VIEWS = [
    pytest.param(1280, "en-GB", "light", id="wide-english-light"),
    pytest.param(390, "ja-JP", "dark", id="phone-japanese-dark"),
]


@pytest.mark.parametrize(("width", "language", "scheme"), VIEWS)
def test_public_pages_are_open_to_everybody(open_page, width, language, scheme):
    page = open_page(width=width, language=language, scheme=scheme)

    entries = ["/entries/thirteenth-uk-japan-security-dialogue", "/entries/two-fellowships-for-2027"]

    for path in [*PUBLIC, *entries[:1], "/issues/tokyo-letter-1"]:
        page.goto(path)
        assert_accessible(page)
    page.goto("/entries/thirteenth-uk-japan-security-dialogue")
    picture(page, f"event-{width}")


@pytest.mark.parametrize(("width", "language", "scheme"), VIEWS)
def test_dashboard_pages_are_open_to_everybody_who_may_in(open_page, service, width, language, scheme):
    page = open_page(width=width, language="en-GB", scheme=scheme)
    sign_in(page, service)
    spoken = "ja" if language.startswith("ja") else "en"
    for path in DASHBOARD:
        answer = page.goto(f"{path}{'&' if '?' in path else '?'}language={spoken}")
        assert answer is not None
        assert answer.status == 200, path
        assert_accessible(page)
