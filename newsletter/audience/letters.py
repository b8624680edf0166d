"""The service mails: please confirm, already a reader, your link. Composed from blocks, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from newsletter import delivery, mail, settings
from newsletter.audience.tables import MailingList, Signup, Subscriber
from newsletter.languages import Translate, translator, write_list, write_moment
from newsletter.rendering import Block, Button, Heading, Link, Text
from newsletter.tokens import Purpose


def titles(lists: Sequence[MailingList], language: str) -> str:
    """Write the titles of some lists in one line, for a subject or a sentence."""
    return write_list([each.title(language) for each in lists], language)


def confirm_subject(lists: Sequence[MailingList], language: str) -> str:
    """Return the subject of the mail that asks to confirm."""
    return translator(language)("Please confirm: %(lists)s", lists=titles(lists, language))


def already_subject(lists: Sequence[MailingList], language: str) -> str:
    """Return the subject of the mail that a reader of all these lists gets in its stead."""
    return translator(language)("Already a reader: %(lists)s", lists=titles(lists, language))


def send_confirmation(signup: Signup, lists: Sequence[MailingList], until: datetime) -> None:
    """Ask whoever reads mail at the address whether they meant it; also where mail was suppressed before."""
    language, t = signup.language, translator(signup.language)
    token = settings.tokens().make(Purpose.CONFIRM, signup.id)
    asked = t(
        "Somebody, most likely you, asked us to send %(lists)s to this address. "
        "Press the button and your subscription begins.",
        lists=titles(lists, language),
    )
    deadline = write_moment(until, settings.publication().timezone, language)
    blocks = (
        Heading(t("One more step")),
        asked,
        Button(Link(t("Confirm my subscription"), _link("confirm", token, language))),
        t("The link works until %(moment)s.", moment=deadline),
        t("If it was not you, do nothing. Without your press of the button we send nothing more."),
    )
    subject = confirm_subject(lists, language)
    letter = _Letter("confirm", language, subject, blocks)
    signup.mailing = _post(letter, signup.address, signup.subscriber_id, even_if_suppressed=True)


def send_welcome(subscriber: Subscriber, lists: Sequence[MailingList], language: str) -> None:
    """Tell a new reader what comes from now on, with the latest issue and the way to their preferences."""
    t, named = translator(language), titles(lists, language)
    found = next((each.slug for each in lists if each.public), None)
    latest = settings.url(f"/issues/latest?list={found}&language={language}")
    blocks = (
        Heading(t("Your subscription has begun")),
        t("From the next issue on you get %(lists)s at this address.", lists=named),
        *filter(None, (each.description(language) for each in lists)),
        *([Button(Link(t("Read the latest issue"), latest))] if found else ()),
        *_way_to_preferences(subscriber.id, language, t, aside=bool(found)),
    )
    letter = _Letter("welcome", language, t("Welcome: %(lists)s", lists=named), blocks)
    _post(letter, subscriber.address, subscriber.id)


def send_already(subscriber: Subscriber, lists: Sequence[MailingList], language: str) -> None:
    """Tell a reader who subscribed again that all is well, with the way to their preferences."""
    t = translator(language)
    blocks = (
        Heading(t("You are already a reader")),
        t(
            "Somebody, most likely you, asked us to send %(lists)s to this address. "
            "You get that already; nothing has changed.",
            lists=titles(lists, language),
        ),
        *_way_to_preferences(subscriber.id, language, t),
    )
    letter = _Letter("already", language, already_subject(lists, language), blocks)
    _post(letter, subscriber.address, subscriber.id)


def send_link(subscriber: Subscriber) -> None:
    """Send a reader the link to their preferences, in the language of their mail."""
    _post(_link_letter(subscriber.id, subscriber.language), subscriber.address, subscriber.id)


def rehearse_link() -> None:
    """Write the letter with the link and send it to nobody, which takes as long as sending it."""
    mail.compile(_draft(_link_letter(0, settings.publication().languages[0])))


def _link_letter(reader: int, language: str) -> "_Letter":
    t = translator(language)
    blocks = (
        Heading(t("Your link")),
        t("Here is the way to your preferences, as you asked."),
        *_way_to_preferences(reader, language, t),
        t("If it was not you who asked, do nothing. Nobody but you has this link."),
    )
    subject = t("Your preferences at %(publisher)s", publisher=settings.publication().name(language))
    return _Letter("link", language, subject, blocks)


def _way_to_preferences(
    reader: int, language: str, t: Translate, *, aside: bool = False
) -> tuple[Block | str, ...]:
    """Return the way as a button, or as a plain link where another button is what the mail is about."""
    token = settings.tokens().make(Purpose.PREFERENCES, reader, 0)
    words, link = t("Open my preferences"), _link("preferences", token, language)
    return (
        Text(f'<p><a href="{escape(link)}">{escape(words)}</a></p>') if aside else Button(Link(words, link)),
        t("There you choose lists, topics and language, and there you can leave."),
    )


def _link(page: str, token: str, language: str) -> str:
    return settings.url(f"/{page}/{token}?language={language}")


@dataclass(frozen=True)
class _Letter:
    """What one service mail says."""

    kind: str
    language: str
    subject: str
    blocks: tuple[Block | str, ...]


def _post(letter: _Letter, address: str, reader: int, *, even_if_suppressed: bool = False) -> int:
    draft, to, reference = _draft(letter), mail.Address(address), f"{letter.kind}:{reader}"
    return delivery.post(draft, to, reference, reader=reader, even_if_suppressed=even_if_suppressed)


def _draft(letter: _Letter) -> mail.Draft:
    language, t = letter.language, translator(letter.language)
    place = settings.environment().domain
    return settings.notice(
        letter.subject,
        letter.blocks,
        language,
        reason=t("You get this mail because this address was entered at %(place)s.", place=place),
        links=(Link(t("How we keep your data"), settings.url(f"/privacy?language={language}")),),
    )
