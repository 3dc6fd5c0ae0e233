from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from roadmap.domain.scheduling import ENGINE, ENGINE_VERSION
from roadmap.models import GateState, PlannedInitiative
from roadmap.services import (
    GateNotReady,
    ProgressInvalid,
    StaleInitiative,
    gate_close,
    gate_confirm_item,
    gate_open,
    gate_withdraw_item,
    initiative_update,
    roadmap_create,
)
from tests.factories import make_organization, make_user
from tests.roadmap.factories import (
    MONDAY,
    approved,
    make_roadmap,
    make_snapshot,
    plan_roadmap,
)

pytestmark = pytest.mark.django_db


def update(initiative, **changes):
    values = {"status": "in_progress", "finished_on": None, "note": "", "version": 0, "user": None}
    return initiative_update(initiative=initiative, **{**values, **changes})


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_roadmap_create_stores_the_plan_and_what_it_came_from():
    roadmap = plan_roadmap()

    stored = roadmap.plan
    assert roadmap.initiatives.count() == len(stored["initiatives"]) > 20
    assert [g.gate_id for g in roadmap.gates.all()] == [g["id"] for g in stored["gates"]]
    assert roadmap.finish_on.isoformat() == stored["finish"]
    assert roadmap.constraints["start"] == MONDAY.isoformat()
    assert len(roadmap.input_hash) == 64
    assert roadmap.engine == f"{ENGINE} {ENGINE_VERSION}"
    assert verbs()[-1] == "roadmap.created"


def test_roadmap_create_twice_from_the_same_input_gives_the_same_plan():
    user, snapshot = make_user(), make_snapshot()
    same = {"organization": snapshot.organization, "user": user, "snapshot": snapshot}

    first = roadmap_create(**same, name="One", start_on=MONDAY)
    second = roadmap_create(**same, name="Two", start_on=MONDAY)
    later = roadmap_create(**same, name="Three", start_on=MONDAY + timedelta(days=1))

    assert (first.plan, first.input_hash) == (second.plan, second.input_hash)
    assert later.input_hash != first.input_hash


def test_roadmap_create_refuses_another_organizations_assessment():
    with pytest.raises(ValueError, match="another organization"):
        roadmap_create(
            organization=make_organization(),
            user=make_user(),
            snapshot=make_snapshot(),
            name="Theirs",
            start_on=MONDAY,
        )


def test_roadmap_create_cites_only_the_regimes_of_the_profile():
    roadmap = plan_roadmap()

    cited = {c["id"] for i in roadmap.initiatives.all() for c in i.details["controls"]}
    assert any(control.startswith("REG-HIPAA") for control in cited)
    assert not any(control.startswith("REG-GDPR") for control in cited)


def test_initiative_update_saves_progress_and_counts_the_version():
    initiative = make_roadmap().initiatives.first()
    user = make_user()

    saved = update(initiative, status="in_progress", note="Half\r\nway ", user=user)

    saved.refresh_from_db()
    assert (saved.status, saved.note, saved.version) == ("in_progress", "Half\nway", 1)
    assert saved.updated_by == user
    assert verbs()[-1] == "initiative.updated"


def test_initiative_update_done_without_a_date_means_today():
    saved = update(make_roadmap().initiatives.first(), status="done")

    assert saved.finished_on == timezone.now().date()


def test_initiative_update_keeps_no_finish_date_of_what_is_not_done():
    saved = update(make_roadmap().initiatives.first(), finished_on=date(2026, 1, 5))

    assert saved.finished_on is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "finished"}, "status"),
        ({"status": "done", "finished_on": date(2999, 1, 1)}, "finished_on"),
        ({"status": "done", "finished_on": date(1999, 12, 31)}, "finished_on"),
        ({"status": "dropped", "note": "  "}, "note"),
        ({"note": "x" * 10_001}, "note"),
    ],
)
def test_initiative_update_refuses_what_makes_no_sense(changes, field):
    initiative = make_roadmap().initiatives.first()

    with pytest.raises(ProgressInvalid) as caught:
        update(initiative, **changes)

    initiative.refresh_from_db()
    assert list(caught.value.messages) == [field]
    assert initiative.version == 0


@pytest.mark.parametrize("note", ["x" * 10_000, "<script>alert(1)</script>", "שלום 🩺", "a\x00b"])
def test_initiative_update_keeps_any_text(note):
    saved = update(make_roadmap().initiatives.first(), note=note)

    saved.refresh_from_db()
    assert saved.note == note.replace("\x00", "")


def test_initiative_update_never_overwrites_newer_progress_unseen():
    initiative = make_roadmap().initiatives.first()
    update(initiative, note="theirs")

    with pytest.raises(StaleInitiative) as caught:
        update(initiative, note="mine", version=0)

    initiative.refresh_from_db()
    assert caught.value.current.note == "theirs"
    assert initiative.note == "theirs"


def test_initiative_update_same_again_changes_nothing():
    initiative = make_roadmap().initiatives.first()
    update(initiative, note="same")

    again = update(initiative, note="same", version=0)

    assert again.version == 1
    assert verbs().count("initiative.updated") == 1


def finished(roadmap):
    roadmap.initiatives.exclude(kind="review").update(status="done", finished_on=MONDAY)
    return roadmap.gates.get()


def confirmed(gate, item="G1-2"):
    return gate_confirm_item(gate=gate, user=make_user(), item_id=item, note="Minutes of May 3")


def ready(roadmap):
    gate = finished(roadmap)
    confirmed(gate)
    return approved(gate)


def test_gate_open_says_what_is_missing():
    gate = make_roadmap().gates.get()

    with pytest.raises(GateNotReady) as caught:
        gate_open(gate=gate, user=make_user())

    missing = {r.item.id: [p.initiative for p in r.missing] for r in caught.value.missing}
    assert missing == {"G1-1": ["A1", "A2"], "G1-2": []}
    assert not GateState.objects.get().is_open


def test_gate_open_when_its_checklist_is_met_holds_the_review():
    gate = ready(make_roadmap())
    user = make_user()

    opened = gate_open(gate=gate, user=user)

    review = PlannedInitiative.objects.get(kind="review")
    assert (opened.is_open, opened.opened_by) == (True, user)
    assert (review.status, review.finished_on) == ("done", timezone.now().date())
    assert verbs()[-2:] == ["initiative.updated", "gate.opened"]


def test_review_is_done_only_by_opening_its_gate():
    roadmap = make_roadmap()
    review = roadmap.initiatives.get(kind="review")

    with pytest.raises(ProgressInvalid) as caught:
        update(review, status="done")
    gate_open(gate=ready(roadmap), user=None)
    review.refresh_from_db()
    noted = update(review, status="done", note="Held in the board room.", version=review.version)

    assert list(caught.value.messages) == ["status"]
    assert "G1" in caught.value.messages["status"]
    assert (noted.status, noted.note) == ("done", "Held in the board room.")


def test_review_of_a_gate_is_never_dropped():
    review = make_roadmap().initiatives.get(kind="review")

    with pytest.raises(ProgressInvalid) as caught:
        update(review, status="dropped", note="We need no gate.")

    assert list(caught.value.messages) == ["status"]


def test_gate_close_takes_the_review_back():
    gate = ready(make_roadmap())
    gate_open(gate=gate, user=None)

    gate_close(gate=gate, user=None, reason="The list was not complete.")

    review = PlannedInitiative.objects.get(kind="review")
    assert (review.status, review.finished_on) == ("not_started", None)


def test_gate_open_twice_changes_nothing():
    gate = ready(make_roadmap())
    first = gate_open(gate=gate, user=make_user())

    second = gate_open(gate=gate, user=make_user())

    assert second.opened_by == first.opened_by
    assert verbs().count("gate.opened") == 1


def test_gate_confirm_item_needs_a_word_and_a_real_item():
    gate = make_roadmap().gates.get()

    for item, note in (("G1-2", " "), ("G1-9", "seen"), ("G1-2", "x" * 2_001)):
        with pytest.raises(ProgressInvalid):
            gate_confirm_item(gate=gate, user=None, item_id=item, note=note)

    assert gate.confirmations.count() == 0


def test_gate_confirm_item_twice_keeps_the_first_word():
    gate = make_roadmap().gates.get()
    confirmed(gate)

    gate_confirm_item(gate=gate, user=make_user(), item_id="G1-2", note="Another word")

    assert gate.confirmations.get().note == "Minutes of May 3"


def test_gate_withdraw_item_leaves_an_open_gate_open_and_records_it():
    gate = ready(make_roadmap())
    gate_open(gate=gate, user=None)

    gate_withdraw_item(gate=gate, user=None, item_id="G1-2")

    assert GateState.objects.get().is_open
    assert gate.confirmations.count() == 0
    assert verbs()[-1] == "gate.item_withdrawn"


def test_gate_close_needs_a_reason_and_is_recorded():
    gate = ready(make_roadmap())
    gate_open(gate=gate, user=None)

    with pytest.raises(ProgressInvalid):
        gate_close(gate=gate, user=None, reason=" ")
    closed = gate_close(gate=gate, user=None, reason="The inventory was incomplete")

    assert (closed.is_open, closed.opened_at) == (False, None)
    assert AuditEntry.objects.first().detail["reason"] == "The inventory was incomplete"
