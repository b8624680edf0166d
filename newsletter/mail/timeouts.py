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
        return {Step.GREETING: self.greeting, Step.DATA: self.data, Step.DOT: self.dot}.get(
            step, self.command
        )

    @property
    def shortest(self) -> float:
        """The shortest of the waits that a watch must notice."""
        return min(self.greeting, self.command, self.data, self.dot, self.block)
