"""What stands in the way of sending an issue, and what an editor should know before: the same checks run at send time.

Sentences come in the language of the person who reads them. An error blocks sending, a warning asks to be seen, a hint
is only said. No check visits the web: what links answered was noted before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from newsletter import audience, languages, settings
from newsletter.issues.checking import entries, letter, lines, links, readers, registrations, texts, words
from newsletter.issues.checking.findings import Check, Finding, Level, Look, Speaker
from newsletter.issues.checking.looking import unanswered
from newsletter.issues.checking.marking import digest_of, mark_of
from newsletter.issues.checking.standing import overrides
from newsletter.issues.materials import Materials, gather
from newsletter.issues.tables import Issue


@dataclass(frozen=True)
class Inspection:
    """All that was found about an issue, errors first; what was looked for and not found; how many links are still looked at."""

    findings: tuple[Finding, ...]
    passed: tuple[str, ...]
    waiting: int

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what blocks sending."""
        return tuple(finding for finding in self.findings if finding.blocks_sending)

    @property
    def overridden(self) -> tuple[Finding, ...]:
        """Return the errors that somebody let stand."""
        return tuple(finding for finding in self.findings if finding.override)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what must have been seen."""
        return tuple(finding for finding in self.findings if finding.level is Level.WARNING)

    @property
    def hints(self) -> tuple[Finding, ...]:
        """Return what is only said."""
        return tuple(finding for finding in self.findings if finding.level is Level.HINT)

    @cached_property
    def warned(self) -> str:
        """Stand for all the warnings together: it is another one as soon as one more comes or one says something else."""
        return digest_of(*sorted(finding.mark for finding in self.warnings)) if self.warnings else ""


def inspect(issue: Issue, language: str = "en", materials: Materials | None = None) -> Inspection:
    """Look an issue over as it would be sent now, or at its time. `language` is the reader's."""
    materials = materials or gather(issue)
    look = Look(materials, Speaker(languages.translator(language)))
    found = {check: [_marked(look, check, one) for one in check.look(look)] for check in _CHECKS}
    stand = overrides(issue.id)
    findings = [replace(one, override=stand.get(one.mark)) for all_of in found.values() for one in all_of]
    waiting = unanswered(look)
    passed = [check for check, none in found.items() if not none and not (waiting and check.key == "links")]
    findings.sort(key=lambda one: (tuple(Level).index(one.level), one.override is not None))
    return Inspection(tuple(findings), tuple(look.t(check.name) for check in passed), waiting)


def check(issue: Issue, language: str = "en", materials: Materials | None = None) -> list[Finding]:
    """Look an issue over as it would be sent now, or at its time; errors come first. `language` is the reader's."""
    return list(inspect(issue, language, materials).findings)


def errors_of(findings: Sequence[Finding]) -> list[Finding]:
    """Return those that block sending: errors that nobody has overridden."""
    return [finding for finding in findings if finding.blocks_sending]


def warnings_of(findings: Sequence[Finding]) -> list[Finding]:
    """Return those that must have been seen."""
    return [finding for finding in findings if finding.level is Level.WARNING]


def _marked(look: Look, check: Check, finding: Finding) -> Finding:
    return replace(finding, check=check.key, mark=mark_of(look.materials, check.key, finding))


def _postal_address(look: Look) -> Iterator[Finding]:
    """A publisher without an address may not send. Where nobody has said who publishes, it is a trial: only warn."""
    publication = look.materials.publication
    if not publication.postal_address(publication.languages[0]).strip():
        yield Finding(
            Level.ERROR if settings.is_established() else Level.WARNING,
            look.t("The publication has no postal address."),
            look.t("The law asks for one in each issue. An owner can give it in the settings."),
        )


def _readers(look: Look) -> Iterator[Finding]:
    if not audience.counts(look.materials.issue.list_id).confirmed:
        sentence = look.t("This list has no confirmed readers yet.")
        yield Finding(Level.WARNING, sentence, look.t("Sending would reach nobody."))


_CHECKS: Sequence[Check] = (
    Check("address", "The publication has a postal address", _postal_address),
    *lines.CHECKS,
    *entries.CHECKS,
    *words.CHECKS,
    *readers.CHECKS,
    *registrations.CHECKS,
    *texts.CHECKS,
    *links.CHECKS,
    *letter.CHECKS,
    Check("readers", "The list has readers", _readers),
)
