import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.charts.weeks import NARROW, WIDE, scale, weeks_chart
from delivery.domain.daily import (
    ChangeFact,
    DayFigures,
    DeploymentFact,
    Facts,
    FixFact,
    count,
    lacks,
)
from delivery.domain.metrics import METRICS, OpenFinding, measure
from delivery.domain.series import monday_of, series_of, whole_weeks

FIRST, LAST = date(2026, 8, 31), date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = 3600, 86400


def measured(**figures):
    return measure(DayFigures(**figures), FIRST, LAST, now=NOW)


def test_nothing_recorded_has_no_values_rather_than_zeros():
    metrics = measured()

    assert [metrics[name].value for name in METRICS] == [None] * 8
    assert metrics.is_empty


def test_frequency_is_per_four_weeks_of_the_window():
    metric = measured(deployments=24, gaps=[DAY, 3 * DAY, 5 * DAY])["deployment_frequency"]

    assert (metric.value, metric.n) == (8.0, 24)
    assert metric.part("days_between").value == 3.0


def test_frequency_counts_from_where_records_begin():
    figures = DayFigures(deployments=8)
    since = LAST - timedelta(days=55)

    assert measure(figures, FIRST, LAST, since=since)["deployment_frequency"].value == 4.0


def test_frequency_of_less_than_four_weeks_is_not_blown_up():
    metrics = measure(DayFigures(deployments=3), FIRST, LAST, since=LAST - timedelta(days=6))
    metric = metrics["deployment_frequency"]

    assert metric.value == 3.0
    assert [(note.code, note.number) for note in metric.notes] == [("short_window", 7)]


def test_few_deployments_say_so_and_eight_do_not():
    assert measured(deployments=3)["change_fail_rate"].is_few
    assert not measured(deployments=8)["change_fail_rate"].is_few


def test_fail_rate_comes_with_its_interval():
    metric = measured(deployments=20, failed=2)["change_fail_rate"]

    assert metric.value == 10.0
    assert metric.interval == pytest.approx((2.79, 30.10), abs=0.01)


def test_no_failure_beside_incidents_is_doubted():
    codes = [note.code for note in measured(deployments=9, incidents=2)["change_fail_rate"].notes]

    assert codes == ["none_failed_but_incidents"]


def test_lead_time_is_a_median_with_its_85th_percentile():
    hours = [2, 4, 6, 8, 100]
    metric = measured(deployments=5, leads=[hour * HOUR for hour in hours])["lead_time"]

    assert (metric.value, metric.part("p85").value) == (6.0, 100.0)


def test_open_findings_stand_beside_the_fixed_ones():
    findings = [
        OpenFinding("high", NOW - timedelta(days=40), 30),
        OpenFinding("high", NOW - timedelta(days=10), 30),
        OpenFinding("low", NOW - timedelta(days=400)),
    ]
    figures = DayFigures(fixes={"high": [2 * DAY, 4 * DAY]})
    metric = measure(figures, FIRST, LAST, findings=findings, now=NOW)["fix_time"]

    assert (metric.value, metric.n) == (3.0, 2)
    assert metric.part("high_p90").value == 4.0
    assert (metric.part("high_open").value, metric.part("high_oldest").value) == (25.0, 40.0)
    assert [(n.code, n.number, n.other) for n in metric.notes] == [
        ("open", 3, 1),
        ("no_limit", 1, 0),
    ]


def test_coverage_has_its_trend_in_points():
    figures = DayFigures(coverage=[0, 0, 72, 100])
    metric = measure(figures, FIRST, LAST, earlier_coverage=[0, 0, 130, 200])["coverage"]

    assert (metric.value, metric.trend) == (72.0, 7.0)


FULL = ChangeFact("normal", True, "Ann", "Ben", True, True)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (FULL, ()),
        (ChangeFact("normal", False, "Ann", "Ben", True, True), ("ticket",)),
        (ChangeFact("normal", True, "Ann", "", True, True), ("approver",)),
        (ChangeFact("normal", True, "Ann", " ANN ", True, True), ("other_approver",)),
        (ChangeFact("normal", True, "", "Ben", True, True), ("other_approver",)),
        (ChangeFact("normal", True, "Ann", "Ben", False, False), ("tests", "deployment")),
    ],
)
def test_audit_trail_says_what_is_missing(change, missing):
    assert lacks(change) == missing


def test_a_failed_deployment_counts_once_and_recovers_with_its_last_incident():
    at = datetime(2026, 11, 2, 12, tzinfo=UTC)
    failures = (
        (at + timedelta(minutes=10), at + timedelta(minutes=40)),
        (at + timedelta(minutes=20), at + timedelta(minutes=70)),
    )
    fact = DeploymentFact(at, True, False, None, False, True, failures)

    figures = count(Facts(deployments=[fact]))

    assert (figures.deployments, figures.failed, figures.recoveries) == (1, 1, [3600])


def test_a_commit_after_its_deployment_gives_no_lead_time():
    at = datetime(2026, 11, 2, tzinfo=UTC)
    fact = DeploymentFact(at, False, False, at + timedelta(hours=1), False, True)

    assert (
        count(Facts(deployments=[fact])).leads,
        count(Facts(deployments=[fact])).leads_unknown,
    ) == ([], 1)


def test_an_end_before_its_begin_is_no_time():
    at = datetime(2026, 11, 2, tzinfo=UTC)
    before = at - timedelta(days=1)
    failed = DeploymentFact(at, True, False, None, False, True, ((at, before),))

    found = count(Facts(deployments=[failed], fixes=[FixFact("high", at, before)]))

    assert (found.recoveries, found.fixes) == ([], {})


# --- By weeks ------------------------------------------------------------------------------------


def weeks_of(*deployments, **more):
    mondays = whole_weeks(LAST, len(deployments))
    return {
        monday: DayFigures(deployments=number, **more)
        for monday, number in zip(mondays, deployments, strict=True)
    }


@pytest.mark.parametrize("last", [date(2026, 11, 16) + timedelta(days=n) for n in range(7)])
def test_only_whole_weeks_are_drawn(last):
    mondays = whole_weeks(last, 3)

    assert all(monday.weekday() == 0 for monday in mondays)
    assert mondays[-1] + timedelta(days=6) <= last < mondays[-1] + timedelta(days=14)


def test_weeks_before_records_are_no_weeks_without_deployments():
    assert whole_weeks(LAST, 26, since=date(2026, 11, 4)) == (
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 16),
    )


def test_seven_weeks_have_no_limits_and_eight_have():
    assert series_of("deployment_frequency", weeks_of(*[3, 4] * 3, 3)).why_no_limits == "few_points"
    assert series_of("deployment_frequency", weeks_of(*[3, 4] * 4)).limits is not None


def test_rare_events_have_no_limits():
    series = series_of("change_fail_rate", weeks_of(*[3] * 12, failed=0))

    assert (series.limits, series.why_no_limits) == (None, "rare")
    assert series_of("deployment_frequency", weeks_of(*[0, 1] * 6)).why_no_limits == "rare"


@pytest.mark.parametrize(("complete", "why"), [(0, "rare"), (1, ""), (2, ""), (3, "rare")])
def test_of_a_rate_the_rarer_side_decides_whether_it_is_rare(complete, why):
    series = series_of("audit_trail", weeks_of(*[3] * 12, changes={"normal": [complete, 3]}))

    assert series.why_no_limits == why


def test_a_change_of_level_is_a_signal_against_the_baseline():
    weeks = weeks_of(*[3, 4, 3, 4, 3, 4, 3, 4], *[9, 9])
    mondays = list(weeks)
    base = (mondays[0], mondays[7] + timedelta(days=6))

    series = series_of("deployment_frequency", weeks, base)

    assert [point.signal for point in series.points] == [""] * 8 + ["outside"] * 2
    assert (series.base_from, series.base_until, series.limits.base) == (*base, 8)


def test_a_baseline_of_too_few_weeks_gives_the_limits_of_all():
    weeks = weeks_of(*[3, 4] * 5)
    base = (min(weeks), min(weeks) + timedelta(days=20))

    assert series_of("deployment_frequency", weeks, base).limits.base == 10


def test_weeks_without_a_value_break_the_line():
    weeks = weeks_of(1, 1, 1, 1, 1)
    third = list(weeks)[2]
    weeks = {m: DayFigures(leads=[HOUR] if m != third else []) for m in weeks}

    chart = weeks_chart(series_of("lead_time", weeks))

    assert len(chart.dots) == 4
    assert len(chart.lines) == 2


@pytest.mark.parametrize("highest", [0, 0.3, 1, 7, 42, 99.9, 100, 12345])
def test_the_scale_begins_at_zero_and_holds_all(highest):
    ticks = scale(highest)

    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 5


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_labels_of_lines_never_overlap_and_stay_inside(frame):
    series = series_of("deployment_frequency", weeks_of(*[3, 4] * 6))

    chart = weeks_chart(series, frame, target=0.1, baseline=0.2)

    places = sorted(level.label_y for level in chart.levels)
    assert len(places) == 5
    assert all(after - before >= 13.9 for before, after in itertools.pairwise(places))
    assert frame.top <= places[0]
    assert places[-1] <= frame.bottom
    assert all(frame.top <= dot.y <= frame.bottom for dot in chart.dots)


def test_a_monday_is_its_own():
    assert monday_of(date(2026, 11, 16)) == date(2026, 11, 16)
