"""Dockerfile and compose.yaml as a test reads them, where no container can be run.

What they say is run as it stands, in directories of the test's own instead of the image's.
"""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
VARIABLE: Final = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Stage:
    """What a Dockerfile says from one FROM to the next: words, each with its rest of the line."""

    instructions: tuple[tuple[str, str], ...]

    def all(self, word: str) -> list[str]:
        return [rest for it, rest in self.instructions if it == word]

    def one(self, word: str) -> str:
        [it] = self.all(word)
        return it

    def command(self, word: str) -> list[str]:
        """A command in the form of a JSON array."""
        rest = self.one(word)
        found: list[str] = json.loads(rest[rest.index("[") :])
        return found

    @property
    def environment(self) -> dict[str, str]:
        pairs = [pair for rest in self.all("ENV") for pair in shlex.split(rest)]
        return dict(pair.split("=", 1) for pair in pairs)


def stages() -> list[Stage]:
    """Read the Dockerfile."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    text = "\n".join(it for it in lines if it.strip() and not it.lstrip().startswith("#"))
    found: list[list[tuple[str, str]]] = []
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, " ".join(rest.split())))
    return [Stage(tuple(it)) for it in found]


def compose() -> dict[str, Any]:
    """Read compose.yaml, its variables as they are."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Put variables in, as Compose does."""

    def value(match: re.Match[str]) -> str:
        name, kind, default = match.groups()
        given = variables.get(name, "")
        if not given and kind == "?":
            raise KeyError(name)
        return given or (default if kind == "-" else "")

    return VARIABLE.sub(value, text)


@dataclass(frozen=True, slots=True)
class Image:
    """Directories that stand for those of the image."""

    folder: Path

    @property
    def places(self) -> dict[str, str]:
        return {
            "/opt/helpdesk": str(self.folder / "opt"),
            "/var/lib/helpdesk": str(self.folder / "data"),
            "/build": str(self.folder / "build"),
        }

    def here(self, text: str) -> str:
        """Name a place of the image where it is for us."""
        for there, place in self.places.items():
            text = re.sub(rf"(?<![\w.]){there}(?![\w.])", place, text)
        return text

    def build(self, stage: Stage, environment: Mapping[str, str]) -> None:
        """Carry out COPY and RUN."""
        work = Path(self.here(stage.one("WORKDIR")))
        work.mkdir(parents=True)
        for word, rest in stage.instructions:
            if word == "COPY":
                self._copy(rest.split(), work)
            if word == "RUN":
                command = ["sh", "-euc", self.here(rest)]
                subprocess.run(command, cwd=work, env=environment, check=True)

    def _copy(self, words: list[str], work: Path) -> None:
        *sources, target = words
        place = work / target
        for it in sources:
            if (ROOT / it).is_dir():
                ignored = shutil.ignore_patterns(*_LEFT_OUT)
                shutil.copytree(ROOT / it, place, ignore=ignored, dirs_exist_ok=True)
            else:
                place.mkdir(parents=True, exist_ok=True)  # each target of a file ends in a slash
                shutil.copy(ROOT / it, place)


# Not `static`: what is built already need not be built again, as for every wheel.
_LEFT_OUT: Final = ("node_modules", "__pycache__", ".static-new")


def roles() -> dict[str, dict[str, Any]]:
    """The services that run the helpdesk itself."""
    services = compose()["services"].items()
    return {name: it for name, it in services if it["image"] == "helpdesk:local"}
