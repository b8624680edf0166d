"""The service mails about an approval: to those who may give it, and back to whoever asked."""

from collections.abc import Iterable

from newsletter import audience, delivery, languages, mail, rendering, settings
from newsletter.accounts import User
from newsletter.issues.tables import Issue


def tell_approvers(found: Issue, approvers: Iterable[User], asking: User, words: str) -> None:
    """Ask each of them for their approval."""
    for person in approvers:
        t = languages.translator(person.language)
        name = _name(found, person.language)
        says = t(
            "%(who)s says that %(name)s is ready, and asks for your approval.", who=asking.called, name=name
        )
        tell(
            person,
            found,
            t("Ready for review: %(name)s", name=name),
            (says, words),
            button=t("Look at the issue"),
        )


def tell_asker(found: Issue, asker: User, by: User, words: str, *, approved: bool) -> None:
    """Tell whoever asked what the answer is."""
    if not asker.active:
        return
    t = languages.translator(asker.language)
    name = _name(found, asker.language)
    if approved:
        subject = t("Approved: %(name)s", name=name)
        says = t("%(who)s has approved %(name)s. It can go out as it is now.", who=by.called, name=name)
    else:
        subject = t("Changes asked for: %(name)s", name=name)
        says = t("%(who)s asks for changes to %(name)s.", who=by.called, name=name)
    tell(asker, found, subject, (says, words), button=t("Look at the issue"))


def tell(
    person: User, found: Issue, subject: str, paragraphs: Iterable[str], *, button: str, place: str = "review"
) -> None:
    """Post a service mail about an issue to somebody who works here, with one button to a place of the issue."""
    t = languages.translator(person.language)
    link = rendering.Link(button, settings.url(f"/dashboard/issues/{found.id}/{place}"))
    said = [line.strip() for part in paragraphs for line in part.splitlines() if line.strip()]
    reason = t(
        "You get this because you work on the newsletter of %(name)s.",
        name=settings.publication().name(person.language),
    )
    blocks: list[rendering.Block | str] = [rendering.Heading(subject), *said, rendering.Button(link)]
    draft = settings.notice(subject, blocks, person.language, reason=reason)
    to = mail.Address(person.email, person.name)
    delivery.post(draft, to, f"work:{found.id}", even_if_suppressed=True)


def _name(found: Issue, language: str) -> str:
    title = audience.mailing_list(found.list_id).title(language)
    return f"{title} {languages.write_issue_number(found.number, language)}"
