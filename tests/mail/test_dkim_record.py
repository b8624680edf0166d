"""What DNS says of a key is read as receivers read it, and what is wrong is said so that it can be mended."""

import pytest

from newsletter import languages, mail
from newsletter.mail import DkimAlgorithm, Standing
from tests.mail.names import name_server

RSA, _ = mail.make_dkim_key("minato.com", "s1", DkimAlgorithm.RSA)
SHORT, _ = mail.make_dkim_key("minato.com", "s2", DkimAlgorithm.ED25519)


@pytest.fixture
def server():
    with name_server() as running:
        yield running


def test_a_record_as_it_is_shown_is_good(server):
    for record in (RSA, SHORT):
        server.texts[record.name] = [record.strings]
        assert max(map(len, record.strings)) <= 255
        assert mail.check_dkim(record).standing is Standing.GOOD


def test_spaces_and_other_tags_do_no_harm(server):
    server.texts[SHORT.name] = [
        (
            f"v=DKIM1; t=s; h=sha1:sha256; s=email; k=ed25519; n=note; p={SHORT.public[:9]} {SHORT.public[9:]};",
        )
    ]
    assert mail.check_dkim(SHORT).standing is Standing.GOOD


WRONG = {
    "nothing": ([], "There is no TXT record"),
    "two": ([RSA.strings, ("v=spf1 -all",)], "There are 2 TXT records"),
    "quotation marks": ([('\\"', *RSA.strings, '\\"')], "quotation marks"),
    "something else": ([("v=spf1 -all",)], "no DKIM record"),
    "withdrawn": ([("v=DKIM1; p=",)], "withdrawn"),
    "cut": ([RSA.strings[:1]], "cut off after"),
    "another key": ([(f"v=DKIM1; k=rsa; p={SHORT.public}",)], "Another key"),
    "another kind": ([(RSA.value[:230].replace("k=rsa", "k=ed25519"), RSA.value[230:])], "another kind"),
    "an old digest": ([("h=sha1; ", *RSA.strings)], "does not allow SHA-256"),
    "not for mail": ([("s=web; ", *RSA.strings)], "not for mail"),
    "a test": ([("t=y; ", *RSA.strings)], "it is a test"),
}


@pytest.mark.parametrize(("records", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_in_plain_words_of_either_language(server, records, words):
    server.texts[RSA.name] = records
    found = mail.check_dkim(RSA)
    assert found.standing is Standing.WRONG
    assert words in found.sentence
    assert languages.translator("ja").filled(found.sentence) != found.sentence


def test_a_provider_that_adds_the_domain_by_itself_is_found_out(server):
    server.texts[f"{RSA.name}.minato.com"] = [RSA.strings]
    found = mail.check_dkim(RSA)
    assert "adds the domain by itself" in found.sentence
    assert "adds" not in languages.translator("ja").filled(found.sentence)


@pytest.mark.slow
def test_a_silent_server_proves_nothing(server):
    server.silent = True
    found = mail.check_dkim(SHORT)
    assert found.standing is Standing.UNKNOWN
    assert languages.translator("ja").filled(found.sentence) != found.sentence
