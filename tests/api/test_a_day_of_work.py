"""What a consultancy automates in a day, call by call; and nobody's newer work is overwritten."""

import json

import pytest

from accounts.models import Invitation, Organization
from assessments.models import Answer
from jobs.models import Job
from reports.models import Report
from roadmap.models import Roadmap, Scenario
from tests.api.operations import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def at(world):
    """Call below the client's address."""

    def ask(method, path, body=None, **headers):
        return world.call(method, f"/organizations/elm-hospital{path}", body, **headers)

    return ask


def test_client_is_started_answered_scored_and_planned(world, at):
    call = world.call
    person = {"email": "ann@ash.example", "role": "owner"}
    body = {"name": "Ash Clinics", "people": [person], "template": world.known["template"]}

    made = call("post", "{own}/clients", body).json()
    there = f"/organizations/{made['slug']}"
    draft = f"{there}/assessments/{made['assessment']}"
    questions = call("get", f"{draft}/questions").json()
    levels = [one["id"] for one in questions if one["kind"] == "level"]
    sent = [{"question": id, "value": 2, "basis": "interview"} for id in levels]
    saved = call("post", f"{draft}/answers", {"answers": sent}).json()["results"]
    submitted = call("post", f"{draft}/submit").json()
    again = call("post", f"{draft}/submit")
    late = call("put", f"{draft}/answers/{levels[0]}", {"value": 1, "version": 1})
    scores = call("get", f"{draft}/scores")
    plan = call(
        "post",
        f"{there}/scenarios",
        {
            "assessment": made["assessment"],
            "name": "P",
            "start_on": "2027-01-04",
            "constraints": "wip_limit: 3\n",
        },
    ).json()
    adopted = call("post", f"{there}/scenarios/{plan['id']}/adopt", {"version": plan["version"]})
    twice = call("post", f"{there}/scenarios/{plan['id']}/adopt", {"version": plan["version"]})

    assert all(one["saved"] for one in saved) and len(saved) > 40
    assert submitted["status"] == "submitted" and again.status_code == 200
    assert late.status_code == 409 and scores.status_code == 200
    assert Scenario.objects.get(pk=plan["id"]).to_constraints().wip_limit == 3
    assert adopted.status_code == 201 and twice.status_code == 409
    assert Roadmap.objects.get(organization__slug=made["slug"]).pk == adopted.json()["roadmap"]
    assert Invitation.objects.get().email == "ann@ash.example"
    found = call("get", "{own}/clients").json()["items"]
    assert {one["slug"] for one in found} == {made["slug"], "elm-hospital"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A", "time_zone": "Mars/Base"}, "time_zone"),
        ({"name": "A", "template": 999}, "template"),
        ({"name": "A", "people": [{"email": "nobody"}]}, "people"),
        ({"name": " "}, "name"),
        ({"name": "A", "kind": "castle"}, "kind"),
    ],
)
def test_client_that_cannot_be_started(world, body, field):
    before = Organization.objects.count()
    answer = world.call("post", "{own}/clients", body)

    assert answer.status_code == 422 and field in answer.json()["errors"]
    assert Organization.objects.count() == before


def test_who_advises_nobody_has_no_clients(call):
    assert call("get", "{own}/clients").status_code == 404


def test_lists_of_what_is_at_hand_come_in_parts(world):
    world.call("post", "{own}/clients", {"name": "Ash"})
    first = world.call("get", "{own}/clients?limit=1").json()
    second = world.call("get", f"{{own}}/clients?limit=1&cursor={first['next_cursor']}").json()

    assert [one["slug"] for one in first["items"]] == ["elm-hospital"]
    assert [one["name"] for one in second["items"]] == ["Ash"] and second["next_cursor"] is None


# --- Nothing newer is overwritten ------------------------------------------------------------


def test_answer_is_saved_if_it_is_the_one_that_was_seen(world, at):
    path = f"/assessments/{world.known['draft']}/answers/Q1.01"
    Answer.objects.filter(question_id="Q1.01").update(note="Ask Ann.")
    seen = at("get", path)["ETag"]

    first = at("put", path, {"value": 3}, **{"If-Match": seen})
    late = at("put", path, {"value": 1}, **{"If-Match": seen})
    second = at("put", path, {"value": 1}, **{"If-Match": first["ETag"]})
    nothing = at("put", path.replace("Q1.01", "Q1.07"), {"value": 1}, **{"If-Match": seen})

    assert first.status_code == 200 and first.json()["note"] == "Ask Ann."
    assert late.status_code == 412 and late.json()["current"]["value"] == 3
    assert second.json()["value"] == 1 and nothing.status_code == 412
    assert at("get", path)["ETag"] == second["ETag"]


def test_one_conflict_among_many_shows_what_stands_there(world, at):
    path = f"/assessments/{world.known['draft']}/answers"
    sent = [
        {"question": "Q1.01", "value": 4, "version": 0},
        {"question": "Q1.02", "value": 4},
        {"question": "Q1.03", "value": "high", "version": 1},
    ]

    stale, saved, wrong = at("post", path, {"answers": sent}).json()["results"]

    assert (stale["status"], stale["current"]["value"], stale["current"]["version"]) == (409, 2, 1)
    assert (saved["saved"], saved["version"]) == (True, 1)
    assert (wrong["saved"], wrong["status"]) == (False, 422)


def test_progress_goes_by_what_was_seen(world, at):
    path = f"/roadmaps/{world.known['roadmap']}/initiatives/{world.known['initiative']}"
    seen = at("get", path)["ETag"]

    unsaid = at("patch", path, {"percent": 10})
    begun = at("patch", path, {"status": "in_progress"}, **{"If-Match": seen})
    late = at("patch", path, {"percent": 10}, **{"If-Match": seen})

    assert unsaid.status_code == 428 and "version" in unsaid.json()["errors"]
    assert begun.status_code == 200
    assert late.status_code == 412 and late.json()["current"]["status"] == "in_progress"


# --- Plans, records and reports --------------------------------------------------------------


def test_plans_are_compared_and_deleted(world, at):
    adopted, trial = world.known["adopted"], world.known["trial"]

    compared = at("get", f"/scenarios/compare?id={trial}&id={adopted}").json()["plans"]
    one = at("get", f"/scenarios/compare?id={trial}")
    own = at("get", f"/scenarios/{trial}").json()
    again = at("post", f"/scenarios/{trial}/constrain", {"constraints": own["constraints"]})

    assert [plan["id"] for plan in compared] == [trial, adopted] and compared[0]["gates"]
    assert one.status_code == 422 and again.status_code == 201
    assert at("delete", f"/scenarios/{adopted}").status_code == 409
    assert at("delete", f"/scenarios/{trial}").status_code == 204
    assert at("delete", f"/scenarios/{trial}").status_code == 404


def test_key_holds_for_answers_without_a_body(world, at):
    path, key = f"/scenarios/{world.known['trial']}/stop", {"Idempotency-Key": "k"}

    first, second = at("post", path, **key), at("post", path, **key)

    assert first.status_code == second.status_code == 204 and second.content == b""
    assert second["Idempotent-Replayed"] == "true" and second["RateLimit"]


def test_share_of_lines_is_at_most_all(world, at):
    record = {"external_id": "1", "measured_at": "2026-11-01T10:00:00Z", "lines_total": 10}
    path = "/systems/ehr/records"

    right = at("post", path, {"coverage": [record | {"lines_covered": 10}]})
    wrong = at("post", path, {"coverage": [record | {"lines_covered": 11}]})

    assert right.json()["created"] == 1 and wrong.status_code == 422


def test_report_holds_what_was_chosen(world, at):
    # The one of the world has no content to look back to.
    Report.objects.all().delete()
    roadmap = world.known["roadmap"]
    offered = at("get", f"/roadmaps/{roadmap}/report-options").json()
    trial = next(one["id"] for one in offered["scenarios"])

    asked = at("post", "/reports", {"roadmap": roadmap, "scenarios": [trial]})
    wrong = at("post", "/reports", {"roadmap": roadmap, "comments": [999]})
    unit = at("post", "/reports", {"roadmap": roadmap, "unit": "Ward 1"})
    report = Report.objects.get(pk=asked.json()["id"])
    given_up = at("post", f"/reports/{report.pk}/cancel")

    assert report.chosen.scenarios == (trial,) and offered["sections"]["board"]
    assert wrong.status_code == 422 and "comments" in wrong.json()["errors"]
    assert unit.status_code == 422 and "unit" in unit.json()["errors"]
    assert given_up.json()["state"] == "failed"
    assert Job.objects.get(pk=report.job_id).state == "cancelled"


def test_batch_goes_to_those_the_token_reaches(world):
    elsewhere = Organization.objects.create(name="Oak", slug="oak")
    body = {"name": "All", "organizations": ["elm-hospital"], "reports": [{"form": "json"}, {}]}

    made = world.call("post", "{own}/batches", body).json()
    wrong = world.call("post", "{own}/batches", body | {"organizations": [elsewhere.slug]})
    items = world.call("get", f"{{own}}/batches/{made['id']}/items").json()["items"]

    assert (made["state"], made["files"]) == ("running", 2)
    assert wrong.status_code == 422 and "oak" in json.dumps(wrong.json()["errors"])
    assert [one["number"] for one in items] == [0, 1]
