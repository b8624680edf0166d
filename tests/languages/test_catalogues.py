"""The catalogues are whole: every sentence of the product has its Japanese, and the same one everywhere."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from newsletter import languages

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "newsletter/languages/ja").glob("*.po"))
KEYWORDS = {"_": None, "ngettext": (1, 2), "t": None, "plural": (1, 2)}
PLACES = re.compile(r"%\((\w+)\)s")


def sentences_in(folder, method_map):
    found = extract_from_dir(str(ROOT / folder), method_map=method_map, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def messages_in(path):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale="ja") if message.id]


def acts_in(path):
    """What the audit trail is given to keep, wherever it is called with a sentence of ours."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in {"audit", "_steer"}:
            for said in ast.walk(
                ast.Module(body=[ast.Expr(each) for each in call.args[1:2]], type_ignores=[])
            ):
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value


def test_a_translator_puts_values_in():
    t = languages.translator("en")
    assert t("Sent to %(address)s", address="dora@example.com") == "Sent to dora@example.com"
    assert t("100 % sent") == "100 % sent"


def test_a_translator_chooses_the_plural():
    t = languages.translator("en")
    assert t.plural("%(n)s reader", "%(n)s readers", 1) == "1 reader"
    assert t.plural("%(n)s reader", "%(n)s readers", 2) == "2 readers"


def test_a_sentence_without_japanese_stays_english():
    assert languages.translator("ja")("Nobody wrote this sentence.") == "Nobody wrote this sentence."


def test_japanese_comes_from_the_catalogues():
    assert languages.translator("ja")("Subscribe") == "購読する"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_each_translation_keeps_the_places_of_its_sentence(path):
    for message in messages_in(path):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = {place for text in ids for place in PLACES.findall(text)}
        needed = set(PLACES.findall(ids[-1]))
        used = {place for text in strings for place in PLACES.findall(text)}
        assert used <= allowed, ids
        assert needed <= used, ids


def test_no_two_catalogues_disagree():
    told = defaultdict(set)
    for path in CATALOGUES:
        for message in messages_in(path):
            if message.string:
                told[str(message.id)].add(str(message.string))
    assert {msgid: said for msgid, said in told.items() if len(said) > 1} == {}


def test_every_sentence_has_its_japanese():
    templates = sentences_in(
        "templates",
        [("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.mjml", "jinja2"), ("**.xml", "jinja2")],
    )
    code = sentences_in("newsletter", [("**.py", "python")])
    japanese = {
        message.id if isinstance(message.id, str) else message.id[0]
        for path in CATALOGUES
        for message in messages_in(path)
        if message.string
    }
    assert sorted((templates | code) - japanese) == []


def test_the_audit_trail_is_written_in_japanese_too():
    acts = {act for path in (ROOT / "newsletter").rglob("*.py") for act in acts_in(path)}
    t = languages.translator("ja")
    assert "paused an issue" in acts
    assert sorted(act for act in acts if t(act) == act) == []
