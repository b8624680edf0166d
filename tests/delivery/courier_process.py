"""A worker in a process of its own, to be killed: python courier_process.py DATA_DIR DATABASE_URL SMTP_URL [REDIS_URL]"""

import signal
import sys
import threading
from dataclasses import replace

from newsletter import delivery, settings
from newsletter.app import create_app


def main() -> None:
    folder, database, relay, *redis = sys.argv[1:]
    app = create_app("config.Testing", DATA_DIR=folder, DATABASE_URL=database)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with app.app_context():
        environment = replace(settings.environment(), smtp_urls=(relay,))
        settings.bind(replace(environment, redis_url=redis[0] if redis else None))
        delivery.deliver(stop=stop)


if __name__ == "__main__":
    main()
