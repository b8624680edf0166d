"""The mark of a finding: the same as long as all that it speaks of is, whoever reads it in which language."""

import json
from hashlib import blake2b

from newsletter.issues.blocks import dump
from newsletter.issues.checking.findings import Finding, Sentence
from newsletter.issues.materials import Materials


def mark_of(materials: Materials, check: str, finding: Finding) -> str:
    """Return the mark of a finding in an issue."""
    said = finding.sentence.msgid if isinstance(finding.sentence, Sentence) else finding.sentence
    place = [finding.block_id or "", finding.field, str(finding.entry_id or "")]
    return digest_of(check, said, finding.about, *place, *_spoken_of(materials, finding))


def digest_of(*parts: str) -> str:
    """Return a short digest of some words."""
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _spoken_of(materials: Materials, finding: Finding) -> list[str]:
    """Return what the finding is about as it stands now: its block with the entries there, or its line in the inbox."""
    issue = materials.issue
    if finding.block_id:
        blocks = [block for block in materials.blocks if block.id == finding.block_id]
        told = [f"{entry.id}.{entry.version}" for block in blocks for entry in materials.entries_of(block)]
        return [json.dumps(dump(blocks), sort_keys=True), *told]
    name, _, language = finding.field.partition("-")
    return [{"subject": issue.subjects, "preheader": issue.preheaders}.get(name, {}).get(language, "")]
