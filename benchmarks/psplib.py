"""How near the engine comes to the best known schedules of PSPLIB (resource-constrained projects).

    ./waymark bench psplib DIR [--set j60] [--seconds 2] [--engine rules|full] [--clock wall|cpu]
                               [--json] [--seed 1] [--every 1]

DIR holds the folders j30, j60 and j120 with `.sm` files, and best_known.csv. Each instance gets
so many seconds, from reading the problem to the schedule; importing the solver comes before and
does not count. One worker. `--clock cpu` counts the seconds of this process instead of those on the
wall: the search runs on one core, so on a quiet machine both are the same, and on a busy one the
figure is not made worse by the neighbours. Every schedule is counted after day by day, by code
that shares nothing with the engine. Exits with 1 if one breaks a rule.
"""

import argparse
import csv
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from roadmap.domain.problem import Problem, Schedule, Task  # noqa: E402
from roadmap.domain.scheduling import SearchLimits, search  # noqa: E402

SETS = ("j30", "j60", "j120")
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.monotonic, "cpu": time.process_time}
# Only the seconds end a run.
NO_END = 10**9


@dataclass(frozen=True)
class Instance:
    """A project as PSPLIB writes it, without its two empty jobs."""

    name: str
    durations: dict[int, int]
    requests: dict[int, list[int]]
    successors: dict[int, list[int]]
    capacities: list[int]
    best_known: int


def read_instance(path: Path, best_known: int) -> Instance:
    lines = path.read_text().splitlines()
    jobs = next(int(line.split(":")[1]) for line in lines if line.startswith("jobs"))
    arrows = _table(lines, "PRECEDENCE", 2, jobs)
    requests = _table(lines, "REQUESTS", 3, jobs)
    (capacities,) = _table(lines, "RESOURCEAVAILABILITIES", 2, 1)
    inner = range(2, jobs)
    return Instance(
        name=path.stem,
        durations={row[0]: row[2] for row in requests if row[0] in inner},
        requests={row[0]: row[3:] for row in requests if row[0] in inner},
        successors={
            row[0]: [other for other in row[3:] if other in inner]
            for row in arrows
            if row[0] in inner
        },
        capacities=capacities,
        best_known=best_known,
    )


def _table(lines: list[str], title: str, skip: int, count: int) -> list[list[int]]:
    at = next(index for index, line in enumerate(lines) if line.startswith(title)) + skip
    return [[int(word) for word in line.split()] for line in lines[at : at + count]]


def to_problem(instance: Instance) -> Problem:
    before: dict[int, list[int]] = {job: [] for job in instance.durations}
    for job, others in instance.successors.items():
        for other in others:
            before[other].append(job)
    return Problem(
        tasks=tuple(
            Task(
                id=str(job),
                duration=days,
                demands={f"R{n}": a for n, a in enumerate(instance.requests[job], 1) if a},
                predecessors=tuple((str(other), 0) for other in before[job]),
            )
            for job, days in instance.durations.items()
        ),
        capacities={f"R{n}": ((0, a),) for n, a in enumerate(instance.capacities, 1)},
        finish_first=True,
    )


def faults(instance: Instance, schedule: Schedule) -> Iterator[str]:
    """What the schedule breaks, counted day by day on the instance itself."""
    starts = {job: schedule.starts[str(job)] for job in instance.durations}
    for job, others in instance.successors.items():
        for other in others:
            if starts[other] < starts[job] + instance.durations[job]:
                yield f"{instance.name}: {other} begins before {job} ends"
    used: Counter[tuple[int, int]] = Counter()
    for job, start in starts.items():
        if start < 0:
            yield f"{instance.name}: {job} begins before the project"
        for day in range(start, start + instance.durations[job]):
            for resource, amount in enumerate(instance.requests[job]):
                used[resource, day] += amount
    for (resource, day), amount in sorted(used.items()):
        if amount > instance.capacities[resource]:
            yield f"{instance.name}: {amount} of resource {resource + 1} on day {day}"
    end = max(start + instance.durations[job] for job, start in starts.items())
    if end != schedule.makespan:
        yield f"{instance.name}: ends on day {end}, not {schedule.makespan}"


@dataclass(frozen=True)
class Found:
    name: str
    gap: float
    seconds: float
    cpu_seconds: float
    ended_by: str
    faults: tuple[str, ...]


def run_instance(instance: Instance, chosen: argparse.Namespace) -> Found:
    began, began_cpu = time.monotonic(), time.process_time()
    limits = SearchLimits(
        schedules=NO_END,
        deterministic=NO_END if chosen.engine == "full" else 0,
        seconds=chosen.seconds,
        seed=chosen.seed,
        shares_seconds=True,
    )
    result = search(to_problem(instance), limits, clock=CLOCKS[chosen.clock])
    return Found(
        name=instance.name,
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - began_cpu,
        gap=100 * (result.schedule.makespan - instance.best_known) / instance.best_known,
        ended_by=result.ended_by,
        faults=tuple(faults(instance, result.schedule)),
    )


def run_set(folder: Path, name: str, chosen: argparse.Namespace) -> tuple[dict, list[Found]]:
    with (folder / "best_known.csv").open() as file:
        best_known = {
            row["instance"]: int(row["best_known_makespan"]) for row in csv.DictReader(file)
        }
    paths = sorted((folder / name).glob("*.sm"))[:: chosen.every]
    if not paths:
        raise SystemExit(f"There are no .sm files in {folder / name}.")
    found = [run_instance(read_instance(p, best_known[p.stem]), chosen) for p in paths]
    gaps = [one.gap for one in found]
    return {
        "instances": len(found),
        "mean_gap_percent": round(statistics.mean(gaps), 3),
        "max_gap_percent": round(max(gaps), 2),
        "at_best_known": sum(gap <= 0 for gap in gaps),
        "median_seconds": round(statistics.median(one.seconds for one in found), 3),
        "median_cpu_seconds": round(statistics.median(one.cpu_seconds for one in found), 3),
        "proven": sum(one.ended_by == "proven" for one in found),
    }, found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./waymark bench psplib", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--set", choices=SETS, action="append", dest="sets")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--engine", choices=("rules", "full"), default="full")
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="wall")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="only every n-th instance")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--each", action="store_true", help="a line for every instance")
    chosen = parser.parse_args(arguments)
    if chosen.engine == "full":
        from ortools.sat.python import cp_model  # noqa: F401  (a second that is not the search's)
    found, broken = {}, []
    for name in chosen.sets or SETS:
        found[name], each = run_set(chosen.folder, name, chosen)
        broken += [fault for one in each for fault in one.faults]
        if chosen.each:
            for one in each:
                print(f"{one.name} {one.gap:.2f} {one.seconds:.2f} s {one.ended_by}")
        if not chosen.json:
            figures = ", ".join(f"{key} {value}" for key, value in found[name].items())
            print(f"{name}: {figures}", flush=True)
    if chosen.json:
        print(json.dumps(found, indent=2))
    for fault in broken:
        print(f"NOT FEASIBLE {fault}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
