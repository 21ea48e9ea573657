"""What assistive technology would stumble over."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

AXE: Final = Path(__file__).parents[2] / "dashboard/node_modules/axe-core/axe.min.js"
# Colours are measured when what comes has faded in.
FADED_IN: Final = """() => Promise.allSettled(
  document.getAnimations()
    .filter((it) => it.effect?.getComputedTiming().endTime !== Infinity)
    .map((it) => it.finished)
)"""
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """List what is serious on a page as it is now."""
    page.evaluate(AXE.read_text())
    page.evaluate(FADED_IN)
    found = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules}).then((it) => it.violations)", RULES
    )
    return [
        f"{it['id']} ({it['impact']}): {node['html'][:160]}"
        for it in found
        if it["impact"] in ("serious", "critical")
        for node in it["nodes"]
    ]
