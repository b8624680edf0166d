"""Taking people in from files, and giving them out."""

import csv
import io
import time

import pytest

from newsletter import audience
from newsletter.audience import Source, State
from newsletter.errors import Invalid, NotFound
from tests.audience.letterbox import arrived, reader, state


def take(source, slug="tokyo-letter", **how):
    return audience.import_subscribers(source, slug, **how)


def test_each_line_is_judged_by_itself():
    report = take(
        "email,name,language,topics,city\n"
        "dora@example.org,Dora,en,sea;Cyber and terrorism,London\n"
        "nonsense,Mallory,en,,\n"
        "\n"
        "hanako@example.jp,江口花子,日本語,,東京\n"
        "DORA@example.org,Dora again,en,,\n"
        "a@example.org,A,fr,,\n"
        "b@example.org,B,en,nonsense,\n"
        '"c@example.org","two\nlines",en,,\n'
        "d@example.org,D,en-GB,,\n",
        confirmed=True,
    )
    assert (report.rows, report.created, report.updated, report.skipped) == (8, 3, 0, 1)
    assert [error.line for error in report.errors] == [3, 7, 8, 9]
    assert report.rows == report.created + report.updated + report.skipped + len(report.errors)
    emi = audience.subscriber("hanako@example.jp")
    assert (emi.name, emi.language, emi.fields) == ("江口花子", "ja", {"city": "東京"})
    assert audience.preferences(audience.subscriber("dora@example.org").id).topics == ("cyber", "sea")
    assert set(report.as_document()) == {"rows", "created", "updated", "skipped", "errors"}


def test_twice_makes_no_doubles():
    file = "email,name,city\ndora@example.org,Dora,London\nhanako@example.jp,,Tokyo\n"
    take(file, confirmed=True)
    again = take(file, confirmed=True)
    assert (again.rows, again.created, again.updated, again.skipped) == (2, 0, 0, 2)
    assert audience.search().total == 2
    assert len(audience.consents(audience.subscriber("dora@example.org").id)) == 1


def test_a_second_file_adds_to_what_is_known_and_empties_nothing():
    take("email,name,city\ndora@example.org,Dora,London\n", confirmed=True)
    report = take("email,name,role,city\ndora@example.org,,Fellow,\n", confirmed=True)
    dora = audience.subscriber("dora@example.org")
    assert report.updated == 1
    assert (dora.name, dora.fields) == ("Dora", {"city": "London", "role": "Fellow"})


def test_who_is_not_said_to_be_confirmed_waits_and_gets_no_mail():
    report = take("dora@example.org\nhanako@example.jp\n")
    assert (report.created, report.pending) == (2, 2)
    assert state("dora@example.org") == "pending"
    assert arrived() == []
    confirmed = take("dora@example.org\n", confirmed=True)
    assert confirmed.updated == 1
    assert state("dora@example.org") == "confirmed"
    assert audience.consents(audience.subscriber("dora@example.org").id)[0].source is Source.IMPORT


def test_a_file_without_confirmation_takes_it_from_nobody():
    reader()
    report = take("dora@example.org\n")
    assert (report.skipped, report.pending) == (1, 0)
    assert state("dora@example.org") == "confirmed"


def test_nobody_who_left_is_brought_back():
    dora = reader(name="Dora")
    audience.unsubscribe(dora.id, None, Source.PAGE)
    report = take("email,name\ndora@example.org,Other\n", confirmed=True)
    assert (report.skipped, report.left) == (1, 1)
    assert state("dora@example.org") == "unsubscribed"
    assert audience.subscriber("dora@example.org").name == "Dora"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_dialects_of_spreadsheets_are_understood(encoding, delimiter):
    rows = [["メールアドレス", "氏名", "言語"], ["hanako@example.jp", "江口花子", "ja"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    take(text.encode(encoding), confirmed=True)
    emi = audience.subscriber("hanako@example.jp")
    assert (emi.name, emi.language) == ("江口花子", "ja")


def test_one_address_a_line_needs_no_header():
    assert take("dora@example.org\r\n\r\n  hanako@example.jp  \nDora <d@example.com>\n").created == 3
    assert audience.subscriber("d@example.com").name == "Dora"


def test_a_second_column_without_a_header_is_the_name():
    take("dora@example.org,Dora\n")
    assert audience.subscriber("dora@example.org").name == "Dora"


def test_spellings_of_one_address_are_one():
    report = take("Dora@Example.org\ndora@EXAMPLE.org\nemi@bücher.example\nEMI@xn--bcher-kva.example\n")
    assert (report.created, report.skipped) == (2, 2)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"PK\x03\x04\0\0\0", "is no text"),
        ("name,city\nDora,London\n", "No column is called email"),
    ],
)
def test_a_file_that_is_no_table_of_people_is_refused_whole(source, words):
    with pytest.raises(Invalid, match=words):
        take(source)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"people\.csv"):
        take(tmp_path / "people.csv")
    with pytest.raises(NotFound):
        take("dora@example.org", "nonsense")


def test_an_empty_file_takes_nobody_in():
    assert take("").as_document() == {"rows": 0, "created": 0, "updated": 0, "skipped": 0, "errors": []}


def test_a_quotation_mark_left_open_is_told_with_its_line():
    report = take('email,name\ndora@example.org,Dora\nemi@example.jp,"Emi\n' + "x" * 200_000)
    assert report.created == 1
    assert report.errors[0].line == 3


def test_what_is_given_out_can_be_taken_in_again():
    take("email,name,topics,city\n+dora@example.org,=Dora,sea;cyber,-London\n", confirmed=True)
    lines = "".join(audience.export_csv("tokyo-letter"))
    (row,) = csv.DictReader(io.StringIO(lines))
    assert row["email"] == "'+dora@example.org"
    assert row["name"] == "'=Dora"
    assert row["city"] == "'-London"
    assert row["topics"] == "cyber;sea"
    assert row["state"] == "confirmed"
    again = take(lines, "event-notices", confirmed=True)
    assert (again.created, again.updated, again.errors) == (0, 1, [])
    assert audience.subscriber("+dora@example.org").name == "=Dora"
    assert audience.subscriber("+dora@example.org").fields == {"city": "-London"}


def test_a_table_of_endless_columns_is_refused_at_once():
    begun = time.thread_time()
    head = ",".join(["email", *(f"c{n}" for n in range(200_000))])
    with pytest.raises(Invalid, match="more than 500 columns"):
        take(f"{head}\ndora@example.org\n".encode())
    assert time.thread_time() - begun < 3


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＠", "\t", "\r"])
def test_no_cell_can_be_taken_for_a_formula(sign):
    dora = reader()
    dora.fields = {"note": f"{sign}cmd"}
    lines = "".join(audience.export_csv("tokyo-letter"))
    (row,) = csv.DictReader(io.StringIO(lines))
    assert row["note"] == f"'{sign}cmd"


def test_confirmed_readers_are_given_out_unless_others_are_asked_for():
    reader()
    take("waiting@example.org")
    audience.unsubscribe(reader("gone@example.org").id, None, Source.PAGE)
    assert [row[0] for row in audience.export_subscribers("tokyo-letter")] == ["email", "dora@example.org"]
    assert len(list(audience.export_subscribers("tokyo-letter", tuple(State)))) == 4


def test_progress_is_told_and_thousands_take_seconds():
    told = []
    rows = "email,name,language\n" + "".join(f"r{n}@example.org,Reader {n},en\n" for n in range(5000))
    started = time.monotonic()
    report = take(rows, confirmed=True, progress=lambda done, of: told.append((done, of)))
    assert report.created == 5000
    assert told == [(2000, 5000), (4000, 5000), (5000, 5000)]
    assert time.monotonic() - started < 20
