"""Clients started from templates: a copy that no later change reaches."""

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Engagement, Invitation, Organization
from assessments.models import Answer, Assessment
from assessments.services import assessment_submit
from desk.forms import PeopleField
from desk.models import ClientStart, ClientTemplate
from desk.services.templates import constraints_worth_sharing
from reports.models import ReportTemplate
from roadmap.domain.constraints.stated import (
    Constraints,
    Deadline,
    Freeze,
    Staffing,
    constraints_from_json,
    constraints_to_json,
)
from roadmap.models import Scenario
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_scenario

pytestmark = pytest.mark.django_db
HOLIDAY = date(2027, 5, 6)


@pytest.fixture
def consultant():
    return make_member(make_organization(advises=True), Role.EDITOR)


def url(consultant, name, *args):
    return reverse(f"desk:{name}", args=[consultant.organization.slug, *args])


def template_of(client, consultant, **values):
    data = {
        "name": "Clinic",
        "kind": "clinic_group",
        "time_zone": "America/Chicago",
        "people": "ann@elm.example editor\nbob@elm.example",
        "P.05-value": "we_onprem",
        "P.02-value": ["hipaa_covered_entity"],
        "version": "0",
    }
    answer = client.post(url(consultant, "template_new"), data | values)
    assert answer.status_code == 302, answer.context["form"].errors
    return ClientTemplate.objects.get(name=data["name"])


def start(client, consultant, template, **values):
    data = {
        "template": template.pk,
        "name": "Elm Clinic",
        "kind": "clinic_group",
        "time_zone": "America/Chicago",
    }
    return client.post(url(consultant, "start"), data | values)


def test_client_begins_with_what_the_template_knows(
    client, consultant, django_capture_on_commit_callbacks
):
    client.force_login(consultant.user)
    report = ReportTemplate.objects.create(
        organization=consultant.organization, name="Board", choices={"document": "board"}
    )
    template = template_of(client, consultant, report_template=report.pk)

    with django_capture_on_commit_callbacks(execute=True):
        found = start(client, consultant, template, people="ann@elm.example owner")

    house = Organization.objects.get(name="Elm Clinic")
    assert found.url == url(consultant, "client", house.slug)
    assert Engagement.objects.get(client=house).is_founding
    draft = Assessment.objects.get(organization=house)
    given = dict(Answer.objects.filter(assessment=draft).values_list("question_id", "value"))
    assert (given["P.01"], given["P.05"]) == ("clinic_group", "we_onprem")
    begun = ClientStart.objects.get(client=house)
    assert (begun.report_choices, begun.template_name) == ({"document": "board"}, "Clinic")
    theirs = ReportTemplate.objects.get(organization=house)
    assert (theirs.name, theirs.is_start, theirs.chosen.document) == ("Board", True, "board")
    assert list(Invitation.objects.values_list("email", "role")) == [("ann@elm.example", "owner")]
    assert [one.to for one in mail.outbox] == [["ann@elm.example"]]
    assert set(template.profile) == {"P.02", "P.05"}


def test_later_changes_touch_nobody(client, consultant):
    client.force_login(consultant.user)
    template = template_of(client, consultant)
    start(client, consultant, template)
    before = list(Answer.objects.order_by("pk").values()), list(ClientStart.objects.values())

    template_of(client, consultant, name="Other", **{"P.05-value": ""})
    data = {"name": "New name", "kind": "hospital", "time_zone": "UTC", "version": "1"}
    assert client.post(url(consultant, "template", template.pk), data).status_code == 302
    client.post(url(consultant, "template_delete", template.pk))

    after = list(Answer.objects.order_by("pk").values()), list(ClientStart.objects.values())
    assert after == before


def test_somebody_elses_newer_template_is_not_overwritten(client, consultant):
    client.force_login(consultant.user)
    template = template_of(client, consultant)
    data = {"name": "Mine", "kind": "hospital", "time_zone": "UTC", "version": "1"}
    client.post(url(consultant, "template", template.pk), data)

    late = client.post(url(consultant, "template", template.pk), data | {"name": "Late"})

    assert late.status_code == 409
    assert "Late" in late.content.decode()
    template.refresh_from_db()
    assert template.name == "Mine"


def test_name_is_taken_once(client, consultant):
    client.force_login(consultant.user)
    template_of(client, consultant)
    data = {"name": "Clinic", "kind": "hospital", "time_zone": "UTC", "version": "0"}

    found = client.post(url(consultant, "template_new"), data)

    assert (found.status_code, ClientTemplate.objects.count()) == (422, 1)


TWO = [("a@b.example", "editor"), ("c@d.example", "owner")]


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("a@b.example", [("a@b.example", "contributor")]),
        ("a@b.example, editor\n\n c@d.example OWNER ", TWO),
        ("nobody", None),
        ("a@b.example emperor", None),
        ("\n".join(f"p{n}@b.example" for n in range(21)), None),
    ],
)
def test_people_are_read_line_by_line(typed, people):
    field = PeopleField(required=False)
    if people is None:
        with pytest.raises(ValidationError):
            field.clean(typed)
    else:
        assert [(one["email"], one["role"]) for one in field.clean(typed)] == people


def test_calendar_is_taken_without_what_is_the_clients_own():
    whole = Constraints(
        start=date(2027, 1, 4),
        holidays=frozenset({HOLIDAY}),
        country="US",
        wip_limit=4,
        role_fte={"OPS": 2.0},
        freezes=(Freeze(HOLIDAY, HOLIDAY, reason="Our merger", roles=("OPS",)),),
        staffing=(Staffing("OPS", 1.0, HOLIDAY, reason="Jo joins"),),
        budget=9.0,
        day_rates={"OPS": 7.0},
        deadlines=(Deadline(HOLIDAY, reason="The court"),),
        targets={"STEP-1": 4},
    )
    house = make_organization()
    scenario = make_scenario(house)
    Scenario.objects.filter(pk=scenario.pk).update(constraints=constraints_to_json(whole))

    shared = constraints_from_json(constraints_worth_sharing(house))

    assert shared == Constraints(
        holidays=frozenset({HOLIDAY}),
        country="US",
        wip_limit=4,
        freezes=(Freeze(HOLIDAY, HOLIDAY),),
    )


def test_first_plan_has_the_templates_calendar(client, consultant):
    client.force_login(consultant.user)
    template = template_of(client, consultant)
    shared = Constraints(holidays=frozenset({HOLIDAY}), wip_limit=3)
    ClientTemplate.objects.update(constraints=constraints_to_json(shared))
    start(client, consultant, template)
    house = Organization.objects.get(name="Elm Clinic")
    page = client.get(url(consultant, "client", house.slug)).content.decode()
    assert "Make the first plan" not in page
    assessment_submit(assessment=Assessment.objects.get(organization=house), user=consultant.user)
    page = client.get(url(consultant, "client", house.slug)).content.decode()
    assert "Make the first plan" in page

    wrong = client.post(url(consultant, "plan", house.slug), {"start_on": "soon"})
    assert wrong.status_code == 422
    client.post(url(consultant, "plan", house.slug), {"start_on": "2027-02-01"})

    stated = constraints_from_json(Scenario.objects.get(organization=house).constraints)
    assert (stated.holidays, stated.wip_limit) == (frozenset({HOLIDAY}), 3)
    assert stated.start == date(2027, 2, 1)


def test_plan_needs_the_clients_roadmap_to_be_open(client, consultant):
    engagement = make_engagement(consultancy=consultant.organization, role=Role.VIEWER)
    client.force_login(consultant.user)
    address = url(consultant, "plan", engagement.client.slug)

    assert client.post(address, {"start_on": "2027-02-01"}).status_code == 403
    Engagement.objects.update(until=date(2020, 1, 1))
    assert client.post(address, {"start_on": "2027-02-01"}).status_code == 404


def test_every_line_of_people_that_is_wrong_is_named_at_once():
    with pytest.raises(ValidationError) as refused:
        PeopleField().clean("nobody\nann@elm.example editor\nbob@elm.example boss")

    assert len(refused.value.messages) == 2
