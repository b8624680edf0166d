"""The process in which foreign themes run: reads questions from its parent, and answers them until there are no more.

What it reads comes from its parent and may be pickled; what it answers may be a theme's, and is plain JSON.
"""

import json
import os
import pickle
import resource
import sys
from typing import BinaryIO

from newsletter.rendering.own import Faulty, set_own

_MEMORY = 768 * 1024 * 1024


def main() -> None:
    """Answer questions on the standard streams."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may speak on the line
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _say(answers, b"ready")
    while size := int.from_bytes(sys.stdin.buffer.read(8)):
        _say(answers, json.dumps(_answer(sys.stdin.buffer.read(size))).encode())


def _say(answers: BinaryIO, words: bytes) -> None:
    answers.write(len(words).to_bytes(8) + words)
    answers.flush()


def _answer(question: bytes) -> dict[str, object]:
    source, contents = pickle.loads(question)  # noqa: S301 - from our parent
    try:
        return {"html": [set_own(content, source) for content in contents]}
    except Faulty as faulty:
        return {"faults": [[fault.sentence, fault.line] for fault in faulty.faults]}


if __name__ == "__main__":
    main()
