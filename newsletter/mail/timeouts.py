"""How long to wait for a server."""

from dataclasses import dataclass

from newsletter.mail.events import Step


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for the other side, in seconds (5321, 4.5.3.2)."""

    connect: float = 30
    greeting: float = 300
    command: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 5

    def of(self, step: Step) -> float:
        """Return how long the reply to this step may take."""
        if step is Step.DOT:
            return self.dot
        if step is Step.DATA:
            return self.data
        return self.greeting if step is Step.GREETING else self.command

    @property
    def shortest(self) -> float:
        """The shortest of the waits that a watch must notice."""
        return min(self.greeting, self.command, self.data, self.dot, self.block)
