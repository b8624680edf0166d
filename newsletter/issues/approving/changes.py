"""What has changed in an issue since somebody had it before them, in words, and who changed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter import entries, languages
from newsletter.issues.approving.fingerprints import Fingerprint
from newsletter.issues.approving.tables import ApprovalStep
from newsletter.issues.blocks import KIND_NAMES, Kind
from newsletter.issues.cards import in_quotes
from newsletter.issues.materials import Materials


@dataclass(frozen=True)
class Changed:
    """One part that is another one now; `by` is empty where nobody is known."""

    what: str
    by: str = ""
    block_id: str = ""


def changed_parts(step: ApprovalStep, now: Fingerprint, materials: Materials, language: str) -> list[Changed]:
    """Name what readers would get otherwise than at a step, in the language of who reads it."""
    if step.digest == now.digest:
        return []
    telling = _Telling(step, now, materials, languages.translator(language))
    found = list(telling.named())
    around = telling.t("The look, or what stands around the blocks")
    return found or [Changed(around)]


@dataclass(frozen=True)
class _Telling:
    step: ApprovalStep
    now: Fingerprint
    materials: Materials
    t: languages.Translate

    @property
    def _editor(self) -> str:
        issue = self.materials.issue
        return issue.changed_by if issue.version != self.step.version else ""

    def named(self) -> Iterator[Changed]:
        yield from self._lines()
        yield from self._blocks()
        yield from self._readers()
        yield from self._entries()

    def _differs(self, name: str) -> bool:
        return self.step.parts.get(name) != self.now.parts.get(name)

    def _lines(self) -> Iterator[Changed]:
        for line, words in (("subject", "Subject, %(language)s"), ("preheader", "Preheader, %(language)s")):
            for code in self.materials.languages:
                if self._differs(f"{line}:{code}"):
                    called = languages.language_name(code, self.t.language)
                    yield Changed(self.t(words, language=called), self._editor)

    def _blocks(self) -> Iterator[Changed]:
        before, after = (_blocks_in(parts) for parts in (self.step.parts, self.now.parts))
        for place, block in enumerate(self.materials.blocks, start=1):
            name = self.t(KIND_NAMES[block.kind])
            if block.id not in before:
                yield Changed(
                    self.t("New: block %(n)s, %(kind)s", n=place, kind=name), self._editor, block.id
                )
            elif before[block.id] != after.get(block.id):
                yield Changed(self.t("Block %(n)s, %(kind)s", n=place, kind=name), self._editor, block.id)
            elif self._differs(f"taken:{block.id}"):
                words = self.t("Block %(n)s, an entry list, takes other entries", n=place)
                yield Changed(words, "", block.id)
        for block_id, (kind, _) in before.items():
            if block_id not in after:
                yield Changed(self.t("Dropped: %(kind)s", kind=self.t(KIND_NAMES[Kind(kind)])), self._editor)
        if self._differs("order") and before.keys() == after.keys():
            yield Changed(self.t("The order of the blocks"), self._editor)

    def _readers(self) -> Iterator[Changed]:
        if self._differs("lists"):
            yield Changed(self.t("The lists it goes to"), self._editor)
        if self._differs("readers"):
            yield Changed(self.t("The readers it goes to"), self._editor)
        if self._differs("counts_links"):
            yield Changed(self.t("Whether its links are counted"))

    def _entries(self) -> Iterator[Changed]:
        both = (name for name in self.step.parts.keys() & self.now.parts.keys() if name.startswith("entry:"))
        numbers = sorted(int(name.partition(":")[2]) for name in both if self._differs(name))
        for entry in entries.by_ids(numbers):
            title = in_quotes(entry.title(self.t.language), self.t.language)
            since = [one for one in entries.changes(entry.id) if one.changed_at >= self.step.at]
            yield Changed(self.t("The entry “%(title)s”", title=title), since[0].by if since else "")


def _blocks_in(parts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return kind and digest of each block, by its id."""
    found = (name.split(":") for name in parts if name.startswith("block:"))
    return {block_id: (kind, parts[f"block:{kind}:{block_id}"]) for _, kind, block_id in found}
