"""Mail servers for real: aiosmtpd with encryption and passwords, Postfix's smtp-sink, and some that misbehave."""

import asyncio
import base64
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SMTP_SINK = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin:/usr/lib/postfix/sbin")
PASSWORD = "s3cret & more"


class Box:
    """Takes what an aiosmtpd server is given."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 2.0.0 taken"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"


class TokenBox(Box):
    """Lets in who tells the token that is good now, and complains as large providers do."""

    def __init__(self) -> None:
        super().__init__()
        self.good = ""
        self.told: list[bytes] = []

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if not session.authenticated:
            return "530 5.7.0 who are you?"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def auth_XOAUTH2(self, server, words) -> AuthResult:  # noqa: N802
        said = await server.challenge_auth(b"") if len(words) == 1 else base64.b64decode(words[1])
        self.told.append(said)
        if said == f"user=letter@example.org\1auth=Bearer {self.good}\1\1".encode():
            return AuthResult(success=True)
        complaint = b'{"status":"400","schemes":"Bearer","scope":"https://mail.example.org/"}'
        await server.challenge_auth(complaint)
        return AuthResult(success=False, handled=False)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate("relay.example.org", key, "relay.example.org", key)
    return _written(folder, "cert.pem", made), _written(folder, "key.pem", key)


def authority(folder: Path) -> tuple[Path, Path, Path]:
    """An authority of our own, a certificate for 127.0.0.1 that it signed, and its key."""
    ours, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("An authority", ours, "An authority", ours)
    made = _certificate("relay.example.org", key, "An authority", ours)
    return (
        _written(folder, "authority.pem", root),
        _written(folder, "cert.pem", made),
        _written(folder, "key.pem", key),
    )


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, signer: str, signing: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)]),
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    )
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    return (
        builder.add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=key is signing, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )


def _written(folder: Path, name: str, made: x509.Certificate | ec.EllipticCurvePrivateKey) -> Path:
    path = folder / name
    if isinstance(made, x509.Certificate):
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    else:
        form = serialization.PrivateFormat.PKCS8
        path.write_bytes(made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        path.chmod(0o600)
    return path


def server_encryption(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(folder))
    return context


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def aiosmtpd_server(box: Box | None = None, **options) -> Iterator[tuple[int, Box]]:
    """A real server in a thread; gives its port and what it takes."""
    box, port = box or Box(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port, box
    finally:
        controller.stop()


def check_password(server, session, envelope, mechanism, auth) -> AuthResult:
    right = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (b"dora", PASSWORD.encode())
    return AuthResult(success=right, handled=right)


def _as_nobody() -> tuple[str, ...]:
    """The sink does not run as root."""
    return ("-u", "nobody") if os.geteuid() == 0 else ()


@contextmanager
def smtp_sink(*options: str) -> Iterator[int]:
    """Postfix's sink, which throws mail away at full speed."""
    port = free_port()
    sink = subprocess.Popen(
        [SMTP_SINK, *_as_nobody(), *options, f"127.0.0.1:{port}", "100"], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        sink.terminate()
        sink.wait()


class Stream:
    """One connection to a server that the test plays."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.body = b""

    async def says(self, *lines: str) -> None:
        self.writer.write("".join(line + "\r\n" for line in lines).encode())
        await self.writer.drain()

    async def hears(self, word: str) -> str:
        line = (await self.reader.readline()).decode()
        assert line.upper().startswith(word), f"{line!r} in place of {word}"
        return line

    async def hears_body(self) -> bytes:
        self.body = await self.reader.readuntil(b"\r\n.\r\n")
        return self.body

    async def greets(self, *features: str) -> None:
        await self.says("220 ready")
        await self.hears("EHLO")
        lines = ["relay", *features]
        await self.says(*(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines))

    async def takes_commands(self) -> None:
        for word, reply in (("MAIL", "250 Ok"), ("RCPT", "250 Ok"), ("DATA", "354 Go")):
            await self.hears(word)
            await self.says(reply)


@asynccontextmanager
async def played(play: Callable[[Stream], Awaitable[None]]) -> AsyncIterator[int]:
    """A server on this loop that plays its part with each who connects, then hangs up; its failures come out."""
    failures: list[BaseException] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await play(Stream(reader, writer))
        except (ConnectionError, asyncio.CancelledError):
            pass
        except BaseException as failure:  # noqa: BLE001 - comes out below
            failures.append(failure)
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    if failures:
        raise failures[0]
