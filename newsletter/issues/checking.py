"""What stands in the way of sending an issue, and what an editor should know before: the same checks run at send time.

Sentences come in the language of the person who reads them. An error blocks sending, a warning does not.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from newsletter import audience, languages, rendering, settings
from newsletter.entries import Entry
from newsletter.issues.blocks import FIELDS, Block, Kind
from newsletter.issues.checking_readers import seen_by
from newsletter.issues.checking_words import named_events, says_changed, unread_names
from newsletter.issues.composing import compose
from newsletter.issues.findings import KIND_NAMES, Check, Finding, Level, Look, Remedy
from newsletter.issues.links import size_in_mail
from newsletter.issues.materials import Materials, gather
from newsletter.issues.mentions import changed_since, what_readers_know
from newsletter.issues.tables import Issue


def check(issue: Issue, language: str = "en", materials: Materials | None = None) -> list[Finding]:
    """Look an issue over as it would be sent now, or at its time; errors come first. `language` is the reader's."""
    look = Look(materials or gather(issue), languages.translator(language))
    findings = [finding for one in _CHECKS for finding in one(look)]
    return sorted(findings, key=lambda finding: finding.level is not Level.ERROR)


def errors_of(findings: Sequence[Finding]) -> list[Finding]:
    """Return those that block sending."""
    return [finding for finding in findings if finding.level is Level.ERROR]


def _postal_address(look: Look) -> Iterator[Finding]:
    """A publisher without an address may not send. Where nobody has said who publishes, it is a trial: only warn."""
    publication = look.materials.publication
    if not publication.postal_address(publication.languages[0]).strip():
        yield Finding(
            Level.ERROR if settings.is_established() else Level.WARNING,
            look.t("The publication has no postal address."),
            look.t("The law asks for one in each issue. An owner can give it in the settings."),
        )


def _subjects(look: Look) -> Iterator[Finding]:
    for language in look.materials.languages:
        if not look.materials.issue.subjects.get(language, "").strip():
            sentence = look.t("There is no %(language)s subject.", language=look.name_of(language))
            yield Finding(Level.ERROR, sentence, field=f"subject-{language}")
        elif not look.materials.issue.preheaders.get(language, "").strip():
            sentence = look.t("There is no %(language)s preheader.", language=look.name_of(language))
            detail = look.t("Inboxes show the first words of the issue instead.")
            yield Finding(Level.WARNING, sentence, detail, field=f"preheader-{language}")


def _something_told(look: Look) -> Iterator[Finding]:
    content = compose(look.materials, look.materials.languages[0])
    if not any(not isinstance(block, rendering.Divider | rendering.Call) for block in content.blocks):
        yield Finding(Level.ERROR, look.t("The issue tells nothing yet. Add an entry or write a text."))


def _readers(look: Look) -> Iterator[Finding]:
    if not audience.counts(look.materials.issue.list_id).confirmed:
        sentence = look.t("This list has no confirmed readers yet.")
        yield Finding(Level.WARNING, sentence, look.t("Sending would reach nobody."))


def _blocks(look: Look) -> Iterator[Finding]:
    for block in look.materials.blocks:
        yield from _gone(look, block)
        yield from _missing_texts(look, block)
        yield from _pictures(look, block)
        yield from _empty_lists(look, block)
        for entry in look.materials.entries_of(block):
            yield from _entry(look, block, entry)


def _gone(look: Look, block: Block) -> Iterator[Finding]:
    if block.kind is Kind.ENTRY and not look.materials.entries_of(block):
        sentence = look.t("An entry of this issue no longer exists.")
        detail = look.t("Readers would see nothing in its place.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))


def _empty_lists(look: Look, block: Block) -> Iterator[Finding]:
    if block.kind is Kind.ENTRY_LIST and not look.materials.entries_of(block):
        sentence = look.t("An entry list takes nothing now.")
        detail = look.t("Readers would see nothing in its place. Widen what it takes, or drop it.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))


def _missing_texts(look: Look, block: Block) -> Iterator[Finding]:
    names = FIELDS[block.kind]
    if not names or not block.has_text() or block.kind is Kind.PICTURE:
        return
    for language in block.stands_in(look.materials.languages):
        if not block.main_text(language):
            values = {"block": look.t(KIND_NAMES[block.kind]), "language": look.name_of(language)}
            sentence = look.t("%(block)s: there is no %(language)s text.", **values)
            detail = look.t("Readers would get it in the other language, labelled.")
            yield Finding(Level.WARNING, sentence, detail, block.id, f"{names[0]}-{language}")


def _pictures(look: Look, block: Block) -> Iterator[Finding]:
    if block.kind is not Kind.PICTURE:
        return
    if not block.image:
        sentence = look.t("A picture block holds no picture yet.")
        detail = look.t("Readers would see nothing in its place.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))
        return
    for language in block.stands_in(look.materials.languages):
        if not block.main_text(language):
            sentence = look.t("A picture has no %(language)s description.", language=look.name_of(language))
            detail = look.t("Write what it shows, for those who cannot see it.")
            yield Finding(Level.WARNING, sentence, detail, block.id)


def _entry(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    title = look.title(entry)
    if not entry.is_published:
        sentence = look.t("“%(title)s” is not published.", title=title)
        detail = look.t("Its page would not be there for readers. Publish it or drop the block.")
        yield Finding(Level.ERROR, sentence, detail, block.id, remedies=(Remedy.DROP,))
    if entry.is_cancelled:
        sentence = look.t("“%(title)s” has been cancelled.", title=title)
        detail = look.t("Readers are told so, in place of the button.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))
    elif look.teller.is_over(entry):
        yield from _over(look, block, title)
    elif look.teller.is_closed(entry):
        values = {"title": title, "date": look.teller.deadline(entry)}
        sentence = look.t("“%(title)s”: registration closed on %(date)s.", **values)
        detail = look.t("Readers see this sentence in place of the button.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))
    elif look.teller.is_full(entry):
        sentence = look.t("“%(title)s” is full.", title=title)
        detail = look.t("Readers are told that no places are left, in place of the button.")
        yield Finding(Level.WARNING, sentence, detail, block.id, remedies=(Remedy.DROP,))
    yield from _languages(look, block, entry)
    yield from _alt(look, block, entry)


def _over(look: Look, block: Block, title: str) -> Iterator[Finding]:
    if block.recap:
        return
    sentence = look.t("“%(title)s” is over when this issue goes out.", title=title)
    detail = look.t("Drop it, or tell it as a look back.")
    yield Finding(Level.ERROR, sentence, detail, block.id, remedies=(Remedy.DROP, Remedy.RECAP))


def _languages(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    for language in block.stands_in(look.materials.languages):
        shown = entry.text(language)[1]
        if shown != language:
            values = {"title": look.title(entry), "language": look.name_of(language)}
            sentence = look.t("“%(title)s” has no %(language)s text.", **values)
            detail = look.t(
                "Readers would get the other one, marked “%(label)s”.",
                label=languages.only_in(shown, language),
            )
            yield Finding(Level.WARNING, sentence, detail, block.id)


def _alt(look: Look, block: Block, entry: Entry) -> Iterator[Finding]:
    if entry.image is None or block.layout != "feature":
        return
    if any(not entry.text(language)[0].image_alt for language in block.stands_in(look.materials.languages)):
        sentence = look.t("The picture of “%(title)s” has no description.", title=look.title(entry))
        yield Finding(
            Level.WARNING, sentence, look.t("Write what it shows, for those who cannot see it."), block.id
        )


def _twice(look: Look) -> Iterator[Finding]:
    times = Counter(entry.id for _, entry in look.materials.told())
    for block, entry in look.materials.told():
        if times[entry.id] > 1 and block.kind is Kind.ENTRY:
            sentence = look.t("“%(title)s” stands in this issue twice.", title=look.title(entry))
            yield Finding(Level.WARNING, sentence, block_id=block.id, remedies=(Remedy.DROP,))
            times[entry.id] = 0


def _changed(look: Look) -> Iterator[Finding]:
    """Tell the editor what readers were told otherwise before."""
    spoken = [(entry, one.passage.block_id, one.passage.field) for one in look.named for entry in [one.entry]]
    spoken += [(entry, block.id, "") for block, entry in look.materials.told()]
    places = {entry.id: (entry, block_id, field) for entry, block_id, field in spoken if entry.is_event}
    for entry_id, before in what_readers_know(places).items():
        entry, block_id, field = places[entry_id]
        mine = [one for one in before if one.list_id == look.materials.issue.list_id]
        said = any(one.entry.id == entry_id and says_changed(one.passage) for one in look.named)
        if mine and not entry.is_cancelled and not said and changed_since(entry, mine[-1]):
            number = languages.write_issue_number(mine[-1].number, look.t.language)
            values = {"title": look.title(entry), "number": number}
            sentence = look.t(
                "“%(title)s” has changed since readers were told of it in %(number)s.", **values
            )
            yield Finding(Level.WARNING, sentence, look.t("Say so in the introduction."), block_id, field)


def _letter(look: Look) -> Iterator[Finding]:
    """Look at the finished letters for what mail programs would do to them."""
    for language in look.materials.languages:
        letter = rendering.render(compose(look.materials, language))
        remarks = rendering.check(letter, size_in_mail(look.materials, letter.html))
        for remark in remarks:
            values = {"language": look.name_of(language), "remark": look.t(remark.msgid, **remark.values)}
            yield Finding(Level.WARNING, look.t("%(language)s edition: %(remark)s", **values))


_CHECKS: Sequence[Check] = (
    _postal_address,
    _subjects,
    _something_told,
    _readers,
    _blocks,
    seen_by,
    unread_names,
    named_events,
    _twice,
    _changed,
    _letter,
)
