"""How long the forecast of a plan takes: 1,000 runs of 95 initiatives, and its readiness curve.

    ./waymark bench forecast [--json]

A plan of 95 initiatives of the shipped guide on the answers of a demo organization, with freezes
and deadlines, in one process. Processor time, so that what else runs on the machine counts little.
Fails when the runs take 10 s, the curve 300 ms, or a second forecast differs from the first.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assessments.domain.answers_file import parse_answers  # noqa: E402
from guide.registry import current_guide  # noqa: E402
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind  # noqa: E402
from roadmap.domain.forecasting.forecast import (  # noqa: E402
    RUNS,
    SEED,
    forecast_curve,
    forecast_document,
    simulate,
)
from roadmap.domain.hand.decisions import Decisions  # noqa: E402
from roadmap.domain.planning import prepare  # noqa: E402
from roadmap.domain.preparing import Prepared  # noqa: E402
from roadmap.domain.scheduling import schedule  # noqa: E402
from roadmap.domain.selected import SelectedInitiative, Selection  # noqa: E402

INITIATIVES = 95
RUNS_S, CURVE_MS = 10.0, 300.0
START = date(2027, 1, 4)
CONSTRAINTS = Constraints(
    freezes=(
        Freeze(date(2027, 3, 1), date(2027, 4, 15), "New release of the EHR"),
        Freeze(date(2027, 9, 20), date(2027, 10, 15), "Accreditation survey"),
        Freeze(date(2027, 12, 15), date(2028, 1, 7), "Year end", FreezeKind.REDUCED_STAFF, 0.4),
    ),
    deadlines=(Deadline(date(2029, 6, 30)),),
)


def a_plan() -> Prepared:
    """The first 95 initiatives of the guide, whether anything calls for them or not."""
    guide = current_guide()
    answers = parse_answers((ROOT / "demo" / "per-4.yaml").read_text(), guide, "per-4.yaml").answers
    chosen = guide.initiatives[:INITIATIVES]
    known = {initiative.id for initiative in chosen}
    items = tuple(
        SelectedInitiative(
            initiative=initiative,
            rank=rank,
            klass=3 if initiative.kind == "containment" else 1,
            priority=1 / rank,
            reasons=(),
            predecessors=tuple(other for other in initiative.needs if other in known),
            satisfied=(),
        )
        for rank, initiative in enumerate(chosen, start=1)
    )
    return prepare(guide, answers, Selection(items, (), ()), CONSTRAINTS, Decisions(), START)


def measure() -> dict[str, object]:
    prepared = a_plan()
    planned = schedule(prepared.problem)
    began = time.process_time()
    forecast = simulate(prepared, planned, RUNS, SEED)
    seconds = time.process_time() - began
    began = time.process_time()
    curve = forecast_curve(prepared, forecast)
    curve_ms = (time.process_time() - began) * 1000
    document = forecast_document(forecast, curve)
    again = simulate(prepared, planned, RUNS, SEED)
    return {
        "initiatives": len(prepared.problem.tasks),
        "runs": RUNS,
        "seconds": round(seconds, 2),
        "runs_per_second": round(RUNS / seconds),
        "curve_ms": round(curve_ms, 1),
        "document_kb": round(len(json.dumps(document)) / 1024, 1),
        "finish": document["finish"],
        "is_repeatable": again == forecast,
    }


def main(arguments: list[str]) -> int:
    found = measure()
    if "--json" in arguments:
        print(json.dumps(found, indent=2))
    else:
        print(
            f"{found['initiatives']} initiatives, {found['runs']} runs: {found['seconds']} s, "
            f"{found['runs_per_second']} runs a second; the readiness curve {found['curve_ms']} ms "
            "(processor time)"
        )
    good = found["seconds"] < RUNS_S and found["curve_ms"] < CURVE_MS and found["is_repeatable"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
