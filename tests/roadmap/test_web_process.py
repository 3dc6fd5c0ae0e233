"""What a process of the web loads: never the solver."""

from pathlib import Path

from tests.stack import Stack

IN_A_FRESH_PROCESS = """
import sys
import django
django.setup()
import config.wsgi
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
from django.test.utils import setup_test_environment
from tests.factories import make_member
from tests.roadmap.factories import make_scenario, plan_roadmap
from roadmap.services.scenarios.making import Change, scenario_decide, scenario_solve
member = make_member()
scenario = make_scenario(member.organization)
home = f"/o/{member.organization.slug}/scenarios/"
client = Client()
client.force_login(member.user)
data = {"name": "A", "snapshot": scenario.snapshot_id, "start_on": "2027-01-04"}
assert client.post(f"{home}new/", data).status_code == 302
assert client.get(home).status_code == 200
assert client.get(f"{home}{scenario.pk}/").status_code == 200
assert client.post(f"{home}{scenario.pk}/search/").status_code == 302
assert client.get(f"{home}{scenario.pk}/adopt/").status_code == 200
print("heavy:", sorted({"ortools", "numpy", "pandas"} & set(sys.modules)))
print("resident:", int(open("/proc/self/statm").read().split()[1]) * 4 // 1024)
"""


def test_web_process_plans_without_the_solver_and_stays_small(
    migrated: Stack, tmp_path: Path
) -> None:
    stack = Stack(tmp_path, environment={"DJANGO_SETTINGS_MODULE": "config.settings"})
    stack.copy_tables(migrated)

    heavy, resident = stack.run("-c", IN_A_FRESH_PROCESS).splitlines()[-2:]

    assert heavy == "heavy: []"
    assert int(resident.removeprefix("resident: ")) < 150
