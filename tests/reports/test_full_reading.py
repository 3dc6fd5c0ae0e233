"""What the full roadmap reads of the database: everything people typed, in a fixed number of
queries."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.tenancy import access_to
from assessments.models import Comment, TargetProfile
from reports.choices import Choices
from reports.documents.sections import document_html
from reports.frozen.for_documents import freeze_for
from reports.frozen.remark_reading import chosen_remarks, remark_choices
from reports.frozen.snapshot import from_json, input_hash, to_json
from reports.pages.builder import options_of
from roadmap.models import (
    PlannedInitiative,
    ProgressEntry,
    Roadmap,
    ScenarioChange,
    StartOverride,
    WorkComment,
)
from tests.delivery.factories import make_system
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_scenario, plan_roadmap

counted = count(100)
pytestmark = pytest.mark.django_db


@pytest.fixture
def roadmap() -> Roadmap:
    organization = make_organization(name="Mercy")
    return plan_roadmap(organization, user=make_member(organization, Role.OWNER).user)


def type_everywhere(roadmap: Roadmap, times: int = 1) -> Choices:
    """Something of each kind, so many times; the choices that print it."""
    person = roadmap.created_by
    first = PlannedInitiative.objects.filter(roadmap=roadmap).first()
    gate = roadmap.gates.first()
    assert first is not None and gate is not None
    numbers = []
    for n in range(times):
        remark = Comment.objects.create(
            assessment=roadmap.snapshot.assessment,
            question_id="Q1.01",
            author=person,
            text=f"RE{n}",
        )
        work = WorkComment.objects.create(
            roadmap=roadmap, initiative=first, author=person, text=f"WO{n}"
        )
        numbers += [remark.pk, -work.pk]
        ProgressEntry.objects.create(
            initiative=first, kind="status", note=f"NOTE{n}", made_by=person
        )
        StartOverride.objects.create(initiative=first, gate=gate, reason=f"OVER{n}", made_by=person)
        make_system(roadmap.organization, note=f"SYS{n}")
        scenario = roadmap.scenario
        if scenario is not None:
            ScenarioChange.objects.create(
                scenario=scenario,
                number=next(counted),
                kind="exclude",
                about="A1-01",
                detail={"reason": f"HAND{n}"},
                made_by=person,
            )
    return Choices(detail="everything", comments=tuple(numbers))


def test_everything_typed_reaches_the_pages(roadmap: Roadmap) -> None:
    choices = type_everywhere(roadmap)
    other = make_scenario(snapshot=roadmap.snapshot, name="OTHERPLAN")
    choices = Choices(**{**choices.__dict__, "scenarios": (other.pk,)})

    snapshot = freeze_for(roadmap, choices)
    html = document_html(snapshot, choices)

    typed = ["RE0", "WO0", "NOTE0", "OVER0", "HAND0", "OTHERPLAN"]
    assert [word for word in typed if word not in html] == []
    assert [plan.letter for plan in snapshot.compared] == ["A", "B"]
    assert from_json(to_json(snapshot)) == snapshot
    assert input_hash(freeze_for(roadmap, choices)) == input_hash(snapshot)


def test_freezing_asks_no_more_queries_as_people_type_more(roadmap: Roadmap) -> None:
    def queries(choices: Choices) -> int:
        fresh = Roadmap.objects.get(pk=roadmap.pk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            freeze_for(fresh, choices)
        return len(seen)

    few = queries(type_everywhere(roadmap))
    many = queries(type_everywhere(roadmap, 6))

    assert many == few


def test_only_chosen_comments_are_printed_and_withdrawn_ones_never(roadmap: Roadmap) -> None:
    kept, gone = (
        Comment.objects.create(
            assessment=roadmap.snapshot.assessment, question_id="Q1.01", text=text
        )
        for text in ("KEPT", "GONE")
    )
    Comment.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())

    assert [number for number, _remark in remark_choices(roadmap)] == [kept.pk]
    assert chosen_remarks(roadmap, ()) == ()
    assert [one.text for one in chosen_remarks(roadmap, (gone.pk, kept.pk))] == ["KEPT"]


def test_comments_of_another_roadmap_are_never_printed(roadmap: Roadmap) -> None:
    other = plan_roadmap(make_organization())
    strange = Comment.objects.create(
        assessment=other.snapshot.assessment, question_id="Q1.01", text="STRANGE"
    )
    work = WorkComment.objects.create(
        roadmap=other, initiative=other.initiatives.first(), text="STRANGE"
    )

    assert chosen_remarks(roadmap, (strange.pk, -work.pk)) == ()


def test_own_targets_stand_over_the_guides(roadmap: Roadmap) -> None:
    step = roadmap.snapshot.guide.steps[0].id
    TargetProfile.objects.create(
        organization=roadmap.organization,
        guide_id=roadmap.snapshot.guide_id,
        steps={step: 91},
        updated_at=timezone.now(),
    )

    targets = freeze_for(roadmap, Choices()).targets

    assert targets is not None
    assert targets.is_own
    assert next(line.target for line in targets.steps if line.id == step) == 91


def test_scenarios_of_another_organization_are_not_compared(roadmap: Roadmap) -> None:
    strange = make_scenario(make_organization())

    assert freeze_for(roadmap, Choices(scenarios=(strange.pk,))).compared == ()


def test_builder_offers_the_comments_under_the_numbers_they_are_printed_by(
    roadmap: Roadmap,
) -> None:
    choices = type_everywhere(roadmap, 2)
    access = access_to(roadmap.created_by, roadmap.organization.slug)

    offered = dict(options_of(access, roadmap).comments)

    assert set(offered) == set(choices.comments)
    assert [one.text for one in chosen_remarks(roadmap, choices.comments)] == [
        "RE0",
        "WO0",
        "RE1",
        "WO1",
    ]
