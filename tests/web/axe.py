"""What assistive technology would stumble over."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

AXE: Final = Path(__file__).parents[2] / "dashboard/node_modules/axe-core/axe.min.js"
# Colours are measured when what comes has faded in.
FADED_IN: Final = """() => Promise.allSettled(
  document.getAnimations()
    .filter((it) => it.effect?.getComputedTiming().endTime !== Infinity)
    .map((it) => it.finished)
)"""
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_COLOURS: Final = ["color-contrast", "link-in-text-block"]  # the rest is the same in the dark


def violations_by_day_and_night(page: Page) -> list[str]:
    """List what is serious on a light page, and then when the system turns dark."""
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    found += violations(page, OF_COLOURS)
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    return found


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """List what is serious on a page as it is now, by rules or tags of rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate(FADED_IN)
    found = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules}).then((it) => it.violations)", rules
    )
    return [
        f"{it['id']} ({it['impact']}): {node['html'][:160]}"
        for it in found
        if it["impact"] in ("serious", "critical")
        for node in it["nodes"]
    ]
