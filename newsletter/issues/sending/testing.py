"""Tests of an issue: marked as such, in the languages asked for, to whom asked, changing nothing else."""

from collections.abc import Mapping
from dataclasses import replace

from newsletter import delivery, languages, mail, settings
from newsletter.errors import Invalid
from newsletter.issues.drafting import issue
from newsletter.issues.materials import Materials, gather
from newsletter.issues.personal import FOR_ANYBODY
from newsletter.issues.sending.freezing import letter_draft
from newsletter.issues.sending.sending import preview


def test(issue_id: int, address: str, language: str | None = None) -> None:  # noqa: PT028 - no test of ours, the verb
    """Send an issue to one address as a test, in one language or in each. Raises `Invalid`."""
    materials = gather(issue(issue_id))
    _post(materials, [language] if language else list(materials.languages), [mail.read_address(address)])


def test_to_group(issue_id: int) -> int:
    """Send each edition to the test group, and return how many addresses that are. Raises `Invalid` where it is empty."""
    group = [mail.read_address(one) for one in settings.publication().test_group]
    if not group:
        raise Invalid("The test group has no addresses yet. An owner can name some in the settings.")
    materials = gather(issue(issue_id))
    _post(materials, list(materials.languages), group)
    return len(group)


def test_by_language(issue_id: int, addresses: Mapping[str, str]) -> int:
    """Send the edition of each language to its address, and return how many editions that are; an empty address gets none.

    Nothing is sent where one of them is no address. Raises `Invalid` with the field `test-LANGUAGE`.
    """
    materials = gather(issue(issue_id))
    to = {one: _address(addresses[one], one) for one in materials.languages if addresses.get(one, "").strip()}
    if not to:
        raise Invalid("Give an address for at least one language.", f"test-{materials.languages[0]}")
    for language, address in to.items():
        _post(materials, [language], [address])
    return len(to)


def _address(text: str, language: str) -> mail.Address:
    try:
        return mail.read_address(text)
    except Invalid as error:
        raise Invalid(str(error), f"test-{language}") from error


def _post(materials: Materials, editions: list[str], group: list[mail.Address]) -> None:
    for edition in editions:
        letter = preview(materials.issue, edition, materials)
        draft = replace(letter_draft(materials, edition, letter, FOR_ANYBODY), list=None)
        subject = languages.translator(edition)("[Test] %(subject)s", subject=draft.subject)
        for to in group:
            delivery.post(replace(draft, subject=subject), to, f"test:{materials.issue.id}")
