"""The built style sheets and scripts, and the icon: where they lie, and how long a browser may keep them."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, url_for

_DIST = Path(__file__).parent.parent.parent / "static" / "dist"
_YEAR, _DAY = 31_536_000, 86_400


def install(app: Flask) -> None:
    """Teach the templates `asset("public.css")`, and browsers how long to keep it."""
    app.jinja_env.globals["asset"] = _asset
    app.add_url_rule("/favicon.ico", "favicon", _favicon)
    app.get_send_file_max_age = _kept_for  # type: ignore[method-assign]  # the seam that Flask offers


def _asset(name: str) -> str:
    """Return the address of a built style sheet or script, which changes with its content."""
    built = _DIST / "manifest.json"
    known = _manifest(built.stat().st_mtime_ns) if built.exists() else {}
    return url_for("static", filename=f"dist/{known.get(name, name)}")


def _favicon() -> Response:
    """Give the icon where a browser looks for it that reads no link to it, such as beside a picture or a feed."""
    return current_app.send_static_file("favicon.ico")


@lru_cache(maxsize=2)
def _manifest(_changed: int) -> dict[str, str]:
    return dict(json.loads((_DIST / "manifest.json").read_text()))


def _kept_for(filename: str | None) -> int:
    """Return how many seconds a browser may keep a static file: a year where its name carries a hash."""
    return _YEAR if filename and "-" in filename and filename.startswith("dist/") else _DAY
