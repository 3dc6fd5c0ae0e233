"""Each operation refuses whom it has to, and otherwise answers as its document says.

One world for all of them: making it costs more than asking hundreds of times.
"""

import json
import os
from contextlib import contextmanager
from copy import copy
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Area, Role
from accounts.models import Engagement, Membership
from api.examples import FILE, examples
from api.models import ApiToken
from api.scopes import Scope
from api.service import api
from desk.models import PrivateNote
from tests.api.conftest import Caller
from tests.api.operations import CALLS, Call, World, make_world
from tests.factories import make_member, make_organization

pytestmark = pytest.mark.django_db
BELOW = {Role.CONTRIBUTOR: Role.VIEWER, Role.EDITOR: Role.CONTRIBUTOR}


@pytest.fixture
def world(db, settings) -> World:
    settings.API_CALLS_PER_MINUTE = 100_000
    return make_world()


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(world: World, calls: list[Call], caller: Any = None) -> dict[str, int]:
    found = {}
    for one in calls:
        with undone():
            answer = world(one, caller)
        found[one.id] = answer.status_code
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", one.id
            assert answer["Cache-Control"] == "no-store"
    return found


def all_are(status: int, calls: list[Call]) -> dict[str, int]:
    return dict.fromkeys((one.id for one in calls), status)


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return found


def test_every_operation_is_called_here():
    told = [
        operation["operationId"]
        for operations in document()["paths"].values()
        for operation in operations.values()
    ]

    assert sorted(told) == sorted(one.id for one in CALLS)


def test_whoever_may_not_is_refused_everywhere(world):
    call, user = world.call, world.call.member.user
    clients = [one for one in CALLS if one.is_of_client]
    own = [one for one in CALLS if not one.is_of_client and "{own}" in one.path]
    tied = [*clients, *own]
    nobody = copy(call)
    nobody.secret = "wmk_nobody"
    engagements = Engagement.objects.filter(client=world.client)
    membership = Membership.objects.filter(pk=call.member.pk)

    assert answers(world, CALLS, nobody) == all_are(401, CALLS)
    for change in (
        {"revoked_at": timezone.now()},
        {"expires_on": timezone.localdate() - timedelta(days=2)},
    ):
        with undone():
            ApiToken.objects.update(**change)
            assert answers(world, CALLS) == all_are(401, CALLS), change
    for scope in Scope.values:
        lacking = Caller(call.member, [one for one in Scope.values if one != scope])
        asked = [one for one in CALLS if one.scope == scope]
        assert asked and answers(world, asked, lacking) == all_are(403, asked), scope
    for least, lower in BELOW.items():
        with undone():
            membership.update(role=lower)
            asked = [one for one in tied if one.least == least]
            assert answers(world, asked) == all_are(403, asked), lower
    with undone():
        engagements.update(role=Role.VIEWER)
        asked = [one for one in clients if one.least != Role.VIEWER]
        assert answers(world, asked) == all_are(403, asked)
    for area in Area:
        with undone():
            engagements.update(areas=[one.value for one in Area if one != area])
            asked = [one for one in clients if area in one.areas]
            assert answers(world, asked) == all_are(403, asked), area
    with undone():
        engagements.update(ended_at=timezone.now())
        assert answers(world, clients) == all_are(404, clients)
    with undone():
        engagements.update(until=timezone.localdate() - timedelta(days=2))
        assert answers(world, clients) == all_are(404, clients)
    with undone():
        membership.delete()
        assert answers(world, tied) == all_are(404, tied)
    # The person is let in there, the token of another organization is not.
    elsewhere = Caller(make_member(make_organization(), Role.OWNER, user=user))
    assert answers(world, tied, elsewhere) == all_are(404, tied)


def test_things_of_another_organization_are_not_there(world):
    """The caller's own organization, with the numbers of the client's things."""
    named = ("{draft}", "{submitted}", "{trial}", "{roadmap}", "{report}", "{job}", "/ehr")
    asked = [one for one in CALLS if one.is_of_client and any(name in one.path for name in named)]
    other = make_member(make_organization(), Role.OWNER)
    world.known["client"] = other.organization.slug

    found = answers(world, asked, Caller(other))

    # Two that are compared are named by the question, not by the path.
    assert found == all_are(404, asked) | {"plans_compare": 422}


def test_every_operation_answers_as_its_document_says(world):
    """What comes back is what the document describes; and its examples are such answers."""
    told, found = document(), {}
    for one in CALLS:
        with undone():
            answer = world(one)
        assert answer.status_code == one.ok, (one.id, answer.content)
        found[one.id] = {"scope": one.scope.value, "role": one.least.value}
        if one.body is not None:
            found[one.id]["request"] = world.fill(one.body)
        if one.ok < 400 and answer.content:
            found[one.id]["answer"] = shortened(answer.json())
    for id, example in found.items():
        operation = next(
            operation
            for operations in told["paths"].values()
            for operation in operations.values()
            if operation["operationId"] == id
        )
        assert_fits(told, operation, example)
    if os.environ.get("WRITE_EXAMPLES"):
        Path(FILE).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        examples.cache_clear()


def assert_fits(told: dict[str, Any], operation: dict[str, Any], example: dict[str, Any]) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(one for status, one in operation["responses"].items() if status.startswith("2"))
    answer = good.get("content", {}).get("application/json", {})
    for name, part in (("request", body), ("answer", answer)):
        if name in example:
            schema = {**part["schema"], "components": told["components"]}
            jsonschema.validate(example[name], schema)
        else:
            assert not part.get("schema"), (operation["operationId"], name)


def test_the_document_shows_an_example_of_everything():
    told = document()
    for operations in told["paths"].values():
        for operation in operations.values():
            one = next(one for one in CALLS if one.id == operation["operationId"])
            assert (operation["x-scope"], operation["x-role"]) == (one.scope, one.least)
            shown = {}
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            good = next(v for k, v in operation["responses"].items() if k.startswith("2"))
            answer = good.get("content", {}).get("application/json")
            if body:
                shown["request"] = body["example"]
            if answer:
                shown["answer"] = answer["example"]
            assert_fits(told, operation, shown)


def test_lists_ask_as_many_queries_for_many_as_for_one(world):
    """Each list once more with everything of it doubled."""
    lists = [one for one in CALLS if one.id.endswith("_list") or one.id in MORE_LISTS]

    def asked(one: Call) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert world(one).status_code == 200
        return len(queries)

    [world(one) for one in lists]
    before = {one.id: asked(one) for one in lists}
    doubled(world)

    assert {one.id: asked(one) for one in lists} == before


MORE_LISTS = {"assessments_answers", "clients_templates", "roadmaps_initiatives", "batches_items"}


def doubled(world: World) -> None:
    from accounts.models import Organization
    from desk.models import ClientTemplate
    from desk.services.summaries import summary_recount
    from reports.models import Batch, BatchItem, Report
    from tests.assessments.factories import make_assessment
    from tests.factories import make_engagement, make_user
    from tests.roadmap.factories import make_roadmap, make_scenario

    consultancy: Organization = world.call.organization
    for number in range(3):
        another = make_engagement(consultancy=consultancy).client
        summary_recount(another)
        make_assessment(organization=world.client)
        roadmap = make_roadmap(world.client)
        Report.objects.create(
            organization=world.client, roadmap=roadmap, snapshot={}, input_hash=str(number)
        )
        batch = Batch.objects.create(organization=consultancy, name="B", created_by=make_user())
        BatchItem.objects.create(batch=batch, client=another, number=0)
        BatchItem.objects.create(batch_id=world.known["batch"], client=another, number=0)
        ClientTemplate.objects.create(organization=consultancy, name=f"Template {number}")
    make_scenario(world.client)


def shortened(value: Any, depth: int = 0) -> Any:
    """As much of an answer as shows its shape."""
    if isinstance(value, dict):
        if depth > 3 and len(value) > 3:
            value = dict(list(value.items())[:3])
        return {name: shortened(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [shortened(one, depth + 1) for one in value[: 2 if depth < 2 else 1]]
    if isinstance(value, str) and len(value) > 160:
        return value[:160] + "…"
    return round(value, 2) if isinstance(value, float) else value


def test_no_answer_holds_a_private_note(world):
    """Not even of the consultancy whose note it is: what a program fetches is passed on."""
    PrivateNote.objects.create(
        consultancy=world.call.member.organization, client=world.client, text="Zwiebelfisch"
    )
    reads = [one for one in CALLS if one.method.upper() == "GET"]

    found = {one.id: world(one).content for one in reads}

    assert len(found) > 20
    assert [name for name, body in found.items() if b"Zwiebelfisch" in body] == []
