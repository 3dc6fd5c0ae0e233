"""The basic pages of plans on trial: list, begin, copy, rename, delete, renew, adopt, compare."""

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from roadmap.models import Roadmap, Scenario
from roadmap.services import scenario_adopt
from roadmap.services.scenarios.making import (
    Change,
    scenario_constrain,
    scenario_copy,
    scenario_decide,
)
from tests.factories import make_organization
from tests.roadmap.factories import make_scenario, make_snapshot, plan_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def url(name, organization, *args):
    return reverse(f"scenarios:{name}", args=[organization.slug, *args])


def shown(response) -> str:
    return unescape(response.content.decode())


def test_new_plan_shows_its_preview_with_what_the_profile_proposes(client, member):
    snapshot = make_snapshot(member.organization)
    data = {"name": "Autumn", "snapshot": snapshot.pk, "start_on": "2027-01-04"}

    response = client.post(url("create", member.organization), data, follow=True)

    made = Scenario.objects.get()
    assert response.redirect_chain[0][0] == url("detail", member.organization, made.pk)
    assert "Autumn" in shown(response)
    assert made.created_by == member.user
    # The demo hospital is American, so its calendar is.
    assert made.constraints["country"] == "US"
    assert "2027-12-24" in made.constraints["holidays"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"start_on": "soon"},
        {"start_on": "1812-01-01"},
        {"name": "x" * 151},
        {"snapshot": "0"},
    ],
)
def test_new_plan_refuses_bad_input_and_keeps_it(client, member, change):
    snapshot = make_snapshot(member.organization)
    data = {"name": "Autumn", "snapshot": snapshot.pk, "start_on": "2027-01-04", **change}

    response = client.post(url("create", member.organization), data)

    assert response.status_code == 422
    assert not Scenario.objects.exists()
    assert 'value="Autumn"' in shown(response) or "name" in change


def test_new_plan_refuses_another_organizations_assessment(client, member):
    theirs = make_snapshot(make_organization())
    make_snapshot(member.organization)
    data = {"name": "Autumn", "snapshot": theirs.pk, "start_on": "2027-01-04"}

    assert client.post(url("create", member.organization), data).status_code == 422
    assert not Scenario.objects.exists()


def test_old_address_of_a_new_roadmap_leads_to_a_new_plan(client, member):
    old = reverse("roadmap:create", args=[member.organization.slug])

    response = client.get(f"{old}?snapshot=3")

    assert response.headers["Location"] == url("create", member.organization) + "?snapshot=3"


def test_lists_name_each_plan_with_its_finish_and_whether_it_is_adopted(client, member):
    roadmap = plan_roadmap(member.organization, name="Agreed one")
    trial = scenario_copy(scenario=roadmap.scenario, user=None, name="Other one")
    trial.forecast = {"finish": {"p50": "2031-01-02", "p80": "2031-05-06", "p95": "2031-07-08"}}
    trial.forecast_hash = trial.input_hash
    trial.save()

    for address in (
        url("list", member.organization),
        reverse("roadmap:list", args=[member.organization.slug]),
    ):
        page = shown(client.get(address))
        assert "Agreed one" in page
        assert "Other one" in page
        assert page.count("Adopted</span>") == 1
        assert "four in five by 6 May 2031" in page
        assert page.count("no forecast yet") == 1


def test_lists_cost_the_same_queries_for_one_plan_and_for_many(
    client, member, django_assert_num_queries
):
    scenario = make_scenario(member.organization)
    client.get(url("list", member.organization))
    with django_assert_num_queries(7):
        client.get(url("list", member.organization))
    for _ in range(5):
        scenario_copy(scenario=scenario, user=None)
    with django_assert_num_queries(7):
        client.get(url("list", member.organization))


def test_planning_again_under_way_keeps_the_past_where_it_was(client, member):
    roadmap = plan_roadmap(member.organization, name="Agreed one", start_on=date(2026, 2, 2))
    first, second = roadmap.initiatives.filter(kind="action").order_by("start_on")[:2]
    roadmap.initiatives.filter(pk=first.pk).update(status="done")
    dropped = roadmap.initiatives.filter(kind="action").last()
    roadmap.initiatives.filter(pk=dropped.pk).update(status="dropped")

    response = client.post(url("copy", member.organization, roadmap.scenario_id), follow=True)

    again = Scenario.objects.get(based_on=roadmap.scenario)
    planned = {i["id"]: i for i in again.plan["initiatives"]}
    assert "This plan goes on from “Agreed one”" in shown(response)
    assert planned[first.initiative_id]["start"] == first.start_on.isoformat()
    assert dropped.initiative_id not in planned
    begun = [i["id"] for i in planned.values() if i["start"] < date.today().isoformat()]
    assert begun == [first.initiative_id]
    assert second.initiative_id in again.decisions["earliest"]


def test_copy_rename_and_delete(client, member):
    scenario = make_scenario(member.organization, name="First")

    client.post(url("copy", member.organization, scenario.pk))
    copy = Scenario.objects.get(based_on=scenario)
    client.post(url("rename", member.organization, copy.pk), {"name": "  Second "})
    refused = client.post(url("rename", member.organization, copy.pk), {"name": " "})
    assert "for good" in shown(client.get(url("delete", member.organization, scenario.pk)))
    client.post(url("delete", member.organization, scenario.pk))

    assert refused.status_code == 422
    assert [s.name for s in Scenario.objects.all()] == ["Second"]


def test_adopted_plan_is_not_deleted(client, member):
    scenario = plan_roadmap(member.organization).scenario

    page = client.get(url("delete", member.organization, scenario.pk))
    response = client.post(url("delete", member.organization, scenario.pk), follow=True)

    assert "so it stays" in shown(page)
    assert "became a roadmap" in shown(response)
    assert Scenario.objects.filter(pk=scenario.pk).exists()


def test_adopting_says_what_it_changes_before_it_does(client, member):
    roadmap = plan_roadmap(member.organization, name="Agreed one")
    started = roadmap.initiatives.first()
    roadmap.initiatives.filter(pk=started.pk).update(status="in_progress")
    trial = scenario_copy(scenario=roadmap.scenario, user=None)
    gone = roadmap.initiatives.filter(kind="action").last()
    left_out = Change("exclude", gone.initiative_id, {"reason": "The vendor does it."})
    scenario_decide(scenario=trial, user=None, version=0, change=left_out)
    here = url("adopt", member.organization, trial.pk)

    page = shown(client.get(here))
    adopted = client.post(here, {"name": "Second", "version": 1}, follow=True)

    assert "There is no forecast yet" in page
    assert "What changes against “Agreed one”" in page
    assert f"{gone.initiative_id} {gone.title}" in page
    assert "Progress of 1 initiative is carried over" in page
    made = Roadmap.objects.get(name="Second")
    assert adopted.redirect_chain[0][0].endswith(f"/roadmaps/{made.pk}/")
    assert made.initiatives.get(initiative_id=started.initiative_id).status == "in_progress"
    assert url("detail", member.organization, trial.pk) in shown(adopted)


def test_adopting_shows_ranges_once_there_is_a_forecast(client, member):
    scenario = make_scenario(member.organization)
    scenario.forecast = {"finish": {"p50": "2031-01-02", "p80": "2031-05-06", "p95": "2031-07-08"}}
    scenario.forecast_hash = scenario.input_hash
    scenario.save()

    page = shown(client.get(url("adopt", member.organization, scenario.pk)))

    assert "Four chances in five to be finished by 6 May 2031." in page
    assert "no forecast" not in page


def test_adopting_what_changed_meanwhile_asks_to_look_again(client, member):
    scenario = make_scenario(member.organization)
    id = scenario.plan["initiatives"][-1]["id"]
    ann = Change("people", id, {"names": ["Ann"]})
    scenario_decide(scenario=scenario, user=None, version=0, change=ann)

    here = url("adopt", member.organization, scenario.pk)
    response = client.post(here, {"name": "Mine", "version": 0})

    assert response.status_code == 409
    assert "Somebody changed this plan" in shown(response)
    assert not Roadmap.objects.exists()


def test_plan_of_an_older_planner_is_not_adopted(client, member):
    scenario = make_scenario(member.organization)
    scenario.input_hash = "0" * 64
    scenario.save()

    here = url("adopt", member.organization, scenario.pk)
    response = client.post(here, {"name": "Mine", "version": 0})

    assert response.status_code == 409
    assert "has to be made again" in shown(response)


def test_newer_answers_make_another_plan_and_show_what_is_different(client, member):
    scenario = make_scenario(member.organization)
    newer = make_snapshot(member.organization, name="Spring review")

    data = {"name": "Anew", "snapshot": newer.pk}
    response = client.post(url("refresh", member.organization, scenario.pk), data, follow=True)

    made = Scenario.objects.get(name="Anew")
    assert (made.snapshot, made.based_on) == (newer, scenario)
    assert response.redirect_chain[0][0] == url("diff", member.organization, made.pk)
    assert "Every initiative and gate has the same dates" in shown(response)


def test_difference_names_what_moved_and_what_fell_out(client, member):
    scenario = make_scenario(member.organization)
    entry = next(i for i in scenario.plan["initiatives"] if i["kind"] == "action")
    copy = scenario_copy(scenario=scenario, user=None)
    change = Change("earliest", entry["id"], {"day": "2028-06-05"})
    scenario_decide(scenario=copy, user=None, version=0, change=change)

    page = shown(client.get(url("diff", member.organization, copy.pk)))
    other = client.get(url("diff", member.organization, copy.pk), {"to": "999999"})

    assert f"{entry['id']} {entry['title']}" in page
    assert "later" in page
    assert other.status_code == 404


def test_plan_says_when_there_are_newer_answers(client, member):
    scenario = make_scenario(member.organization)
    here = url("detail", member.organization, scenario.pk)
    assert "There are newer answers" not in shown(client.get(here))

    make_snapshot(member.organization, name="Spring review")

    page = shown(client.get(here))
    assert "“Spring review” was submitted on" in page
    assert url("refresh", member.organization, scenario.pk) in page


def test_plan_says_when_its_country_has_holidays_it_does_not_know_and_moves_nothing(client, member):
    snapshot = make_snapshot(member.organization)
    data = {"name": "Autumn", "snapshot": snapshot.pk, "start_on": "2027-01-04"}
    client.post(url("create", member.organization), data)
    scenario = Scenario.objects.get()
    declined = replace(
        scenario.to_constraints(),
        holidays=scenario.to_constraints().holidays - {date(2027, 5, 31)},
    )
    working = scenario_constrain(scenario=scenario, constraints=declined, name="", user=None)
    # As if the country had made a holiday of it only after this plan was made.
    scenario.constraints["holidays"].remove("2027-05-31")
    scenario.save()

    told = shown(client.get(url("detail", member.organization, scenario.pk)))
    wanted_so = shown(client.get(url("detail", member.organization, working.pk)))

    assert "31 May 2027 (Memorial Day)" in told
    assert "Public holidays that" not in wanted_so
    assert Scenario.objects.get(pk=scenario.pk).plan == scenario.plan


def test_home_page_leads_to_the_plan_on_trial_until_one_is_adopted(client, member):
    scenario = make_scenario(member.organization, name="Way to 2028")
    home = reverse("accounts:organization_home", args=[member.organization.slug])

    on_trial = shown(client.get(home))
    scenario_adopt(scenario=scenario, user=None)
    adopted = shown(client.get(home))

    assert "“Way to 2028” is on trial" in on_trial
    assert "is on trial" not in adopted
