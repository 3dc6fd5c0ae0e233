"""axe-core on a page that is open in the browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

SOURCE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
# What another width changes: sizes, what scrolls, and which menus and labels are shown.
WIDTHS = [
    *("target-size", "scrollable-region-focusable", "meta-viewport", "aria-hidden-focus"),
    *("button-name", "link-name", "label", "nested-interactive", "summary-name"),
]

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Menus would lie over the page they belong to. And let colours change at once: even the shortest
# transition runs through the page level by level.
UNFOLD = """const still = new CSSStyleSheet();
still.replaceSync("*, ::before, ::after { transition: none !important; }");
document.adoptedStyleSheets.push(still);
document.querySelectorAll("details:not(.wm-menu)").forEach((part) => {
    part.open = true;
})"""
# Once all style sheets are here (those of the other colours come last) and were drawn.
COLOUR = """async () => {
    const links = [...document.querySelectorAll("link[rel=stylesheet]")];
    await Promise.all(links.map((link) => link.sheet || new Promise((come) => {
        link.addEventListener("load", come);
        link.addEventListener("error", come);
    })));
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    return getComputedStyle(document.documentElement).colorScheme
        + getComputedStyle(document.body).color;
}"""
IS_TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def violations(page: Page, rules: list[str] = RULES) -> list[dict[str, Any]]:
    """What WCAG 2.2 AA and good practice find wrong, each with the first element concerned.

    The source goes in by evaluate: the page's security policy rightly blocks a script element.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE)
    result = page.evaluate(
        """(rules) => axe.run(document, {
            runOnly: rules,
            resultTypes: ['violations'],
            // Style sheets fetched anew for rules that are not among these.
            preload: false,
        })""",
        rules,
    )
    return [
        {"rule": found["id"], "element": found["nodes"][0]["html"], "why": found["help"]}
        for found in result["violations"]
    ]


def faults_on_two_looks(page: Page, address: str) -> list[object]:
    """Violations, messages of the browser, and whether the page is wider than the screen: light on
    a wide screen, and dark on a phone. One visit, as opening a page costs as much as looking."""
    found: list[object] = []

    def listen(message: ConsoleMessage) -> None:
        # The browser itself reports the 404 of a page that is meant to be one.
        if message.type in ("error", "warning") and "status of 404" not in message.text:
            found.append(message.text)

    page.on("console", listen)
    for scheme, size, rules in (("light", WIDE, RULES), ("dark", PHONE, [*COLOURS, *WIDTHS])):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        if scheme == "light":
            page.goto(address)
            page.evaluate(UNFOLD)
        page.evaluate(COLOUR)
        found += [(scheme, fault) for fault in violations(page, rules)]
        if page.evaluate(IS_TOO_WIDE):
            found.append(f"wider than the screen of {size['width']} px")
    page.remove_listener("console", listen)
    return found
