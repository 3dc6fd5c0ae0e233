"""Two things done otherwise than by WeasyPrint: the words of a chart, and unset properties."""

import re
from types import SimpleNamespace

import pytest

weasyprint = pytest.importorskip("weasyprint")

from reports.printing.labels import Whole, draw_labels_whole, is_whole  # noqa: E402
from reports.printing.styling import answer_unset_at_once  # noqa: E402

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50">
<text x="100" y="20" {more}>{words}</text></svg>"""
SHOWN = re.compile(rb"\] ?TJ|\) ?Tj|> ?Tj")
STYLED = """<html lang="en"><head><style>
:root { --wide: 12px; --ink: rebeccapurple }
@page { size: 200px 300px; margin: 10px }
section { color: var(--ink); margin-inline-start: var(--wide); border: 1px solid; direction: rtl }
section p { padding-inline-end: 7px; border-block-start-width: 3px; text-decoration: underline }
p { margin: 1em 0; line-height: calc(1em + 4px); width: calc(100% - 20px) }
b { all: initial; color: inherit } i { font-size: inherit; float: left; position: initial }
td { padding: 3px; border-spacing: inherit } li { list-style: square inside }
</style></head><body><section><p>One <b>two</b> <i>three</i> four</p><ul><li>five</ul></section>
<table><tr><td>six<td>seven</table>
<p style="page: other; letter-spacing: 1px">eight</p></body></html>
"""


def pieces(words: str, more: str = "") -> int:
    """How many pieces of text the PDF of a label shows."""
    html = PICTURE.format(words=words, more=more)
    made = weasyprint.HTML(string=html).write_pdf(uncompressed_pdf=True)
    return len(SHOWN.findall(made))


@pytest.mark.parametrize("words", ["Release by machine", "مستشفى الأمل", "בית חולים", "A"])
@pytest.mark.parametrize("more", ["", 'text-anchor="end"', 'direction="rtl"'])
def test_label_is_drawn_in_one_piece(words: str, more: str) -> None:
    draw_labels_whole()

    assert pieces(words, more) == 1


@pytest.mark.parametrize("more", ['dx="0 3 3"', 'rotate="10"', 'textLength="90"'])
def test_label_with_placed_letters_is_drawn_by_letter(more: str) -> None:
    draw_labels_whole()

    assert pieces("word", more) == 4


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({}, True),
        ({"x": "3", "y": "4"}, True),
        ({"x": "3 6 9"}, False),
        ({"y": "3,6"}, False),
        ({"letter-spacing": "2"}, False),
    ],
)
def test_which_labels_are_whole(attributes: dict[str, str], found: bool) -> None:
    assert is_whole(SimpleNamespace(get=attributes.get)) is found


def test_whole_text_is_gone_through_once() -> None:
    assert list(Whole("two words")) == ["two words"]


def test_unset_properties_have_the_values_that_weasyprint_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from weasyprint.css import ComputedStyle

    answer_unset_at_once()
    ours = ComputedStyle.__missing__
    found = [values(), weasyprint.HTML(string=STYLED).write_pdf(pdf_identifier=b"same")]
    monkeypatch.setattr(ComputedStyle, "__missing__", ours.__wrapped__)

    assert found == [values(), weasyprint.HTML(string=STYLED).write_pdf(pdf_identifier=b"same")]


def values() -> list[tuple[str, str, str]]:
    """Every property of every element."""
    from weasyprint.css import get_all_computed_styles
    from weasyprint.css.counters import CounterStyle
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.text.fonts import FontConfiguration

    html = weasyprint.HTML(string=STYLED)
    style_for = get_all_computed_styles(
        html, font_config=FontConfiguration(), counter_style=CounterStyle()
    )
    return [
        (element.tag, name, repr(style[name]))
        for element in html.etree_element.iter()
        if (style := style_for(element)) is not None
        for name in INITIAL_VALUES
    ]
