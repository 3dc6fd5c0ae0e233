"""What a consultancy's list of clients costs with a thousand of them, and whether it is right.

    ./waymark bench portfolio [--clients 1000] [--json]

Clients drawn from a fixed seed, each with an assessment handed in, a roadmap of 20 initiatives and
a gate, on SQLite with a store of its own. Measured are whole requests through Django in this
process (median of 7, wall clock and processor) at 10 clients and at all of them, and their
queries. Afterwards something happens at every tenth client, the worker's sweep counts those, and
every stored figure is held against a recount. Fails when a page of clients takes 150 ms, its
queries grow, or a figure differs.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory(prefix="waymark-bench-")
os.environ.update(WAYMARK_DATA_DIR=FOLDER.name, DJANGO_SETTINGS_MODULE="config.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.audit import record  # noqa: E402
from accounts.enums import Area, Role  # noqa: E402
from accounts.models import Engagement, Organization  # noqa: E402
from accounts.sealing import seal_all  # noqa: E402
from assessments.models import Assessment, Snapshot  # noqa: E402
from desk.domain.summary import summarize  # noqa: E402
from desk.models import ClientSummary  # noqa: E402
from desk.services.facts import facts_of  # noqa: E402
from desk.services.summaries import columns, summaries_recount  # noqa: E402
from roadmap.models import GateState, PlannedInitiative, Roadmap  # noqa: E402
from tests.factories import make_member, make_organization  # noqa: E402
from tests.roadmap.factories import (  # noqa: E402
    MONDAY,
    PLAN,
    checklist_item,
    make_initiative,
    make_snapshot,
)

LIMIT_MS = 150.0
FEW, REPEATS, INITIATIVES = 10, 7, 20
PAGES = {
    "list": "",
    "last page": "?page=999",
    "by slip": "?sort=-slip",
    "filtered": "?slip=late&band=developing&gate=12&q=client",
    "exposures": "?show=exposure",
    "initiatives": "initiatives/",
}
# Their rows grow with the clients: told, and not part of the promise for the list.
BESIDE = ("initiatives",)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    member = make_member(make_organization(advises=True), Role.EDITOR)
    sample = make_snapshot(make_organization())
    chance = Random("bench portfolio")
    found = {"clients": options.clients, "limit_ms": LIMIT_MS}
    fill(member.organization, sample, FEW, chance)
    counted(FEW)
    few = measured(member)
    fill(member.organization, sample, options.clients - FEW, chance)
    found["recount_ms_each"] = round(counted(options.clients - FEW), 1)
    found["pages"] = {
        name: {**cost, "queries_at_10": few[name]["queries"]}
        for name, cost in measured(member).items()
    }
    found |= after_changes(chance)
    report(found, options.json)


def fill(house: Organization, sample: Snapshot, number: int, chance: Random) -> None:
    first = Organization.objects.count()
    clients = Organization.objects.bulk_create(
        Organization(
            name=f"Client {chance.randrange(10**6)} of the north", slug=f"client-{first + n}"
        )
        for n in range(number)
    )
    areas = [area.value for area in Area]
    Engagement.objects.bulk_create(
        Engagement(
            consultancy=house,
            client=client,
            role=Role.EDITOR,
            areas=areas if chance.random() < 0.9 else [Area.ROADMAP.value],
            until=timezone.localdate() + timedelta(days=300),
        )
        for client in clients
    )
    assessments = Assessment.objects.bulk_create(
        Assessment(
            organization=client,
            name="First",
            guide_id=sample.guide_id,
            guide_version=sample.guide_version,
            status="submitted",
        )
        for client in clients
    )
    snapshots = Snapshot.objects.bulk_create(
        (_snapshot(one, sample, chance) for one in assessments), batch_size=100
    )
    roadmaps = Roadmap.objects.bulk_create(_roadmap(one, chance) for one in snapshots)
    PlannedInitiative.objects.bulk_create(
        (one for roadmap in roadmaps for one in _work(roadmap, chance)), batch_size=500
    )
    GateState.objects.bulk_create(
        GateState(
            roadmap=roadmap,
            gate_id="G1",
            title="Baseline agreed",
            review="A20",
            planned_on=timezone.localdate() + timedelta(days=chance.randrange(-30, 300)),
            checklist=[checklist_item("G1-1", "A1")],
        )
        for roadmap in roadmaps
    )
    for client in clients:
        record(organization=client, actor=None, verb="roadmap.created", target=client)
    seal_all()


def _snapshot(assessment: Assessment, sample: Snapshot, chance: Random) -> Snapshot:
    card = json.loads(json.dumps(sample.scorecard))
    card["overall"]["score"] = chance.uniform(0, 100)
    for part in card["exposures"]:
        part["score"] = chance.uniform(0, 100)
    return Snapshot(
        organization_id=assessment.organization_id,
        assessment=assessment,
        guide_id=sample.guide_id,
        guide_version=sample.guide_version,
        answers=sample.answers,
        scorecard=card,
        input_hash="0" * 64,
        created_at=timezone.now(),
    )


def _roadmap(snapshot: Snapshot, chance: Random) -> Roadmap:
    finish = MONDAY + timedelta(days=chance.randrange(200, 900))
    return Roadmap(
        organization_id=snapshot.organization_id,
        snapshot=snapshot,
        name="Roadmap",
        start_on=MONDAY,
        finish_on=finish,
        plan=PLAN,
        forecast={"finish": {"p50": finish.isoformat(), "p80": finish.isoformat()}},
        input_hash="0" * 64,
        engine="bench",
    )


def _work(roadmap: Roadmap, chance: Random) -> list[PlannedInitiative]:
    found = [make_initiative(roadmap, number) for number in range(1, INITIATIVES + 1)]
    for one in found:
        one.status = chance.choice(["not_started", "in_progress", "done", "dropped"])
    return found


def counted(number: int) -> float:
    """Milliseconds for each; everything that is behind is counted, as the worker does."""
    began = time.perf_counter()
    while summaries_recount():
        pass
    return 1000 * (time.perf_counter() - began) / max(1, number)


def measured(member) -> dict[str, dict[str, float]]:
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    home = f"/o/{member.organization.slug}/clients/"
    return {name: cost(client, home + path) for name, path in PAGES.items()}


def cost(client: Client, url: str) -> dict[str, float]:
    client.get(url)  # the first one compiles templates
    with CaptureQueriesContext(connection) as queries:
        status = client.get(url).status_code
    number = len(queries)  # the next request empties the log
    if status != 200:
        raise SystemExit(f"{url} answers {status}")
    wall, processor = [], []
    for _ in range(REPEATS):
        began, worked = time.perf_counter(), time.process_time()
        client.get(url)
        wall.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.process_time() - worked))
    return {
        "ms": round(statistics.median(wall), 1),
        "cpu_ms": round(statistics.median(processor), 1),
        "queries": number,
    }


def after_changes(chance: Random) -> dict[str, object]:
    """Something happens at every tenth client; then stored and recounted figures are compared."""
    clients = list(Organization.objects.exclude(advisers=None))
    changed = clients[::10]
    for client in changed:
        rows = PlannedInitiative.objects.filter(roadmap__organization=client)
        rows.filter(initiative_id=f"A{chance.randrange(1, INITIATIVES + 1)}").update(
            status="done", blocked_because=""
        )
        record(organization=client, actor=None, verb="initiative.updated", target=client)
    seal_all()
    began = time.perf_counter()
    swept = 0
    while number := summaries_recount():
        swept += number
    seconds = time.perf_counter() - began
    differences = sum(_differs(client) for client in clients)
    return {
        "changed": len(changed),
        "swept": swept,
        "sweep_seconds": round(seconds, 2),
        "compared": len(clients),
        "differences": differences,
    }


def _differs(client: Organization) -> bool:
    row = ClientSummary.objects.get(organization=client)
    facts, _made_at = facts_of(client)
    fresh = columns(summarize(facts, timezone.localdate(timezone=client.zone)))
    return any(getattr(row, name) != value for name, value in fresh.items())


def report(found: dict, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found))
    else:
        print(f"{found['clients']} clients; counting one: {found['recount_ms_each']} ms")
        print(f"{'page':<14}{'ms':>8}{'cpu ms':>8}{'queries':>9}{'at 10':>7}")
        for name, cost in found["pages"].items():
            print(
                f"{name:<14}{cost['ms']:>8}{cost['cpu_ms']:>8}{cost['queries']:>9}"
                f"{cost['queries_at_10']:>7}"
            )
        print(
            f"{found['changed']} clients changed, {found['swept']} counted anew in "
            f"{found['sweep_seconds']} s; {found['differences']} of {found['compared']} differ"
        )
    slow = [n for n, c in found["pages"].items() if n not in BESIDE and c["cpu_ms"] > LIMIT_MS]
    grown = [n for n, c in found["pages"].items() if c["queries"] != c["queries_at_10"]]
    wrong = found["differences"] or found["swept"] != found["changed"]
    if slow or grown or wrong:
        sys.exit(f"Too slow: {slow}; more queries: {grown}; wrong: {bool(wrong)}")


if __name__ == "__main__":
    main()
