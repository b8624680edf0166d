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


class _Server(asyncio.Protocol):
    """One conversation; answers leave in the order of their commands, each after the same while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._answers: deque[bytes] = deque()
        self._rest = bytearray()
        self._in_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._answer(b"220 slow.example.org\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while self._body() if self._in_body else self._command():
            pass

    def _body(self) -> bool:
        end = self._rest.find(_END)
        if end < 0:
            return False
        del self._rest[: end + len(_END)]
        self._in_body = False
        self._answer(b"250 taken\r\n")
        return True

    def _command(self) -> bool:
        end = self._rest.find(b"\r\n")
        if end < 0:
            return False
        word = bytes(self._rest[:4]).upper()
        del self._rest[: end + 2]
        self._in_body = word == b"DATA"
        self._answer(_WORDS.get(word, b"250 ok\r\n"))
        return True

    def _answer(self, words: bytes) -> None:
        self._answers.append(words)
        self._loop.call_later(self._seconds, self._say)

    def _say(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._answers.popleft())


async def _serve(port: int, seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: _Server(seconds), "127.0.0.1", port, backlog=1024
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]) / 1000))
