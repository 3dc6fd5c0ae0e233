"""axe-core on a page that is open in the browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, rules: list[str] = RULES) -> list[dict[str, Any]]:
    """What WCAG 2.2 AA and good practice find wrong, each with the first element concerned.

    The source goes in by evaluate: the page's security policy rightly blocks a script element.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE)
    result = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [
        {"rule": found["id"], "element": found["nodes"][0]["html"], "why": found["help"]}
        for found in result["violations"]
    ]
