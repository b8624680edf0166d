"""From blocks to a letter in one language: each kind of block has a setter, and the frame is set around them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape

from sqlalchemy import select

from newsletter import audience, languages, rendering, settings
from newsletter.database import db
from newsletter.entries import Image
from newsletter.issues.arranging import Row, rows
from newsletter.issues.blocks import Block, Blocks, Kind
from newsletter.issues.cards import Teller, image_url
from newsletter.issues.materials import Materials
from newsletter.issues.personal import FOR_ANYBODY, Manner
from newsletter.issues.plans import plan_of
from newsletter.issues.rules import Layout
from newsletter.issues.variants import for_any_reader

Shows = Callable[[Block], bool]
"""Tells which blocks the readers of an edition see."""


@dataclass(frozen=True)
class Written:
    """A text as it can be given: in the language asked for, or in another one with a label that says so."""

    text: str
    language: str
    label: str = ""

    @property
    def labelled(self) -> str:
        """The text with its label behind it, for a line that has no room of its own for one."""
        if not self.label:
            return self.text
        return f"{self.text}({self.label})" if self.label.endswith("のみ") else f"{self.text} ({self.label})"


@dataclass(frozen=True)
class Setting:
    """The work of setting one edition: what it is made of, in which language, and how personal."""

    materials: Materials
    language: str
    manner: Manner
    shows: Shows
    through: audience.MailingList | None = None
    """The list through which its readers get it, where that is known."""

    @property
    def t(self) -> languages.Translate:
        """Say a sentence in the language of the edition."""
        return languages.translator(self.language)

    @property
    def teller(self) -> Teller:
        """Tell entries in the language of the edition."""
        return Teller(self.language, self.materials.at)

    def has(self, block: Block) -> bool:
        """Tell whether a block stands in this edition, for these readers."""
        return self.language not in block.hidden and self.shows(block)

    def written(self, block: Block, name: str) -> Written | None:
        """Return a text of a block in this language, else in the first that has it, else nothing."""
        for candidate in (self.language, *self.materials.languages, *block.texts):
            text = block.text(name, candidate).strip()
            if text:
                label = "" if candidate == self.language else languages.only_in(candidate, self.language)
                return Written(self.manner.words(text), candidate, label)
        return None

    def line(self, block: Block, name: str) -> str:
        """Return a text that stands in one line, labelled where it is foreign; empty where there is none."""
        written = self.written(block, name)
        return written.labelled if written else ""

    def tongue(self, block: Block, name: str) -> str:
        """Return the language of a text where it is another one than the edition's; else nothing."""
        written = self.written(block, name)
        return written.language if written and written.language != self.language else ""

    def plain(self, block: Block, name: str) -> str:
        """Return a text without a label, such as an address or a name."""
        written = self.written(block, name)
        return written.text if written else ""


def compose(
    materials: Materials,
    language: str,
    manner: Manner = FOR_ANYBODY,
    shows: Shows = for_any_reader,
    through: audience.MailingList | None = None,
) -> rendering.Content:
    """Compose an issue for the readers of one language; `shows` says which blocks these see.

    `through` is the list by which they get it, one of those that the issue goes to; without it, the foot names them all.
    """
    setting = Setting(materials, language, manner, shows, through)
    issue = materials.issue
    return rendering.Content(
        language=language,
        title=materials.mailing_list.title(language),
        kicker=kicker(materials, language),
        subject=manner.words(issue.subjects.get(language, "")),
        preheader=manner.words(issue.preheaders.get(language, "")),
        web=rendering.Link(setting.t("Read on the web"), web_address(issue.slug, language)),
        blocks=tuple(_sections(_set_blocks(setting))),
        footer=_footer(setting),
        look=settings.look(issue.list_id),
    )


def kicker(materials: Materials, language: str) -> str:
    """Say which issue this is and of which day."""
    day = materials.at.astimezone(materials.publication.zone).date()
    parts = (
        languages.write_issue_number(materials.issue.number, language),
        languages.write_date(day, language, weekday=language == "ja"),
    )
    return ("・" if language == "ja" else " · ").join(parts)


def web_address(slug: str, language: str) -> str:
    """Where an edition is read on the web."""
    return settings.url(f"/issues/{slug}?language={language}")


def _footer(setting: Setting) -> rendering.Footer:
    publication, language = setting.materials.publication, setting.language
    return rendering.Footer(
        reason=_reason(setting),
        links=(
            rendering.Link(setting.t("Unsubscribe"), setting.manner.unsubscribe),
            rendering.Link(setting.t("Change topics or language"), setting.manner.preferences),
            *_other_languages(setting),
        ),
        address_lines=(*publication.address_lines(language), *filter(None, [publication.contact_email])),
    )


def _reason(setting: Setting) -> str:
    """Say why this came, and that its links are counted where they are."""
    mailing_list = setting.materials.mailing_list
    reason = _subscribed(setting)
    if not (mailing_list.counts_links and setting.manner.personal):
        return reason
    counted = setting.t(
        "Its links pass through our site, which counts how many readers follow them and keeps no names."
    )
    return reason + counted if setting.language == "ja" else f"{reason} {counted}"


def _subscribed(setting: Setting) -> str:
    """Name what its readers subscribed to: the list through which they get it, or all of them where nobody knows."""
    t, found = setting.t, setting.materials
    others = () if setting.through else plan_of(found.issue.id).lists
    own = (setting.through or found.mailing_list).title(t.language)
    if not others:
        return t("You get this because you subscribed to %(list)s.", list=own)
    titles = [own, *(audience.mailing_list(number).title(t.language) for number in others)]
    lists = languages.write_list(titles, t.language)
    return t("You get this because you subscribed to at least one of these: %(lists)s.", lists=lists)


def _other_languages(setting: Setting) -> Iterator[rendering.Link]:
    slug = setting.materials.issue.slug
    for other in setting.materials.languages:
        if other != setting.language:
            words = languages.translator(other)("Read in English") if other in languages.NAMES else other
            yield rendering.Link(words, web_address(slug, other), language=other)


# The blocks


def _set_blocks(setting: Setting) -> Iterator[rendering.Block]:
    for row in rows(setting.materials.blocks):
        if not setting.has(row.block):
            continue
        if row.block.kind is Kind.COLUMNS:
            yield from _columns(row, setting)
        else:
            yield from _SETTERS[row.block.kind](row.block, setting)


def _columns(row: Row, setting: Setting) -> Iterator[rendering.Block]:
    """Set two stacks side by side; where one of them is empty, the other one as it stands alone."""
    left, right = (tuple(_stack(stack, setting)) for stack in (row.left, row.right))
    if left and right:
        yield rendering.Columns(left, right)
    else:
        yield from left or right


def _stack(blocks: Blocks, setting: Setting) -> Iterator[rendering.Stacked]:
    for block in blocks:
        if setting.has(block):
            for told in _SETTERS[block.kind](block, setting):
                if not isinstance(told, rendering.Columns | rendering.Section | rendering.Call):
                    yield replace(told, level=3) if isinstance(told, rendering.Heading) else told


def _sections(blocks: Iterable[rendering.Block]) -> Iterator[rendering.Block]:
    """Gather a heading and the small entries right under it into one section."""
    heading: rendering.Heading | None = None
    cards: list[rendering.EntryCard] = []
    for block in blocks:
        if heading and isinstance(block, rendering.EntryCard) and block.layout != "feature":
            cards.append(block)
            continue
        yield from _section(heading, cards)
        heading, cards = (block, []) if isinstance(block, rendering.Heading) else (None, [])
        if heading is None:
            yield block
    yield from _section(heading, cards)


def _section(
    heading: rendering.Heading | None, cards: list[rendering.EntryCard]
) -> Iterator[rendering.Block]:
    if heading and cards:
        yield rendering.Section(heading.text, tuple(cards), heading.language)
    elif heading:
        yield heading


def _heading(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    text = setting.line(block, "text")
    if text:
        yield rendering.Heading(text, language=setting.tongue(block, "text"))


def _text(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    written = setting.written(block, "body")
    if written is None:
        return
    html = rich(written.text)
    if written.label:
        html = f'<p><small>{escape(written.label)}</small></p><div lang="{written.language}">{html}</div>'
    yield rendering.Text(html)


def rich(text: str) -> str:
    """Read what an editor wrote: HTML where it begins with a tag, else Markdown. The result is safe."""
    return rendering.sanitise(text) if text.lstrip().startswith("<") else rendering.markdown(text)


def _entry(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    for entry in setting.materials.entries_of(block):
        yield setting.teller.card(entry, block.layout, button=block.button)


def _entry_list(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    found = setting.materials.entries_of(block)
    if not found:
        return
    title = setting.line(block, "title")
    if title:
        yield rendering.Heading(title, language=setting.tongue(block, "title"))
    layout = block.rule.layout if block.rule else Layout.CARD
    for entry in found:
        yield setting.teller.card(entry, layout)


def _picture(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    image = db.session.scalar(select(Image).where(Image.digest == block.image)) if block.image else None
    if image:
        alt, caption = setting.plain(block, "alt"), setting.line(block, "caption")
        yield rendering.Picture(
            image_url(image.digest),
            alt,
            image.width,
            image.height,
            block.link or None,
            caption,
            half=block.half,
        )


def _button(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    label, url = setting.line(block, "label"), setting.plain(block, "url")
    if label and url:
        yield rendering.Button(rendering.Link(label, url, setting.tongue(block, "label")))


def _divider(_block: Block, _setting: Setting) -> Iterator[rendering.Block]:
    yield rendering.Divider()


def _quote(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    if setting.plain(block, "text"):
        words, source = setting.line(block, "text"), setting.plain(block, "source")
        yield rendering.Quote(words, source, setting.tongue(block, "text"))


def _call(block: Block, setting: Setting) -> Iterator[rendering.Block]:
    """Set the block's own words, else the publication's call for support."""
    if block.has_text():
        label, url = setting.line(block, "label"), setting.plain(block, "url")
        link = rendering.Link(label, url, setting.tongue(block, "label")) if label and url else None
        title, text = setting.line(block, "title"), setting.line(block, "text")
        yield rendering.Call(title, text, link, setting.tongue(block, "title"))
        return
    support = setting.materials.publication.support_call(setting.language)
    if support:
        yield rendering.Call(
            support.title, support.text, rendering.Link(support.button or support.url, support.url)
        )


_SETTERS: Mapping[Kind, Callable[[Block, Setting], Iterator[rendering.Block]]] = {
    Kind.HEADING: _heading,
    Kind.TEXT: _text,
    Kind.ENTRY: _entry,
    Kind.ENTRY_LIST: _entry_list,
    Kind.PICTURE: _picture,
    Kind.BUTTON: _button,
    Kind.DIVIDER: _divider,
    Kind.QUOTE: _quote,
    Kind.CALL: _call,
}
