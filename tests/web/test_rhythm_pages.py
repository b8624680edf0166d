"""The page on which a list's rule is set: what it means is shown before it is kept."""

from newsletter import issues
from tests.issues.conftest import dialogue, letter, now, readers
from tests.web.test_issue_pages import bob, carol, page

__all__ = ["bob", "carol", "dialogue", "letter", "now", "readers"]

RULE = {"beat": "weekday_of_month", "nth": "1", "weekday": "0", "weeks": "1", "hour": "9:00", "ahead": "3"}


def test_a_rule_is_shown_with_its_next_dates_kept_paused_and_ended(bob, letter, readers, dialogue):
    here = f"/dashboard/lists/{letter.slug}/rhythm"
    assert "Issues of this list are begun by hand alone." in page(bob, here)
    asked = "&".join(f"{name}={value}" for name, value in RULE.items())
    dates = page(bob, f"{here}/dates?{asked}")
    assert "First Monday of the month, 9:00" in dates
    assert "Monday 2 November 2026, 9:00 (Tokyo)" in dates
    assert "毎月第1月曜日 9:00" in page(bob, f"{here}/dates?{asked}&language=ja")
    assert "Monday 7 December" in bob.post(here, data={**RULE, "do": "show"}).get_data(as_text=True)
    assert issues.recurrence(letter.id) is None
    bob.post(here, data={**RULE, "sends": "yes", "skips": "1"})
    kept = issues.recurrence(letter.id)
    assert (kept.sends, kept.skips, kept.ahead) == (True, True, 3)
    assert "The next is meant for Monday 2 November 2026" in page(bob, here)
    bob.post(f"{here}/pause")
    assert "Paused by bob@example.org." in page(bob, here)
    bob.post(f"{here}/resume")
    bob.post(f"{here}/end")
    assert issues.recurrence(letter.id) is None


def test_a_rule_that_is_none_is_refused_in_place(bob, carol, letter):
    here = f"/dashboard/lists/{letter.slug}/rhythm"
    answer = bob.post(f"{here}?language=ja", data={**RULE, "weeks": "99"})
    assert answer.status_code == 422
    assert "週の数は1から12までで指定してください。" in answer.get_data(as_text=True)
    assert "“late” is no time" in page(bob, f"{here}/dates?beat=weeks&hour=late")
    assert carol.post(here, data=RULE).status_code == 403
