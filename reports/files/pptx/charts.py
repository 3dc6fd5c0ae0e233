"""Native charts: their figures lie in a workbook inside the file and can be edited."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.util import Pt

from reports.files.office.texts import shortened
from reports.files.pptx.deck import Box, Slide, described, rgb

LABEL = 46


@dataclass(frozen=True)
class Series:
    name: str
    values: Sequence[float | None]
    color: str
    with_labels: bool = True


def bar_chart(
    slide: Slide,
    box: Box,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    alt: str,
    top: float | None = 100,
    is_column: bool = False,
) -> Any:
    """Bars, first label at the top; or columns, from left to right."""
    names = [shortened(label, LABEL) or "–" for label in labels]
    for label, name in zip(labels, names, strict=True):
        if name.endswith("…"):
            slide.note(label)
    data = CategoryChartData(number_format="0")
    data.categories = names
    for one in series:
        data.add_series(one.name, one.values)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if is_column else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.page.shapes.add_chart(kind, *box.emu, data)
    described(frame, alt)
    chart = frame.chart
    # The library's own would take a label that begins with = for a formula.
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(names, series))
    _look(slide, chart, series, top, is_column=is_column)
    return chart


def _look(
    slide: Slide, chart: Any, series: Sequence[Series], top: float | None, *, is_column: bool
) -> None:
    palette = slide.deck.palette
    chart.font.size, chart.font.color.rgb = Pt(12), rgb(palette.ink)
    chart.has_title = False
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale = 0
    if top is not None:
        values.maximum_scale = top
    values.major_gridlines.format.line.color.rgb = rgb(palette.line)
    values.format.line.fill.background()
    values.tick_labels.font.size = Pt(11)
    names.format.line.color.rgb = rgb(palette.muted)
    names.tick_labels.font.size = Pt(11 if is_column else 12)
    if not is_column:
        names.reverse_order = True
        # Turned round, the axis of values would stand above the bars.
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    for drawn, one in zip(plot.series, series, strict=True):
        _fill(drawn, one)


def _fill(drawn: Any, one: Series) -> None:
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = rgb(one.color)
    drawn.invert_if_negative = False
    if one.with_labels:
        labels = drawn.data_labels
        labels.show_value, labels.number_format = True, "0"
        labels.number_format_is_linked = False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size = Pt(11)


def _workbook(names: Sequence[str], series: Sequence[Series]) -> bytes:
    """Laid out as the chart refers to it: names in A, a column for each series."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet("Sheet1")
    text = book.add_format({"quote_prefix": True})
    for row, name in enumerate(names):
        sheet.write_string(1 + row, 0, name, text)
    for column, one in enumerate(series):
        sheet.write_string(0, 1 + column, one.name)
        for row, value in enumerate(one.values):
            if value is not None:
                sheet.write_number(1 + row, 1 + column, value)
    book.close()
    return out.getvalue()
