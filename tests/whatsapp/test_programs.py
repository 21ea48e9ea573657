"""What the bridge `whatsapp.venom` needs and may not find: each is named with its remedy."""

import re
from pathlib import Path

import pytest

from helpdesk.adapters.whatsapp.venom import provide
from helpdesk.adapters.whatsapp.venom.programs import (
    STAMP,
    Programs,
    VenomError,
    digest,
    install_packages,
)
from helpdesk.neighbours import Venom
from helpdesk.settings import Settings

# Says how old it is, and fails at whatever it is told to run.
NODE = '#!/bin/sh\n[ "$1" = --version ] && echo {version} && exit\nexit 3\n'


def program(place: Path, text: str) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    return str(place)


def programs(folder: Path, *, version: str = "v20.1.0") -> Programs:
    """Node, npm and Chromium as far as their being there goes."""
    node = program(folder / "bin/node", NODE.format(version=version))
    program(folder / "lib/node_modules/npm/bin/npm-cli.js", "")
    return Programs(node, program(folder / "chromium", ""), folder / "packages")


async def test_what_is_missing_is_named_with_its_remedy(tmp_path: Path) -> None:
    nothing = Programs(str(tmp_path / "node"), str(tmp_path / "chromium"), tmp_path)
    for look, remedy in (
        (nothing.find_node, "set venom.node"),
        (nothing.find_chromium, "set venom.chromium"),
        (nothing.check_packages, "helpdesk venom install"),
    ):
        with pytest.raises(VenomError, match=re.escape(remedy)):
            look()
    old = programs(tmp_path, version="v16.20.2")
    with pytest.raises(VenomError, match="Node 18 or newer"):
        await old.check_node()


async def test_packages_of_another_release_are_none(tmp_path: Path) -> None:
    it = programs(tmp_path)
    it.packages.mkdir()
    (it.packages / STAMP).write_text("another")
    with pytest.raises(VenomError, match="venom install"):
        await it.launch(tmp_path)
    (it.packages / STAMP).write_text(digest())
    it.check_packages()


async def test_an_installation_that_fails_leaves_none(tmp_path: Path) -> None:
    it = programs(tmp_path)
    it.packages.mkdir()
    (it.packages / STAMP).write_text(digest())
    with pytest.raises(VenomError, match="code 3"):
        await install_packages(it)
    with pytest.raises(VenomError):
        it.check_packages()


async def test_the_doctor_goes_through_all_of_it(tmp_path: Path) -> None:
    it = programs(tmp_path)
    venom = Venom(node=it.node, chromium=it.chromium, packages=str(it.packages))
    settings = Settings(data_dir=str(tmp_path), venom=venom)
    with pytest.raises(VenomError, match="venom install"):
        await provide.diagnose(settings)
    it.packages.mkdir()
    (it.packages / STAMP).write_text(digest())
    await provide.diagnose(settings)
