"""Sentences that come with their values in them, as errors do, are said in the language of the page all the same."""

from newsletter import languages


def test_a_filled_sentence_is_known_by_the_words_between_its_values():
    t = languages.translator("ja")
    assert t.filled("“x” is no mail address. Write one such as name@example.org.") == (
        "「x」はメールアドレスではありません。name@example.orgのように入力してください。"
    )


def test_a_value_with_signs_of_its_own_stays_as_it_is():
    t = languages.translator("ja")
    assert "「100 % (あ)」" in t.filled("There is a topic “100 % (あ)” already.").replace("テーマ", "")


def test_a_sentence_that_nobody_translated_stays_as_it_is():
    for language in ("en", "ja"):
        assert languages.translator(language).filled("Nobody wrote 5 of these.") == "Nobody wrote 5 of these."
