"""The house stands as docs/architecture.md draws it: floors, front doors, and what each package shows."""

import ast
import importlib
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent.parent
PACKAGES = sorted(
    p.parent.name
    for p in (ROOT / "newsletter").glob("*/__init__.py")
    if p.parent.name not in {"migrations", "web"}
)


def test_imports_point_down_and_go_through_front_doors(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == EXIT_STATUS_SUCCESS


def test_every_package_stands_on_a_floor_behind_a_door():
    """A contract says nothing of what it does not name."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = next(one for one in contracts if one["id"] == "floors")["layers"]
    named = [place.strip() for floor in floors for place in floor.split("|")]
    standing = [
        path for path in (ROOT / "newsletter").iterdir() if path.suffix == ".py" or path.name in PACKAGES
    ]
    assert sorted(named) == sorted(
        [
            "worker",
            "newsletter.web",
            *(f"newsletter.{path.stem}" for path in standing if path.stem != "__init__"),
        ]
    )
    doors = {one["protected_modules"][0] for one in contracts if one["type"] == "protected"}
    assert {f"newsletter.{name}.*" for name in PACKAGES} - doors == set()


@pytest.mark.parametrize("name", PACKAGES)
def test_each_front_door_says_what_the_package_promises_and_names_what_it_shows(name):
    package = importlib.import_module(f"newsletter.{name}")
    assert "Hides" in package.__doc__ or "Promises" in package.__doc__, (
        f"newsletter.{name} does not say what it promises"
    )
    if hasattr(package, "__all__"):
        assert [shown for shown in package.__all__ if not hasattr(package, shown)] == []


@cache
def _code():
    paths = sorted([*(ROOT / "newsletter").rglob("*.py"), *(ROOT / "worker").rglob("*.py")])
    return [(path, ast.parse(path.read_text())) for path in paths if "migrations" not in path.parts]


def test_no_function_imports_our_own_code():
    found = []
    for path, tree in _code():
        found += [
            f"{path}:{line.lineno}"
            for line in ast.walk(tree)
            if line.__class__ in (ast.Import, ast.ImportFrom)
            and line not in _at_the_top(tree)
            and any(name.split(".")[0] in {"newsletter", "worker"} for name in _imported(line))
        ]
    assert found == []


def test_the_domain_never_commits():
    entrances = {"web", "cli", "app", "sample"}
    couriers = {"delivery", "database"}  # the courier keeps its own transactions
    visitors = {
        ROOT / "newsletter/entries/sources.py"
    }  # and no transaction may stay open while a source is fetched
    found = []
    for path, tree in _code():
        parts = path.relative_to(ROOT).parts
        if parts[0] == "worker" or parts[1] in entrances | couriers or path in visitors:
            continue
        found += [
            f"{path}:{call.lineno}"
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "commit"
        ]
    assert found == []


def test_no_module_grows_into_a_warehouse():
    longest = {str(path): path.read_text().count("\n") for path, _ in _code()}
    assert {path: lines for path, lines in longest.items() if lines > 450} == {}


def test_every_place_that_the_map_names_is_there():
    places = [ROOT, ROOT / "newsletter", *(path.parent for path in ROOT.glob("newsletter/**/__init__.py"))]
    words = re.findall(r"`([\w./-]+)`", (ROOT / "docs" / "architecture.md").read_text())
    named = {word for word in words if "/" in word or word.endswith(".py")}
    assert sorted(name for name in named if not any((place / name).exists() for place in places)) == []


def test_code_is_loaded_by_name_in_one_place_alone():
    """What loads later is imported under TYPE_CHECKING as well, where the contracts see it."""
    unseen = {}
    for path, tree in _code():
        if path == ROOT / "newsletter/later.py":
            continue
        imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert "importlib" not in {name for node in imports for name in _imported(node)}, path
        loaded = set(re.findall(r'\blater\("([\w.]+)"\)', path.read_text()))
        branches = [node for node in tree.body if isinstance(node, ast.If)]
        checked = [
            line for branch in branches if ast.unparse(branch.test) == "TYPE_CHECKING" for line in branch.body
        ]
        unseen[str(path)] = loaded - {name for line in checked for name in _imported(line)}
    assert {path: names for path, names in unseen.items() if names} == {}


def _at_the_top(tree):
    """The lines of a module, and those under an `if` such as TYPE_CHECKING."""
    lines = list(tree.body)
    for line in tree.body:
        lines += [*line.body, *line.orelse] if isinstance(line, ast.If) else []
    return lines


def _imported(line):
    """All that an import names: the module, and what is taken from it."""
    if isinstance(line, ast.Import):
        return {alias.name for alias in line.names}
    if isinstance(line, ast.ImportFrom):
        return {line.module or "", *(f"{line.module}.{alias.name}" for alias in line.names)}
    return set()


def _rules(sheet: Path) -> list[str]:
    """Return every selector of a style sheet, one by one."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    return [
        one.strip() for found in re.findall(r"([^{}]+)\{", text) for one in re.split(r",(?![^(]*\))", found)
    ]


@pytest.mark.parametrize("bundle", ["dashboard", "public"])
def test_no_style_sheet_dresses_what_another_one_dresses(bundle):
    """A class that two sheets of a bundle define alone is two things under one name, or one thing in two places."""
    styles = ROOT / "frontend" / "src"
    sheets = re.findall(r'@import "\./([\w.]+)"', (styles / f"{bundle}.css").read_text())
    owners: dict[str, set[str]] = {}
    for sheet in sheets:
        for selector in _rules(styles / sheet):
            if re.fullmatch(r"\.[\w-]+", selector):
                owners.setdefault(selector, set()).add(sheet)
    assert {name: sorted(found) for name, found in owners.items() if len(found) > 1} == {}


def test_every_class_that_a_style_sheet_dresses_is_worn():
    others = ("ProseMirror", "selectedCell", "sortable", "is-empty")
    """Set by the libraries that the editor is made of."""
    places = [(ROOT / "templates", "*.html"), (ROOT / "frontend/src", "*.ts"), (ROOT / "newsletter", "*.py")]
    worn = "\n".join(path.read_text() for place, kind in places for path in place.rglob(kind))
    selectors = [one for sheet in (ROOT / "frontend/src").glob("*.css") for one in _rules(sheet)]
    dressed = {name for one in selectors for name in re.findall(r"\.([A-Za-z][\w-]+)", one)}
    idle = {name for name in dressed if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", worn)}
    assert sorted(name for name in idle if not name.startswith(others)) == []
