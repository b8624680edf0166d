import pytest
from flask import render_template_string

from newsletter.web import drawing

COUNTS = {
    "sent": 11841,
    "deferred": 0,
    "refused": 97,
    "unknown": 3,
    "sending": 0,
    "queued": 0,
    "withdrawn": 12,
    "suppressed": 29,
}


def test_the_parts_of_a_bar_add_up():
    parts = drawing.tally_parts(COUNTS)
    assert sum(part.count for part in parts) == sum(COUNTS.values())
    assert [part.name for part in parts] == ["sent", "refused", "unknown", "left"]


def test_a_bar_is_filled_to_its_end():
    last = drawing.tally_parts(COUNTS)[-1]
    assert last.x + last.width == pytest.approx(100, abs=0.05)


def test_a_part_that_is_there_can_be_seen():
    parts = drawing.tally_parts({"sent": 1_000_000, "unknown": 1})
    assert parts[-1].width >= 0.8


def test_nothing_makes_an_empty_bar():
    assert drawing.tally_parts({}) == []


def test_a_line_over_time_stays_within_its_picture():
    drawn = drawing.line_over_time([10420, 10500, 11900, 12084])
    assert drawn.end[0] == drawn.width
    assert all(0 <= y <= drawn.height for y, _ in drawn.grid)
    assert [value for _, value in drawn.grid] == [10000, 11000, 12000, 13000]


@pytest.mark.parametrize("values", [[0], [5, 5, 5], [0, 1], [3, 0], list(range(24))])
def test_any_line_can_be_drawn(values):
    drawn = drawing.line_over_time(values)
    assert 2 <= len(drawn.grid) <= 6
    assert 0 <= drawn.end[1] <= drawn.height


def test_the_sum_stands_beneath_the_bar(app):
    progress = {**COUNTS, "recipients": sum(COUNTS.values())}
    with app.test_request_context("/?language=en"):
        html = render_template_string(
            '{% from "dashboard/parts.html" import tally, sum_table %}{{ tally(p) }}{{ sum_table(p, "Outcomes") }}',
            p=progress,
        )
    assert "11,841" in html
    assert "98.8 %" in html
    assert "11,982" in html
    assert "Not mailed: withdrawn 12, suppressed 29" in html
    assert "style=" not in html


def test_a_field_joins_label_hint_and_error(app):
    with app.test_request_context("/?language=en"):
        html = render_template_string(
            '{% from "dashboard/parts.html" import field, error_summary %}'
            '{{ error_summary(errors) }}{{ field("email", "Address", hint="Yours", errors=errors) }}',
            errors={"email": "“x” is no address."},
        )
    assert '<label for="email"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="email-error email-hint"' in html
    assert '<a href="#email">“x” is no address.</a>' in html


def test_components_speak_the_language_of_the_page(app):
    with app.test_request_context("/?language=ja"):
        html = render_template_string(
            '{% from "dashboard/parts.html" import field %}{{ field("n", "名前", optional=true) }}'
        )
    assert "(任意)" in html
