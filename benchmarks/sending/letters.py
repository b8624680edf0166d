"""The letter of the benchmark: an issue in two languages with eight links that are counted, some 14 KB as it leaves."""

from statistics import mean

from newsletter import clock, mail
from newsletter.mail import Address, Draft, ListHeaders

LINKS = 8
SENDER = "letter@example.org"
_SENTENCES = {
    "en": "The Minato Institute invites you to two days on the security of the seas around Japan. ",
    "ja": "みなと研究所は、日本をとりまく海の安全を論じる二日間の会議に、皆さまをお招きします。",
}
_REPEATED = {"en": (6, 5), "ja": (1, 1)}
_SUBJECTS = {"en": "%s, your letter from Minato", "ja": "%s様 みなと通信"}


def body(language: str, click: str, others: dict[str, str], name: str) -> tuple[str, str]:
    """Return the HTML and the text for one reader, or with marks for all."""
    sentence, (in_html, in_text) = _SENTENCES[language], _REPEATED[language]
    cards = "".join(
        f'<p style="margin:0 0 16px">{sentence * in_html}<a href="https://letter.example.org/click/{click}/{n}">'
        f"{sentence}</a></p>\n"
        for n in range(LINKS)
    )
    footer = "".join(
        f'<p><a href="https://letter.example.org/{page}/{token}">{page}</a></p>\n'
        for page, token in others.items()
    )
    plain = "".join(
        f"{sentence * in_text}\nhttps://letter.example.org/click/{click}/{n}\n\n" for n in range(LINKS)
    )
    last = "".join(f"{page}: https://letter.example.org/{page}/{token}\n" for page, token in others.items())
    return (
        f"<html><body><p>{name}</p>\n{cards}{footer}</body></html>",
        f"{name}\n\n{plain}{last}",
    )


def template(language: str) -> mail.Template:
    """Return the letter compiled once, with its slots."""
    return mail.compile(draft(language))


def draft(language: str) -> Draft:
    """Return the letter as it is written, with marks where each reader's own stands."""
    others = {page: mail.mark(f"token:{page}") for page in ("unsubscribe", "preferences")}
    name = mail.mark("name", "reader")
    html, text = body(language, mail.mark("token:click"), others, name)
    headers = ListHeaders(
        list_id="letter.example.org",
        name="Minato Letter",
        unsubscribe_url="https://letter.example.org/unsubscribe/" + others["unsubscribe"],
        help_url="https://letter.example.org/manage",
        owner="editor@example.org",
        feedback_id=f"issue42:letter:{language}:minato",
    )
    subject = _SUBJECTS[language] % name
    return Draft(Address(SENDER, "Minato Institute"), subject, html, text, language, list=headers)


def octets() -> int:
    """Return how long a message is, on average of the languages: the same for smtp-source."""
    token = "0-1-2." + "x" * 43
    values = {f"token:{page}": token for page in ("click", "unsubscribe", "preferences")}
    to = Address("reader12345@example7.org", "Dora 12345")
    return round(
        mean(
            len(
                template(language).fill(
                    to, "<12345.42@example.org>", clock.now(), {**values, "name": to.name}
                )
            )
            for language in ("en", "ja")
        )
    )
