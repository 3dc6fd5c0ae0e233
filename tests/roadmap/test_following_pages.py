"""The progress page: the sentence first, what is late, the charts, another plan in one click."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from roadmap.models import ProgressForecast, ProgressSnapshot, Roadmap, Scenario
from roadmap.pages.finish import chances_sentence, finish_sentence, kept_sentence
from roadmap.services.following.asking import forecast_ask
from roadmap.services.roadmaps import scenario_adopt
from roadmap.services.scenarios.making import scenario_copy
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap, make_scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    found = make_member(role=Role.EDITOR)
    client.force_login(found.user)
    return found


def address(roadmap, name="progress"):
    return reverse(f"roadmap:{name}", args=[roadmap.organization.slug, roadmap.pk])


def forecast(roadmap):
    job = forecast_ask(roadmap=roadmap, cause="night")
    run_job(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE
    return ProgressForecast.objects.filter(roadmap=roadmap).first()


def with_history(roadmap, weeks=5):
    now = forecast(roadmap)
    for week in range(1, weeks):
        on = now.as_of - timedelta(weeks=week)
        days = (now.expected_on - timedelta(days=week), now.p50_on, now.p80_on)
        ProgressForecast.objects.create(
            roadmap=roadmap,
            as_of=on,
            cause="night",
            input_hash="x",
            expected_on=days[0],
            p50_on=days[1],
            p80_on=days[2],
            document=now.document,
            made_at=timezone.now(),
        )
        ProgressSnapshot.objects.create(
            roadmap=roadmap,
            week_on=on - timedelta(days=on.weekday()),
            taken_on=on,
            total_days=10 + week,
            planned_days=5,
            done_days=5 - week,
            expected_on=days[0],
            p50_on=days[1],
            p80_on=days[2],
            figures={"agreed": now.document["finish"]["baseline"]},
        )
    return now


def test_the_first_day_says_what_will_come(client, member):
    page = client.get(address(make_roadmap(member.organization))).content.decode()
    assert "No forecast yet" in page
    assert "Once a week" in page
    assert "From the second week on" in page


def test_it_begins_with_one_sentence(client, member):
    roadmap = make_roadmap(member.organization)
    found = forecast(roadmap)
    page = client.get(address(roadmap)).content.decode()
    assert finish_sentence(found.document["finish"]) in page
    assert "four chances in five by" in page
    assert page.index("An even chance to end by") < page.index("<h2")
    assert kept_sentence(found.document["finish"]) in page


@pytest.mark.parametrize(
    ("agreed", "words"),
    [
        (
            "2027-04-30",
            "Keeping 14 May 2027 has about one chance in five; keeping the agreed 30 April 2027 "
            "has less than one chance in 40.",
        ),
        ("2027-05-14", "Keeping 14 May 2027, the day agreed, has about one chance in five."),
    ],
)
def test_the_chances_name_the_days_they_are_of(agreed, words):
    finish = {
        "expected": "2027-05-14",
        "baseline": agreed,
        "chance_expected": 0.2,
        "chance_agreed": 0.2 if agreed == "2027-05-14" else 0.0,
        "actual": None,
    }
    assert kept_sentence(finish) == words
    assert kept_sentence({**finish, "chance_expected": None, "chance_agreed": None}) == ""
    assert kept_sentence({**finish, "actual": "2027-05-14"}) == ""


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (12, "12 working days later than agreed"),
        (-1, "1 working day earlier"),
        (0, "the day agreed"),
    ],
)
def test_the_sentence_says_how_much_later(slip, words):
    finish = {
        "expected": "2027-05-14",
        "p50": "2027-05-20",
        "p80": "2027-06-02",
        "slip": slip,
        "actual": None,
    }
    assert words in finish_sentence(finish)
    assert "14 May 2027" in finish_sentence(finish)


def test_what_is_late_is_named_with_what_it_pushes_and_why(client, member):
    roadmap = make_roadmap(member.organization)
    roadmap.initiatives.filter(initiative_id="A1").update(
        status="in_progress",
        started_on=date(2026, 1, 1),
        remaining_days=90,
        blocked_because="<b>The vendor is silent</b>",
        blocked_at=timezone.now(),
    )
    forecast(roadmap)
    page = client.get(address(roadmap)).content.decode()
    assert "It pushes 2 others" in page
    assert "It is blocked since" in page
    assert "&lt;b&gt;The vendor is silent" in page
    assert "Without its delay the whole would end" in page


def test_history_is_drawn_and_told(client, member):
    roadmap = make_roadmap(member.organization)
    with_history(roadmap)
    page = client.get(address(roadmap)).content.decode()
    assert "Effort week by week as a table" in page
    assert "Forecasts as a table" in page
    assert "the finish was expected on" in page
    assert page.count("<svg") >= 4


def test_a_failed_forecast_says_why(client, member):
    roadmap = make_roadmap(member.organization)
    job = forecast_ask(roadmap=roadmap, cause="asked")
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="It cannot be scheduled.")
    assert "It cannot be scheduled." in client.get(address(roadmap)).content.decode()


def test_an_older_roadmap_says_that_it_is_no_longer_forecast(client, member):
    old = make_roadmap(member.organization)
    newer = make_roadmap(member.organization)
    page = client.get(address(old)).content.decode()
    assert newer.name in page
    assert "Forecast now" not in page
    client.post(address(old, "forecast_now"))
    assert not Job.objects.exists()


def test_forecast_now_asks_once(client, member):
    roadmap = make_roadmap(member.organization)
    for _ in range(2):
        assert client.post(address(roadmap, "forecast_now")).status_code == 302
    assert Job.objects.filter(kind="roadmap.follow").count() == 1
    assert "is being made" in client.get(address(roadmap)).content.decode()


def test_the_page_costs_the_same_for_few_and_for_many(client, member):
    counts = []
    for initiatives, weeks in ((3, 3), (120, 30)):
        roadmap = make_roadmap(member.organization, initiatives=initiatives)
        with_history(roadmap, weeks)
        client.get(address(roadmap))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(roadmap))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_plan_again_makes_a_trial_and_shows_its_difference(client, member):
    scenario = make_scenario(member.organization, start_on=date.today())
    roadmap = scenario_adopt(scenario=scenario, user=None)
    answer = client.post(address(roadmap, "plan_again"))
    made = Scenario.objects.first()
    assert made.based_on == scenario
    assert answer.url == reverse("scenarios:diff", args=[member.organization.slug, made.pk])


def test_a_roadmap_without_a_plan_is_planned_anew(client, member):
    roadmap = make_roadmap(member.organization)
    answer = client.post(address(roadmap, "plan_again"))
    assert answer.url == reverse("scenarios:create", args=[member.organization.slug])


def adopted_twice(organization):
    scenario = make_scenario(organization, start_on=date.today())
    first = scenario_adopt(scenario=scenario, user=None)
    agreed = date(2026, 1, 5)
    first.initiatives.update(baseline_finish_on=agreed)
    return first, scenario_copy(scenario=scenario, user=None), agreed


def test_adopting_again_keeps_the_agreed_dates_or_agrees_on_new_ones(client, member):
    first, again, agreed = adopted_twice(member.organization)
    url = reverse("scenarios:adopt", args=[member.organization.slug, again.pk])
    data = {"name": "Second", "version": again.version, "baseline": "new", "reason": " "}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "Say in a sentence why" in refused.content.decode()
    client.post(url, {**data, "baseline": "keep"})
    second = Roadmap.objects.first()
    assert second.baseline_of == first
    assert set(second.initiatives.values_list("baseline_finish_on", flat=True)) == {agreed}
    third = scenario_copy(scenario=again, user=None)
    url = reverse("scenarios:adopt", args=[member.organization.slug, third.pk])
    client.post(url, {**data, "version": third.version, "reason": "The vendor changed."})
    newest = Roadmap.objects.first()
    assert newest.baseline_of is None
    assert newest.baseline_note == "The vendor changed."
    assert agreed not in set(newest.initiatives.values_list("baseline_finish_on", flat=True))
    assert newest.forecast_job is not None


def test_adopting_says_first_what_was_reported_after_the_plan_was_made(client, member):
    first, again, _agreed = adopted_twice(member.organization)
    url = reverse("scenarios:adopt", args=[member.organization.slug, again.pk])
    assert "Since this plan was made" not in client.get(url).content.decode()
    begun = first.initiatives.first()
    first.initiatives.filter(pk=begun.pk).update(status="in_progress", updated_at=timezone.now())
    page = client.get(url).content.decode()
    assert "something was reported of 1 initiative" in page
    assert page.index("Since this plan was made") < page.index("When it would be finished")
    assert address(first, "plan_again") in page


def test_adopting_says_why_the_percentage_is_another_one(client, member):
    first, again, _agreed = adopted_twice(member.organization)
    extra = first.initiatives.last()
    extra.pk, extra.initiative_id, extra.status = None, "OWN-9", "done"
    extra.effort = {"low": 90, "likely": 90, "high": 90}
    extra.save()
    url = reverse("scenarios:adopt", args=[member.organization.slug, again.pk])
    data = {"name": "Second", "version": again.version, "baseline": "keep"}
    page = client.post(url, data, follow=True).content.decode()
    assert "Progress by effort is 0% here and was" in page
    assert "0 initiatives came in, 1 went out" in page


def test_the_first_adoption_asks_nothing_about_a_baseline(client, member):
    scenario = make_scenario(member.organization)
    url = reverse("scenarios:adopt", args=[member.organization.slug, scenario.pk])
    assert "Which dates count" not in client.get(url).content.decode()


def test_overview_and_home_name_the_expected_finish(client, member):
    roadmap = make_roadmap(member.organization)
    found = forecast(roadmap)
    sentence = finish_sentence(found.document["finish"])
    assert sentence in client.get(address(roadmap, "detail")).content.decode()
    home = reverse("accounts:organization_home", args=[member.organization.slug])
    page = client.get(home).content.decode()
    assert chances_sentence(found.p50_on.isoformat(), found.p80_on.isoformat()) in page
    assert address(roadmap) in page and "Counted as the agreed date was" not in page


def test_another_organization_sees_nothing(client, member):
    roadmap = make_roadmap(make_organization())
    assert client.get(address(roadmap)).status_code == 404
