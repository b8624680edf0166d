"""The two letters that people who run the service get. They leave through the one letterbox, as all mail does."""

from newsletter import delivery, languages, mail, rendering, settings
from newsletter.accounts.tables import User


def post_reset(user: User, link: str, language: str) -> None:
    """Mail a link that lets a person choose another password."""
    _post(user, _reset(link, language))


def rehearse_reset(language: str) -> None:
    """Write that letter and send it to nobody, which takes as long as sending it."""
    mail.compile(_reset(settings.url("/"), language))


def _reset(link: str, language: str) -> mail.Draft:
    t = languages.translator(language)
    return _draft(
        t("Choose another password"),
        (
            t("Somebody asked for another password for your account at %(name)s.", name=_name(language)),
            t(
                "The link works once, for two hours. If it was not you, do nothing: your password stays as it is."
            ),
        ),
        rendering.Link(t("Choose another password"), link),
        language,
    )


def post_invitation(user: User, link: str, by: User | None) -> None:
    """Mail a person whom somebody added a link to choose their first password."""
    language = user.language
    t = languages.translator(language)
    if by is None:
        invites = t("You are invited to work on the newsletter of %(name)s.", name=_name(language))
    else:
        invites = t(
            "%(who)s invites you to work on the newsletter of %(name)s.", who=by.called, name=_name(language)
        )
    draft = _draft(
        t("Your invitation to the newsletter of %(name)s", name=_name(language)),
        (invites, t("Choose a password and you are in. The link works once, for seven days.")),
        rendering.Link(t("Choose a password"), link),
        language,
    )
    _post(user, draft)


def _post(user: User, draft: mail.Draft) -> None:
    delivery.post(draft, mail.Address(user.email, user.name), "account", even_if_suppressed=True)


def _draft(subject: str, paragraphs: tuple[str, ...], link: rendering.Link, language: str) -> mail.Draft:
    t = languages.translator(language)
    reason = t("You get this because you work on the newsletter of %(name)s.", name=_name(language))
    button = rendering.Button(link)
    return settings.notice(
        subject, (rendering.Heading(subject), *paragraphs, button), language, reason=reason
    )


def _name(language: str) -> str:
    return settings.publication().name(language)
