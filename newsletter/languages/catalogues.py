"""The catalogues: Japanese sentences for the English ones that the code and the templates hold.

A sentence that has no Japanese yet is shown in English: a page with one foreign line serves its reader better than
an error does. The tests, not the reader, find the gap.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from babel.messages import Message
from babel.messages.pofile import read_po

_PLACE = re.compile(r"%\((\w+)\)s")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?]) ")
_FEWEST_LETTERS = 12  # fewer would recognise sentences that are others
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

    def filled(self, sentences: str) -> str:
        """Return what had its values put in already, such as an error's one or more sentences, in this language."""
        if not self._sentences:
            return sentences
        if whole := self._recognised(sentences):
            return whole
        for end in _SENTENCE_ENDS.finditer(sentences):
            if first := self._recognised(sentences[: end.start()]):
                return first + self.filled(sentences[end.end() :])
        return sentences

    def _recognised(self, sentence: str) -> str:
        """Return a sentence of ours in this language; nothing where it is none."""
        if sentence in self._sentences:
            return self(sentence)
        for pattern, text in _patterns(self.language):
            if found := pattern.fullmatch(sentence):
                return text % {name: self._within(value) for name, value in found.groupdict().items()}
        return ""

    def _within(self, value: str) -> str:
        """Say a value that is a sentence of ours itself; a name or a title stays as it is."""
        return self(value) if value.endswith(".") else value


@lru_cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognises a filled sentence by the words between its places, the wordiest first."""
    with_places = [pair for pair in sentences(language) if _PLACE.search(pair[0])]
    with_places.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
    return tuple((_pattern(msgid), text) for msgid, text in with_places if _is_wordy(msgid))


def _is_wordy(msgid: str) -> bool:
    return len(_PLACE.sub("", msgid)) >= _FEWEST_LETTERS and len(set(_PLACE.findall(msgid))) == len(
        _PLACE.findall(msgid)
    )


def _pattern(msgid: str) -> re.Pattern[str]:
    words = _PLACE.split(msgid)  # words, the name of a place, words …
    parts = [
        f"(?P<{word}>.+?)" if odd else re.escape(word) for n, word in enumerate(words) for odd in [n % 2]
    ]
    return re.compile("".join(parts), re.DOTALL)


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
