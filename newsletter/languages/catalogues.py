"""The catalogues: Japanese sentences for the English ones that the code and the templates hold.

A sentence that has no Japanese yet is shown in English: a page with one foreign line serves its reader better than
an error does. The tests, not the reader, find the gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from babel.messages import Message
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Translate:
    """Says a sentence in one language. Call it with the English sentence and the values of its `%(name)s` places."""

    language: str
    _sentences: dict[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, msgid: str, **values: object) -> str:
        """Return the sentence in this language, with its values put in."""
        text = self._sentences.get(msgid, msgid)
        return text % values if values else text

    def plural(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Return the form that fits `n`; the places may use `%(n)s` and any given value."""
        text = self._sentences.get(singular) or (singular if n == 1 else plural)
        return text % {"n": n, **values}


@lru_cache
def translator(language: str) -> Translate:
    """Return the one that says sentences in `language`; English says them as they are."""
    return Translate(language, dict(sentences(language)))


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Read all catalogues of a language: each message id with its translation, gaps left out.

    Japanese has one form for all numbers, so a plural message is known by its singular.
    """
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            messages = list(read_po(file, locale=language))
        yield from (_pair(message) for message in messages if _is_said(message))


def _is_said(message: Message) -> bool:
    return bool(message.id) and bool(_pair(message)[1]) and not message.fuzzy


def _pair(message: Message) -> tuple[str, str]:
    return _first(message.id), _first(message.string)


def _first(text: str | Sequence[str] | None) -> str:
    return text if isinstance(text, str) else (text or [""])[0]
