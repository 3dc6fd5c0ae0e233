"""The sample report that the start page offers."""

from pathlib import Path

import pikepdf

from guide.registry import current_guide

SAMPLE = Path(__file__).resolve().parents[2] / "static/sample/waymark-sample-report.pdf"


def test_sample_is_a_tagged_report_of_the_guide_that_is_shipped() -> None:
    document = pikepdf.open(SAMPLE)

    assert document.Root.MarkInfo.Marked
    assert "(fictional)" in str(document.docinfo["/Title"])
    assert f"version {current_guide().version}." in str(document.docinfo["/Subject"])
    assert len(document.pages) > 20
