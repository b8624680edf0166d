"""The SMTP conversation as a state machine without I/O: bytes in, events and bytes out.

Where the server offers PIPELINING one write carries the end of one message and the beginning of the next,
`[body of N] . MAIL RCPT DATA [of N+1]`, and each reply is matched to its command. Otherwise the same commands go one at
a time. A body is only ever written after its own 354.
"""

import re
from collections import deque

from newsletter.errors import NewsletterError, Unreachable
from newsletter.mail import judging
from newsletter.mail.attempt import Attempt, prepare
from newsletter.mail.envelope import Envelope, Reply, Result
from newsletter.mail.events import Event, Finished, Go, Gone, Ready, Step, Upgrade
from newsletter.mail.greeting import UPGRADE, Features, greet
from newsletter.mail.judging import Stage
from newsletter.mail.meanings import explain
from newsletter.mail.relay import Relay
from newsletter.mail.replies import Garbled, ReplyReader, whole_reply

_CLOSING = 421
_START_INPUT = 354
_USUAL = re.compile(rb"(250 [^\r\n]*)\r\n250 [^\r\n]*\r\n250 [^\r\n]*\r\n354 [^\r\n]*\r\n")
"""The answers to a final dot, MAIL, RCPT and DATA, as they nearly always are."""
_ANSWERS = 4


def never() -> bool:
    """Answer for a relay of which nothing is known."""
    return False


class Session:
    """One conversation with a relay.

    `receive` takes what came and returns events; `output` gives what to write. `start` begins a message when
    `can_start`; `hand_over` writes the one that had its `Go`, with the beginning of the next if there is one already.
    `lost` tells what became of everything when the connection goes away.
    """

    def __init__(self, relay: Relay, helo: str = "localhost") -> None:
        self.features = Features()
        self.over = False
        self.welcome = never
        """Asked where a reply leaves open whether it is about us or a reader: whether this relay takes others."""
        self._relay = relay
        self._reader = ReplyReader()
        self._dialogue = greet(relay, helo)
        next(self._dialogue)
        self._greeting = True
        self._securing = False
        self._expected: deque[tuple[Step, Attempt | None]] = deque()
        self._commands: deque[tuple[Step, Attempt | None, bytes]] = deque()
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self._opening: Attempt | None = None
        self._ending: Attempt | None = None
        self._half_open = False

    @property
    def awaits(self) -> Step | None:
        """What the next reply answers, or None where nothing is awaited."""
        if self._greeting:
            return None if self._securing else Step.GREETING
        return self._expected[0][0] if self._expected else None

    @property
    def can_start(self) -> bool:
        """Whether another message may be started: none is between its MAIL and its body."""
        return self._opening is None and not self._greeting and not self.over

    @property
    def idle(self) -> bool:
        """Whether no message is under way."""
        return self._opening is None and self._ending is None

    def prepare(self, envelope: Envelope) -> Attempt | Result:
        """Build what `start` and `hand_over` take, or return why this server cannot take it."""
        return prepare(envelope, self.features)

    def output(self) -> bytes:
        """Return what is to be written, in one piece, once."""
        if not self._out:
            return b""
        out, self._out = self._out, []
        return b"".join(out)

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the server and return what they mean."""
        if len(self._expected) == _ANSWERS:
            usual = self._usual(data)
            if usual:
                return usual
        awaited = self._awaited()
        try:
            for place, reply in enumerate(self._reader.feed(data)):
                if place < awaited or (reply.code == _CLOSING and not self._securing):
                    self._answer(reply)
                else:
                    self._end(Unreachable(f"{self._relay.name} answered what it was not asked: {reply}"))
                if self.over:
                    break
        except Garbled as garbled:
            self._end(Unreachable(f"{self._relay.name} sent what is no SMTP reply: {garbled}"))
        return self._told()

    def secured(self) -> None:
        """Go on after `Upgrade`, over the encrypted connection."""
        self._securing = False
        if not self.over:
            self._say(None)

    def start(self, attempt: Attempt) -> None:
        """Begin a message with MAIL, RCPT and DATA."""
        self._opening = attempt
        if self._half_open:
            self._commands.append((Step.RSET, None, b"RSET\r\n"))
            self._half_open = False
        steps = ((Step.MAIL, attempt), (Step.RCPT, attempt), (Step.DATA, attempt))
        if self.features.pipelining and self._relay.pipelining and not self._commands:
            self._expected.extend(steps)
            self._out.append(attempt.opening)
            return
        for (step, _), command in zip(steps, attempt.opening.splitlines(keepends=True), strict=True):
            self._commands.append((step, attempt, command))
        self._send_commands()

    def hand_over(self, following: Attempt | None = None) -> None:
        """Write the body that had its `Go` and its final dot, and begin the message that follows."""
        assert self._opening is not None
        self._ending, self._opening = self._opening, None
        self._out += (self._ending.message, b".\r\n")
        self._expected.append((Step.DOT, self._ending))
        if following:
            self.start(following)

    def quit(self) -> None:
        """Take leave."""
        self._commands.append((Step.QUIT, None, b"QUIT\r\n"))
        self._send_commands()

    def lost(self, reason: str | None = None) -> list[Event]:
        """Say what became of each message under way, now that the connection is gone, and end."""
        self._end(Unreachable(reason or f"{self._relay.name} closed the connection."), reason)
        return self._told()

    def _usual(self, data: bytes) -> list[Event] | None:
        """Understand in one look what nearly always comes: the last message was taken, and the next may follow.

        It means what `_answer` would make of the four replies, and takes a tenth of the time.
        """
        ending, opening = self._ending, self._opening
        if not ending or not opening or self._reader.pending:
            return None
        found = _USUAL.fullmatch(data)
        taken = whole_reply(found[1]) if found else None
        if taken is None:
            return None
        self._expected.clear()
        self._ending = None
        opening.recipient_taken = True
        return [Finished(judging.judge(ending.key, Stage.DOT, taken)), Go(opening.key)]

    def _awaited(self) -> int:
        """Count the replies that may come now; what is written because of one of them cannot be answered yet."""
        if self._greeting:
            return 0 if self._securing else 1
        return len(self._expected)

    def _told(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _send_commands(self) -> None:
        """Write what may be written: all with PIPELINING, else one when nothing is awaited."""
        together = self.features.pipelining and self._relay.pipelining
        while self._commands and (together or not self._expected):
            step, attempt, command = self._commands.popleft()
            self._expected.append((step, attempt))
            self._out.append(command)

    def _answer(self, reply: Reply) -> None:
        if self._greeting:
            self._say(reply)
        elif not self._expected:
            self._end(Unreachable(f"{self._relay.name} closed the conversation: {reply}"))
        else:
            step, attempt = self._expected.popleft()
            if reply.code == _CLOSING:
                self._on_closing(step, attempt, reply)
            elif attempt:
                self._answer_attempt(step, attempt, reply)
            if self._commands:
                self._send_commands()

    def _say(self, reply: Reply | None) -> None:
        """Take the greeting one step on."""
        try:
            word = next(self._dialogue) if reply is None else self._dialogue.send((reply, self._reader.lines))
        except StopIteration as finished:
            self.features, self._greeting = finished.value, False
            self._events.append(Ready())
        except NewsletterError as error:
            self._end(error)
        else:
            self._do(word)

    def _do(self, word: bytes | str) -> None:
        if isinstance(word, bytes):
            self._out.append(word)
        elif word == UPGRADE and self._reader.pending:
            # Octets that came before encryption would be taken for the encrypted server's words.
            self._end(Unreachable(f"{self._relay.name} spoke before the encryption began."))
        else:
            self._securing = True
            self._events.append(Upgrade())

    def _answer_attempt(self, step: Step, attempt: Attempt, reply: Reply) -> None:
        if step is Step.DATA:
            self._on_data(attempt, reply)
        elif step is Step.DOT:
            self._on_dot(attempt, reply)
        elif reply.code // 100 == 2:  # noqa: PLR2004 - the first digit of success
            attempt.recipient_taken = step is Step.RCPT
        else:
            self._refuse(attempt, Stage(step), reply)
            self._drop_unsent(attempt)

    def _refuse(self, attempt: Attempt, stage: Stage, reply: Reply) -> None:
        if attempt.failure is None:
            attempt.failure = judging.judge(attempt.key, stage, reply, welcome=self.welcome())

    def _drop_unsent(self, attempt: Attempt) -> None:
        """Without PIPELINING the rest of a refused message is never said."""
        if self._commands:
            self._commands = deque(command for command in self._commands if command[1] is not attempt)
            self._half_open = True
            self._settle(attempt)

    def _on_data(self, attempt: Attempt, reply: Reply) -> None:
        if reply.code == _START_INPUT:
            self._on_start_input(attempt)
        elif reply.code < 400:  # noqa: PLR2004 - neither a start nor a refusal
            self._end(Unreachable(f"{self._relay.name} answered DATA with {reply}"))
        else:
            self._refuse(attempt, Stage.DATA, reply)
            self._half_open = True
            self._settle(attempt)

    def _on_start_input(self, attempt: Attempt) -> None:
        if attempt.failure is None:
            self._events.append(Go(attempt.key))
        elif attempt.recipient_taken:
            # MAIL refused and RCPT taken: a lone dot might be delivered as an empty message.
            self._end(Unreachable(f"{self._relay.name} took a recipient after it refused the sender."))
        else:
            self._out.append(b".\r\n")
            self._expected.append((Step.LONE_DOT, None))
            self._settle(attempt)

    def _on_dot(self, attempt: Attempt, reply: Reply) -> None:
        if reply.code // 100 == 3:  # noqa: PLR2004 - neither taken nor refused, so nobody knows
            self._end(Unreachable(f"{self._relay.name} answered a message with {reply}"))
            return
        self._ending = None
        self._events.append(Finished(judging.judge(attempt.key, Stage.DOT, reply)))

    def _settle(self, attempt: Attempt) -> None:
        """Report a message that was refused before its body."""
        assert attempt.failure is not None
        self._opening = None
        self._events.append(Finished(attempt.failure))

    def _on_closing(self, step: Step, attempt: Attempt | None, reply: Reply) -> None:
        """421 may answer anything (5321, 3.8): it refuses the message at hand for now, and ends all."""
        if attempt and step is Step.DOT:
            self._on_dot(attempt, reply)
        elif attempt:
            self._refuse(attempt, Stage(step), reply)
        self._end(Unreachable(f"{self._relay.name} is closing: {reply}"), explain(reply))

    def _end(self, error: NewsletterError, reason: str | None = None) -> None:
        """End the conversation, with a result for each message under way."""
        if self.over:
            return
        self.over = True
        self._out.clear()
        self._events = [
            event for event in self._events if isinstance(event, Finished)
        ]  # nothing else may follow now
        if self._ending:
            self._events.append(Finished(judging.lost(self._ending.key, after_dot=True)))
        if self._opening:
            failure = self._opening.failure or judging.lost(self._opening.key, after_dot=False, reason=reason)
            self._events.append(Finished(failure))
        self._opening = self._ending = None
        self._events.append(Gone(error))
