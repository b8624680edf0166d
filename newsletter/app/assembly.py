"""The order in which an application comes together."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from newsletter import settings
from newsletter.app.environment import read_environment
from newsletter.database import db, prepare
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.app import whole as all_parts
else:
    all_parts = later("newsletter.app.whole")

_ROOT = Path(__file__).parent.parent.parent


def create_app(config: str = "config.Config", *, whole: bool = True, **changes: Any) -> Flask:
    """Put an application together.

    `config` names the configuration class; `changes` overrule single values of it, such as
    `create_app("config.Testing", DATA_DIR=folder)`. One that is not `whole` serves no pages and knows the tables of those packages
    alone that its caller imports. Raises `errors.Misconfigured`, which names the variable.
    """
    app = Flask("newsletter", root_path=str(_ROOT / "newsletter"), template_folder=str(_ROOT / "templates"))
    app.config.from_object(config)
    app.config.update(changes)
    environment = read_environment(app.config)
    settings.bind(environment)
    _configure(app, environment)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    if whole:
        all_parts.install(app)
    return app


def _configure(app: Flask, environment: settings.Environment) -> None:
    app.config.update(
        SECRET_KEY=environment.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(environment.secret_keys[1:]),
        SQLALCHEMY_DATABASE_URI=environment.database_url,
        SESSION_COOKIE_SECURE=environment.base_url.startswith("https://"),
        SESSION_COOKIE_NAME="newsletter",
    )
    proxies = int(app.config["TRUSTED_PROXIES"])
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
