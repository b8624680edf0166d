"""A Postfix of the tests' own, in a folder of its own: what it is given goes on to a server that remembers it."""

import base64
import os
import random
import shutil
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.delivery.server import Server
from tests.mail.servers import PASSWORD, authority

_PATH = os.environ.get("PATH", "") + ":/usr/sbin"
POSTFIX = shutil.which("postfix", path=_PATH)
needs_postfix = pytest.mark.skipif(
    not POSTFIX or os.geteuid() != 0, reason="Postfix is not here, or may not be started: it takes root"
)
SMALLEST_LIMIT = 60_000
_MAIN = """
compatibility_level = 3.6
mail_owner = postfix
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
myhostname = relay.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
relayhost = [127.0.0.1]:{sink}
smtp_destination_concurrency_limit = 20
smtp_tls_security_level = none
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
message_size_limit = {limit}
smtpd_peername_lookup = no
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = none
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
"""
_SIGNED_IN = "-o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject"
_SERVICES = {
    "open": "",
    "encrypting": "-o smtpd_tls_security_level=encrypt",
    "submission": f"-o smtpd_tls_security_level=may -o smtpd_tls_auth_only=yes {_SIGNED_IN}",
    "submissions": f"-o smtpd_tls_wrappermode=yes {_SIGNED_IN}",
    "login": f"-o smtpd_sasl_mechanism_filter=login {_SIGNED_IN}",
}
_MASTER = """
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
relay     unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One instance, with a port for each way to be talked to (see `_SERVICES`)."""

    def __init__(self, folder: Path, sink: Server, doors: "Doorkeeper") -> None:
        self.sink = sink
        self.doors = doors
        self.authority, *_ = authority(folder)
        self.ports = dict(zip(_SERVICES, _lasting_ports(len(_SERVICES)), strict=True))
        self._config = folder / "config"
        for part in ("config", "queue", "data"):
            (folder / part).mkdir()
        (folder / "log").touch()
        for part in ("data", "log"):
            shutil.chown(folder / part, "postfix")
        self._write(folder)

    def _write(self, folder: Path) -> None:
        main = _MAIN.format(folder=folder, sink=self.sink.port, auth=self.doors.port, limit=SMALLEST_LIMIT)
        (self._config / "main.cf").write_text(main)
        services = [
            f"127.0.0.1:{self.ports[name]} inet n - n - - smtpd -o syslog_name={name} {options}\n"
            for name, options in _SERVICES.items()
        ]
        (self._config / "master.cf").write_text("".join(services) + _MASTER)

    def start(self) -> None:
        self._does("start")

    def stop(self) -> None:
        """Stop at once, whatever is under way."""
        self._does("stop")

    def _does(self, word: str) -> None:
        done = subprocess.run(
            [POSTFIX, "-c", self._config, word],
            check=False,
            capture_output=True,
            text=True,
            env={"PATH": _PATH},
            timeout=60,
        )
        log = self._config.parent / "log"
        assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")


def _lasting_ports(count: int) -> list[int]:
    """Choose ports that no client is given by the system, so that they are still free after a stop."""
    found: list[int] = []
    for port in random.sample(range(20_000, 32_000), 1_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                found.append(port)
        if len(found) == count:
            break
    return found


class Doorkeeper:
    """Knows who may come in, and tells Postfix in the words of Dovecot's authentication protocol."""

    def __init__(self) -> None:
        self.token = ""
        keeper = self

        class Door(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                mechanisms = "".join(
                    f"MECH\t{name}\n" for name in ("PLAIN\tplaintext", "LOGIN\tplaintext", "XOAUTH2")
                )
                self._say(f"VERSION\t1\t1\n{mechanisms}SPID\t1\nCUID\t1\nCOOKIE\t{'0' * 32}\nDONE\n")
                answers = None
                for line in self.rfile:
                    verb, *words = line.decode().rstrip("\n").split("\t")
                    if verb == "AUTH":
                        number, mechanism = words[:2]
                        given = next((word[5:] for word in words if word.startswith("resp=")), None)
                        answers = keeper._asks(mechanism, given)
                        self._say(f"{next(answers)}\n".replace("#", number))
                    elif verb == "CONT":
                        self._say(
                            f"{answers.send(words[1] if len(words) > 1 else '')}\n".replace("#", words[0])
                        )

            def _say(self, words: str) -> None:
                self.wfile.write(words.encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _asks(self, mechanism: str, given: str | None) -> Iterator[str]:
        """Yield what is answered, and take the words of who wants in."""
        if mechanism == "LOGIN":
            user = given or (yield f"CONT\t#\t{_encoded('Username:')}")
            secret = yield f"CONT\t#\t{_encoded('Password:')}"
            said = f"\0{_decoded(user)}\0{_decoded(secret)}"
        else:
            said = _decoded(given if given is not None else (yield "CONT\t#\t"))
        good = f"user=dora\1auth=Bearer {self.token}\1\1" if mechanism == "XOAUTH2" else f"\0dora\0{PASSWORD}"
        if said != good and mechanism == "XOAUTH2":
            yield "CONT\t#\t" + _encoded('{"status":"400","schemes":"Bearer","scope":"mail"}')
        yield "OK\t#\tuser=dora" if said == good else "FAIL\t#\treason=who are you?"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()


@contextmanager
def running_postfix() -> Iterator[Postfix]:
    with TemporaryDirectory(prefix="postfix-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # it changes into its own user
        sink, doors = Server(), Doorkeeper()
        postfix = Postfix(folder, sink, doors)
        try:
            postfix.start()
            yield postfix
        finally:
            postfix.stop()
            sink.stop()
            doors.close()


@pytest.fixture(scope="module")
def _postfix() -> Iterator[Postfix]:
    with running_postfix() as postfix:
        yield postfix


@pytest.fixture
def postfix(_postfix: Postfix) -> Postfix:
    """A Postfix that runs; the server behind it holds nothing yet."""
    _postfix.sink.taken.clear()
    return _postfix
