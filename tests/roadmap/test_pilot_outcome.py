"""What the numbers say of a pilot, and the decision recorded with them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from delivery.enums import Origin
from delivery.models import System
from delivery.services.daily import days_recount
from delivery.services.records import store
from roadmap.domain.pilot.charter import Criterion
from roadmap.domain.pilot.outcome import Because, Proposed, Reading, Told, judge
from roadmap.models import PilotCharter, PilotOutcome
from roadmap.services.charters import charter_start
from roadmap.services.outcomes import OutcomeInvalid, outcome_decide
from tests.delivery.factories import deployment, make_system
from tests.factories import make_member
from tests.roadmap.factories import make_pilot_snapshot

TODAY = date(2027, 6, 1)
# One for each area the gate asks for, with a number to reach.
FOUR = (
    Criterion("DF", aim=4),
    Criterion("CFR", aim=15),
    Criterion("SVRT", aim=30),
    Criterion("ATC", aim=90),
)
GOOD = {
    "DF": Reading(6.0, 24),
    "CFR": Reading(5.0, 40, (1.0, 14.0)),
    "SVRT": Reading(12.0, 9),
    "ATC": Reading(97.0, 30, (91.0, 99.0)),
}


def proposed(criteria=FOUR, readings=GOOD, stopped_by=(), today=TODAY):
    return judge(criteria, readings, stopped_by, today).proposed


def test_everything_met_proposes_to_scale():
    assert proposed() is Proposed.SCALE


def test_stop_rule_outweighs_the_best_numbers():
    assert proposed(stopped_by=["Patient data was exposed."]) is Proposed.STOP


def test_one_missed_criterion_extends():
    assert proposed(readings={**GOOD, "SVRT": Reading(45.0, 9)}) is Proposed.EXTEND


def test_all_missed_stops_only_when_their_day_has_come():
    bad = {code: Reading(value, 20) for code, value in (("DF", 1), ("CFR", 50), ("SVRT", 90))}
    bad["ATC"] = Reading(10.0, 20)
    later = tuple(Criterion(c.metric, aim=c.aim, by="2027-12-31") for c in FOUR)

    assert proposed(readings=bad) is Proposed.STOP
    assert proposed(criteria=later, readings=bad) is Proposed.EXTEND


def test_what_chance_could_do_does_not_scale():
    wide = {**GOOD, "CFR": Reading(6.0, 16, (1.0, 28.0))}

    outcome = judge(FOUR, wide, (), TODAY)

    assert outcome.proposed is Proposed.EXTEND
    assert outcome.because is Because.CHANCE
    assert outcome.about == ("Change failure rate",)


def test_what_rests_on_few_records_does_not_scale():
    few = {**GOOD, "SVRT": Reading(GOOD["SVRT"].value, 4)}

    outcome = judge(FOUR, few, (), TODAY)

    assert (outcome.proposed, outcome.because) == (Proposed.EXTEND, Because.CHANCE)
    assert [one.is_certain for one in outcome.checked] == [True, True, False, True]


def test_missing_area_or_untold_criterion_does_not_scale():
    assert proposed(criteria=FOUR[:3]) is Proposed.EXTEND
    assert proposed(readings={**GOOD, "DF": Reading(6.0, 7)}) is Proposed.EXTEND
    assert proposed(readings={}) is Proposed.EXTEND
    assert proposed(criteria=()) is Proposed.EXTEND


@pytest.mark.parametrize(
    ("criterion", "reading", "told"),
    [
        (Criterion("CFR", aim=15), Reading(15.0, 8), Told.MET),
        (Criterion("CFR", aim=15), Reading(15.1, 8), Told.MISSED),
        (Criterion("DF", aim=4), Reading(3.9, 8), Told.MISSED),
        (Criterion("CFR", aim=15), Reading(0.0, 7), Told.TOO_FEW),
        (Criterion("MTTR", aim=60), Reading(30.0, 3), Told.MET),
        (Criterion("COV", aim=60), Reading(61.0, 1), Told.MET),
        (Criterion("CFR", aim=15), Reading(None, 0), Told.NOT_MEASURED),
        (Criterion("CFR", aim=15), None, Told.NOT_MEASURED),
        (Criterion("CFR", target="lower"), Reading(5.0, 40), Told.NO_NUMBER),
    ],
)
def test_criterion_is_told_by_its_number(criterion, reading, told):
    readings = {criterion.metric: reading} if reading else {}

    assert judge([criterion], readings, (), TODAY).checked[0].told is told


def test_target_within_the_interval_is_not_certain():
    (one,) = judge([FOUR[1]], {"CFR": Reading(12.0, 9, (3.0, 40.0))}, (), TODAY).checked

    assert (one.told, one.is_certain) == (Told.MET, False)


@pytest.fixture
def piloted(db):
    """An editor and a charter whose only criterion asks for 4 deployments in four weeks."""
    editor = make_member(role=Role.EDITOR)
    snapshot = make_pilot_snapshot(editor.organization)
    charter = charter_start(snapshot=snapshot, user=editor.user, position=1)
    charter.system = make_system(editor.organization)
    charter.criteria = [vars(Criterion("DF", target="weekly", aim=4.0))]
    charter.stop_rules = ["A patient was harmed.", "Data was exposed."]
    charter.save()
    return editor, charter


def address(charter):
    return reverse("pilots:outcome", args=[charter.organization.slug, charter.snapshot_id])


def deploy(system, count=12):
    now = timezone.now()
    records = [deployment(f"d{n}", now - timedelta(days=7 * n + 1)) for n in range(count)]
    store(system, records, origin=Origin.WEBHOOK)
    while days_recount():
        pass


def test_page_shows_the_number_beside_its_target(client, piloted):
    editor, charter = piloted
    deploy(charter.system)
    client.force_login(editor.user)

    text = client.get(address(charter)).content.decode()

    assert "over 12 records" in text and '<span class="wm-badge wm-badge--good">met' in text
    assert "By the rule: Extend" in text


def test_decision_is_kept_with_the_numbers_of_the_day(client, piloted):
    editor, charter = piloted
    deploy(charter.system)
    client.force_login(editor.user)

    data = {"decision": "stop", "reason": "Data was exposed on 3 May.", "stopped_by": ["1"]}
    assert client.post(address(charter), data).status_code == 302

    made = PilotOutcome.objects.get()
    assert (made.decision, made.proposed) == ("stop", "stop")
    assert made.numbers[0]["reading"]["n"] == 12
    assert made.numbers[1] == {"stop_rule": "Data was exposed."}
    System.objects.get().delete()
    assert PilotOutcome.objects.get().numbers == made.numbers


def test_going_on_against_a_stop_rule_is_asked_and_stands_in_the_record(client, piloted):
    editor, charter = piloted
    client.force_login(editor.user)
    data = {"decision": "scale", "reason": "The vendor mended it.", "stopped_by": ["0"]}

    asked = client.post(address(charter), data)

    assert asked.status_code == 422
    assert "The charter says to stop when this comes true." in asked.content.decode()
    assert not PilotOutcome.objects.exists()
    assert client.post(address(charter), data | {"goes_on_although": "on"}).status_code == 302
    page = client.get(address(charter)).content.decode()
    assert "A patient was harmed." in page[page.index("Decided so far") :]


def test_refused_decision_keeps_what_was_typed(client, piloted):
    editor, charter = piloted
    client.force_login(editor.user)

    response = client.post(address(charter), {"reason": "We keep this", "stopped_by": ["7"]})

    assert response.status_code == 422
    assert "We keep this" in response.content.decode()
    assert not PilotOutcome.objects.exists()


def test_reason_is_needed(piloted):
    editor, charter = piloted
    with pytest.raises(OutcomeInvalid):
        outcome_decide(
            charter=charter,
            user=editor.user,
            decision="scale",
            reason=" \x00 ",
            stopped_by=(),
            today=TODAY,
        )


def test_charter_form_takes_the_number_and_the_system(client, piloted):
    editor, charter = piloted
    client.force_login(editor.user)
    place = reverse("pilots:charter_edit", args=[charter.organization.slug, charter.snapshot_id])
    data = {
        "version": charter.version,
        "system": charter.system_id,
        "criteria-TOTAL_FORMS": 1,
        "criteria-INITIAL_FORMS": 0,
        "criteria-0-metric": "CFR",
        "criteria-0-aim": "12.5",
        "team-TOTAL_FORMS": 0,
        "team-INITIAL_FORMS": 0,
    }

    assert client.post(place, data).status_code == 302
    stored = PilotCharter.objects.get()
    assert (stored.criteria[0]["aim"], stored.system_id) == (12.5, charter.system_id)

    other = make_system()
    assert client.post(place, {**data, "system": other.pk, "version": 2}).status_code == 422
