"""A return path says which delivery it belongs to, and nobody else can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Damaged
from newsletter.mail import read_return_path, return_path

KEYS = ["the newest key", "the one before"]


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=3))
def test_a_return_path_reads_back_and_keeps_to_the_limit(numbers):
    address = return_path("bounces.example.org", KEYS, *numbers)
    local, _, domain = address.partition("@")
    assert len(local) <= 64
    assert domain == "bounces.example.org"
    assert read_return_path(address, KEYS) == tuple(numbers)


def test_case_and_brackets_do_not_matter_on_the_way():
    address = return_path("bounces.example.org", KEYS, 42, 7)
    local = address.partition("@")[0]
    for seen in (
        address.upper(),
        f"<{address}>",
        local,
        local.removeprefix("b+"),
        f"SRS0=ab=cd=example.org={local}@f.org",
    ):
        assert read_return_path(seen, KEYS) == (42, 7)


def test_a_key_that_was_rotated_out_of_use_still_reads():
    address = return_path("bounces.example.org", KEYS[1:], 42)
    assert read_return_path(address, KEYS) == (42,)


@pytest.mark.parametrize(
    "address",
    ["", "b+", "b+@x", "dora@example.com", "b+a2b3@example.org", "b+!!@x", "b+a" * 9, f"b+{'a' * 20}@x"],
)
def test_what_is_no_return_path_is_damaged(address):
    with pytest.raises(Damaged):
        read_return_path(address, KEYS)


def test_mallory_cannot_make_or_alter_a_return_path():
    address = return_path("bounces.example.org", ["another key"], 42)
    with pytest.raises(Damaged):
        read_return_path(address, KEYS)
    good = return_path("bounces.example.org", KEYS, 42)
    for place in range(2, good.index("@") - 1):
        altered = good[:place] + ("a" if good[place] != "a" else "b") + good[place + 1 :]
        with pytest.raises(Damaged):
            read_return_path(altered, KEYS)


def test_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="room"):
        return_path("bounces.example.org", KEYS, *[2**60] * 4)
