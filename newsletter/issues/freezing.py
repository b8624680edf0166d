"""The moment an issue stops changing: one edition per language, rendered for mail and for the web, and compiled."""

from dataclasses import replace

from newsletter import mail, rendering, settings
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.issues.blocks import Block, dump
from newsletter.issues.composing import compose
from newsletter.issues.links import number_links
from newsletter.issues.materials import Materials
from newsletter.issues.mentions import remember
from newsletter.issues.personal import FOR_ANYBODY, FOR_MAIL, Manner
from newsletter.issues.tables import Edition, Issue


def freeze(materials: Materials) -> dict[str, mail.Template]:
    """Keep an edition for each language of the list and what it told; return the compiled mails by language."""
    templates = {language: _edition(materials, language) for language in materials.languages}
    remember(materials)
    materials.issue.blocks = dump(_as_taken(materials, block) for block in materials.blocks)
    return templates


def _as_taken(materials: Materials, block: Block) -> Block:
    """Return a block that tells for good what it tells now: an entry list keeps the entries it took."""
    if block.rule is None:
        return block
    taken = tuple(entry.id for entry in materials.entries_of(block))
    return replace(block, rule=replace(block.rule, taken=taken))


def _edition(materials: Materials, language: str) -> mail.Template:
    letter = rendering.render(compose(materials, language, FOR_MAIL))
    page = compose(materials, language, FOR_ANYBODY)
    web_html = rendering.render(page).html
    if materials.mailing_list.counts_links:
        letter = replace(letter, html=number_links(materials, language, letter.html, web_html))
    template = mail.compile(letter_draft(materials, language, letter, FOR_MAIL))
    edition = Edition(
        issue_id=materials.issue.id,
        language=language,
        subject=page.subject,
        preheader=page.preheader,
        html=letter.html,
        text=letter.text,
        web_html=web_html,
        template=template.dump(),
        frozen_at=materials.at,
    )
    db.session.add(edition)
    db.session.flush()
    return template


def letter_draft(
    materials: Materials, language: str, letter: rendering.Rendered, manner: Manner
) -> mail.Draft:
    """Put the mail of one edition together."""
    publication = materials.publication
    return mail.Draft(
        sender=publication.sender(language),
        subject=manner.words(materials.issue.subjects.get(language, "")),
        html=letter.html,
        text=letter.text,
        language=language,
        reply_to=publication.answers_to,
        list=list_headers(materials.issue, materials.mailing_list, language, manner),
    )


def list_headers(issue: Issue, mailing_list: MailingList, language: str, manner: Manner) -> mail.ListHeaders:
    """Say which list this is mail of, and how to leave it (RFC 2369, 2919, 8058)."""
    publication, domain = settings.publication(), settings.environment().domain
    sender_id = publication.sender_email.rpartition("@")[2].replace(":", "-") or domain
    return mail.ListHeaders(
        list_id=f"{mailing_list.slug}.{domain}",
        name=mailing_list.title(language),
        unsubscribe_url=manner.unsubscribe,
        help_url=settings.url("/manage"),
        owner=publication.contact_email or publication.sender_email,
        feedback_id=f"{issue.slug}:{mailing_list.slug}:issue:{sender_id}",
        archive_url=settings.url("/issues/"),
    )
