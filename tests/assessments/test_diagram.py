"""The table of data flows as a picture, and as words where there is none."""

import html
import re
import xml.etree.ElementTree as ET

import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.pages.flows import diagram_svg, flows_page
from assessments.pictures import graphviz
from assessments.pictures.diagram import (
    MOST_FLOWS,
    dot_text,
    flow_map,
    flows_question,
    systems_question,
)
from assessments.pictures.graphviz import NoPicture
from guide.registry import current_guide
from tests.assessments.factories import save_answer

GUIDE = current_guide()
FLOWS = GUIDE.question("T5")
WORDS = {"tier": "tier %s", "phi": "patient data: %s", "phi_unknown": "patient data not known"}
SYSTEMS = [{"name": "EHR", "tier": "1"}, {"name": "Portal", "tier": "3"}]
RESULTS = {
    "id": "F1",
    "from": "Laboratory",
    "to": "ehr ",
    "standard": "HL7 v2.5.1 ORU",
    "direction": "one_way",
    "phi": "full",
    "test": "contract",
}


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def svg_of(flows: list[dict], systems: list[dict] = SYSTEMS) -> ET.Element:
    return ET.fromstring(diagram_svg(FLOWS, flows, systems))


def words_in(svg: ET.Element) -> str:
    return " ".join(text for text in svg.itertext() if text.strip())


def test_tables_of_the_guide_that_draw_are_found():
    assert (flows_question(GUIDE).id, systems_question(GUIDE).id) == ("T5", "T1")


def test_flow_shows_its_ends_standard_patient_data_and_test():
    drawn = flow_map(FLOWS, [RESULTS], SYSTEMS)
    (flow,) = drawn.flows
    words = words_in(svg_of([RESULTS]))

    assert (flow.target.name, flow.target.is_critical, flow.source.is_listed) == (
        "EHR",
        True,
        False,
    )
    assert (flow.style, flow.has_patient_data) == ("contract", True)
    for word in ("Laboratory", "EHR", "tier 1", "F1", "HL7", "patient data: Full", "tested by"):
        assert word in words


def test_each_kind_of_test_has_a_line_of_its_own():
    tests = ["none", "connectivity", "message samples", "contract", "end-to-end", None]
    rows = [{"from": "A", "to": "B", **({"test": t} if t else {})} for t in tests]

    svg = svg_of(rows)
    looks = {
        (path.get("stroke-dasharray"), path.get("stroke-width"))
        for path in svg.iter()
        if path.tag.endswith("path")
    }

    assert len(flow_map(FLOWS, rows).styles) == len(looks) == len(tests)


def test_direction_shows_as_arrowheads():
    ends = {
        direction: dot_text(flow_map(FLOWS, [{**RESULTS, "direction": direction}]), WORDS)
        for direction in ("one_way", "both_ways", "")
    }

    assert "dir=both" in ends["both_ways"]
    assert "arrowhead=empty" in ends[""]
    assert not {"dir=both", "arrowhead=empty"} & set(re.findall(r"\w+=\w+", ends["one_way"]))


def test_critical_systems_are_marked_by_a_second_border():
    def borders(tier: str) -> int:
        svg = svg_of([RESULTS], [{"name": "EHR", "tier": tier}])
        return sum(part.tag.endswith("polygon") for part in svg.iter())

    assert borders("2") == borders("3") + 1


def test_rows_without_both_ends_are_counted_and_not_drawn():
    drawn = flow_map(FLOWS, [RESULTS, {"from": "A"}, {"to": " "}, {}])

    assert (drawn.count, drawn.nameless) == (1, 3)


def test_too_many_flows_leave_the_critical_ones():
    rows = [{"from": f"A{n}", "to": f"B{n}", "phi": "none"} for n in range(300)]
    critical = {"from": "Lab", "to": "EHR", "phi": "full"}

    page = flows_page(FLOWS, [*rows, critical], SYSTEMS)

    assert len(page.drawn.flows) == MOST_FLOWS
    assert "EHR" in {flow.target.name for flow in page.drawn.flows}
    assert f"Drawn are {MOST_FLOWS} of 301 flows" in page.facts[0]


NASTY = [
    'R&D "x" \\N',
    "R&amp;D",
    "<b>hi</b>",
    "מערכת מעבדה",
    "a]; b -> c",
    "\x00\x1f\ud800",
    "A" * 300,
]


@pytest.mark.parametrize("name", NASTY)
def test_names_stay_what_they_are(name):
    svg = svg_of([{"from": name, "to": "EHR"}])

    shown = words_in(svg)
    allowed = {"svg", "g", "title", "path", "polygon", "polyline", "ellipse", "text"}
    assert {part.tag.rpartition("}")[2] for part in svg.iter()} <= allowed
    assert name[:8] in shown or not name.isprintable()
    assert len(flow_map(FLOWS, [{"from": name, "to": "EHR"}]).systems) == 2


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1), st.text()), max_size=3))
@settings(deadline=None, max_examples=15)
def test_any_text_gives_a_picture_without_styles_or_scripts(rows):
    flows = [{"from": f"a{a}", "to": f"b{b}", "standard": c} for a, b, c in rows]
    if flows:
        svg = diagram_svg(FLOWS, flows)
        for forbidden in ("style=", "<script", "href", "onload", "<style", "font-family"):
            assert forbidden not in re.sub(r">[^<]*<", "><", svg)


def test_same_flows_are_laid_out_once(monkeypatch):
    first = diagram_svg(FLOWS, [RESULTS])
    monkeypatch.setenv("PATH", "/nowhere")

    assert diagram_svg(FLOWS, [RESULTS]) == first


def test_missing_or_hanging_dot_leaves_the_table(monkeypatch, tmp_path, visitor):
    save_answer(visitor.assessment, "T5", [RESULTS])
    monkeypatch.setattr(graphviz, "SECONDS", 0.2)
    for script in (
        None,
        "#!/bin/sh\nexec sleep 5\n",
        "#!/bin/sh\nexit 1\n",
        "#!/bin/sh\necho '<svg'\n",
    ):
        cache.clear()
        if script:
            (tmp_path / "dot").write_text(script)
            (tmp_path / "dot").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin" if script else "/nowhere")
        with pytest.raises(NoPicture):
            diagram_svg(FLOWS, [RESULTS])
        page = visitor.client.get(visitor.page("table_diagram", "T5"))
        text = html.unescape(page.content.decode())
        assert page.status_code == 200
        assert "can’t be drawn just now" in text
        assert "HL7 v2.5.1 ORU" in text


@pytest.mark.parametrize("count", [0, 1, 400])
def test_page_costs_the_same_whatever_it_draws(visitor, django_assert_max_num_queries, count):
    save_answer(visitor.assessment, "T1", SYSTEMS)
    if count:
        rows = [{**RESULTS, "id": f"F{n}", "from": f"System {n % 30}"} for n in range(count)]
        save_answer(visitor.assessment, "T5", rows)

    with django_assert_max_num_queries(8):
        page = visitor.client.get(visitor.page("table_diagram", "T5"))

    text = page.content.decode()
    assert ('role="img" aria-labelledby="flows-title"' in text) == bool(count)
    assert text.count('<th scope="row"') == min(count, MOST_FLOWS)
    assert "style=" not in text
