"""Step 6 proposed from measured values."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain.answers import Answer, AnswerState
from delivery.enums import LinkState, Origin
from delivery.models import Incident, System
from delivery.services.daily import days_recount
from delivery.services.records import store
from delivery.step_six import measured_answers
from guide.registry import current_guide
from tests.delivery.factories import (
    DAY,
    HOUR,
    change,
    deployment,
    incident,
    make_system,
    reading,
    vulnerability,
)

pytestmark = pytest.mark.django_db


def told(system, *records):
    store(system, records, origin=Origin.WEBHOOK)
    while days_recount():
        pass


def proposed(organization, **last):
    guide = current_guide()
    answers = {q: Answer(AnswerState.ANSWERED, value) for q, value in last.items()}
    return {p.question_id: p for p in measured_answers(organization, guide, answers)}


def weekly(count, *, first=1, **values):
    now = timezone.now().replace(microsecond=0)
    return [
        deployment(
            f"d{number}",
            now - timedelta(weeks=number, hours=1),
            committed_at=now - timedelta(weeks=number, hours=11),
            **values,
        )
        for number in range(first, first + count)
    ]


def test_nothing_is_proposed_without_records():
    system = make_system()

    assert proposed(system.organization) == {}


def test_few_deployments_propose_no_rate():
    system = make_system()
    told(system, *weekly(7))

    assert proposed(system.organization) == {}


def test_rates_and_times_are_proposed_as_measured():
    system = make_system(name="Portal")
    System.objects.update(baselines={"deployment_frequency": {"value": 2.8}})
    told(system, *weekly(10), reading("r", 61, 100, timezone.now() - DAY))

    found = proposed(system.organization, **{"Q6.04": {"lines": 40.0, "flows": 25.0}})

    assert found["Q6.02"].answer.value == 0.0
    assert found["Q6.07"].answer.value == 10.0
    assert found["Q6.04"].answer.value == {"lines": 61.0, "flows": 25.0}
    # Ten a week apart, the newest a week old, counted since the first of them, 70 days ago.
    assert found["Q6.01"].answer.value["now"] == pytest.approx(10 * 30.4375 / 64, abs=0.15)
    assert found["Q6.01"].answer.value["baseline"] == pytest.approx(2.8 * 30.4375 / 28, abs=0.1)
    assert found["Q6.02"].answer.basis == "measured"
    assert "10 records of Portal" in found["Q6.02"].origin


def test_failures_count_only_with_a_confirmed_cause():
    system = make_system()
    deployments = weekly(10)
    failures = [
        incident(
            f"i{n}",
            deployments[n].deployed_at + HOUR,
            resolved_at=deployments[n].deployed_at + (n + 2) * HOUR,
            deployment=deployments[n].external_id,
        )
        for n in range(3)
    ]
    told(system, *deployments, *failures)
    assert proposed(system.organization)["Q6.02"].answer.value == 0.0

    from delivery.services.daily import rebuild

    Incident.objects.update(link=LinkState.CONFIRMED)
    rebuild(system)
    while days_recount():
        pass

    assert proposed(system.organization)["Q6.02"].answer.value == 30.0


def test_every_failure_counts_for_recovery_whatever_caused_it():
    system = make_system(is_vendor_managed=True)
    now = timezone.now()
    told(
        system,
        incident("i1", now - 9 * DAY, resolved_at=now - 9 * DAY + HOUR),
        incident("i2", now - 8 * DAY, resolved_at=now - 8 * DAY + 2 * HOUR),
        incident("i3", now - 7 * DAY, resolved_at=now - 7 * DAY + 7 * HOUR),
        incident("i4", now - 2 * DAY),
        incident("old", now - 400 * DAY, resolved_at=now - 390 * DAY),
    )

    found = proposed(system.organization)

    assert found["Q6.03"].answer.value == {"median": 120.0, "worst": 420.0}
    # What the vendor deploys is no deployment of one's own.
    assert set(found) == {"Q6.03"}


def test_deployment_without_a_change_record_left_no_evidence():
    system = make_system()
    deployments = weekly(8)
    whole = [
        change(
            f"c{n}",
            one.deployed_at,
            ticket="T",
            author="a",
            approver="b",
            test_evidence="run",
            deployment=one.external_id,
        )
        for n, one in enumerate(deployments[:4])
    ]
    told(system, *deployments, *whole)

    assert proposed(system.organization)["Q6.06"].answer.value == 50.0


def test_open_vulnerabilities_count_with_their_age():
    system = make_system()
    now = timezone.now()
    told(
        system,
        vulnerability("v1", "critical", now - 30 * DAY, fixed_at=now - 20 * DAY),
        vulnerability("v2", "critical", now - 50 * DAY, fixed_at=now - 10 * DAY),
        vulnerability("v3", "critical", now - 100 * DAY),
        vulnerability("v4", "high", now - 5 * DAY),
    )

    found = proposed(system.organization, **{"Q6.05": {"critical": 1.0, "high": 12.0}})

    # Of 10, 40 and 100 days the middle; one high one is too few, so what was said of them stands.
    assert found["Q6.05"].answer.value == {"critical": 40.0, "high": 12.0}


def test_vendor_managed_systems_are_left_out_beside_own_ones():
    own = make_system(name="Portal")
    vendor = make_system(own.organization, name="Record", is_vendor_managed=True)
    told(own, *weekly(9))
    told(vendor, *weekly(9, result="failed"))

    found = proposed(own.organization)

    assert found["Q6.02"].answer.value == 0.0
    assert "Record" not in found["Q6.02"].origin


def test_a_proposal_names_only_systems_with_records_and_what_each_shows():
    portal = make_system(name="Portal")
    lab = make_system(portal.organization, name="Lab")
    make_system(portal.organization, name="Pharmacy robot")
    told(portal, *weekly(10))
    told(lab, *weekly(8, result="failed"))

    found = proposed(portal.organization)["Q6.02"]

    assert "18 records of Portal (10), Lab (8)" in found.origin
    assert "On their own: Portal: 0, Lab: 100." in found.answer.note
    assert "Pharmacy robot" not in found.origin + found.answer.note


def test_every_proposal_is_an_answer_to_its_question():
    from assessments.domain.answers import clean_value

    system = make_system()
    changes = [change(f"c{n}", timezone.now() - n * DAY, ticket="T-1") for n in range(1, 12)]
    told(system, *weekly(12), *changes, reading("r", 5, 9, timezone.now()))

    found = proposed(system.organization)

    assert {"Q6.01", "Q6.02", "Q6.04", "Q6.06", "Q6.07", "Q6.17"} <= set(found)
    for question_id, proposal in found.items():
        question = current_guide().questions[question_id]
        assert clean_value(question, proposal.answer.value) == proposal.answer.value


def test_another_guide_gets_no_proposals():
    class Other:
        id = "own@north"

    system = make_system()
    told(system, *weekly(10))

    assert list(measured_answers(system.organization, Other(), {})) == []
