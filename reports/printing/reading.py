"""How WeasyPrint gets a document: its HTML and the style sheet that every browser brings.

Both are the way WeasyPrint goes, with less: measured on the full roadmap of 95 initiatives.

- Our templates write well-formed HTML, which Python's XML parser reads in a twentieth of the time
  that WeasyPrint's HTML parser takes. What it cannot read (a name that holds a control character)
  goes through WeasyPrint's parser as before.
- WeasyPrint's own style sheet speaks of the footnotes and list marks of every element there is: six
  styles for each, thirty thousand in a roadmap without a footnote.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

UNUSED_EVERYWHERE = re.compile(r"^::(?:footnote|note)-[a-z]+ \{[^{}]*\}\n", re.MULTILINE)
OF_ALL = "\n::marker {"
OF_ITEMS = "\nli::marker {"

BEGINNING = "<!doctype html>"
EMPTY = re.compile(r"<(br|hr|img|link|meta|col|wbr)((?:\s[^<>]*)?)(?<!/)>")


def document_of(html: str, fetcher: Any, base_url: str) -> Any:
    """The HTML as a `weasyprint.HTML`."""
    from weasyprint import HTML

    class Print(HTML):  # type: ignore[misc]
        def __init__(self, root: Any) -> None:
            from cssselect2 import ElementWrapper

            self.base_url, self.url_fetcher, self.media_type = base_url, fetcher, "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [own_sheet()]

    return Print(read(html))


def read(html: str) -> Any:
    """The root element, as WeasyPrint's parser would give it."""
    root = read_well_formed(html)
    if root is None:
        import tinyhtml5

        root = tinyhtml5.parse(html, namespace_html_elements=False)
    return root


def read_well_formed(html: str) -> ElementTree.Element | None:
    """The root element, or None where the HTML is not well-formed but for elements without end."""
    body = html.removeprefix(BEGINNING).lstrip()
    if not body.startswith("<html"):
        # What comes before could declare entities; after it, nothing can.
        return None
    try:
        return ElementTree.fromstring(EMPTY.sub(r"<\1\2/>", body))
    except ElementTree.ParseError:
        return None


@cache
def own_sheet() -> Any:
    """WeasyPrint's style sheet without what no document of ours has."""
    from weasyprint import CSS
    from weasyprint.html import UA, UA_COUNTER_STYLE

    return CSS(string=slim(UA), counter_style=UA_COUNTER_STYLE)


def slim(sheet: str) -> str:
    """The sheet without footnotes, and with marks of list items alone."""
    return UNUSED_EVERYWHERE.sub("", sheet).replace(OF_ALL, OF_ITEMS)
