"""Fetching over real HTTP: a server in this process stands at a public name, all other names are checked as ever."""

import contextlib
import gzip
import threading
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests_hardened.ip_filter_adapter as adapter

from newsletter import entries, fetching
from newsletter.entries import Request
from newsletter.errors import Invalid, Unreachable
from newsletter.fetching import Answer, Outcome

REDIRECTS = {
    "/moved": (302, "/feed"),
    "/moved-for-good": (301, "/page"),
    "/inside": (302, "http://127.0.0.1:1/secret"),
    "/circle": (302, "/circle"),
}
PAGES = {"/page": "<p>受付終了</p>", "/head-405": "<p>There is an answer to GET alone.</p>"}


class Answers(BaseHTTPRequestHandler):
    def do_HEAD(self):
        if self.path == "/head-405":
            self.give(405)
        else:
            self.do_GET()

    def do_GET(self):
        if self.path == "/feed":
            self.give(
                200, b"<rss/>", ETag='"1"', Content_Type="application/rss+xml; charset=utf-8"
            ) if self.headers.get("If-None-Match") != '"1"' else self.give(304)
        elif self.path in REDIRECTS:
            status, location = REDIRECTS[self.path]
            self.give(status, Location=location)
        elif self.path in PAGES:
            self.give(200, PAGES[self.path].encode("shift_jis"), Content_Type="text/html; charset=Shift_JIS")
        elif self.path == "/heavy":
            self.give(302, bytes(64 * 1024 * 1024), Location="/feed")
        elif self.path in ("/drip", "/drip-head"):
            self.drip(self.path == "/drip-head")
        elif self.path == "/large":
            self.give(200, bytes(11 * 1024 * 1024))
        elif self.path == "/bomb":
            self.give(200, gzip.compress(bytes(60 * 1024 * 1024)), Content_Encoding="gzip")
        else:
            self.give(int(self.path.strip("/")))

    def give(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        with contextlib.suppress(OSError):  # whoever asked has heard enough
            self.wfile.write(body)

    def drip(self, in_head):
        """Answer a byte at a time, never so slowly that the one who waits gives up."""
        head = b"HTTP/1.1 200 OK\r\n" + (b"" if in_head else b"\r\n")
        with contextlib.suppress(OSError):
            self.wfile.write(head)
            for _ in range(200):
                self.wfile.write(b"X")
                time.sleep(0.02)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    checked = adapter.filter_host

    def look_up(hostname, port, **options):
        return "127.0.0.1" if hostname == "feeds.example.org" else checked(hostname, port, **options)

    monkeypatch.setattr(adapter, "filter_host", look_up)
    yield f"http://feeds.example.org:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_comes_with_what_it_says_of_itself(site):
    fetched = entries.fetch(Request(f"{site}/moved"))
    assert (fetched.data, fetched.etag, fetched.url) == (b"<rss/>", '"1"', f"{site}/feed")
    assert "charset=utf-8" in fetched.content_type
    assert entries.fetch(Request(f"{site}/feed", etag='"1"')).unchanged


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_more_than_ten_megabytes_are_not_read(site, path):
    with pytest.raises(Invalid, match="larger than 10 MB"):
        entries.fetch(Request(site + path))


def test_what_a_redirect_carries_is_not_read(site):
    tracemalloc.start()
    assert entries.fetch(Request(f"{site}/heavy")).data == b"<rss/>"
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 80 * 1024 * 1024  # the server's own 64 MB, and no copy of it


@pytest.mark.parametrize("path", ["/drip", "/drip-head"])
def test_a_visit_ends_in_time_however_slowly_the_answer_drips(site, path, monkeypatch):
    monkeypatch.setattr("newsletter.fetching.visiting._SECONDS", 0.3)
    begun = time.perf_counter()
    with pytest.raises(Unreachable, match="took longer"):
        entries.fetch(Request(site + path))
    assert time.perf_counter() - begun < 2


def test_a_redirect_to_a_private_address_is_not_followed(site):
    with pytest.raises(Invalid, match="private address"):
        entries.fetch(Request(f"{site}/inside"))


def test_a_redirect_in_circles_ends(site):
    with pytest.raises(Invalid, match="redirects in circles"):
        entries.fetch(Request(f"{site}/circle"))


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, Invalid), (410, Invalid), (403, Invalid), (500, Unreachable), (429, Unreachable)],
)
def test_what_a_server_refuses_is_told_apart_by_what_to_do(site, status, error):
    with pytest.raises(error, match=str(status)):
        entries.fetch(Request(f"{site}/{status}"))


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/feed", Outcome.FINE, 200),
        ("/head-405", Outcome.FINE, 200),
        ("/404", Outcome.GONE, 404),
        ("/410", Outcome.GONE, 410),
        ("/403", Outcome.UNKNOWN, 403),
        ("/500", Outcome.BROKEN, 500),
        ("/circle", Outcome.CIRCLE, 0),
        ("/inside", Outcome.SHUT, 0),
    ],
)
def test_a_knock_says_whether_a_link_leads_somewhere(site, path, outcome, status):
    answer = fetching.knock(site + path)
    assert (answer.outcome, answer.status) == (outcome, status)


def test_a_knock_tells_where_redirects_end_and_whether_for_good(site):
    now, ever = fetching.knock(f"{site}/moved"), fetching.knock(f"{site}/moved-for-good")
    assert (now.landed, now.for_good) == (f"{site}/feed", False)
    assert (ever.landed, ever.for_good) == (f"{site}/page", True)


def test_a_knock_reads_a_page_up_to_a_cap_and_only_where_it_is_to(site):
    assert fetching.knock(f"{site}/page").page == ""
    assert "受付終了" in fetching.knock(f"{site}/page", read=True).page
    assert len(fetching.knock(f"{site}/large", read=True).page) < 100_000


def test_a_knock_ends_in_time_and_says_that_it_does_not_know(site, monkeypatch):
    monkeypatch.setattr("newsletter.fetching.knocking._SECONDS", 0.3)
    assert fetching.knock(f"{site}/drip-head").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "ftp://example.org/", "https://", "http://a b/"]
)
def test_no_knock_is_made_where_nobody_may_visit(url):
    assert fetching.knock(url).outcome is Outcome.SHUT


def test_each_host_has_one_visitor_at_a_time(site):
    busy, most = set(), []

    def knock(url, read):
        host = url.split("/")[2]
        assert host not in busy
        busy.add(host)
        most.append(len(busy))
        busy.remove(host)
        return Answer(url, Outcome.FINE)

    wanted = {f"https://{host}.example.org/{n}": False for host in "abc" for n in range(5)}
    assert {answer.url for answer in fetching.knock_at(wanted, knock)} == set(wanted)
