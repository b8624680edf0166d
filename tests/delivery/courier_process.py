"""A worker in a process of its own, to be killed: python courier_process.py DATA_DIR DATABASE_URL SMTP_URL [REDIS_URL]

With CLOCK_OFF in its environment its machine's clock is wrong by so many seconds; with ON_CALL it begins at a line of
its input.
"""

import os
import signal
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import time_machine

from newsletter import clock, delivery, settings
from newsletter.app import create_app


def main() -> None:
    folder, database, relay, *redis = sys.argv[1:]
    app = create_app("config.Testing", DATA_DIR=folder, DATABASE_URL=database)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    off = timedelta(seconds=float(os.environ.get("CLOCK_OFF", "0")))
    with app.app_context(), time_machine.travel(clock.now() + off, tick=True):
        environment = replace(settings.environment(), smtp_urls=(relay,))
        settings.bind(replace(environment, redis_url=redis[0] if redis else None))
        if "ON_CALL" in os.environ:
            print("ready", flush=True)  # noqa: T201 - to whoever started it
            sys.stdin.readline()
        delivery.deliver(stop=stop)


if __name__ == "__main__":
    main()
