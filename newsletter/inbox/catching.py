"""The SMTP server that takes everything, in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from newsletter.errors import Conflict
from newsletter.inbox.keeping import Keeper
from newsletter.inbox.letters import Caught, LetterSummary

_LARGEST = 40 * 1024 * 1024
_PATIENCE = 10.0  # seconds for the thread to begin or end

_DOT = b".\r\n"

Answer = Callable[[str], str | None]
"""Says what an address is answered at RCPT, such as "550 5.1.1 No such user", or nothing to take it."""


class _Reader(SMTP):
    """Reads a letter in one piece; aiosmtpd goes line by line, which takes ten times as long."""

    line_length_limit = _LARGEST  # of the stream; commands keep their own limit

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        envelope = self.envelope
        if await self.check_helo_needed():
            return
        if arg or envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 MAIL and RCPT come first")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        letter = bytearray()
        while letter != _DOT and not letter.endswith(b"\r\n" + _DOT):
            letter += await self._reader.readuntil(_DOT)
        envelope.content = envelope.original_content = _without_dots(letter)
        answer = await self.event_handler.handle_DATA(self, self.session, envelope)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(answer)


class Inbox:
    """Catches mail on the loopback and keeps it in `folder`, the newest `most` letters of it.

    `answer` lets a rehearsal refuse some addresses as a strict mail server would.
    """

    def __init__(self, folder: Path, most: int = 20_000, answer: Answer | None = None) -> None:
        self._keeper = Keeper(folder, most)
        self._answer = answer
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._trouble: OSError | None = None
        self.port = 0

    def start(self, port: int = 0) -> int:
        """Begin to take mail; return the port, a free one unless `port` names it. Raises `Conflict` if it is taken."""
        if self._thread is not None:
            return self.port
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, args=(port,), name="inbox", daemon=True)
        self._thread.start()
        self._ready.wait(_PATIENCE)
        if self._trouble is not None:
            trouble, self._trouble, self._thread = self._trouble, None, None
            raise Conflict(f"The inbox cannot listen on port {port}: {trouble.strerror}.") from trouble
        return self.port

    def stop(self) -> None:
        """Take no more mail; what was taken stays readable."""
        if self._thread is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_PATIENCE)
            self._thread = None
        self._keeper.close()

    def letters(self, limit: int = 50, search: str = "", skip: int = 0) -> list[LetterSummary]:
        """Return letters, newest first; `search` looks in addresses and subjects."""
        return self._keeper.letters(limit, search, skip)

    def count(self, search: str = "") -> int:
        """Return how many letters there are."""
        return self._keeper.count(search)

    def read(self, letter_id: str) -> Caught:
        """Return one letter whole. Raises `NotFound`."""
        return self._keeper.read(letter_id)

    def empty(self) -> int:
        """Throw all letters away and return how many there were."""
        return self._keeper.empty()

    def _run(self, port: int) -> None:
        loop = self._loop = asyncio.new_event_loop()
        try:
            server = loop.run_until_complete(loop.create_server(self._speaker, "127.0.0.1", port))
        except OSError as trouble:
            self._trouble = trouble
            self._ready.set()
            loop.close()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        loop.run_forever()
        loop.run_until_complete(_end_conversations(server))
        loop.close()

    def _speaker(self) -> SMTP:
        return _Reader(
            self, data_size_limit=_LARGEST, enable_SMTPUTF8=True, ident="inbox", hostname="localhost"
        )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or answer what the rehearsal says."""
        refusal = self._answer(address) if self._answer else None
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: SmtpSession, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        """Say what is understood, pipelining with it (RFC 2920)."""
        session.host_name = hostname
        return [*answers[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", *answers[-1:]]

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        """Keep a letter, once for each address it is for."""
        content: Any = envelope.original_content or envelope.content or b""
        for address in envelope.rcpt_tos:
            self._keeper.keep(envelope.mail_from or "", address, bytes(content))
        return "250 2.0.0 Kept in the inbox"


async def _end_conversations(server: asyncio.Server) -> None:
    """End open conversations, so that nothing is left behind half done."""
    server.close()
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def _without_dots(letter: bytearray) -> bytes:
    """Take off the last dot, and the doubled ones at the beginning of lines (RFC 5321, section 4.5.2)."""
    return bytes((b"\r\n" + letter[: -len(_DOT)]).replace(b"\r\n..", b"\r\n.")[2:])
