"""What can go wrong, sorted by what the person or program at the other end does next.

    NewsletterError
    ├── Invalid         the input is wrong: mend it and try again
    ├── BadLink         a signed link does not work
    │   ├── Expired     … it is too old: ask for a fresh one
    │   └── Damaged     … it is not one of ours, or was cut on its way
    ├── NotFound        there is no such thing
    ├── NotAllowed      it exists, and you may not
    ├── Conflict        its state forbids it, or somebody else was faster: look again
    ├── TooMany         wait, then try again
    ├── Unreachable     something outside does not answer: it may later
    └── Misconfigured   whoever runs this installation has to mend a setting

Each carries one sentence that names what was wrong, where, and what to do. It is shown to people as it stands.
"""


class NewsletterError(Exception):
    """The root of all errors that this service raises on purpose."""


class Invalid(NewsletterError):
    """The input is wrong; `field` names the part of it, where there is one."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class BadLink(NewsletterError):
    """A signed link does not work."""


class Expired(BadLink):
    """The link was good once and has grown too old."""


class Damaged(BadLink):
    """The link is not one of ours, was made for another purpose, or was cut on its way."""


class NotFound(NewsletterError):
    """There is no such thing."""


class NotAllowed(NewsletterError):
    """The thing exists, and this person may not do this to it."""


class Conflict(NewsletterError):
    """The state of the thing forbids it, or somebody else was faster."""


class TooMany(NewsletterError):
    """Too many tries; the next one is welcome after `retry_after` seconds."""

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unreachable(NewsletterError):
    """Something outside does not answer; a later try may succeed."""


class Misconfigured(NewsletterError):
    """A setting is wrong; `variable` names it."""

    def __init__(self, sentence: str, variable: str) -> None:
        super().__init__(f"{variable}: {sentence}")
        self.variable = variable
