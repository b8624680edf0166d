"""Who may work here, and that one owner always remains."""

import pytest

from newsletter import accounts
from newsletter.accounts import Role
from newsletter.errors import Conflict, Invalid, NotFound


@pytest.fixture
def alice(app):
    return accounts.add("alice@example.org", Role.OWNER, "a long walk by the sea", name="Alice")


@pytest.fixture
def bob(app):
    return accounts.add("Bob@Example.org", Role.EDITOR, "another long walk")


def test_an_owner_may_do_all_that_an_editor_and_a_viewer_may(alice):
    assert [accounts.allowed(alice, role) for role in Role] == [True, True, True]


def test_an_editor_may_not_do_what_an_owner_may(bob):
    assert not accounts.allowed(bob, Role.OWNER)
    assert accounts.allowed(bob, Role.VIEWER)


def test_nobody_may_do_anything():
    assert not accounts.allowed(None, Role.VIEWER)


def test_a_deactivated_person_may_do_nothing(alice, bob):
    accounts.deactivate(bob, by=alice)
    assert not accounts.allowed(bob, Role.VIEWER)
    accounts.activate(bob, by=alice)
    assert accounts.allowed(bob, Role.EDITOR)


def test_an_address_is_taken_once_in_whatever_letters(bob):
    with pytest.raises(Invalid, match="already") as caught:
        accounts.add("BOB@example.ORG", Role.VIEWER)
    assert caught.value.field == "email"


@pytest.mark.parametrize("address", ["", "bob", "bob@", "bob@exa mple.org", "a\r\nBcc: x@example.org"])
def test_what_is_no_address_is_refused_with_the_field(app, address):
    with pytest.raises(Invalid) as caught:
        accounts.add(address, Role.VIEWER)
    assert caught.value.field == "email"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "Password12", "x" * 201])
def test_a_password_that_is_short_or_guessed_first_is_refused(app, password):
    with pytest.raises(Invalid) as caught:
        accounts.add("alice@example.org", Role.OWNER, password)
    assert caught.value.field == "password"


def test_a_password_of_japanese_words_is_taken(app):
    emi = accounts.add("emi@example.org", Role.EDITOR, "海辺を歩くのはとても楽しい")
    assert accounts.sign_in("emi@example.org", "海辺を歩くのはとても楽しい") is emi


def test_the_last_active_owner_can_be_neither_deactivated_nor_made_less(alice, bob):
    for act in (accounts.deactivate, lambda user: accounts.change_role(user, Role.VIEWER)):
        with pytest.raises(Conflict, match="owner"):
            act(alice)
    accounts.change_role(bob, Role.OWNER, by=alice)
    accounts.change_role(alice, Role.VIEWER, by=bob)
    assert alice.role is Role.VIEWER


def test_a_deactivated_owner_does_not_count_as_the_owner_that_remains(alice, bob):
    accounts.change_role(bob, Role.OWNER)
    accounts.deactivate(bob)
    with pytest.raises(Conflict):
        accounts.deactivate(alice)


def test_who_is_not_there_is_not_found(app):
    with pytest.raises(NotFound):
        accounts.user(404)


def test_the_trail_says_who_changed_which_role_newest_first(alice, bob):
    accounts.change_role(bob, Role.VIEWER, by=alice)
    newest = accounts.audit_log().items[0]
    assert (newest.who, newest.what, newest.about) == (
        "alice@example.org",
        "changed a role",
        "Bob@Example.org: editor → viewer",
    )


def test_the_trail_comes_in_pages_of_fifty(alice):
    for n in range(120):
        accounts.audit(alice, "sent an issue", f"No. {n}")
    last = accounts.audit_log(3)
    assert last.pages == 3
    assert len(last.items) == 21
    assert accounts.audit_log(1).items[0].about == "No. 119"


@pytest.mark.postgres
def test_people_are_kept_on_postgresql_as_well(postgres_app):
    alice = accounts.add("alice@example.org", Role.OWNER)
    accounts.add("bob@example.org", Role.EDITOR, by=alice)
    with pytest.raises(Conflict):
        accounts.deactivate(alice)
    assert [person.email for person in accounts.people()] == ["alice@example.org", "bob@example.org"]
    assert accounts.audit_log().items[0].who == "alice@example.org"


def test_a_name_stands_on_one_line_so_that_letters_reach_whoever_bears_it(publication):
    alice = accounts.add("alice@example.org", Role.OWNER, name="Alice\r\nBcc: mallory@example.org")
    assert alice.name == "Alice Bcc: mallory@example.org"
    accounts.change_name(alice, " Alice\x00\u2028Liddell ")
    assert alice.name == "Alice Liddell"
