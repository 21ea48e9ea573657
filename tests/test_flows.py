"""The pages of docs/flows name tests and modules that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs/flows").glob("*.md"))
PLACES = {"usecases/": "src/helpdesk/domain/", "domain/": "src/helpdesk/"}


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.stem)
def test_the_tests_of_a_flow_are_there(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text())
    assert [f"{file}::{test}" for file, test in named if test not in names_in(file)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.stem)
def test_the_modules_of_a_flow_are_there(page: Path) -> None:
    named = re.findall(r"`((usecases/|domain/)[\w/]+\.py)`", page.read_text())
    assert [it for it, place in named if not (ROOT / PLACES[place] / it).exists()] == []


def test_what_is_built_has_tests() -> None:
    without = {it.stem for it in PAGES if "`tests/" not in it.read_text()}
    assert without == {"README"}


def names_in(file: str) -> set[str]:
    path = ROOT / file
    tree = ast.parse(path.read_text() if path.exists() else "")
    return {it.name for it in tree.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)}
