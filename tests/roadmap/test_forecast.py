import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers_file import parse_answers
from guide.registry import current_guide
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, Staffing
from roadmap.domain.forecasting.forecast import (
    forecast_document,
    make_forecast,
    percentile,
    simulate,
    spreads,
)
from roadmap.domain.forecasting.simulation import play
from roadmap.domain.forecasting.uncertainty import (
    Outcome,
    Spread,
    common_factors,
    draws,
    outcome,
    quantiles,
)
from roadmap.domain.hand.decisions import Decisions
from roadmap.domain.planning import prepare
from roadmap.domain.problem import HORIZON_DAYS, Problem, Schedule, Task
from roadmap.domain.scheduling import schedule
from roadmap.domain.selected import Selection
from tests.roadmap.answers import HOSPITAL
from tests.roadmap.schedule_checker import violations

GUIDE = current_guide()
TODAY = date(2026, 11, 22)
ALONE = {"OPS": ((0, 100),)}


def prepared(**limits):
    return prepare(
        GUIDE,
        parse_answers(HOSPITAL, GUIDE, "hospital.yaml").answers,
        None,
        Constraints(**limits),
        Decisions(),
        TODAY,
    )


def due(ready, *deadlines):
    """The same plan with these deadlines: planning itself would leave work out to keep them."""
    return replace(ready, constraints=replace(ready.constraints, deadlines=deadlines))


@pytest.fixture(scope="module")
def hospital():
    freeze = Freeze(date(2027, 3, 1), date(2027, 4, 15), "New release of the EHR")
    ready = prepared(freezes=(freeze,))
    deadlines = [Deadline(date(year, 6, 30)) for year in range(2027, 2036)]
    return due(ready, *deadlines), schedule(ready.problem)


def played(tasks, days, *, capacities=ALONE, **limits):
    """One run with these days, in the order of the fast engine's schedule."""
    problem = Problem(tuple(tasks), capacities, **limits)
    needs = {t.id: [Outcome(days.get(t.id, t.duration), t.demands)] for t in problem.tasks}
    runs = play(problem, schedule(problem), needs)
    return {name: found[0] for name, found in runs.starts.items()}, runs


def task(name, duration, *before, **more):
    return Task(name, duration, {"OPS": 100}, tuple((o, 0) for o in before), **more)


# --- What an initiative can need ---------------------------------------------------------------


@pytest.mark.parametrize("leaving", [False, True])
def test_outcome_of_the_likely_effort_is_what_the_plan_says(hospital, leaving):
    less = Staffing("OPS", -0.6, date(2027, 6, 1))
    ready = prepared(role_fte={"OPS": 0.9}, staffing=(less,)) if leaving else hospital[0]

    for name, spread in spreads(ready).items():
        found = outcome(spread, spread.likely, spread.waits[0])
        work = ready.work[name]
        assert (found.days, dict(found.demands)) == (work.days, dict(work.demands)), name


def test_outcome_of_work_too_long_for_its_people_keeps_the_plans_proportion():
    spread = Spread(100, 200, 400, (0, 0), {"OPS": 1.0}, {"OPS": 10})

    assert outcome(spread, 200, 0).days == 130
    assert outcome(spread, 300, 0).days == 195


def test_outcome_may_overrun_the_longest_planned_duration():
    spread = Spread(50, 100, 300, (0, 0), {"OPS": 1.0}, {"OPS": 100})

    assert outcome(spread, 250, 0).days == 250


@given(st.floats(0.1, 50), st.floats(0, 50), st.floats(0, 50))
@settings(max_examples=40)
def test_quantiles_rise_inside_the_estimate_with_the_mean_of_pert(low, more, most):
    likely, high = low + more, low + more + most

    found = quantiles(low, likely, high)

    assert list(found) == sorted(found)
    assert low - 1e-9 <= found[0] and found[-1] <= high + 1e-9
    mean = sum(found) / len(found)
    assert mean == pytest.approx((low + 4 * likely + high) / 6, rel=0.01)


def test_draws_err_together_and_by_initiative():
    spread = Spread(10, 20, 60, (0, 0), {"OPS": 1.0}, {"OPS": 100})
    factors = common_factors(2000, 1)

    one, other = (draws(name, spread, factors, 1) for name in ("A", "B"))

    likeness = correlation([o.days for o in one], [o.days for o in other])
    assert 0.2 < likeness < 0.4


def test_draws_of_an_initiative_do_not_hang_on_how_many_runs_there_are():
    spread = Spread(10, 20, 60, (1, 5), {"OPS": 1.0}, {"OPS": 100})

    few, many = (draws("A", spread, common_factors(n, 7), 7) for n in (50, 80))

    assert many[:50] == few


def correlation(one, other):
    count = len(one)
    a, b = sum(one) / count, sum(other) / count
    both = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    return both / (sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other)) ** 0.5


# --- One run -----------------------------------------------------------------------------------


def test_play_moves_what_waits_for_longer_work():
    starts, runs = played([task("A", 5), task("B", 5, "A")], {"A": 9})

    assert starts == {"A": 0, "B": 9}
    assert runs.critical == {"A": 1, "B": 1}


def test_play_finds_the_people_busy_and_calls_them_critical():
    tasks = [task("A", 5, value=9), task("B", 5), Task("C", 2)]

    starts, runs = played(tasks, {"A": 8})

    assert starts == {"A": 0, "B": 8, "C": 0}
    assert runs.critical == {"A": 1, "B": 1, "C": 0}


def test_play_lets_a_pin_slip_that_cannot_be_held():
    tasks = [task("A", 5), task("B", 3, "A", fixed=6)]

    assert played(tasks, {"A": 4})[0]["B"] == 6
    assert played(tasks, {"A": 9})[0]["B"] == 9


def test_play_keeps_the_go_live_out_of_a_freeze():
    tasks = [task("A", 10, go_live=2)]

    starts, _ = played(tasks, {"A": 14}, freezes=((13, 20),))

    assert starts["A"] == 20 + 2 - 14


def test_play_moves_nothing_that_has_begun():
    tasks = [task("A", 10, go_live=2, fixed=0), task("B", 5, fixed=0), task("C", 3)]
    problem = Problem(tuple(tasks), ALONE, freezes=((13, 20),))
    needs = {t.id: [Outcome(14 if t.id == "A" else t.duration, t.demands)] for t in tasks}

    runs = play(problem, schedule(problem), needs, begun=("A", "B"))

    assert (runs.starts["A"], runs.starts["B"]) == ([0], [0])
    # It runs into a freeze, so it ends after it; what is not begun waits for its people.
    assert runs.finishes["A"] == [22]
    assert runs.starts["C"] == [14]


def test_play_counts_what_waits_apart_against_the_limit():
    tasks = [Task("A", 5), Task("B", 5), Task("W", 5, wip=0)]

    starts, _ = played(tasks, {}, wip_limit=1)

    assert sorted(starts.values()) == [0, 0, 5]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from([0, 30, 60, 100]),
            st.integers(0, 3),
            st.integers(0, 9),
        ),
        min_size=1,
        max_size=10,
    ),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=2),
    st.none() | st.integers(1, 3),
)
@settings(max_examples=50)
def test_play_never_breaks_a_rule(rows, frozen, limit):
    tasks = [
        Task(
            str(n),
            days,
            {"OPS": amount} if amount else {},
            ((str(n - back), back),) if 0 < back <= n else (),
            go_live=min(1, days),
        )
        for n, (days, amount, back, _) in enumerate(rows)
    ]
    freezes = tuple((start, start + length) for start, length in frozen)
    problem = Problem(tuple(tasks), {"OPS": ((0, 100), (20, 60), (30, 100))}, limit, freezes)
    turned_out = {t.id: max(t.go_live, row[3]) for t, row in zip(tasks, rows, strict=True)}
    needs = {t.id: [Outcome(turned_out[t.id], t.demands)] for t in tasks}

    runs = play(problem, schedule(problem), needs)

    as_it_was = Problem(
        tuple(
            Task(t.id, turned_out[t.id], t.demands, t.predecessors, go_live=t.go_live)
            for t in tasks
        ),
        problem.capacities,
        limit,
        freezes,
    )
    starts = {name: found[0] for name, found in runs.starts.items()}
    finishes = {name: found[0] for name, found in runs.finishes.items()}
    result = Schedule(starts, finishes, max(finishes.values()), 0, "played")
    assert violations(as_it_was, result) == []
    assert sum(runs.critical.values()) >= 1


def test_play_of_the_likely_efforts_is_never_later_than_the_plan(hospital):
    ready, planned = hospital
    likely = {
        name: [outcome(spread, spread.likely, spread.waits[0])]
        for name, spread in spreads(ready).items()
    }

    runs = play(ready.problem, planned, likely)

    assert all(found[0] <= planned.starts[name] for name, found in runs.starts.items())


# --- The forecast ------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40), st.integers(1, 100))
@settings(max_examples=50)
def test_percentile_is_the_nearest_rank(numbers, percent):
    ordered = sorted(numbers)

    found = percentile(ordered, percent)

    within = sum(1 for number in ordered if number <= found)
    assert within * 100 >= percent * len(ordered)
    below = sum(1 for number in ordered if number < found)
    assert below * 100 < percent * len(ordered)


def test_simulate_orders_its_percentiles_and_bounds_its_chances(hospital):
    found = simulate(*hospital, runs=120)

    ranges = [found.finish, found.lifted, *found.phases.values(), *found.gates.values()]
    ranges += [part for i in found.initiatives.values() for part in (i.start, i.finish)]
    assert all(r.p50 <= r.p80 <= r.p95 for r in ranges)
    assert all(0 <= i.critical <= 1 for i in found.initiatives.values())
    assert any(i.critical == 1 for i in found.initiatives.values())
    assert set(found.initiatives) == {i.initiative.id for i in hospital[0].selection.items}
    assert found.finish.p95 <= max(i.finish.p95 for i in found.initiatives.values())
    assert sum(found.histogram.counts) == 120


def test_simulate_gives_later_deadlines_better_chances(hospital):
    chances = [d.chance for d in simulate(*hospital, runs=120).deadlines]

    assert chances == sorted(chances)
    assert chances[0] == 0 and chances[-1] == 1


def test_simulate_counts_a_deadline_on_its_very_day(hospital):
    ready, planned = hospital
    finish = simulate(ready, planned, runs=60).finish

    (found,) = simulate(due(ready, Deadline(finish.p80)), planned, runs=60).deadlines

    assert 0.8 <= found.chance < 1


def test_simulate_has_no_chance_for_what_is_not_planned(hospital):
    ready, planned = hospital

    (found,) = simulate(due(ready, Deadline(date(2030, 1, 1), "NOBODY")), planned, runs=2).deadlines

    assert found.chance is None


def test_make_forecast_gives_the_same_bytes_for_the_same_input(hospital):
    once, again = (json.dumps(make_forecast(*hospital, runs=60)) for _ in range(2))

    assert once == again
    assert once != json.dumps(make_forecast(*hospital, runs=60, seed=2))


def test_simulate_hardly_moves_with_more_runs(hospital):
    few, many = (simulate(*hospital, runs=runs).finish for runs in (150, 300))

    length = (many.p50 - TODAY).days
    assert abs((many.p50 - few.p50).days) < 0.08 * length


def test_simulate_tells_how_far_it_is(hospital):
    heard = []

    simulate(*hospital, runs=100, tell=lambda done, of: heard.append((done, of)))

    assert heard == [(50, 100), (100, 100)]


def test_simulate_says_when_work_finds_nobody_left():
    """Planned to the last day on which its people are there, it may slip past it."""
    ready = prepared()
    last = schedule(ready.problem).makespan
    leaving = {
        role: (*steps, (last, 0), (HORIZON_DAYS, 1000))
        for role, steps in ready.problem.capacities.items()
    }
    ready = replace(ready, problem=replace(ready.problem, capacities=leaving))

    found = simulate(ready, schedule(ready.problem), runs=20)

    assert 0 < found.stranded.share <= 1
    assert set(found.stranded.initiatives) <= set(found.initiatives)
    assert forecast_document(found)["stranded"]["share"] == found.stranded.share


def test_simulate_strands_nothing_while_people_stay(hospital):
    assert simulate(*hospital, runs=20).stranded is None


def test_simulate_of_nothing_has_no_dates():
    ready = prepare(
        GUIDE,
        {},
        Selection((), (), ()),
        Constraints(deadlines=(Deadline(TODAY),)),
        Decisions(),
        TODAY,
    )

    found = make_forecast(ready, schedule(ready.problem), runs=10)

    assert found["finish"] is None and found["histogram"] is None
    assert found["deadlines"][0]["chance"] is None
    assert found["readiness"]["points"] == []


def test_forecast_document_is_plain_data(hospital):
    found = forecast_document(simulate(*hospital, runs=20))

    assert json.loads(json.dumps(found)) == found
    assert found["readiness"] is None
