"""The clinician's page: plain words, ranges, one page, and nothing promised that nobody agreed."""

import re
from dataclasses import replace
from datetime import date

import pytest

from assessments.domain.answers import Answer, AnswerSet, AnswerState
from guide.registry import current_guide
from reports.choices import Choices
from reports.documents.clinician import _stopper, what_changes
from reports.documents.handed_out import as_handed_out
from reports.documents.plain_words import JARGON, MAY_NOTICE, STOP_WORDS, TAKE_PART, jargon_in
from reports.documents.sections import document_html
from reports.files.plan_json import plan_json
from reports.frozen.charter import CharterEntry, TeamLine
from reports.frozen.clinical import (
    ClinicalEntry,
    PersonLine,
    champion_of,
    clinical_entry,
    unit_names,
)
from reports.frozen.for_documents import freeze_for
from reports.frozen.going import GoingEntry, GoingWork
from reports.frozen.newest import with_newest_ranges
from reports.frozen.outlook import FreezeEntry
from reports.frozen.snapshot import GuideRef, Progress, ReportSnapshot
from reports.frozen.trace import ProofEntry
from reports.printing.pdf import render_document
from roadmap.domain.forecasting.ranges import Range
from roadmap.domain.pilot.charter import STOP_RULES
from tests.reports.factories import ONE_STEP, make_roadmap
from tests.reports.samples import demo_answers, demo_snapshot, initiative, small_snapshot

PAGE = Choices(document="clinician")
GUIDE = GuideRef("healthcare-devops", "1.3.0", "The guide")
DRILL = initiative(1, id="A5-10", title="Hold a downtime drill")
SMALL = small_snapshot(guide=GUIDE, initiatives=(DRILL,), clinical=ClinicalEntry())
LONG = "Universitätsklinikum für Kinder- und Jugendmedizin " * 8


def text_of(snapshot: ReportSnapshot, choices: Choices = PAGE) -> str:
    html = document_html(snapshot, choices)
    body = html[html.index("<body") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_every_plain_sentence_is_about_an_initiative_of_the_shipped_guide() -> None:
    known = {item.id for item in current_guide().initiatives}

    assert set(TAKE_PART) | set(MAY_NOTICE) <= known
    assert not set(TAKE_PART) & set(MAY_NOTICE)


@pytest.mark.parametrize("text", [*TAKE_PART.values(), *MAY_NOTICE.values(), *STOP_WORDS.values()])
def test_no_plain_sentence_uses_jargon(text: str) -> None:
    assert jargon_in(str(text)) == []


@pytest.mark.parametrize("word", JARGON)
def test_jargon_is_found_as_a_word_and_never_inside_another(word: str) -> None:
    assert jargon_in(f"We use {word.upper()}, daily.") == [word.upper()]
    assert jargon_in(f"x{word}x") == []


def test_every_stop_rule_the_product_proposes_has_plain_words() -> None:
    assert set(STOP_WORDS) == set(STOP_RULES)


@pytest.mark.parametrize("name", ["per-1.yaml", "per-4.yaml"])
def test_the_page_of_a_real_plan_holds_no_jargon(name: str) -> None:
    charter = CharterEntry("Lab results", stop_rules=STOP_RULES, rollback="Put it back by hand.")
    frozen = demo_snapshot(name)
    answers = demo_answers(name)
    entry = clinical_entry(current_guide(), answers, {"initiatives": []}, "")

    page = text_of(replace(frozen, charter=charter, clinical=entry))

    assert jargon_in(page) == []


def test_dates_reach_from_the_first_day_to_the_day_most_runs_finish_by() -> None:
    likely = Range(date(2027, 3, 2), date(2027, 5, 4), date(2027, 6, 1))
    work = GoingWork("A5-10", date(2027, 1, 11), date(2027, 2, 1), likely)
    going = GoingEntry(date(2026, 11, 16), 20, date(2027, 2, 1), likely, work=(work,))

    known = with_newest_ranges(replace(SMALL, going=going))
    (row,) = what_changes(known, PAGE)["part"]

    assert (row.first, row.last) == (date(2027, 1, 11), date(2027, 5, 4))
    assert "Jan 2027 – May 2027" in text_of(known)


def test_what_is_done_is_not_announced_and_what_is_dropped_is_gone() -> None:
    done = replace(DRILL, progress=Progress("done"))
    dropped = replace(DRILL, progress=Progress("dropped"))

    assert what_changes(replace(SMALL, initiatives=(done,)), PAGE)["part"] == []
    assert "A practice hour is reported as held." in text_of(replace(SMALL, initiatives=(done,)))
    assert "No practice hour is in this plan." in text_of(replace(SMALL, initiatives=(dropped,)))


def test_the_sentences_of_the_shipped_guide_are_not_put_on_another() -> None:
    other = replace(SMALL, guide=GuideRef("our-own-3", "1.0.0", "Ours"))

    told = what_changes(other, PAGE)

    assert (told["part"], told["notice"], told["behind"]) == ([], [], 1)
    assert "Nothing that you would notice is planned." in text_of(other)


def test_whoever_is_not_named_is_said_not_to_be() -> None:
    charter = CharterEntry("Lab results", team=(TeamLine("Owner"), TeamLine("Lead", "Ann Lee")))

    page = text_of(replace(SMALL, charter=charter))

    assert "not named yet Speaks for users in the trial" in page
    assert "Ann Lee Leads the trial" in page
    assert "Who may stop an update of the trial is not named yet" in page


def test_only_times_still_ahead_are_named_as_quiet() -> None:
    freezes = (
        FreezeEntry(date(2026, 1, 1), date(2026, 1, 9), "Over"),
        FreezeEntry(date(2026, 12, 20), date(2027, 1, 3), "Year end"),
        FreezeEntry(date(2027, 7, 1), date(2027, 7, 9), "Holidays", is_reduced=True),
    )

    page = text_of(replace(SMALL, freezes=freezes))

    assert "20 Dec – 3 Jan 2027" in page or "20 Dec 2026 – 3 Jan 2027" in page
    assert "Over" not in page
    assert "(Holidays)" not in page


def table(*rows: dict[str, str]) -> Answer:
    return Answer(AnswerState.ANSWERED, value=tuple(rows))


ANSWERS: AnswerSet = {
    "T1": table(
        {"name": "EHR", "tier": "1", "owner_clinical": "Dr. Ito"}, {"name": "Payroll", "tier": "3"}
    ),
    "T5": table(
        {"from": "Lab", "to": "ehr", "content": "results"}, {"from": "Bank", "to": "Payroll"}
    ),
    "T3": table({"name": "Lab-results interface", "champion": "Dr. Vega"}),
}


def entry_for(unit: str, pilot: str = "") -> ClinicalEntry:
    plan = {"initiatives": [{"id": "A1-01#2", "systems": ["EHR"]}, {"id": "A1-02", "systems": []}]}
    return clinical_entry(current_guide(), ANSWERS, plan, unit, pilot)


def test_units_are_what_the_answers_name_each_once() -> None:
    assert unit_names(ANSWERS) == ("EHR", "Payroll", "Lab", "Bank")
    assert unit_names({}) == ()


def test_a_unit_sees_its_systems_its_data_and_the_waves_for_them() -> None:
    found = entry_for("lab")

    assert found.is_known
    assert [s.name for s in found.systems] == ["EHR"]
    assert [(f.source, f.target) for f in found.flows] == [("Lab", "ehr")]
    assert found.waves == ("A1-01#2",)


def test_the_pilot_is_near_when_it_bears_the_name_of_the_unit_or_its_systems() -> None:
    assert entry_for("Lab", "Lab-results interface").pilot_near
    assert not entry_for("Bank", "Lab-results interface").pilot_near
    assert not entry_for("", "Lab-results interface").pilot_near
    assert champion_of(ANSWERS, "lab-results INTERFACE") == "Dr. Vega"


def test_a_unit_nobody_named_gets_the_page_for_everyone_and_is_told_so() -> None:
    found = entry_for("Ward 7")
    page = text_of(replace(SMALL, clinical=found))

    assert not found.is_known
    assert "names no system or place called Ward 7" in page


@pytest.mark.parametrize(
    "snapshot",
    [
        SMALL,
        small_snapshot(initiatives=(), phases=(), gates=()),
        replace(SMALL, organization="בית החולים על שם שיבא", clinical=entry_for("Lab")),
    ],
)
def test_the_page_is_one_page(snapshot: ReportSnapshot) -> None:
    assert render_document(snapshot, PAGE).pages == 1


def test_a_page_of_endless_names_is_at_most_two() -> None:
    people = (PersonLine("CMO", LONG), PersonLine("champion", LONG))
    entry = replace(entry_for(LONG), people=people, systems=entry_for("").systems)
    charter = CharterEntry(LONG, team=(TeamLine("Owner", LONG), TeamLine("Lead", LONG)))
    snapshot = replace(SMALL, organization=LONG, roadmap=LONG, clinical=entry, charter=charter)

    assert render_document(snapshot, PAGE).pages <= 2


@pytest.mark.django_db
def test_the_unit_is_frozen_with_the_report() -> None:
    frozen = freeze_for(make_roadmap(constraints=ONE_STEP), replace(PAGE, unit="Ward 7"))

    assert frozen.clinical is not None
    assert (frozen.clinical.unit, frozen.clinical.is_known) == ("Ward 7", False)
    assert frozen.changes is None


def test_a_page_that_is_passed_on_carries_no_answers_risks_or_names_of_evidence() -> None:
    noted = replace(DRILL, progress=Progress("in_progress", note="Ward 7 refuses."))
    whole = replace(
        SMALL,
        initiatives=(noted,),
        proofs=(ProofEntry("w1", "A1-01", "Minutes"),),
        clinical=entry_for("Lab"),
    )

    carried = plan_json(as_handed_out(whole, PAGE)).decode()

    assert whole.risks[0].question.title == "Restore"
    for secret in ("Restore", "Ward 7 refuses.", "Minutes", "severe"):
        assert secret not in carried
    assert "Hold a downtime drill" in carried
    assert as_handed_out(whole, Choices(document="board")) is whole


@pytest.mark.parametrize(
    ("role", "named"),
    [
        ("Clinician or user, who may stop a release", "Eve"),
        ("STOPS a release", "Eve"),
        ("Project sponsor", ""),
        ("24/7 non-stop operations", ""),
    ],
)
def test_only_who_may_stop_an_update_is_named_for_it(role: str, named: str) -> None:
    team = (TeamLine(role, "Eve"), TeamLine("Lead of the pilot", "Ben"))

    assert _stopper(team) == named
