"""The table of mail domains on the sending page: each state has its own number, and each line adds up."""

import re

from newsletter import issues
from tests.web.test_issue_pages import articles, bob, dialogue, draft, lecture, letter, now, page, readers

__all__ = ["articles", "bob", "dialogue", "draft", "lecture", "letter", "now", "readers"]  # the cast


def table(bob, draft):
    html = page(bob, f"/dashboard/issues/{draft.id}/sending")
    found = re.search(r'<table class="table stack sums">(.*?)</table>', html, re.DOTALL)[1]
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', found)
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)[1:]
    return heads, [[int(n) for n in re.findall(r"<td[^>]*>(\d+)</td>", row)] for row in rows]


def test_what_waits_has_a_column_of_its_own_and_what_nobody_met_has_none(bob, draft):
    bob.post(
        f"/dashboard/issues/{draft.id}/send",
        data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned},
    )
    heads, rows = table(bob, draft)
    assert heads == ["Domain", "Sent", "Deferred", "Refused", "Waiting", "All"]
    assert rows[-1] == [0, 0, 0, 3, 3]
    assert all(sum(row[:-1]) == row[-1] for row in rows)


def test_who_never_gets_it_is_named_as_not_mailed(bob, draft):
    bob.post(
        f"/dashboard/issues/{draft.id}/send",
        data={"when": "now", "version": draft.version, "seen": issues.inspect(draft).warned},
    )
    bob.post(f"/dashboard/issues/{draft.id}/cancel", data={"sure": "yes"})
    heads, rows = table(bob, draft)
    assert heads == ["Domain", "Sent", "Deferred", "Refused", "Not mailed", "All"]
    assert rows[-1] == [0, 0, 0, 3, 3]
