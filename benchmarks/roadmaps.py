"""How fast and how well problems like real roadmaps are scheduled, and that no rule is broken.

    ./waymark bench roadmaps [--json] [--seconds 1 5] [--sizes 40 60 95 150 300] [--seeds 1 2 3]

Instances from `roadmap_instances`: gates, three freezes, reduced staff, a limit on parallel work.
The fast engine's schedule first (milliseconds of the processor, median of three), then the full
engine for so many seconds of the clock. Every schedule goes to the independent checker of the
tests. Fails when one breaks a rule or the first schedule of 95 initiatives takes 50 ms.
"""

import argparse
import json
import math
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.roadmap_instances import SEEDS, SIZES, roadmap_problem  # noqa: E402
from roadmap.domain.explaining.binding import bindings, critical_chain  # noqa: E402
from roadmap.domain.explaining.slack import slack  # noqa: E402
from roadmap.domain.problem import Problem, Schedule  # noqa: E402
from roadmap.domain.scheduling import SearchLimits, schedule, search  # noqa: E402
from tests.roadmap.schedule_checker import faults  # noqa: E402

FIRST_MS, FIRST_SIZE = 50.0, 95
# The clock is to end a search, or a proof.
ENDLESS = 10**9


def measure_instance(problem: Problem, seconds: list[float]) -> dict[str, object]:
    times, explaining = [], []
    for _ in range(3):
        began = time.process_time()
        first = schedule(problem)
        times.append((time.process_time() - began) * 1000)
        began = time.process_time()
        critical_chain(problem, first, bindings(problem, first))
        slack(problem, first)
        explaining.append((time.process_time() - began) * 1000)
    found = [{"seconds": 0, **_result(problem, first)}]
    for limit in seconds:
        limits = SearchLimits(ENDLESS, ENDLESS, seconds=limit, shares_seconds=True)
        began = time.monotonic()
        result = search(problem, limits)
        took = time.monotonic() - began
        found.append(
            {
                "seconds": limit,
                **_result(problem, result.schedule),
                "proven": result.is_proven,
                "took": round(took, 2),
            }
        )
    return {
        "first_ms": statistics.median(times),
        "explain_ms": statistics.median(explaining),
        "results": found,
    }


def _result(problem: Problem, result: Schedule) -> dict[str, object]:
    return {
        "objective": result.weighted_finish,
        "finish": result.makespan,
        "violations": len(faults(problem, result)),
    }


def summary(size: int, instances: list[dict]) -> dict[str, object]:
    """Of one size. `gain_percent`: how much lower the objective is than that of the fast engine."""
    rows = []
    for each in zip(*(instance["results"] for instance in instances), strict=True):
        firsts = [instance["results"][0] for instance in instances]
        gains = [
            100 * (1 - row["objective"] / first["objective"])
            for row, first in zip(each, firsts, strict=True)
        ]
        rows.append(
            {
                "seconds": each[0]["seconds"],
                "objective": round(statistics.mean(row["objective"] for row in each)),
                "gain_percent": round(statistics.mean(gains), 2),
                "finish": round(statistics.mean(row["finish"] for row in each), 1),
                "proven": sum(row.get("proven", False) for row in each),
                "slowest": max(row.get("took", 0) for row in each),
                "violations": sum(row["violations"] for row in each),
            }
        )
    return {
        "initiatives": size,
        "instances": len(instances),
        "first_ms": round(statistics.median(i["first_ms"] for i in instances), 1),
        "first_ms_slowest": round(max(i["first_ms"] for i in instances), 1),
        "explain_ms": round(statistics.median(i["explain_ms"] for i in instances), 1),
        "results": rows,
    }


def exponent(sizes: list[dict]) -> float | None:
    """k of the best fit of milliseconds = c · initiatives^k."""
    if len(sizes) < 2:
        return None
    points = [(math.log(size["initiatives"]), math.log(size["first_ms"])) for size in sizes]
    return round(statistics.linear_regression(*zip(*points, strict=True)).slope, 2)


COLUMNS = (
    ("initiatives", 11),
    ("first ms", 8),
    ("explained ms", 12),
    ("seconds", 7),
    ("objective", 10),
    ("gain %", 6),
    ("finish", 6),
    ("proven", 6),
    ("faults", 6),
)


def show(found: dict) -> None:
    print("  ".join(f"{title:>{width}}" for title, width in COLUMNS))
    for size in found["sizes"]:
        head = (size["initiatives"], size["first_ms"], size["explain_ms"])
        for row in size["results"]:
            proven = f"{row['proven']}/{size['instances']}"
            cells = (
                *head,
                f"{row['seconds']:g}",
                *(row[name] for name in ("objective", "gain_percent", "finish")),
                proven,
                row["violations"],
            )
            widths = [width for _, width in COLUMNS]
            print("  ".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)))
            head = ("", "", "")
    growth = (
        f"The time of the first schedule grows with initiatives to the power {found['exponent']}. "
        if found["exponent"] is not None
        else ""
    )
    print(
        f"Means over {found['sizes'][0]['instances']} drawn from a seed each; 0 seconds: the fast "
        f"engine. {growth}Rules broken: {found['violations']}."
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./waymark bench roadmaps")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, nargs="*", default=[1.0, 5.0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    chosen = parser.parse_args(arguments)
    sizes = [
        summary(
            size,
            [
                measure_instance(roadmap_problem(size, seed), chosen.seconds)
                for seed in chosen.seeds
            ],
        )
        for size in chosen.sizes
    ]
    found = {
        "sizes": sizes,
        "exponent": exponent(sizes),
        "violations": sum(row["violations"] for size in sizes for row in size["results"]),
    }
    if chosen.json:
        print(json.dumps(found, indent=2))
    else:
        show(found)
    first = [size["first_ms"] for size in sizes if size["initiatives"] == FIRST_SIZE]
    return 0 if not found["violations"] and all(ms < FIRST_MS for ms in first) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
