"""Links that are counted: in the mail a number stands in place of each address, beside a token of the reader.

Counted is what tells readers something. The ways out carry a token of their own and stay as they are, and so do the
editions' own pages on the web, addresses that hold a reader's name, and whatever leads to no web page. The text twin and
the archive keep the plain addresses: there a reader sees the address itself, and a long one buries the words around it.
"""

from sqlalchemy import func, select

from newsletter import mail, rendering, settings
from newsletter.database import db
from newsletter.issues.composing import web_address
from newsletter.issues.materials import Materials
from newsletter.issues.tables import Link
from newsletter.tokens import Purpose


def numbered(materials: Materials, language: str, html: str, page: str) -> dict[str, str]:
    """Keep where an edition's links lead, and return by address what stands in the mail in its place.

    `html` is the mail with everything in it, `page` the same edition as anybody may read it.
    """
    in_mail = rendering.links(html)
    told = {url: words for url, words in _counted(materials, page).items() if url in in_mail}
    first = 1 + (db.session.scalar(select(func.max(Link.n)).where(Link.issue_id == materials.issue.id)) or 0)
    rows = [
        Link(issue_id=materials.issue.id, n=n, language=language, url=url, words=words)
        for n, (url, words) in enumerate(told.items(), first)
    ]
    db.session.add_all(rows)
    db.session.flush()
    token = mail.mark(f"token:{Purpose.CLICK}")
    return {row.url: _address(token, row.n) for row in rows}


def size_in_mail(materials: Materials, page: str) -> int:
    """Return about how many bytes an edition's HTML has in the mail, where its links are longer than on `page`."""
    if not materials.mailing_list.counts_links:
        return len(page.encode())
    token = settings.tokens().lasting(Purpose.CLICK, 10**5, materials.mailing_list.id, 10**4)
    longer = {url: _address(token, n) for n, url in enumerate(_counted(materials, page), 1)}
    return len(rendering.relink(page, longer).encode())


def links(issue_id: int) -> list[Link]:
    """Return the counted links of an issue, in the order in which readers meet them; none where none are counted."""
    return list(db.session.scalars(select(Link).where(Link.issue_id == issue_id).order_by(Link.n)))


def _counted(materials: Materials, page: str) -> dict[str, str]:
    own = {web_address(materials.issue.slug, language) for language in materials.languages}
    return {
        url: words
        for url, words in rendering.links(page).items()
        if url.startswith(("https://", "http://")) and url not in own
    }


def _address(token: str, n: int) -> str:
    return settings.url(f"/click/{token}/{n}")
