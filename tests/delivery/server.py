"""A real SMTP server for tests: it remembers what it took, and does wrong what it is told to."""

import asyncio
import contextlib
import re
import threading
from collections import Counter
from collections.abc import Callable

Judge = Callable[[str, str], str | None]
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Server:
    """Listens on loopback, in a thread of its own.

    `judge(stage, argument)` may answer instead of it at the stages connect, MAIL, RCPT, DATA and dot; the answers "cut"
    (hang up without a word) and "take and cut" (accept the message, then hang up without a word) are obeyed too.
    """

    def __init__(self) -> None:
        self.judge: Judge = lambda _stage, _argument: None
        self.delay = 0.0
        self.port = 0
        self.taken: list[tuple[str, str, bytes]] = []
        self.offers = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        self.heard: list[str] = []
        """Each MAIL and RCPT as it was said."""
        self.most_connections = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> Counter[str]:
        return Counter(recipient for recipient, _, _ in self.taken)

    def start(self) -> None:
        """Listen, on the port of last time."""
        self._run(self._listen())

    def kill(self) -> None:
        """Go down without a word to anybody."""
        self._run(self._die())

    def stop(self) -> None:
        self.kill()
        self._run(self._settle())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=1 << 22)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _die(self) -> None:
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _settle(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self.most_connections = max(self.most_connections, len(self._open))
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, _CutError, asyncio.CancelledError
        ):
            await self._talk(reader, writer)
        self._open.discard(writer)
        writer.transport.abort()

    async def _talk(self, reader, writer) -> None:
        self._say(writer, self.judge("connect", "") or "220 test ESMTP")
        recipient = ""
        while line := await reader.readline():
            word = line.decode().rstrip("\r\n")
            verb = word[:4].upper()
            if verb in {"MAIL", "RCPT"}:
                self.heard.append(word)
            if verb == "EHLO":
                self._say(
                    writer, "\r\n".join(["250-test", *(f"250-{one}" for one in self.offers), "250 HELP"])
                )
            elif verb == "MAIL":
                self._say(writer, self.judge("MAIL", word) or "250 2.1.0 Ok")
            elif verb == "RCPT":
                address = re.search("<(.*?)>", word)[1]
                reply = self.judge("RCPT", address) or "250 2.1.5 Ok"
                recipient = address if reply.startswith("2") else ""
                self._say(writer, reply)
            elif verb == "DATA" and not recipient:
                self._say(writer, "554 5.5.1 No valid recipients")
            elif verb == "DATA":
                self._say(writer, "354 Go ahead")
                await writer.drain()
                message = await self._message(reader)
                if self.delay:
                    await asyncio.sleep(self.delay)
                self._take(writer, recipient, message)
                recipient = ""
            elif verb == "QUIT":
                self._say(writer, "221 2.0.0 Bye")
                return
            else:
                self._say(writer, "250 2.0.0 Ok")
            await writer.drain()

    async def _message(self, reader) -> bytes:
        return await reader.readuntil(b"\r\n.\r\n")

    def _take(self, writer, recipient: str, message: bytes) -> None:
        reply = self.judge("dot", recipient) or "250 2.0.0 Ok: taken"
        if reply.startswith("2") or reply == "take and cut":
            found = _MESSAGE_ID.search(message)
            self.taken.append((recipient, found[1].decode() if found else "", message))
        if reply == "take and cut":
            raise _CutError
        self._say(writer, reply)

    def _say(self, writer, reply: str) -> None:
        if reply == "cut":
            raise _CutError
        writer.write(reply.encode() + b"\r\n")
        if reply.startswith("421"):
            raise _CutError


class _CutError(Exception):
    pass
