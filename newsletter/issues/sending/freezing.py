"""The moment an issue stops changing: one edition per language, rendered for mail and for the web, and compiled."""

from collections.abc import Mapping
from dataclasses import replace

from newsletter import audience, mail, rendering, settings
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.issues.blocks import Block, dump
from newsletter.issues.composing import Shows, compose
from newsletter.issues.links import numbered
from newsletter.issues.materials import Materials
from newsletter.issues.mentions import remember
from newsletter.issues.personal import FOR_ANYBODY, FOR_MAIL, Manner
from newsletter.issues.plans import lists_of
from newsletter.issues.tables import Edition, Issue
from newsletter.issues.variants import for_all_readers, refuse_too_many, variants_by_way


def freeze(materials: Materials) -> dict[str, mail.Template]:
    """Keep an edition for each language of the list and what it told; return the compiled mails by variant.

    The editions hold what everybody reads; what only some readers see stands in their variants. Raises `Invalid` where
    these are too many.
    """
    refuse_too_many(materials)
    templates = {key: mail for one in materials.languages for key, mail in _edition(materials, one).items()}
    remember(materials)
    materials.issue.blocks = dump(_as_taken(materials, block) for block in materials.blocks)
    return templates


def _as_taken(materials: Materials, block: Block) -> Block:
    """Return a block that tells for good what it tells now: an entry list keeps the entries it took."""
    if block.rule is None:
        return block
    taken = tuple(entry.id for entry in materials.entries_of(block))
    return replace(block, rule=replace(block.rule, taken=taken))


def _edition(materials: Materials, language: str) -> dict[str, mail.Template]:
    """Keep an edition as everybody reads it, and compile each of its variants."""
    addresses = _counted_addresses(materials, language)
    ways = [audience.mailing_list(number) for number in lists_of(materials.issue)]
    templates: dict[str, mail.Template] = {}
    for variant in variants_by_way(materials, language, len(ways)):
        through = ways[variant.way or 0]
        letter = _letter(materials, language, addresses, variant.shows, through)
        templates[variant.key] = mail.compile(letter_draft(materials, language, letter, FOR_MAIL, through))
    letter = _letter(materials, language, addresses, for_all_readers)
    page = compose(materials, language, FOR_ANYBODY, for_all_readers)
    edition = Edition(
        issue_id=materials.issue.id,
        language=language,
        subject=page.subject,
        preheader=page.preheader,
        html=letter.html,
        text=letter.text,
        web_html=rendering.render(page).html,
        template=next(iter(templates.values())).dump(),
        frozen_at=materials.at,
    )
    db.session.add(edition)
    db.session.flush()
    return templates


def _letter(
    materials: Materials,
    language: str,
    addresses: Mapping[str, str],
    shows: Shows,
    through: MailingList | None = None,
) -> rendering.Rendered:
    letter = rendering.render(compose(materials, language, FOR_MAIL, shows, through))
    return replace(letter, html=rendering.relink(letter.html, addresses)) if addresses else letter


def _counted_addresses(materials: Materials, language: str) -> dict[str, str]:
    """Number the links of an edition with all blocks in it, so that a link has one number in all variants."""
    if not materials.mailing_list.counts_links:
        return {}
    whole = rendering.render(compose(materials, language, FOR_MAIL))
    page = rendering.render(compose(materials, language, FOR_ANYBODY))
    return numbered(materials, language, whole.html, page.html)


def letter_draft(
    materials: Materials,
    language: str,
    letter: rendering.Rendered,
    manner: Manner,
    through: MailingList | None = None,
) -> mail.Draft:
    """Put the mail of one edition together, for the readers who get it through one list, the issue's own if not another."""
    publication = materials.publication
    return mail.Draft(
        sender=publication.sender(language),
        subject=manner.words(materials.issue.subjects.get(language, "")),
        html=letter.html,
        text=letter.text,
        language=language,
        reply_to=publication.answers_to,
        list=list_headers(materials.issue, through or materials.mailing_list, language, manner),
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
