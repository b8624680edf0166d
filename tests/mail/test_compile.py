"""A draft is compiled once; what each reader gets reads back as it was meant."""

import email.header
import re
from email.utils import parseaddr

import pytest

from newsletter import mail
from newsletter.errors import Invalid
from newsletter.mail import Address, Attachment
from tests.mail.letters import (
    DATE,
    DORA,
    EMI,
    LIST,
    MESSAGE_ID,
    body,
    check_wire,
    decoded,
    draft,
    fill,
    header_lines,
    read,
)


def test_a_filled_message_reads_back_with_the_values_of_its_reader():
    wire = fill(mail.compile(draft(list=LIST)), name="Dora")
    check_wire(wire)
    message = read(wire)
    assert message["From"] == "Minato Institute <letter@example.org>"
    assert message["To"] == "Dora Reader <dora@example.com>"
    assert message["Subject"] == "Security in the Strait"
    assert message["Date"].datetime == DATE.replace(microsecond=0)
    assert message["Message-ID"] == MESSAGE_ID
    assert message["Content-Language"] == "en"
    assert body(wire, "plain") == "Dear Dora\r\n"
    assert body(wire, "html") == "<p>Dear Dora</p>\r\n"


def test_text_stands_before_html():
    message = read(fill(mail.compile(draft())))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_draft_without_html_is_one_text():
    message = read(fill(mail.compile(draft(html=""))))
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("values", [{}, {"name": ""}])
def test_a_reader_without_a_name_gets_the_fallback(values):
    wire = fill(mail.compile(draft()), **values)
    assert body(wire, "plain") == "Dear reader\r\n"


def test_values_are_escaped_in_html_and_raw_in_text():
    wire = fill(mail.compile(draft()), name='<b>O\'Brien & "Co"</b>')
    assert body(wire, "plain") == 'Dear <b>O\'Brien & "Co"</b>\r\n'
    assert body(wire, "html") == "<p>Dear &lt;b&gt;O&#x27;Brien &amp; &quot;Co&quot;&lt;/b&gt;</p>\r\n"


def test_fallbacks_are_escaped_once_even_when_the_page_escaped_the_mark():
    marked = mail.mark("name", "friends & <partners>")
    wire = fill(mail.compile(draft(html=f"<p>{marked}</p>", text=marked)))
    assert body(wire, "html") == "<p>friends &amp; &lt;partners&gt;</p>\r\n"
    assert body(wire, "plain") == "friends & <partners>\r\n"


def test_a_mark_survives_percent_encoding_and_character_references():
    marked = mail.mark("token:read", "x")
    percent = (
        marked.replace("\ue000", "%EE%80%80").replace("\ue001", "%EE%80%81").replace("\ue002", "%EE%80%82")
    )
    decimal = marked.replace("\ue000", "&#57344;").replace("\ue001", "&#57345;").replace("\ue002", "&#57346;")
    hexadecimal = (
        marked.replace("\ue000", "&#xE000;").replace("\ue001", "&#xe001;").replace("\ue002", "&#xE002;")
    )
    template = mail.compile(draft(html=f"{percent} {decimal} {hexadecimal} &#57340;"))
    assert template.slots == {"token:read", "name"}
    assert body(fill(template, **{"token:read": "T"}), "html") == "T T T &#57340;\r\n"


def test_a_torn_mark_is_refused():
    with pytest.raises(Invalid, match="torn"):
        mail.compile(draft(text=f"Dear {mail.mark('name')[:-1]}"))


@pytest.mark.parametrize(
    "typed",
    [
        "\ue000token:preferences\ue001\ue002",
        "https://feed.example/?%EE%80%80token:preferences%EE%80%81%EE%80%82",
        "&#xE000;token:preferences&#xE001;&#xE002;",
        "a lonely \ue000",
    ],
)
def test_a_mark_that_people_or_feeds_type_is_text_and_gives_nobodys_link_away(typed):
    template = mail.compile(draft(subject=typed, text=typed, html=f'<a href="{typed}">x</a>'))
    assert template.slots == set()
    assert typed in body(fill(template), "plain")


@pytest.mark.parametrize("name", ["", "two words", "é", "a" * 65, "x\ue000"])
def test_a_mark_has_a_plain_name(name):
    with pytest.raises(Invalid):
        mail.mark(name)


def test_a_leading_dot_never_begins_a_line():
    marked = mail.mark("name")
    text = f".\n..hidden\n{marked}.after\n{'x' * 75}.{marked}\n"
    wire = fill(mail.compile(draft(text=text)), name=".dot")
    check_wire(wire)
    assert body(wire, "plain") == f".\r\n..hidden\r\n.dot.after\r\n{'x' * 75}..dot\r\n"


def test_a_line_that_begins_with_from_is_shielded_from_mailboxes():
    wire = fill(mail.compile(draft(text="From here\n" + mail.mark("name"))), name="From there")
    assert b"\r\nFrom " not in wire
    assert body(wire, "plain") == "From here\r\nFrom there\r\n"


def test_spaces_at_the_end_of_a_line_are_kept():
    marked = mail.mark("name")
    wire = fill(mail.compile(draft(text=f"one \n{marked}\ntwo\t\n{marked} \n")), name="x ")
    assert not re.search(rb"[ \t]\r\n", wire.partition(b"\r\n\r\n")[2].replace(b"=\r\n", b""))
    assert body(wire, "plain") == "one \r\nx \r\ntwo\t\r\nx  \r\n"


def test_no_body_line_is_longer_than_76():
    wire = fill(mail.compile(draft(text="港" * 500 + mail.mark("name") + "a" * 500)), name="花" * 100)
    assert max(map(len, wire.split(b"\r\n"))) <= 76
    assert body(wire, "plain") == "港" * 500 + "花" * 100 + "a" * 500 + "\r\n"


# Subjects


def test_a_japanese_subject_with_a_name_in_the_middle_reads_back_whole():
    subject = f"日英安全保障会議のご案内:{mail.mark('name', '読者')}様、第42号ニュースレターをお届けします"
    template = mail.compile(draft(subject=subject))
    for name in ("江口花子", "", "Dora", "𠮷野" * 30):
        wire = fill(template, name=name)
        check_wire(wire)
        assert read(wire)["Subject"] == subject.replace(mail.mark("name", "読者"), name or "読者")
        raw = header_lines(wire)["Subject"]
        assert decoded(raw) == read(wire)["Subject"]


def test_each_encoded_word_holds_whole_characters():
    wire = fill(mail.compile(draft(subject="港区の研究所から" * 20)))
    for text, charset in email.header.decode_header(
        header_lines(wire)["Subject"].replace("?= =?", "?= x =?")
    ):
        if charset:
            text.decode(charset)


def test_an_english_subject_becomes_encoded_only_for_a_name_that_needs_it():
    template = mail.compile(draft(subject=f"{mail.mark('name', 'Reader')}, your letter"))
    assert b"Subject: Dora, your letter\r\n" in fill(template, name="Dora")
    wire = fill(template, name="花子")
    assert b"Subject: =?utf-8?B?" in wire
    assert read(wire)["Subject"] == "花子, your letter"


def test_a_long_english_subject_is_folded_at_its_spaces():
    subject = (
        "Security in the Strait and what it means for the trade of the whole region, in ten long parts" * 2
    )
    wire = fill(mail.compile(draft(subject=subject)))
    check_wire(wire)
    assert max(map(len, wire.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 76
    assert header_lines(wire)["Subject"] == subject == read(wire)["Subject"]


@pytest.mark.parametrize(
    "subject", ["x" * 200, " two  spaces ", "=?utf-8?B?44GC?=", "tab\there", "word " + "y" * 70]
)
def test_a_subject_that_plain_lines_would_alter_is_encoded(subject):
    wire = fill(mail.compile(draft(subject=subject)))
    check_wire(wire)
    [(text, charset)] = email.header.decode_header(header_lines(wire)["Subject"])
    assert text.decode(charset) == subject


# Addresses


@pytest.mark.parametrize(
    "name",
    [
        "Dora Reader",
        'Reader, Dora "D." (Ms) \\ <x@example.com>',
        "江口花子",
        "江口花子・港区国際安全保障研究所 上席研究員・主任教授" * 3,
        "=?utf-8?B?44GC?=",
        "Dora " * 30 + "R",
        "Zoë",
    ],
)
def test_a_name_comes_through_beside_its_address(name):
    wire = fill(
        mail.compile(draft(sender=Address("letter@example.org", name))), Address("dora@example.com", name)
    )
    check_wire(wire)
    message = read(wire)
    for header, address in (("From", "letter@example.org"), ("To", "dora@example.com")):
        raw = header_lines(wire)[header]
        shown, spec = parseaddr(raw)
        assert spec == address
        assert decoded(shown) == name
        assert message[header].addresses[0].addr_spec == address


def test_an_encoded_word_never_holds_an_address():
    wire = fill(mail.compile(draft()), Address("花子@例え.jp", "江口花子"))
    assert "<花子@xn--r8jz45g.jp>".encode() in wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dora",
        "@example.com",
        "dora@",
        "a b@example.com",
        "a@b@c",
        "x@example.com\r\nBcc: y@example.com",
        "<x@y>",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Invalid):
        fill(mail.compile(draft()), Address(address))


@pytest.mark.parametrize("evil", ["x\r\nBcc: all@example.org", "x\ny", "x\ry"])
def test_mallory_adds_no_header(evil):
    subject = mail.compile(draft(subject="For " + mail.mark("name")))
    with pytest.raises(Invalid):
        fill(subject, name=evil)
    with pytest.raises(Invalid):
        fill(subject, Address("dora@example.com", evil), name="Dora")
    with pytest.raises(Invalid):
        subject.fill(DORA, f"<{evil}@example.org>", DATE, {})
    for changes in (
        {"subject": evil},
        {"sender": Address("letter@example.org", evil)},
        {"reply_to": Address("letter@example.org", evil)},
        {"language": evil},
    ):
        with pytest.raises(Invalid):
            mail.compile(draft(**changes))


# List mail


def test_list_headers_are_never_encoded_and_one_click_is_whole():
    wire = fill(mail.compile(draft(list=LIST, subject="第42号")), EMI, **{"token:unsubscribe": "t" * 60})
    check_wire(wire)
    lines = header_lines(wire)
    assert (
        lines["List-Unsubscribe"]
        == f"<https://example.org/unsubscribe/{'t' * 60}>, <mailto:leave@example.org>"
    )
    assert lines["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert lines["List-Id"] == "Minato Letter <letter.example.org>"
    assert lines["List-Post"] == "NO"
    assert lines["List-Help"] == "<https://example.org/manage>"
    assert lines["List-Owner"] == "<mailto:editor@example.org>"
    assert lines["List-Archive"] == "<https://example.org/issues/>"
    assert lines["Feedback-ID"] == "issue42:letter:en:minato"
    assert lines["CFBL-Address"] == "complaints@example.org; report=arf"
    assert lines["Precedence"] == "list"
    assert lines["X-Auto-Response-Suppress"] == "All"
    assert "Auto-Submitted" not in lines


def with_list(**changes):
    kept = {field: getattr(LIST, field) for field in LIST.__slots__}
    return draft(list=mail.ListHeaders(**{**kept, **changes}))


def test_a_list_name_in_other_letters_stays_out_of_the_list_id():
    lines = header_lines(fill(mail.compile(with_list(name="みなと通信"))))
    assert lines["List-Id"] == "<letter.example.org>"


def test_web_addresses_in_other_letters_are_written_in_ascii():
    url = "https://例え.jp/退会/" + mail.mark("token:unsubscribe")
    wire = fill(mail.compile(with_list(unsubscribe_url=url)), **{"token:unsubscribe": "a b>"})
    check_wire(wire)
    assert header_lines(wire)["List-Unsubscribe"].startswith(
        "<https://xn--r8jz45g.jp/%E9%80%80%E4%BC%9A/a%20b%3E>,"
    )


@pytest.mark.parametrize("token", ["", "x" * 300, "x\r\ny"])
def test_a_list_link_that_could_not_work_is_refused(token):
    with pytest.raises(Invalid):
        fill(mail.compile(draft(list=LIST)), **{"token:unsubscribe": token})


@pytest.mark.parametrize(
    "changes",
    [
        {"list_id": "letter"},
        {"list_id": "letter.example.org>\r\nBcc: x"},
        {"help_url": "https://example.org/\r\n"},
        {"unsubscribe_url": "https://example.org/" + "x" * 990},
        {"feedback_id": "a:b\nc"},
        {"owner": "not an address@"},
    ],
)
def test_list_headers_that_cannot_be_written_are_refused(changes):
    with pytest.raises(Invalid):
        mail.compile(with_list(**changes))


def test_an_automatic_message_says_so():
    lines = header_lines(fill(mail.compile(draft(automatic=True, reply_to=Address("help@example.org")))))
    assert lines["Auto-Submitted"] == "auto-generated"
    assert lines["Reply-To"] == "<help@example.org>"
    assert not any(name.startswith("List-") for name in lines)


# Attachments


def test_a_calendar_makes_it_mixed_and_keeps_its_octets():
    data = "BEGIN:VCALENDAR\r\nSUMMARY:会議\r\nEND:VCALENDAR\r\n".encode()
    calendar = Attachment(
        "会議のご案内(日英安全保障会議・東京・二日間).ics", "text/calendar", data, {"method": "PUBLISH"}
    )
    wire = fill(mail.compile(draft(attachments=(calendar,))))
    check_wire(wire)
    message = read(wire)
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "multipart/alternative",
        "text/calendar",
    ]
    [part] = message.iter_attachments()
    assert part.get_payload(decode=True) == data
    assert part.get_filename() == calendar.name
    assert part.get_param("method") == "PUBLISH"
    assert part.get_content_charset() == "utf-8"
    assert body(wire, "plain") == "Dear reader\r\n"


@pytest.mark.parametrize("name", ["programme.pdf", 'a "b" \\ c.pdf', "é.pdf", "x" * 200 + ".pdf", "港" * 80])
def test_file_names_come_through(name):
    wire = fill(mail.compile(draft(attachments=(Attachment(name, "application/pdf", b"%PDF"),))))
    check_wire(wire)
    assert max(map(len, wire.split(b"\r\n"))) <= 78
    assert [part.get_filename() for part in read(wire).iter_attachments()] == [name]


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment("x\r\ny", "text/plain", b""),
        Attachment("x", "text", b""),
        Attachment("x", "text/plain; x=y", b""),
        Attachment("x", "text/plain", b"", {"a b": "c"}),
        Attachment("x", "text/plain", b"", {"a": "c\r\nd"}),
    ],
)
def test_an_attachment_that_would_break_a_header_is_refused(attachment):
    with pytest.raises(Invalid):
        mail.compile(draft(attachments=(attachment,)))


# Keeping


def test_a_template_is_kept_and_loaded_without_change():
    template = mail.compile(draft(list=LIST, subject=f"第42号 {mail.mark('name')}"))
    loaded = mail.Template.load(template.dump())
    assert loaded.slots == template.slots == {"name", "token:unsubscribe"}
    assert loaded.size == template.size
    assert fill(loaded, EMI, name="花子") == fill(template, EMI, name="花子")


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"make": 99, "subject": [], "parts": []}', b'{"make": 1}', b"[]"]
)
def test_what_is_no_template_is_refused(data):
    with pytest.raises(Invalid):
        mail.Template.load(data)


def test_the_size_is_about_that_of_the_message():
    template = mail.compile(draft(html="<p>Long text</p>\n" * 1000, list=LIST))
    assert abs(template.size - len(fill(template))) < 500


@pytest.mark.parametrize("name", ["محمد", "דנה כהן", "Ali علي"])
def test_a_name_written_from_the_right_is_set_apart_from_what_stands_around_it(name):
    assert mail.set_apart(name) == f"\u2068{name}\u2069"
    told = draft(subject=f"{mail.mark('name')}, 3 events", text=f"{mail.mark('name')}, 3 events\n")
    wire = fill(mail.compile(told), name=mail.set_apart(name))
    check_wire(wire)
    assert read(wire)["Subject"] == body(wire, "plain").strip() == f"\u2068{name}\u2069, 3 events"


@pytest.mark.parametrize("name", ["", "Dora", "花", "José", "🧑‍💻 Team"])
def test_any_other_name_stays_as_it_is(name):
    assert mail.set_apart(name) == name


@pytest.mark.parametrize("signs", ["🧑‍💻", "👨‍👩‍👧‍👦", "🇯🇵", "が", "é"])
def test_signs_of_several_characters_come_through_in_subjects_names_and_texts(signs):
    words = f"{signs * 9} and {signs * 9}"
    wire = fill(mail.compile(draft(subject=words, html=f"<p>{words}</p>", text=f"{words}\n")), name=signs)
    check_wire(wire)
    assert read(wire)["Subject"] == words
    assert body(wire, "plain").strip() == words
    assert words in body(wire, "html")
