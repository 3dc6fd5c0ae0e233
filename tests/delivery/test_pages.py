import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from delivery.enums import LinkState, Origin
from delivery.models import Incident, System
from delivery.pages.overview import overview_rows
from delivery.pages.system import system_page
from delivery.services.daily import days_recount
from delivery.services.records import store
from delivery.services.systems import system_update
from tests.delivery.factories import (
    DAY,
    NOON,
    change,
    deployment,
    incident,
    make_system,
    reading,
    vulnerability,
)
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    found = make_member()
    client.force_login(found.user)
    return found


def address(name, organization, *args):
    return reverse(f"delivery:{name}", args=[organization.slug, *args])


def told(system, number, *, every=timedelta(days=1)):
    """So many of everything, the newest yesterday."""
    now = timezone.now() - timedelta(days=1)
    records = []
    for one in range(number):
        at = now - one * every
        records += [
            deployment(f"d{one}", at, committed_at=at - timedelta(hours=30)),
            incident(f"i{one}", at, deployment=f"d{one}"),
            change(f"c{one}", at, ticket="T", deployment=f"d{one}"),
            vulnerability(f"v{one}", "high", at, fixed_at=at if one % 2 else None),
            reading(f"r{one}", 70, 100, at),
        ]
    store(system, records, origin=Origin.FILE)
    days_recount()


def test_without_systems_the_page_says_how_to_begin(client, member):
    page = client.get(address("metrics", member.organization)).content.decode()

    assert "No system is watched yet" in page
    assert address("system_create", member.organization) in page


def test_a_system_without_records_says_how_to_begin(client, member):
    system = make_system(member.organization)

    page = client.get(address("system", member.organization, system.pk)).content.decode()

    assert "No data yet: how to begin" in page
    assert "me-figure" not in page


def test_three_deployments_are_too_few_to_say_and_grade_nobody(client, member):
    system = make_system(member.organization)
    told(system, 3)

    page = client.get(address("system", member.organization, system.pk)).content.decode()

    rate = page.split('id="change_fail_rate"')[1].split("</section>")[0]
    assert "Too few to say" in rate
    assert "0 of 3 deployments" in rate
    assert "0%" not in rate.split("me-card__chart")[0]
    assert not re.search(r"\b(elite|high|low) performer|\belite\b", page, re.IGNORECASE)


def test_each_figure_has_its_definition_and_source(client, member):
    system = make_system(member.organization)
    told(system, 10)

    page = client.get(address("system", member.organization, system.pk)).content.decode()

    assert page.count("<cite>") >= 8
    assert "DORA’s software delivery performance metrics" in page
    assert "Too few to say" not in page.split('id="lead_time"')[1].split("</section>")[0]


def test_a_vendors_system_says_that_tickets_time_it(client, member):
    system = make_system(member.organization, is_vendor_managed=True)
    at = timezone.now() - timedelta(days=2)
    opened = at - timedelta(days=30)
    release = deployment("r1", at, committed_at=opened, is_by_ticket=True)
    store(system, [release], origin=Origin.FORM)
    days_recount()

    page = client.get(address("system", member.organization, system.pk)).content.decode()

    assert "from the opening of the change ticket" in page
    assert "1 of 1 are timed by their change tickets." in page


@pytest.mark.parametrize("asked", ["4", "52", "nonsense", "-1", "5", "²"])
def test_the_window_is_in_the_address(client, member, asked):
    system = make_system(member.organization)
    told(system, 2)
    here = address("system", member.organization, system.pk)

    page = client.get(here, {"weeks": asked}).content.decode()

    chosen = asked if asked in ("4", "52") else "12"
    assert f'href="?weeks={chosen}" aria-current="true"' in page


@pytest.mark.parametrize("name", ["metrics", "system", "records"])
def test_no_page_makes_more_queries_as_records_grow(
    client, member, django_assert_max_num_queries, name
):
    organization = member.organization
    few = make_system(organization)
    told(few, 2)
    arguments = {"metrics": [], "system": [few.pk], "records": [few.pk, "incidents"]}[name]
    here = address(name, organization, *arguments)
    with django_assert_max_num_queries(16) as counted:
        client.get(here)
    before = len(counted)

    told(few, 40)
    for _more in range(3):
        told(make_system(organization), 3)

    with django_assert_max_num_queries(before):
        client.get(here)


def test_a_person_confirms_a_cause_and_it_counts(client, member):
    organization = member.organization
    system = make_system(organization)
    told(system, 8)
    row = Incident.objects.get(external_id="i0")
    here = address("cause", organization, system.pk, row.pk)

    done = client.post(here, {"verdict": "yes", "deployment": row.deployment_id})
    days_recount()

    row.refresh_from_db()
    assert done.status_code == 302
    assert (row.link, row.link_by) == (LinkState.CONFIRMED, member.user)
    assert AuditEntry.objects.filter(verb="incident.cause_confirmed").count() == 1
    page = client.get(address("system", organization, system.pk)).content.decode()
    assert "1 of 8" in page


def test_a_cause_of_another_system_is_refused(client, member):
    organization = member.organization
    ours, other = make_system(organization), make_system(organization)
    told(ours, 1)
    told(other, 1)
    row = Incident.objects.get(system=ours)
    foreign = other.deployments.get()

    here = address("cause", organization, ours.pk, row.pk)
    answer = client.post(here, {"verdict": "yes", "deployment": foreign.pk})

    assert answer.status_code == 422
    assert "Choose the deployment that caused it." in answer.content.decode()


@pytest.mark.parametrize(
    ("show", "expected"),
    [("", {"d0", "d1", "d2"}), ("failed", {"d0", "d1"}), ("untimed", {"d2"}), ("odd", None)],
)
def test_records_behind_a_figure_can_be_narrowed(client, member, show, expected):
    system = make_system(member.organization)
    at = timezone.now() - timedelta(days=1)
    early = at - timedelta(hours=2)
    records = [
        deployment("d0", at, result="failed", committed_at=early),
        deployment("d1", at, committed_at=early),
        deployment("d2", at),
        incident("i1", at, deployment="d1"),
        incident("i2", at, deployment="d1"),
    ]
    store(system, records, origin=Origin.FILE)
    Incident.objects.update(link=LinkState.CONFIRMED)

    here = address("records", member.organization, system.pk, "deployments")
    rows = client.get(here, {"show": show}).context["shown"].rows

    assert sorted(row.external_id for row in rows) == sorted(expected or {"d0", "d1", "d2"})


def test_unknown_kinds_of_records_do_not_exist(client, member):
    system = make_system(member.organization)

    answer = client.get(address("records", member.organization, system.pk, "secrets"))

    assert answer.status_code == 404


def test_a_system_gets_a_key_of_its_own(client, member):
    organization = member.organization
    for _twice in range(2):
        client.post(address("system_create", organization), {"name": "Patient portal"})

    assert sorted(System.objects.values_list("key", flat=True)) == [
        "patient-portal",
        "patient-portal-2",
    ]


def test_a_taken_key_is_an_error_and_nothing_typed_is_lost(client, member):
    organization = member.organization
    make_system(organization, key="portal")
    entered = {"name": "Other", "key": "portal", "lead_time-target": "72"}

    answer = client.post(address("system_create", organization), entered)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Another system has this short name." in page
    assert 'value="72' in page


def test_aims_are_kept_and_shown(client, member):
    organization = member.organization
    system = make_system(organization)
    told(system, 9)
    here = address("system_edit", organization, system.pk)
    seen = client.get(here).context["seen"]
    entered = {
        "name": system.name,
        "seen": seen,
        "lead_time-baseline": "60",
        "lead_time-from": "2026-01-05",
        "lead_time-until": "2026-03-29",
        "lead_time-target": "24",
        "limit-high": "30",
    }

    client.post(here, entered)

    system.refresh_from_db()
    assert system.targets == {"lead_time": 24.0}
    assert system.fix_limits == {"high": 30}
    baseline = {"value": 60.0, "from": "2026-01-05", "until": "2026-03-29", "note": ""}
    assert system.baselines == {"lead_time": baseline}
    page = client.get(address("system", organization, system.pk)).content.decode()
    assert "Target 24 hours: not met in this window" in page
    assert "50% less than then" in page


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({"change_fail_rate-target": "120"}, "A percentage is 100 at most."),
        ({"lead_time-baseline": "3", "lead_time-from": "2026-01-05"}, "Give both days"),
        (
            {
                "lead_time-baseline": "3",
                "lead_time-from": "2026-02-01",
                "lead_time-until": "2026-01-01",
            },
            "The last day lies before the first one.",
        ),
        ({"limit-high": "0"}, "greater than or equal to 1"),
        ({"lead_time-target": "NaN"}, "Enter a number."),
    ],
)
def test_impossible_aims_are_refused(client, member, entered, message):
    answer = client.post(
        address("system_create", member.organization), {"name": "Portal", **entered}
    )

    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_someone_elses_newer_save_is_shown_and_not_overwritten(client, member):
    organization = member.organization
    system = make_system(organization, name="Portal")
    here = address("system_edit", organization, system.pk)
    seen = client.get(here).context["seen"]
    system_update(system=system, user=None, note="Theirs")

    answer = client.post(here, {"name": "Mine", "seen": seen})

    system.refresh_from_db()
    assert answer.status_code == 409
    assert (system.name, system.note) == ("Portal", "Theirs")
    assert "Theirs" in answer.content.decode()
    again = {"name": "Mine", "seen": answer.context["seen"]}
    assert client.post(here, again).status_code == 302


def test_systems_of_the_assessment_are_offered(client, member):
    organization = member.organization
    rows = [
        {"name": "Parking", "tier": "4", "deploy": "manual"},
        {"name": "Record", "tier": "1", "deploy": "vendor"},
        {"name": "Watched", "tier": "2", "deploy": "manual"},
    ]
    make_snapshot_with_systems(organization, rows)
    make_system(organization, name="watched")
    here = address("system_create", organization)

    offers = client.get(here).context["offers"]
    client.post(here, {"offered": "yes", "name": ["Record", "Not offered"]})

    assert [offer.name for offer in offers] == ["Record", "Parking"]
    made = System.objects.get(name="Record")
    assert (made.tier, made.is_vendor_managed) == (1, True)
    assert System.objects.count() == 2


def make_snapshot_with_systems(organization, rows):
    from assessments.domain.answers import Answer, AnswerState
    from assessments.services import assessment_import, assessment_submit
    from tests.roadmap.factories import hospital_answers

    table = Answer(AnswerState.ANSWERED, value=tuple(rows))
    assessment = assessment_import(
        organization=organization,
        user=None,
        name="Autumn",
        answers={**hospital_answers(), "T1": table},
    )
    return assessment_submit(assessment=assessment, user=None)


def test_indicators_from_care_stand_beside_the_figures(client, member):
    organization = member.organization
    make_snapshot(organization)
    make_system(organization)

    page = client.get(address("metrics", organization)).content.decode()

    assert "Your newest assessment names none (question Q6.09)." in page


def test_an_ended_system_leaves_the_list_and_keeps_its_records(client, member):
    system = make_system(member.organization)
    told(system, 1)
    here = address("system_end", member.organization, system.pk)

    client.post(here)

    page = client.get(address("metrics", member.organization))
    assert (page.context["rows"], page.context["ended"]) == ([], [system])
    assert system.deployments.count() == 1
    client.post(here, {"resume": "yes"})
    system.refresh_from_db()
    assert system.ended_at is None


def test_a_strangers_system_does_not_exist(client, member):
    foreign = make_system(make_organization())

    for name in ("system", "system_edit"):
        answer = client.get(address(name, member.organization, foreign.pk))
        assert answer.status_code == 404


def test_the_history_names_the_aim_that_changed(client, member):
    system = make_system(member.organization, targets={"lead_time": 48.0, "coverage": 60.0})
    told(system, 1)
    targets = {"lead_time": 24.0, "coverage": 60.0}
    system_update(system=system, user=member.user, targets=targets)

    page = client.get(address("system", member.organization, system.pk)).content.decode()

    assert AuditEntry.objects.get(verb="system.changed").detail == {
        "targets.lead_time": [48.0, 24.0]
    }
    assert "changed the system" in page
    assert "target: Change lead time" in page


def test_on_a_sunday_the_week_that_is_not_over_has_no_point():
    system = make_system()
    store(system, [deployment(f"d{n}", NOON + n * DAY) for n in range(30)], origin=Origin.FILE)
    days_recount()
    sunday = date(2026, 11, 22)

    page = system_page(system, sunday, 12)
    small = overview_rows([system], sunday, 12)[0].smalls[0]

    assert page.cards[0].weeks[0].monday == date(2026, 11, 9)
    assert page.chart_weeks == len(small.chart.dots) == 2


def test_a_number_that_no_record_can_have_is_no_error(client, member):
    system = make_system(member.organization)
    store(system, [incident("i1")], origin=Origin.FORM)
    here = address("cause", member.organization, system.pk, Incident.objects.get().pk)

    answer = client.post(here, {"verdict": "yes", "deployment": "9" * 5000})

    assert answer.status_code == 422
    page = address("metrics", member.organization)
    assert client.get(page, {"weeks": "9" * 5000}).status_code == 200
