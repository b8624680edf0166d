"""The configuration, read from the environment. Nobody imports this module: `newsletter.app` loads it by name.

Each class is one way to run. Flask's own keys stand in capitals; what the domain needs to know is read by
`newsletter.app` into `settings.Environment`, which checks each value and names the variable that is wrong.
"""

import os


class Config:
    """What every way to run shares. Each variable is described in docs/operators.md."""

    DATABASE_URL = os.environ.get("DATABASE_URL", "")
    REDIS_URL = os.environ.get("REDIS_URL", "")
    SMTP_URL = os.environ.get("SMTP_URL", "")
    BASE_URL = os.environ.get("BASE_URL", "")
    SECRET_KEY = os.environ.get("SECRET_KEY", "")
    DATA_DIR = os.environ.get("DATA_DIR", "var")
    HOST = os.environ.get("HOST", "127.0.0.1")
    PORT = os.environ.get("PORT", "8000")
    RATE_LIMITS = os.environ.get("RATE_LIMITS", "on")
    TRUSTED_PROXIES = os.environ.get(
        "TRUSTED_PROXIES", "0"
    )  # how many reverse proxies of ours stand in front

    MAX_CONTENT_LENGTH = (
        60 * 1024 * 1024
    )  # an upload over this is refused by the server before anything reads it
    MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
    MAX_FORM_PARTS = 10_000  # the form of an issue of 200 blocks in several languages
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, object] = {}  # noqa: RUF012 - Flask's configuration is read from classes
    TEMPLATES_AUTO_RELOAD = False


class Testing(Config):
    """For the test suite: nothing comes from the environment of the machine it runs on."""

    TESTING = True
    DATABASE_URL = ""
    REDIS_URL = ""
    SMTP_URL = ""
    BASE_URL = "http://localhost"
    SECRET_KEY = "a key for tests alone"  # noqa: S105 - it guards nothing
    RATE_LIMITS = "off"
