"""A call that comes twice is answered again only to whom it would be answered now."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.enums import Area, Role
from accounts.models import Engagement, Membership
from tests.factories import make_engagement

KEY = {"Idempotency-Key": "k1"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda rows: rows.update(role=Role.EDITOR), 201),
        (lambda rows: rows.update(role=Role.VIEWER), 403),
        (lambda rows: rows.update(areas=[Area.ROADMAP.value]), 403),
        (lambda rows: rows.update(ended_at=timezone.now()), 404),
        (lambda rows: Membership.objects.all().delete(), 404),
    ],
)
def test_answer_is_given_again_to_whom_it_would_be_given_now(call, change, status):
    type(call.organization).objects.filter(pk=call.organization.pk).update(advises=True)
    client = make_engagement(consultancy=call.organization).client
    at = f"/organizations/{client.slug}/assessments"
    assert call("post", at, {"name": "Autumn"}, **KEY).status_code == 201

    change(Engagement.objects.filter(client=client))
    again = call("post", at, {"name": "Autumn"}, **KEY)

    assert again.status_code == status
    assert ("Idempotent-Replayed" in again) == (status == 201)
    assert client.assessments.count() == 1


def test_every_operation_that_may_come_twice_begins_with_reach():
    """`reach` is what answers again: an operation without it would do its work twice."""
    found = []
    for path in (Path(settings.BASE_DIR) / "api" / "routers").glob("*.py"):
        for function in ast.parse(path.read_text()).body:
            if isinstance(function, ast.FunctionDef) and "once" in _names(function.decorator_list):
                steps = function.body[1:] if ast.get_docstring(function) else function.body
                found.append((path.stem, function.name, "reach" in _names([steps[0]])))
    assert len(found) >= 10
    assert [one for one in found if not one[2]] == []


def _names(nodes: list) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}
