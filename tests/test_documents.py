"""What the documents say about files and dependencies is so."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
REASONS = ROOT / "docs/adr/0002-dependencies.md"


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{it.relative_to(ROOT)}: {to}" for it, to in links() if not (it.parent / to).exists()
    ]
    assert broken == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    development = (ROOT / "requirements/dev.in").read_text().splitlines()
    named = {bare(it) for it in [*project["dependencies"], *development]} - {""}
    reasons = set(re.findall(r"[\w-]+", REASONS.read_text()))
    assert named - reasons == set()


def test_every_decision_is_listed() -> None:
    pages = {it.name for it in REASONS.parent.glob("[0-9]*.md")}
    assert {to.name for it, to in links() if it == REASONS.parent / "README.md"} == pages


def links() -> Iterator[tuple[Path, Path]]:
    """Every relative link and image, with the document it stands in."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
            if "://" not in target and not target.startswith("mailto:"):
                yield document, Path(target)


def bare(requirement: str) -> str:
    """Return the name alone; nothing for a comment, an option or a blank line."""
    found = re.match(r"[a-z][\w-]*", requirement)
    return found[0] if found else ""
