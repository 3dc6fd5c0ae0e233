"""Initiatives that the guide does not hold: an organization's own, and waves over more systems.

They become initiatives of the guide's type, so that everything after this treats them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.domain.answers import UNANSWERED, AnswerSet, AnswerState
from guide.model import Effort, Elapsed, Guide, Initiative
from roadmap.domain.hand.decisions import OwnInitiative, Wave
from roadmap.domain.selected import Reason, SelectedInitiative, Selection

SYSTEMS_TABLE = "T1"
# What is done once more for each further system belongs to these steps of the guide.
STEPS_PER_SYSTEM = (3, 4, 5)
SECOND_SYSTEM_GATE = "G6"
CRITICAL_SYSTEM_GATE = "G7"
CRITICAL_TIERS = ("1", "2")
# Of the systems beyond the pilot, the second and third take the full effort (an estimate).
FULL_EFFORT_SYSTEMS = 2
LATER_SYSTEM = 0.5
# Nothing is known about how much work of one's own matters: it stands in the middle.
OWN_PRIORITY = 0.5
REST = 1
OWN_DONE = "What was planned is done, and whoever asked for it agrees."


@dataclass(frozen=True)
class WaveNumbers:
    """`share`: what the wave takes of the effort for one system."""

    wave: Wave
    id: str
    former: str
    share: float


def own_item(own: OwnInitiative, known: Iterable[str], rank: int) -> SelectedInitiative:
    """`known`: the ids it can wait for."""
    weeks = own.waits_weeks
    made = Initiative(
        id=own.id,
        kind="action",
        title=own.title,
        what=own.what or own.title,
        step=own.step,
        phase=own.phase,
        roles=own.roles,
        effort_days=Effort(low=own.effort.low, likely=own.effort.likely, high=own.effort.high),
        elapsed_weeks=Elapsed(low=weeks, high=weeks) if weeks else None,
        when="always",  # type: ignore[arg-type]
        go_live=own.go_live,
        done=(OWN_DONE,),
    )
    possible = set(known)
    return SelectedInitiative(
        initiative=made,
        rank=rank,
        klass=REST,
        priority=OWN_PRIORITY,
        reasons=(Reason("own", "Your organization added it."),),
        predecessors=tuple(need for need in own.needs if need in possible),
        satisfied=(),
    )


def numbered(waves: Sequence[tuple[str, Wave]]) -> tuple[WaveNumbers, ...]:
    """`waves` by id, in order. Systems count on from wave to wave of the same initiative."""
    done: dict[str, int] = {}
    former: dict[str, str] = {}
    found = []
    for id, wave in waves:
        first = done.get(wave.initiative, 0)
        last = first + len(wave.systems)
        full = max(0, min(last, FULL_EFFORT_SYSTEMS) - first)
        share = full + LATER_SYSTEM * (len(wave.systems) - full)
        found.append(WaveNumbers(wave, id, former.get(wave.initiative, wave.initiative), share))
        done[wave.initiative], former[wave.initiative] = last, id
    return tuple(found)


def wave_item(
    numbers: WaveNumbers, first: SelectedInitiative, reviews: Mapping[str, str], critical: bool
) -> SelectedInitiative:
    """`first`: the initiative itself. `reviews`: gate → the planned initiative that holds it."""
    systems = ", ".join(numbers.wave.systems)
    gates = [SECOND_SYSTEM_GATE, CRITICAL_SYSTEM_GATE] if critical else [SECOND_SYSTEM_GATE]
    held = [reviews[gate] for gate in gates if gate in reviews]
    effort = first.initiative.effort_days
    made = first.initiative.model_copy(
        update={
            "id": numbers.id,
            "title": _shortened(f"{first.initiative.title}, for {systems}"),
            "effort_days": Effort(
                low=effort.low * numbers.share,
                likely=effort.likely * numbers.share,
                high=effort.high * numbers.share,
            ),
            # The first time lifted the answers and passed the gate.
            "lifts": (),
            "gate": "",
            "needs": (),
            "duty": False,
        }
    )
    before = dict.fromkeys((numbers.wave.initiative, numbers.former, *held))
    return SelectedInitiative(
        initiative=made,
        rank=first.rank,
        klass=REST,
        priority=first.priority,
        reasons=(
            Reason(
                "wave",
                f"{first.initiative.id} once more, for {systems}, after it was done for the pilot.",
                first.initiative.id,
            ),
        ),
        predecessors=tuple(before),
        satisfied=(),
    )


def can_repeat(guide: Guide, initiative: Initiative) -> bool:
    """Whether it makes sense once more for another system."""
    numbers = {step.id: step.number for step in guide.steps}
    return initiative.kind == "action" and numbers.get(initiative.step) in STEPS_PER_SYSTEM


def planned_reviews(selection: Selection) -> dict[str, str]:
    return {
        item.initiative.gate: item.initiative.id
        for item in selection.items
        if item.initiative.kind == "review"
    }


def tiers_by_system(guide: Guide, answers: AnswerSet) -> dict[str, str]:
    """The tier of each system of the answers' list, by its name in small letters."""
    question = guide.tables.get(SYSTEMS_TABLE)
    answer = answers.get(question.id, UNANSWERED) if question else UNANSWERED
    if answer.state is not AnswerState.ANSWERED:
        return {}
    rows = [row for row in answer.value or () if row.get("name") and row.get("tier")]
    return {str(row["name"]).strip().casefold(): str(row["tier"]) for row in rows}


def is_critical(systems: Iterable[str], tiers: Mapping[str, str]) -> bool:
    """Whether one of them is of tier 1 or 2. A system nobody has tiered may be: it counts."""
    unknown = CRITICAL_TIERS[0]
    return any(tiers.get(s.strip().casefold(), unknown) in CRITICAL_TIERS for s in systems)


def _shortened(title: str) -> str:
    return title if len(title) <= 200 else f"{title[:199]}…"
