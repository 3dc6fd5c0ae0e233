"""The command that writes every document of an organization into a folder."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from jobs.models import Job
from reports.models import Report
from tests.factories import make_organization
from tests.reports.factories import ONE_STEP, make_roadmap

pytestmark = pytest.mark.django_db


def test_it_writes_what_was_asked_for_and_stores_nothing(tmp_path: Path) -> None:
    roadmap = make_roadmap(constraints=ONE_STEP)
    entries = AuditEntry.objects.count()

    call_command(
        "write_reports",
        str(tmp_path / "out"),
        "--form=pdf",
        "--form=json",
        "--document=clinician",
        f"--organization={roadmap.organization.slug}",
    )

    (folder,) = (tmp_path / "out").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["clinician.pdf", "json.json"]
    assert (Report.objects.count(), Job.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == entries


def test_without_a_roadmap_it_says_what_to_do(tmp_path: Path) -> None:
    organization = make_organization()

    with pytest.raises(CommandError, match="load the demo, or adopt one"):
        call_command("write_reports", str(tmp_path / "out"), f"--organization={organization.slug}")
