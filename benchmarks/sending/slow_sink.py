"""A mail server far away: takes everything, and answers each command so many milliseconds later.

python -m benchmarks.sending.slow_sink PORT MILLISECONDS
"""

import asyncio
import sys
from collections import deque

_WORDS = {
    b"EHLO": b"250-slow.example.org\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
_END = b"\r\n.\r\n"


class Conversation(asyncio.Protocol):
    """One conversation; answers leave in the order of their commands, each after the same while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._answers: deque[bytes] = deque()
        self._rest = bytearray()
        self._in_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._answer(b"220 slow.example.org\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while self._body() if self._in_body else self._command():
            pass

    def _body(self) -> bool:
        end = self._rest.find(_END)
        if end < 0:
            return False
        message = bytes(self._rest[:end])
        del self._rest[: end + len(_END)]
        self._in_body = False
        self._answer(self.take(message))
        return True

    def _command(self) -> bool:
        end = self._rest.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._rest[:end])
        del self._rest[: end + 2]
        answer = self.hear(line)
        self._in_body = answer.startswith(b"354")
        self._answer(answer)
        return True

    def hear(self, line: bytes) -> bytes:
        """Return the answer to a command."""
        return _WORDS.get(line[:4].upper(), b"250 ok\r\n")

    def take(self, message: bytes) -> bytes:  # noqa: ARG002 - for those who keep something
        """Return the answer to a message whose final dot has come."""
        return b"250 taken\r\n"

    def _answer(self, words: bytes) -> None:
        self._answers.append(words)
        self._loop.call_later(self._seconds, self._say)

    def _say(self) -> None:
        words = self._answers.popleft()
        if not self.transport.is_closing():
            self.transport.write(words)
            self.said(words)
            if words is _WORDS[b"QUIT"]:
                self.transport.close()

    def said(self, words: bytes) -> None:
        """Hear that an answer was given."""


async def _serve(port: int, seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: Conversation(seconds), "127.0.0.1", port, backlog=1024
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]) / 1000))
