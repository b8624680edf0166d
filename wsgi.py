"""The web process for gunicorn: the application, with its port to the workers bound."""

import sys

from newsletter import settings
from newsletter.app import create_app
from newsletter.errors import Misconfigured
from worker import make_celery

try:
    app = create_app()
except Misconfigured as error:
    sys.exit(str(error))
if settings.environment().embedded:
    sys.exit("REDIS_URL: it is not set. Several web processes need Redis; on one machine use scripts/run.")
celery = make_celery(app)
