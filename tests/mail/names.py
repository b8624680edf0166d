"""A name server on the loopback, which the tests' resolver asks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

MX = {"good.com.": "10 mx.good.com.", "null.com.": "0 ."}


class Server(threading.Thread):
    """A name server on the loopback that knows a few names."""

    def __init__(self):
        super().__init__(daemon=True)
        self.known = {"com.", "alone.com.", *MX}
        self.silent = False
        self.texts = {}
        """TXT records by name without the final dot: for each a sequence of strings."""
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))

    def run(self):
        while True:
            try:
                data, client = self.socket.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(data)
            self.asked.append(query.question[0].name.to_text())
            if not self.silent:
                self.socket.sendto(self.answer(query).to_wire(), client)

    def answer(self, query):
        (question,) = query.question
        name = question.name.to_text()
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if records := self.texts.get(name.removesuffix(".")):
            lines = [" ".join(f'"{string}"' for string in record) for record in records]
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *lines))
        elif name not in self.known:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif name == "com.":
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "NS", "a.gtld-servers.net."))
        elif name in MX:
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", MX[name]))
        return response


@contextmanager
def name_server() -> Iterator[Server]:
    running = Server()
    running.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], running.socket.getsockname()[1]
    before, dns.resolver.default_resolver = dns.resolver.default_resolver, resolver
    yield running
    dns.resolver.default_resolver = before
    running.socket.close()
