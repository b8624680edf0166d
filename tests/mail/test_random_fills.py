"""Thousands of random values come back octet for octet from messages parsed with the standard library."""

import re
from email.utils import parseaddr

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import mail
from newsletter.mail import Address
from tests.mail.letters import LIST, body, check_wire, decoded, draft, fill, header_lines

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TYPED = st.text(st.sampled_from(" .=<>&\"'aé花𠮷\t\r\n-?_"), max_size=160)
LITERAL = st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=300) | TYPED
SHOWN = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"], include_characters=" "), max_size=120
)

BODIES = mail.compile(
    draft(
        text=f"{mail.mark('name')}{mail.mark('link')} then\n{mail.mark('link')}\n.{mail.mark('name')}\n",
        html=f'<a href="https://example.org/{mail.mark("link")}">{mail.mark("name")}</a>',
    )
)
LETTER = mail.compile(draft(list=LIST, subject=f"第42号 {mail.mark('name', '読者')}様へ"))


def canonical(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def unescape(text: str) -> str:
    for sign, reference in (("'", "&#x27;"), ('"', "&quot;"), (">", "&gt;"), ("<", "&lt;"), ("&", "&amp;")):
        text = text.replace(reference, sign)
    return text


@settings(max_examples=400, deadline=None)
@given(name=ANYTHING | TYPED, link=ANYTHING | TYPED)
def test_any_value_comes_back_from_both_bodies(name, link):
    wire = fill(BODIES, name=name, link=link)
    check_wire(wire)
    assert body(wire, "plain") == "{name}{link} then\r\n{link}\r\n.{name}\r\n".format(
        name=canonical(name), link=canonical(link)
    )
    assert unescape(body(wire, "html")) == (
        f'<a href="https://example.org/{canonical(link)}">{canonical(name)}</a>\r\n'
    )


@settings(max_examples=200, deadline=None)
@given(before=LITERAL, between=LITERAL, after=LITERAL, value=ANYTHING | TYPED)
def test_any_text_around_any_value_comes_back(before, between, after, value):
    marked = mail.mark("value")
    template = mail.Template.load(mail.compile(draft(text=before + marked + between + marked + after)).dump())
    wire = fill(template, value=value)
    check_wire(wire)
    written = canonical(before) + canonical(value) + canonical(between) + canonical(value) + canonical(after)
    assert body(wire, "plain") in {written, written + "\r\n"}


@settings(max_examples=400, deadline=None)
@given(name=SHOWN, shown=SHOWN)
def test_any_name_comes_back_from_the_subject_and_the_address(name, shown):
    wire = fill(LETTER, Address("emi@example.com", shown), name=name)
    check_wire(wire)
    raw = header_lines(wire)
    assert decoded(raw["Subject"]) == f"第42号 {name or '読者'}様へ"
    name_part, address = parseaddr(raw["To"])
    assert address == "emi@example.com"
    assert decoded(name_part) == shown
