"""What an approval is bound to: a digest of all that readers would get, and one of each part, to say what has changed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from newsletter import rendering
from newsletter.entries import Entry
from newsletter.issues.blocks import dump
from newsletter.issues.cards import Teller
from newsletter.issues.composing import compose
from newsletter.issues.materials import Materials
from newsletter.issues.plans import plan_of
from newsletter.issues.rules import Layout

_PIECES = re.compile(r"""[\s"'<>;]+""")
"""Between the pieces of a letter's HTML. They are looked at without their order: mrml sets attributes in a different one each time."""


@dataclass(frozen=True)
class Fingerprint:
    """The digests of an issue's parts by name, such as `subject:en`, `block:text:3f2a`, `entry:12`, `letter:ja`."""

    parts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Stand for all of it: it is another one as soon as anything is that readers would get."""
        return _digest(sorted(self.parts.items()))


def fingerprint(materials: Materials, as_of: datetime) -> Fingerprint:
    """Take the fingerprint of what is on the table, told as at a moment.

    It covers each letter as it is set, with theme, publisher and entries, and beneath it what does not show in a letter
    for everybody: who sees which block, and what stands where a reader has a name.
    """
    told = replace(materials, at=as_of)
    return Fingerprint({name: _digest(content) for name, content in _parts(told)})


def _parts(told: Materials) -> Iterator[tuple[str, object]]:
    for language in told.languages:
        yield f"subject:{language}", told.issue.subjects.get(language, "")
        yield f"preheader:{language}", told.issue.preheaders.get(language, "")
        yield f"letter:{language}", list(_letter(told, language))
    planned = plan_of(told.issue.id)
    yield "lists", sorted({told.issue.list_id, *planned.lists})
    yield "readers", [sorted(one) for one in (planned.without_lists, planned.without_issues, planned.topics)]
    yield "counts_links", told.mailing_list.counts_links
    yield "order", [block.id for block in told.blocks]
    for block, document in zip(told.blocks, dump(told.blocks), strict=True):
        yield f"block:{block.kind}:{block.id}", document
        if block.rule:
            yield f"taken:{block.id}", [entry.id for entry in told.entries_of(block)]
    for entry in {entry.id: entry for _, entry in told.told()}.values():
        yield f"entry:{entry.id}", _told(entry, told)


def _letter(told: Materials, language: str) -> Iterator[object]:
    content = compose(told, language)
    letter = rendering.render(content)
    yield from (repr(content), letter.text, sorted(_PIECES.split(letter.html)))
    yield from (str(told.publication.sender(language)), str(told.publication.answers_to))


def _told(entry: Entry, told: Materials) -> list[str]:
    tellers = [Teller(language, told.at) for language in told.languages]
    return [
        repr(teller.card(entry, layout)) for teller in tellers for layout in (Layout.FEATURE, Layout.CARD)
    ]


def _digest(content: object) -> str:
    return sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:32]
