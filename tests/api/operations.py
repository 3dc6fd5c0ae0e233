"""Every operation of the API as somebody calls it: what it needs, and what is sent.

`tests/api/test_every_operation.py` asks each in every way it has to refuse, and once so that it
answers; its answers are the examples of the document (`api/examples.json`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from accounts.enums import Area, Role
from accounts.models import Organization
from api.scopes import Scope as S
from assessments.models import Answer
from delivery.models import System
from desk.models import ClientTemplate
from desk.services.summaries import summary_recount
from jobs.models import Job
from reports.models import Batch, BatchItem, Report
from roadmap.models import ProgressForecast
from tests.api.conftest import Caller
from tests.assessments.factories import make_assessment
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_scenario, plan_roadmap

ANSWERED, OF_PLANS, REPORTED = (Area.ASSESSMENTS,), (Area.ROADMAP,), (Area.REPORTS,)
BOTH = (Area.REPORTS, Area.ROADMAP)
READERS, TRACKERS, EDITORS = Role.VIEWER, Role.CONTRIBUTOR, Role.EDITOR
CLIENT, OWN = "/organizations/{client}", "/organizations/{own}"


@dataclass(frozen=True)
class Call:
    """`least`: the lowest role that may; `{…}` of path and body are filled in from the world."""

    id: str
    method: str
    path: str
    scope: S
    least: Role = READERS
    areas: tuple[Area, ...] = ()
    body: Any = None
    ok: int = 200

    @property
    def is_of_client(self) -> bool:
        return self.path.startswith(CLIENT)


ASSESSMENTS = CLIENT + "/assessments"
DRAFT = ASSESSMENTS + "/{draft}"
SCENARIOS = CLIENT + "/scenarios"
TRIAL = SCENARIOS + "/{trial}"
ROADMAP = CLIENT + "/roadmaps/{roadmap}"
WORK = ROADMAP + "/initiatives"
SYSTEMS = CLIENT + "/systems"
REPORTS = CLIENT + "/reports"
BATCHES = OWN + "/batches"

RECORDS = {
    "deployments": [
        {
            "external_id": "build-812",
            "deployed_at": "2026-11-01T10:00:00Z",
            "committed_at": "2026-10-29T16:20:00Z",
            "result": "success",
        }
    ],
    "incidents": [
        {
            "external_id": "INC-7",
            "opened_at": "2026-11-01T11:30:00Z",
            "resolved_at": "2026-11-01T12:10:00Z",
            "severity": "high",
            "deployment": "build-812",
        }
    ],
    "coverage": [
        {
            "external_id": "build-812",
            "measured_at": "2026-11-01T10:00:00Z",
            "lines_covered": 812,
            "lines_total": 1000,
        }
    ],
}
START = {"name": "Elm Clinics", "kind": "clinic_group", "template": "{template}", "people": []}
PLAN = {"assessment": "{submitted}", "name": "With two more people", "start_on": "2027-01-04"}
ANSWERS = [{"question": "Q1.02", "value": 2}, {"question": "Q1.01", "value": 1, "version": 0}]
REPORT = {"roadmap": "{roadmap}", "document": "board", "page_size": "letter"}
MANY = {"name": "November", "organizations": ["{client}"], "reports": [{"document": "board"}]}

CALLS = [
    Call("organizations_list", "get", "/organizations", S.CLIENTS_READ),
    Call("organizations_organization", "get", CLIENT, S.CLIENTS_READ),
    Call("clients_list", "get", OWN + "/clients", S.CLIENTS_READ),
    Call("clients_start", "post", OWN + "/clients", S.CLIENTS_WRITE, EDITORS, (), START, 201),
    Call("clients_templates", "get", OWN + "/client-templates", S.CLIENTS_READ, EDITORS),
    Call("assessments_list", "get", ASSESSMENTS, S.ANSWERS_READ, READERS, ANSWERED),
    Call(
        "assessments_create", "post", ASSESSMENTS, S.ANSWERS_WRITE, EDITORS, ANSWERED,
        {"name": "Autumn review"}, 201,
    ),
    Call("assessments_one", "get", DRAFT, S.ANSWERS_READ, READERS, ANSWERED),
    Call("assessments_questions", "get", DRAFT + "/questions", S.ANSWERS_READ, READERS, ANSWERED),
    # A contributor does not read what others answered: accounts.tenancy.NOT_FOR.
    Call("assessments_answers", "get", DRAFT + "/answers", S.ANSWERS_READ, READERS, ANSWERED),
    Call(
        "assessments_save_many", "post", DRAFT + "/answers", S.ANSWERS_WRITE, EDITORS, ANSWERED,
        {"answers": ANSWERS},
    ),
    Call("assessments_answer", "get", DRAFT + "/answers/Q1.01", S.ANSWERS_READ, READERS, ANSWERED),
    Call(
        "assessments_save", "put", DRAFT + "/answers/Q1.01", S.ANSWERS_WRITE, EDITORS, ANSWERED,
        {"value": 3, "basis": "document", "version": 1},
    ),
    Call("assessments_submit", "post", DRAFT + "/submit", S.ANSWERS_WRITE, EDITORS, ANSWERED),
    Call(
        "assessments_scores", "get", ASSESSMENTS + "/{submitted}/scores", S.SCORES_READ, READERS,
        ANSWERED,
    ),
    Call("plans_list", "get", SCENARIOS, S.PLANS_READ, READERS, OF_PLANS),
    Call("plans_create", "post", SCENARIOS, S.PLANS_WRITE, EDITORS, OF_PLANS, PLAN, 201),
    Call(
        "plans_compare", "get", SCENARIOS + "/compare?id={adopted}&id={trial}", S.PLANS_READ,
        READERS, OF_PLANS,
    ),
    Call("plans_one", "get", TRIAL, S.PLANS_READ, READERS, OF_PLANS),
    Call("plans_delete", "delete", TRIAL, S.PLANS_WRITE, EDITORS, OF_PLANS, None, 204),
    Call(
        "plans_constrain", "post", TRIAL + "/constrain", S.PLANS_WRITE, EDITORS, OF_PLANS,
        {"name": "Three at a time", "constraints": "wip_limit: 3\n"}, 201,
    ),
    Call("plans_solve", "post", TRIAL + "/solve", S.PLANS_WRITE, EDITORS, OF_PLANS, None, 202),
    Call("plans_stop", "post", TRIAL + "/stop", S.PLANS_WRITE, EDITORS, OF_PLANS, None, 204),
    Call(
        "plans_adopt", "post", TRIAL + "/adopt", S.PLANS_WRITE, EDITORS, OF_PLANS,
        {"version": 0, "name": "Roadmap 2027"}, 201,
    ),
    Call("roadmaps_list", "get", CLIENT + "/roadmaps", S.PLANS_READ, READERS, OF_PLANS),
    Call("roadmaps_one", "get", ROADMAP, S.PLANS_READ, READERS, OF_PLANS),
    Call("roadmaps_plan", "get", ROADMAP + "/plan", S.PLANS_READ, READERS, OF_PLANS),
    Call("roadmaps_outlook", "get", ROADMAP + "/outlook", S.PLANS_READ, READERS, OF_PLANS),
    Call("roadmaps_initiatives", "get", WORK, S.PLANS_READ, READERS, OF_PLANS),
    Call("roadmaps_initiative", "get", WORK + "/{initiative}", S.PLANS_READ, READERS, OF_PLANS),
    Call(
        "roadmaps_report", "patch", WORK + "/{initiative}", S.PROGRESS_WRITE, TRACKERS, OF_PLANS,
        {"version": 0, "status": "in_progress", "percent": 20},
    ),
    Call("roadmaps_gates", "get", ROADMAP + "/gates", S.PLANS_READ, READERS, OF_PLANS),
    Call("metrics_list", "get", SYSTEMS, S.METRICS_READ, READERS, OF_PLANS),
    Call("metrics_metrics", "get", SYSTEMS + "/ehr/metrics", S.METRICS_READ, READERS, OF_PLANS),
    Call(
        "metrics_records", "post", SYSTEMS + "/ehr/records", S.METRICS_WRITE, TRACKERS, OF_PLANS,
        RECORDS,
    ),
    Call("reports_list", "get", REPORTS, S.REPORTS_READ, READERS, REPORTED),
    Call("reports_create", "post", REPORTS, S.REPORTS_WRITE, EDITORS, BOTH, REPORT, 202),
    Call("reports_one", "get", REPORTS + "/{report}", S.REPORTS_READ, READERS, REPORTED),
    Call(
        "reports_cancel", "post", REPORTS + "/{report}/cancel", S.REPORTS_WRITE, EDITORS, REPORTED
    ),
    Call("reports_options", "get", ROADMAP + "/report-options", S.REPORTS_WRITE, EDITORS, BOTH),
    # Neither file is made here: that is told by a 409.
    Call(
        "reports_file", "get", REPORTS + "/{report}/file", S.REPORTS_READ, READERS, REPORTED,
        None, 409,
    ),
    Call("batches_list", "get", BATCHES, S.REPORTS_READ, EDITORS),
    Call("batches_create", "post", BATCHES, S.REPORTS_WRITE, EDITORS, (), MANY, 202),
    Call("batches_one", "get", BATCHES + "/{batch}", S.REPORTS_READ, EDITORS),
    Call("batches_items", "get", BATCHES + "/{batch}/items", S.REPORTS_READ, EDITORS),
    Call("batches_cancel", "post", BATCHES + "/{batch}/cancel", S.REPORTS_WRITE, EDITORS),
    Call(
        "batches_file", "get", BATCHES + "/{batch}/file", S.REPORTS_READ, EDITORS, (), None, 409
    ),
    Call("jobs_job", "get", CLIENT + "/jobs/{job}", S.CLIENTS_READ),
]  # fmt: skip


@dataclass
class World:
    """A consultancy that calls, a client that let it in, and one of everything there."""

    call: Caller
    client: Organization
    known: dict[str, Any]

    def fill(self, what: Any) -> Any:
        """Paths and bodies with the names of this world; a number where a name stands alone."""
        if isinstance(what, dict):
            return {name: self.fill(value) for name, value in what.items()}
        if isinstance(what, list):
            return [self.fill(value) for value in what]
        if not isinstance(what, str) or "{" not in what:
            return what
        alone = what.strip("{}")
        return self.known[alone] if alone in self.known else what.format(**self.known)

    def __call__(self, one: Call, caller: Caller | None = None) -> Any:
        return (caller or self.call)(one.method, self.fill(one.path), self.fill(one.body))


def make_world() -> World:
    consultancy = make_organization(name="North Advisers", slug="north-advisers", advises=True)
    client = make_organization(name="Elm Hospital", slug="elm-hospital")
    call = Caller(make_member(consultancy, Role.EDITOR))
    make_engagement(client, consultancy)
    roadmap = plan_roadmap(client, name="Roadmap 2027")
    trial = make_scenario(snapshot=roadmap.snapshot, name="Trial")
    draft = make_assessment(organization=client)
    now = timezone.now()
    for question in ("Q1.01", "Q1.03"):
        Answer.objects.create(
            assessment=draft, question_id=question, state="answered", value=2, version=1,
            updated_at=now,
        )  # fmt: skip
    System.objects.create(organization=client, name="Health record", key="ehr", tier=1)
    report = Report.objects.create(
        organization=client, roadmap=roadmap, snapshot={}, input_hash="a" * 64
    )
    job = Job.objects.create(
        organization=client, requested_by=call.member.user, kind="solve", payload={}
    )
    batch = Batch.objects.create(
        organization=consultancy, name="October", choices=[{}], created_by=call.member.user
    )
    BatchItem.objects.create(batch=batch, client=client, number=0)
    template = ClientTemplate.objects.create(organization=consultancy, name="Clinics")
    ProgressForecast.objects.create(
        roadmap=roadmap, as_of=date(2027, 1, 11), cause="night", input_hash="b" * 64,
        expected_on=date(2028, 3, 1), p50_on=date(2028, 3, 20), p80_on=date(2028, 5, 2),
        document={"finish": {"p50": "2028-03-20"}}, made_at=datetime(2027, 1, 11, 2, tzinfo=UTC),
    )  # fmt: skip
    summary_recount(client)
    known = {
        "own": consultancy.slug, "client": client.slug, "slug": client.slug,
        "submitted": roadmap.snapshot.assessment_id, "draft": draft.pk, "trial": trial.pk,
        "adopted": roadmap.scenario_id, "roadmap": roadmap.pk, "report": report.pk,
        "batch": batch.pk, "job": job.pk, "template": template.pk, "key": "ehr",
        "question": "Q1.01",
        "initiative": roadmap.initiatives.order_by("start_on", "pk").first().initiative_id,
    }  # fmt: skip
    return World(call, client, known)
