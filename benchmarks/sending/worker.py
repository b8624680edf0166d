"""One worker in a process of its own: sends all that is due, and says what it took.

    python -m benchmarks.sending.worker CONNECTIONS        with DATABASE_URL, DATA_DIR and SMTP_URL in the environment

It sends what lies there already, a test of the letter, as a worker that is up has sent something before. Then it says `ready`,
begins at a line of its input, and ends with one JSON object.
"""

import gc
import json
import resource
import sys
import time

from newsletter import delivery
from newsletter.app import create_app


def main() -> None:
    connections = int(sys.argv[1])
    app = create_app("config.Config")
    with app.app_context():
        gc.freeze()  # as worker.tasks does
        delivery.deliver(connections=connections)
        print("ready", flush=True)
        sys.stdin.readline()
        begun, cpu = time.time(), _cpu()
        tally = delivery.deliver(connections=connections)
        ended = time.time()
    print(
        json.dumps(
            {
                "sent": tally.sent,
                "begun": begun,
                "ended": ended,
                "cpu": _cpu() - cpu,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
