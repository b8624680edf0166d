"""A conversation with a server that says what the test tells it to."""

from newsletter.mail import Envelope, Relay, Result, Session
from newsletter.mail.events import Finished, Go, Gone

MESSAGE = b"Subject: x\r\n\r\nHello\r\n"


def envelope(
    key: int = 1, recipient: str = "dora@example.com", sender: str = "b+ab@example.org", message=MESSAGE
):
    return Envelope(key, sender, recipient, lambda: message)


def group(key: int = 1, options: str = "", recipient: str = "dora@example.com") -> bytes:
    return f"MAIL FROM:<b+ab@example.org>{options}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode()


class Talk:
    """A session that has been greeted by a server with these features; keeps what became of each message."""

    def __init__(self, *features: str, relay: Relay | None = None) -> None:
        self.session = Session(relay or Relay("relay.example.org"), "letter.example.org")
        self.results: list[Result] = []
        self.going: list[int] = []
        self.gone: Gone | None = None
        assert self.hears("220 relay.example.org ESMTP") == b"EHLO letter.example.org\r\n"
        lines = ["relay.example.org", *features]
        assert self.hears(*(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)) == b""

    def hears(self, *lines: str) -> bytes:
        """Let the server say these lines at once; return what the session writes."""
        return self.takes("".join(line + "\r\n" for line in lines).encode())

    def takes(self, data: bytes) -> bytes:
        self._note(self.session.receive(data))
        return self.session.output()

    def starts(self, envelope: Envelope) -> bytes:
        self.session.start(self.session.prepare(envelope))
        return self.session.output()

    def hands_over(self, following: Envelope | None = None) -> bytes:
        self.session.hand_over(following and self.session.prepare(following))
        return self.session.output()

    def loses(self) -> None:
        self._note(self.session.lost())

    @property
    def outcomes(self) -> list[tuple[int, str, str | None]]:
        return [(result.key, result.outcome, result.fault) for result in self.results]

    def _note(self, events) -> None:
        for event in events:
            assert not self.gone, "something happened after the end"
            if isinstance(event, Finished):
                self.results.append(event.result)
            elif isinstance(event, Go):
                self.going.append(event.key)
            elif isinstance(event, Gone):
                self.gone = event
