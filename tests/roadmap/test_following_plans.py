"""A real plan, forecast from its first day: what was planned is what is expected."""

import pytest

from roadmap.domain.tracking.going_on import look_ahead
from roadmap.services.following_facts import followed_roadmaps, under_way
from tests.roadmap.factories import plan_roadmap

pytestmark = pytest.mark.django_db


def test_an_untouched_plan_is_expected_as_it_was_agreed():
    roadmap = followed_roadmaps().get(pk=plan_roadmap().pk)
    found = look_ahead(under_way(roadmap), roadmap.start_on, runs=5)
    late = {id: e.slip.days for id, e in found.initiatives.items() if e.slip.days > 0}
    assert late == {}
    assert found.whole[0].days == 0
