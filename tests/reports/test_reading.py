"""The quick way into WeasyPrint gives it what its own way would."""

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import tinyhtml5
from weasyprint.html import UA

from reports.choices import Choices
from reports.documents.sections import document_html
from reports.enums import Document
from reports.frozen.snapshot import ReportSnapshot
from reports.printing.reading import read, read_well_formed, slim
from tests.reports.office_files import rich_snapshot
from tests.reports.samples import small_snapshot
from tests.reports.test_full import told_snapshot


def tree(element: ElementTree.Element) -> object:
    """All a style sheet or a box could see of an element; blanks as they are printed."""
    return (
        element.tag,
        sorted(
            (name, " ".join(value.split()))
            for name, value in element.attrib.items()
            # The declaration itself: every name below stands in its namespace in both.
            if not name.endswith("}xmlns")
        ),
        printed(element.text),
        [tree(child) for child in element if isinstance(child.tag, str)],
        printed(element.tail),
    )


def printed(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip(" ")


@pytest.mark.parametrize("document", [one.value for one in Document])
@pytest.mark.parametrize("make", [told_snapshot, rich_snapshot])
def test_what_our_templates_write_is_well_formed_and_read_alike(
    document: str, make: Callable[[], ReportSnapshot]
) -> None:
    html = document_html(make(), Choices(document=document, detail="everything"))
    quick = read_well_formed(html)
    assert quick is not None
    assert tree(quick) == tree(tinyhtml5.parse(html, namespace_html_elements=False))


def test_a_name_that_xml_refuses_is_read_in_the_usual_way() -> None:
    html = document_html(replace(small_snapshot(), organization="Mercy \x0b Hospital"), Choices())
    assert read_well_formed(html) is None
    assert "Hospital" in "".join(read(html).itertext())


@pytest.mark.parametrize(
    "html",
    [
        '<!doctype html><!DOCTYPE x [<!ENTITY a "ha">]><html>&a;</html>',
        '<!doctype html>\n<!ENTITY a "ha"><html>&a;</html>',
        "<!doctype html><html><p>one<p>two</html>",
    ],
)
def test_nothing_declared_is_read_and_nothing_unclosed(html: str) -> None:
    assert read_well_formed(html) is None


def test_the_slim_sheet_lacks_notes_and_marks_list_items_alone() -> None:
    gone = set(UA.splitlines()) - set(slim(UA).splitlines())
    assert {line.partition(" {")[0] for line in gone} == {
        "::footnote-call",
        "::footnote-marker",
        "::note-call",
        "::note-marker",
        "::note-callback",
        "::marker",
    }
    assert "\nli::marker {" in slim(UA)
