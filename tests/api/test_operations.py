"""What the API does: by the rules of the pages, in the words of problem+json."""

import json

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from api.models import RepeatedRequest
from api.repeats import KEPT, repeats_prune
from api.service import api
from api.tokens import token_of
from assessments.models import Answer
from delivery.models import Deployment, System
from jobs.models import Job
from jobs.tasks import run_job
from reports.models import Report
from roadmap.models import Scenario
from tests.assessments.factories import make_assessment
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap, make_scenario, plan_roadmap

pytestmark = pytest.mark.django_db


def told(answer):
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.json()


# --- Who may call ----------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "Bearer wmk_nothing", "Bearer ", "Basic eDp5", "Bearer x"])
def test_stranger_is_told_to_send_a_token(call, header):
    answer = call.client.get("/api/v1/organizations", headers={"Authorization": header})

    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
    assert "token" in told(answer)["detail"]


def test_signed_in_person_without_a_token_is_a_stranger(call):
    call.client.force_login(call.member.user)

    assert call.client.get("/api/v1/organizations").status_code == 401


def test_token_of_somebody_who_may_not_sign_in_opens_nothing(call):
    call.member.user.is_active = False
    call.member.user.save()

    assert call("get", "/organizations").status_code == 401


def test_owner_sees_whose_token_opens_nothing(call, client):
    owner = make_member(call.organization, Role.OWNER)
    client.force_login(owner.user)
    address = f"/o/{call.organization.slug}/api/tokens/"
    before = client.get(address).content.decode()
    call.member.delete()

    assert "opens nothing" in client.get(address).content.decode()
    assert "opens nothing" not in before


def test_token_notes_its_use_once_a_minute(call, django_assert_num_queries):
    call("get", "/organizations")
    call.token.refresh_from_db()
    assert call.token.last_used_at

    with django_assert_num_queries(1):
        token_of(call.secret)


def test_secret_is_not_kept(call):
    assert call.secret not in json.dumps(
        {field.name: str(getattr(call.token, field.name)) for field in call.token._meta.fields}
    )


def test_token_reaches_no_organization_but_its_own_and_its_clients(call):
    """The same person belongs elsewhere too: that is none of this token's business."""
    elsewhere = make_member(make_organization(), Role.OWNER, user=call.member.user).organization

    assert call("get", f"/organizations/{elsewhere.slug}").status_code == 404
    assert [one["slug"] for one in call("get", "/organizations").json()["items"]] == [
        call.organization.slug
    ]


# --- Answers ---------------------------------------------------------------------------------


def test_answers_are_saved_by_version(call):
    at = f"{{own}}/assessments/{make_assessment(organization=call.organization).pk}/answers"

    first = call("put", f"{at}/Q1.01", {"value": 3})
    late = call("put", f"{at}/Q1.01", {"value": 1, "version": 0})
    second = call("put", f"{at}/Q1.01", {"value": 1, "version": 1})
    wrong = call("put", f"{at}/Q1.01", {"value": 9, "version": 2})

    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert late.status_code == 409 and told(late)["current"]["value"] == 3
    assert second.json()["version"] == 2
    assert wrong.status_code == 422 and told(wrong)["errors"]["value"]
    assert Answer.objects.get(question_id="Q1.01").value == 1


def test_many_answers_are_saved_each_by_itself(call):
    at = f"{{own}}/assessments/{make_assessment(organization=call.organization).pk}/answers"
    sent = [{"question": "Q1.01", "value": 2}, {"question": "Q9.99", "value": 2}]

    results = call("post", at, {"answers": sent}).json()["results"]

    assert [one["saved"] for one in results] == [True, False]
    assert "no question" in results[1]["problem"]
    assert "Q1.01" in {one["question"] for one in call("get", at).json()["items"]}


def test_scores_come_with_submitting(call):
    roadmap = plan_roadmap(call.organization)
    draft = make_assessment(organization=call.organization)

    done = call("get", f"{{own}}/assessments/{roadmap.snapshot.assessment_id}/scores")
    early = call("get", f"{{own}}/assessments/{draft.pk}/scores")

    assert done.json()["scorecard"] == json.loads(json.dumps(roadmap.snapshot.scorecard))
    assert early.status_code == 409 and "not submitted" in told(early)["detail"]


# --- Plans and progress ----------------------------------------------------------------------


def test_plan_is_made_constrained_and_searched(call):
    roadmap = plan_roadmap(call.organization)
    body = {"assessment": roadmap.snapshot.assessment_id, "name": "Try", "start_on": "2027-01-04"}

    made = call("post", "{own}/scenarios", body)
    at = f"{{own}}/scenarios/{made.json()['id']}"
    other = call("post", f"{at}/constrain", {"constraints": "wip_limit: 2\n"})
    wrong = call("post", f"{at}/constrain", {"constraints": "wip_limit: many\n"})
    job = call("post", f"{at}/solve")

    assert made.status_code == 201 and made.json()["initiatives"] > 10
    assert other.status_code == 201, other.content
    assert Scenario.objects.get(pk=other.json()["id"]).to_constraints().wip_limit == 2
    assert wrong.status_code == 422 and told(wrong)["errors"]["constraints"]
    assert job.status_code == 202
    assert call("get", f"{{own}}/jobs/{job.json()['id']}").json()["state"] == "queued"


def test_progress_goes_by_the_rules_of_the_pages(call):
    roadmap = make_roadmap(call.organization)
    at = f"{{own}}/roadmaps/{roadmap.pk}/initiatives"
    first = call("get", at).json()["items"][0]

    begun = call("patch", f"{at}/{first['id']}", {"version": 0, "status": "in_progress"})
    stale = call("patch", f"{at}/{first['id']}", {"version": 0, "percent": 40})
    ahead = call("patch", f"{at}/A2", {"version": 0, "status": "in_progress"})
    reasons = {one["kind"]: "Agreed by the board" for one in told(ahead)["obstacles"]}
    again = call("patch", f"{at}/A2", {"version": 0, "status": "in_progress", "reasons": reasons})

    assert begun.json()["status"] == "in_progress"
    assert stale.status_code == 409 and told(stale)["current"]["version"] == 1
    assert ahead.status_code == 409 and reasons
    assert again.status_code == 200
    assert call("get", f"{{own}}/roadmaps/{roadmap.pk}/gates").json()[0]["id"] == "G1"


def test_plan_of_another_organization_is_not_there(call):
    theirs = make_scenario(make_organization())

    assert call("get", f"{{own}}/scenarios/{theirs.pk}").status_code == 404
    assert call("post", f"{{own}}/scenarios/{theirs.pk}/solve").status_code == 404


# --- Records and reports ---------------------------------------------------------------------


def test_records_are_known_by_their_id(call):
    System.objects.create(organization=call.organization, name="EHR", key="ehr")
    body = {
        "deployments": [
            {"external_id": "d1", "deployed_at": "2026-11-01T10:00:00Z", "result": "success"}
        ]
    }

    first = call("post", "{own}/systems/ehr/records", body).json()
    second = call("post", "{own}/systems/ehr/records", body).json()
    wrong = call(
        "post",
        "{own}/systems/ehr/records",
        {"deployments": [{"external_id": "d2", "deployed_at": "0001-01-01T00:00:00+14:00"}]},
    )

    assert (first["created"], second["unchanged"]) == (1, 1)
    assert wrong.status_code == 422
    assert Deployment.objects.count() == 1
    assert call("get", "{own}/systems/ehr/metrics").json()["metrics"]


def test_report_is_asked_for_awaited_and_downloaded(call, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    roadmap = plan_roadmap(call.organization)

    asked = call("post", "{own}/reports", {"roadmap": roadmap.pk, "form": "json"})
    at = f"{{own}}/reports/{asked.json()['id']}"
    early = call("get", f"{at}/file")
    run_job(Report.objects.get().job_id)
    head = call("head", f"{at}/file")
    file = call("get", f"{at}/file")

    assert AuditEntry.objects.get(verb="report.made").target_id == str(asked.json()["id"])
    assert asked.status_code == 202 and asked.json()["state"] == "waiting"
    assert early.status_code == 409
    assert (head.getvalue(), head["ETag"]) == (b"", file["ETag"])
    assert AuditEntry.objects.filter(verb="report.downloaded").count() == 1
    assert call("get", at).json()["state"] == "ready"
    assert json.loads(b"".join(file.streaming_content))["plan"]
    wrong = call("post", "{own}/reports", {"roadmap": roadmap.pk, "sections": ["nothing"]})
    assert wrong.status_code == 422 and told(wrong)["errors"]["sections"]


# --- How it answers --------------------------------------------------------------------------


def test_same_key_has_one_effect(call):
    body = {"name": "Autumn"}

    first = call("post", "{own}/assessments", body, **{"Idempotency-Key": "k1"})
    second = call("post", "{own}/assessments", body, **{"Idempotency-Key": "k1"})
    other = call("post", "{own}/assessments", {"name": "B"}, **{"Idempotency-Key": "k1"})

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json() and second["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert call.organization.assessments.count() == 1


def test_key_of_a_call_that_failed_may_be_used_again(call):
    wrong = call("post", "{own}/assessments", {"name": ""}, **{"Idempotency-Key": "k"})
    right = call("post", "{own}/assessments", {"name": "B"}, **{"Idempotency-Key": "k"})

    assert (wrong.status_code, right.status_code) == (422, 201)
    RepeatedRequest.objects.update(created_at=timezone.now() - KEPT * 2)
    assert repeats_prune() == 1


def test_unchanged_answer_is_a_304(call):
    first = call("get", "{own}/assessments")
    same = call("get", "{own}/assessments", **{"If-None-Match": first["ETag"]})
    make_assessment(organization=call.organization)
    changed = call("get", "{own}/assessments", **{"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_lists_come_in_parts_without_gap(call):
    made = [make_assessment(organization=call.organization).pk for _ in range(5)]
    found, cursor = [], ""
    while cursor is not None:
        part = call("get", f"{{own}}/assessments?limit=2&cursor={cursor}").json()
        found += [one["id"] for one in part["items"]]
        cursor = part["next_cursor"]

    assert found == made


@pytest.mark.parametrize("cursor", ["x", "%00", "LTE", "YWJj", "9" * 99])
def test_wrong_cursor_is_told(call, cursor):
    assert call("get", f"{{own}}/assessments?cursor={cursor}").status_code == 400


def test_too_many_calls_are_put_off(call, settings):
    settings.API_CALLS_PER_MINUTE = 3
    answers = [call("get", "{own}/assessments") for _ in range(4)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Remaining"] == "2"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("path", "status"),
    [("{own}/assessments/999999999999999999999", 404), ("{own}/assessments?limit=0", 422)],
)
def test_every_error_is_problem_json(call, path, status):
    answer = call("get", path)

    assert answer.status_code == status
    assert told(answer)["status"] == status


def test_description_names_every_operation(client):
    page = client.get("/api/").content.decode()

    for path in api.get_openapi_schema()["paths"]:
        assert path in page
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")


def test_api_keeps_no_job_of_its_own(call):
    call("get", "{own}/assessments")

    assert not Job.objects.exists()
