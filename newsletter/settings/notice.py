"""The frame of every service mail: the publisher's name above, a few words and a button, and why one gets it beneath."""

from collections.abc import Sequence
from html import escape

from newsletter import mail, rendering
from newsletter.settings.look import look
from newsletter.settings.publisher import publication


def notice(
    subject: str,
    blocks: Sequence[rendering.Block | str],
    language: str,
    *,
    reason: str,
    links: Sequence[rendering.Link] = (),
) -> mail.Draft:
    """Return a service mail from the publisher; a plain string among the blocks is a paragraph.

    `reason` says why it comes to this address, `links` stand beside it.
    """
    publisher = publication()
    content = rendering.Content(
        language=language,
        title=publisher.name(language),
        subject=subject,
        blocks=tuple(_paragraph(block) if isinstance(block, str) else block for block in blocks),
        footer=rendering.Footer(reason, tuple(links), publisher.address_lines(language)),
        look=look(),
    )
    rendered = rendering.render(content, theme="notice")
    return mail.Draft(
        sender=publisher.sender(language),
        subject=subject,
        html=rendered.html,
        text=rendered.text,
        language=language,
        reply_to=publisher.answers_to,
        automatic=True,
    )


def _paragraph(words: str) -> rendering.Text:
    return rendering.Text(f"<p>{escape(words)}</p>")
