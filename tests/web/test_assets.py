"""What is bundled comes from pinned packages, and from nowhere in particular."""

import json
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"


def test_the_lock_file_names_no_registry():
    text = (FRONTEND / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "http" not in text


def test_each_package_is_pinned_and_has_a_digest():
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    wanted = json.loads((FRONTEND / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(version[0].isdigit() for version in versions)


def test_styles_load_nothing_from_other_sites():
    for path in (FRONTEND / "src").glob("*.css"):
        assert "http" not in path.read_text(), path.name


def test_a_browser_that_looks_for_an_icon_by_itself_finds_one(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.mimetype in {"image/vnd.microsoft.icon", "image/x-icon"}
    assert answer.data.startswith(b"\0\0\1\0")
    answer.close()
