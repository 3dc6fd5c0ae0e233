"""From one installation into another: other database, other data folder, other secret key."""

from pathlib import Path

import pytest

from tests.browser.conftest import make_demo
from tests.handover.comparing import told, unnamed_numbers
from tests.once import made_once
from tests.servers import PostgresServer
from tests.stack import Stack

pytestmark = pytest.mark.stack

# The demo's team under way, with the files and the guide that the demo lacks.
WRITE = """
from io import BytesIO
from pathlib import Path
from PIL import Image
from accounts.enums import Role
from accounts.models import Organization
from assessments.services.guides import guide_upload
from guide.archive import guide_to_zip
from guide.registry import CONTENT
from handover.writing import Writer
from jobs.tasks import run_job
from reports import logos
from reports.brands import StoredLogo, brand_save
from reports.choices import Choices
from reports.models import Report
from reports.services.making import report_request
from roadmap.models import Roadmap

organization = Organization.objects.get(slug="demo-rural-hospital")
owner = organization.memberships.filter(role=Role.OWNER).first().user
picture = BytesIO()
Image.new("RGB", (60, 20), "navy").save(picture, "PNG")
look = dict(name="Cedar Ridge", main="#123456", accent="#ffd166", footer="", legal="")
logo = StoredLogo(logos.write(picture.getvalue()), 60, 20)
brand_save(organization=organization, user=owner, version=0, fields=look, logo=logo)
guide_upload(organization=organization, user=owner, data=guide_to_zip(CONTENT / "starter"))
roadmap = Roadmap.objects.filter(organization=organization).latest("pk")
report = report_request(roadmap=roadmap, user=owner, choices=Choices(form="json"))
run_job(report.job_id)
assert Report.objects.get().file
Writer(organization, Path("{archive}"), lambda percent, phrase: None).write()
"""

READ_AND_WRITE_AGAIN = """
from pathlib import Path
from django.db import transaction
from accounts.enums import Role
from accounts.models import Membership, Organization, User
from accounts.sealing import seal, verify
from handover.models import Arrival
from handover.reading import Archive
from handover.taking import Taking
from handover.writing import Writer

# Its numbers are taken already.
for number in range(3):
    Organization.objects.create(name=f"Neighbour {{number}}", slug=f"neighbour-{{number}}")
target = Organization.objects.create(name="Empty", slug="empty")
owner = User.objects.create(email="owner@elsewhere.example", name="Olga Elsewhere")
Membership.objects.create(organization=target, user=owner, role=Role.OWNER)
arrival = Arrival.objects.create(organization=target)
with Archive(Path("{before}")) as archive:
    taking = Taking(archive, target, lambda percent, phrase: None)
    taking.judge()
    with transaction.atomic():
        taking.take(arrival, owner)
target.refresh_from_db()
Writer(target, Path("{after}"), lambda percent, phrase: None).write()
seal(target.pk)
print(target.name, verify(target).is_sound)
"""


def test_nothing_is_lost_on_the_way_into_another_installation(
    shared: Path,
    migrated: Stack,
    postgres_server: PostgresServer,
    migrated_postgres_url: str,
    tmp_path: Path,
) -> None:
    """Out of SQLite into PostgreSQL and out again: the same rows, people and files."""
    here, there = Stack(tmp_path / "here"), Stack(tmp_path / "there")
    here.copy_all(Stack(made_once(shared, "demo", lambda folder: make_demo(folder, migrated))))
    there.folder.mkdir()
    there.database_url = postgres_server.create_database(migrated_postgres_url)
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"

    run(here, WRITE.format(archive=before))
    said = run(there, READ_AND_WRITE_AGAIN.format(before=before, after=after))

    assert said.strip() == "Cedar Ridge Critical Access Hospital (fictional) True"
    assert unnamed_numbers(before) == set()
    first, second = told(before), told(after)
    assert first == second
    kept = ["assessments.StoredGuide", "assessments.Evidence", "reports.Brand", "reports.Report"]
    assert [label for label in kept if not first[label]] == []


def run(installation: Stack, code: str) -> str:
    return installation.manage("shell", "--verbosity", "0", "--command", code)
