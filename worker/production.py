"""The worker and the beat of an installation with Redis: `celery --app worker.production worker --pool threads`.

Threads, not processes: one process drives a whole courier, keeps its connections, and hears SIGTERM itself, so that an
orderly stop leaves nothing unknown. Start more such processes to send from more machines.
"""

import sys

from newsletter import settings
from newsletter.app import create_app
from newsletter.errors import Misconfigured
from worker.app import make_celery

try:
    flask_app = create_app()
except Misconfigured as error:
    sys.exit(str(error))
if settings.environment().embedded:
    sys.exit("REDIS_URL: it is not set; without it the worker runs inside scripts/run.")
app = make_celery(flask_app)
