"""A stored roadmap of a demo organization."""

from datetime import date

from accounts.enums import Role
from accounts.models import Organization, User
from assessments.services import assessment_import, assessment_submit
from reports.models import Report
from reports.services.making import report_request
from roadmap.domain.constraints.stated import Constraints
from roadmap.models import Roadmap
from roadmap.services.roadmaps import roadmap_create
from tests.factories import make_member, make_organization
from tests.reports.samples import MONDAY, demo_answers

# Half as many initiatives: a report that still takes seconds, where it is made for real.
ONE_STEP = Constraints(targets={f"STEP-{number}": 2 * (number == 1) for number in range(1, 7)})


def make_roadmap(
    organization: Organization | None = None,
    *,
    name: str = "First",
    start_on: date = MONDAY,
    constraints: Constraints | None = None,
) -> Roadmap:
    organization = organization or make_organization(name="Mercy Hospital")
    owner = make_member(organization, Role.OWNER).user
    assessment = assessment_import(
        organization=organization, user=owner, name="First", answers=demo_answers("per-4.yaml")
    )
    snapshot = assessment_submit(assessment=assessment, user=owner)
    return roadmap_create(
        organization=organization,
        user=owner,
        snapshot=snapshot,
        name=name,
        start_on=start_on,
        constraints=constraints,
    )


def make_report(roadmap: Roadmap | None = None, *, user: User | None = None) -> Report:
    roadmap = roadmap or make_roadmap()
    return report_request(roadmap=roadmap, user=user or roadmap.created_by)
