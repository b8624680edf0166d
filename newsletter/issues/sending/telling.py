"""Mail to the editors about an issue: that a draft is ready, was held, or was not made."""

from newsletter import accounts, delivery, languages, mail, rendering, settings
from newsletter.accounts import Role


def tell_editors(subject: str, sentences: tuple[str, ...], path: str, **values: object) -> int:
    """Mail all who edit, each in their language, and return how many they are.

    `subject` and `sentences` are said with `values`, a callable among which is asked by language; `path` is a page of
    the dashboard that they are shown the way to.
    """
    editors = [one for one in accounts.people() if accounts.allowed(one, Role.EDITOR)]
    for editor in editors:
        language = editor.language
        t = languages.translator(language)
        said = {name: value(language) if callable(value) else value for name, value in values.items()}
        name = settings.publication().name(language)
        head = t(subject, **said)
        button = rendering.Button(rendering.Link(t("Look at it"), settings.url(path)))
        draft = settings.notice(
            head,
            (rendering.Heading(head), *(t(sentence, **said) for sentence in sentences), button),
            language,
            reason=t("You get this because you work on the newsletter of %(name)s.", name=name),
        )
        delivery.post(draft, mail.Address(editor.email, editor.name), "editors", even_if_suppressed=True)
    return len(editors)
