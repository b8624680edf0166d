"""What the editor of texts asks of the service, and what its menu leads to."""

from newsletter import issues
from newsletter.database import db
from newsletter.issues import Kind, Side
from tests.issues.conftest import articles, dialogue, lecture, letter, now, readers
from tests.web.test_issue_pages import bob, carol, draft, form_of, page, press

__all__ = ["articles", "bob", "carol", "dialogue", "draft", "lecture", "letter", "now", "readers"]  # the cast


def pieces(draft):
    db.session.expire_all()
    return issues.issue(draft.id).pieces


def test_markdown_is_set_for_the_editor_as_it_is_for_the_letter(bob, draft):
    token = form_of(page(bob, f"/dashboard/issues/{draft.id}")).get("csrf_token", "")
    texts = ["# One\r\n\r\n*two* <script>x</script>", "<p onclick=x>three<script>x</script></p>"]
    answer = bob.post("/dashboard/issues/rich", data={"csrf_token": token, "text": texts})
    assert answer.get_json() == {
        "html": ["<h2>One</h2>\n<p><em>two</em> &lt;script&gt;x&lt;/script&gt;</p>", "<p>three</p>"]
    }


def test_a_viewer_asks_for_nothing(carol):
    assert carol.post("/dashboard/issues/rich", data={"text": "x"}).status_code == 403


def test_a_new_block_comes_behind_the_text_that_asked_for_it_in_its_column_too(bob, draft):
    first = draft.pieces[0].id
    press(bob, draft, f"add-behind:{first}.divider")
    assert [one.kind for one in pieces(draft)][1] is Kind.DIVIDER
    press(bob, draft, f"add-behind:{first}.columns")
    columns = pieces(draft)[1]
    press(bob, draft, f"add-into:{columns.id}.left.text")
    inside = pieces(draft)[2]
    answer = press(bob, draft, f"add-behind:{inside.id}.quote")
    assert answer.headers["Location"].endswith(f"#block-{inside.id}")
    press(bob, draft, f"add-behind:{inside.id}.divider")
    told = [(one.kind, one.side) for one in pieces(draft)[1:5]]
    assert told == [
        (Kind.COLUMNS, Side.NONE),
        (Kind.TEXT, Side.LEFT),
        (Kind.QUOTE, Side.LEFT),
        (Kind.DIVIDER, Side.NONE),
    ]
    press(bob, draft, "add-behind:gone.quote")
    assert pieces(draft)[-1].kind is Kind.QUOTE
