import pytest

from newsletter import languages


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("en;q=0.3, ja;q=0.7", "ja"),
        ("fr-FR,fr;q=0.9,ja;q=0.1", "ja"),
        ("fr", "en"),
        ("*", "en"),
        ("ja;q=0", "en"),
        ("JA-jp", "ja"),
        ("", "en"),
        (";;;q=,=,ja;q=banana", "en"),
    ],
)
def test_the_browser_gets_the_language_it_likes_best(header, chosen):
    assert languages.choose(header, ["en", "ja"]) == chosen


def test_the_first_language_on_offer_is_the_fallback():
    assert languages.choose("fr", ["ja", "en"]) == "ja"


@pytest.mark.parametrize(
    ("zone", "english", "japanese"),
    [
        ("Asia/Tokyo", "Tokyo", "東京"),
        ("Europe/London", "London", "ロンドン"),
        ("America/New_York", "New York", "ニューヨーク"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_city(zone, english, japanese):
    assert languages.place_of(zone, "en") == english
    assert languages.place_of(zone, "ja") == japanese


def test_a_clock_shows_the_time_of_a_place():
    assert languages.time_of("Asia/Tokyo", "en") == "Tokyo time"
    assert languages.time_of("Asia/Tokyo", "ja") == "日本時間"
    assert languages.time_of("Europe/London", "ja") == "ロンドン時間"
    assert languages.time_of("UTC", "en") == "UTC"
    assert languages.time_of("UTC", "ja") == "協定世界時"


def test_a_zone_that_nobody_named_is_known_by_its_last_word():
    assert languages.place_of("Mars/Olympus_Mons", "en") == "Olympus Mons"


def test_languages_have_names_in_each_other():
    assert languages.NAMES == {"en": "English", "ja": "日本語"}
    assert languages.language_name("ja", "en") == "Japanese"
    assert languages.language_name("en", "ja") == "英語"


def test_a_text_in_a_foreign_language_is_labelled():
    assert languages.only_in("en", "ja") == "英語のみ"
    assert languages.only_in("ja", "en") == "Japanese only"


def test_lists_are_joined_as_the_language_does():
    assert languages.write_list(["English", "Japanese"], "en") == "English and Japanese"
    assert languages.write_list(["日本語", "英語"], "ja") == "日本語・英語"
    assert languages.write_list([], "en") == languages.write_list([], "ja") == ""


@pytest.mark.parametrize(
    ("zone", "english", "japanese"),
    [
        ("Asia/Kolkata", "Kolkata", "コルカタ"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh City", "ホーチミン"),
        ("Europe/Kyiv", "Kyiv", "キーウ"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "ブエノスアイレス"),
        ("Asia/Yangon", "Yangon", "ヤンゴン"),
    ],
)
def test_a_place_whose_zone_was_renamed_keeps_its_name_in_each_language(zone, english, japanese):
    assert languages.place_of(zone, "en") == english
    assert languages.place_of(zone, "ja") == japanese
