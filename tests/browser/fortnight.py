"""The organization of test_fortnight.py: made through services, in a process of the installation.

What only costs time to click: people, a submitted assessment, a small plan on trial, who speaks
for the gates, a system with a source of webhooks.
"""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.enums import Role
from accounts.models import Organization, User
from delivery.enums import SourceKind
from delivery.services.sources import source_create, source_secret, source_token
from delivery.services.systems import system_create
from inbox.enums import Digest
from inbox.models import NoticeSettings
from inbox.tasks import send_digests
from roadmap.domain.constraints.stated import Constraints
from roadmap.services import approver_name, gate_confirm_item
from roadmap.services.gates.reading import gate_results
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.factories import make_scenario, make_snapshot

__all__ = ["agree", "prepare", "send_digests"]

SLUG = "fortnight"
DEPLOYMENTS = 9
PEOPLE = {
    "edna": ("Edna Editor", Role.EDITOR),
    "mo": ("Mo Member", Role.CONTRIBUTOR),
    "ann": ("Ann Approver", Role.VIEWER),
    "ben": ("Ben Approver", Role.EDITOR),
}
# Only the first step has to get anywhere, so that the plan stays small.
SMALL = Constraints(targets={f"STEP-{number}": 2 if number == 1 else 0 for number in range(1, 7)})


def prepare() -> None:
    """Prints what the test has to know, as JSON."""
    organization = make_organization(name="Fortnight Hospital", slug=SLUG)
    people = {}
    for key, (name, role) in PEOPLE.items():
        user = make_user(email=f"{key}@fortnight.example", name=name)
        people[key] = make_member(organization, role, user=user).user
    snapshot = make_snapshot(organization, user=people["edna"])
    today = date.today()
    monday = today - timedelta(days=today.weekday())
    scenario = make_scenario(
        snapshot=snapshot,
        user=people["edna"],
        name="Small steps",
        start_on=monday,
        constraints=SMALL,
    )
    system = system_create(organization=organization, user=people["edna"], name="Lab portal")
    source = source_create(
        organization=organization,
        user=people["edna"],
        name="Pipeline",
        kind=SourceKind.OWN,
        system=system,
    )
    said = {
        "scenario": scenario.pk,
        "system": system.pk,
        "token": source_token(source),
        "source": source.pk,
        "secret": source_secret(source),
    }
    print(json.dumps(said))


def agree(last: str = "G1-9") -> None:
    """The checklist of the first gate but for one item, who speaks for its roles, and a digest
    that is due today, whichever day it is."""
    organization = Organization.objects.get(slug=SLUG)
    edna, mo, ann, ben = (User.objects.get(email=f"{key}@fortnight.example") for key in PEOPLE)
    roadmap = organization.roadmaps.get()
    gate = roadmap.gates.get(gate_id="G1")
    for result in gate_results(gate):
        if not result.is_met and result.item.id != last:
            gate_confirm_item(gate=gate, user=edna, item_id=result.item.id, note="See minutes 12.")
    for number, role in enumerate(gate.roles):
        approver_name(roadmap=roadmap, user=edna, role_id=role.id, person=(ann, ben)[number % 2])
    NoticeSettings.objects.update_or_create(
        organization=organization,
        person=mo,
        defaults={
            "digest": Digest.WEEKLY,
            "digest_weekday": datetime.now(organization.zone).weekday(),
            "digest_at": time(),
        },
    )


def what_pipelines_say(now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Deployments of the last days, and an incident after one of them."""

    def ago(**parts: float) -> str:
        return (now - timedelta(**parts)).isoformat()

    deployments = {
        "kind": "deployment",
        "records": [
            {
                "id": f"deploy-{days}",
                "deployed_at": ago(days=days),
                "committed_at": ago(days=days, hours=6),
                "environment": "production",
                "production": True,
                "result": "success",
            }
            for days in range(1, DEPLOYMENTS + 1)
        ],
    }
    incident = {
        "kind": "incident",
        "id": "incident-1",
        "title": "Lab results came late",
        "opened_at": ago(days=3, hours=-1),
        "resolved_at": ago(days=3, hours=-2),
        "deployment": "deploy-3",
        "severity": "high",
    }
    return deployments, incident
