"""The schedule of the rest and the slip: pure."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.constraints.calendar import work_calendar
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind
from roadmap.domain.plan import Estimate
from roadmap.domain.progress import Status
from roadmap.domain.tracking.going_on import document, look_ahead
from roadmap.domain.tracking.pushes import Because
from roadmap.domain.tracking.remaining import By
from roadmap.domain.tracking.rest import rest
from roadmap.domain.tracking.room import Place, Room, without
from roadmap.domain.tracking.slip import WorkingDays
from roadmap.domain.tracking.work import Reported, UnderWay, Work

MONDAY = date(2027, 1, 4)
CALENDAR = work_calendar(MONDAY)
FEW = settings(max_examples=40, deadline=None)


def day(number):
    return CALENDAR.day_to_date(number)


def work(id, start, days, *, after=(), reported=None, kind="action", gate="", **more):
    """One person of OPS at 50 %: `days` working days of half a person."""
    return Work(
        id=id,
        title=f"Do {id}",
        phase=more.pop("phase", "P1"),
        kind=kind,
        rank=more.pop("rank", int(id[1:])),
        start_on=day(start),
        finish_on=day(start + days - 1),
        working_days=days,
        effort=Estimate(days * 0.4, days * 0.5, days),
        shares={"OPS": 1.0},
        predecessors=tuple(after),
        gate=gate,
        reported=reported or Reported(),
        **more,
    )


def under_way(*items, amounts=50, **more):
    return UnderWay(
        start=MONDAY,
        items=items,
        amounts={"OPS": amounts},
        phases={"P1": "First", "P2": "Second"},
        **more,
    )


def chain(lengths):
    found, start = [], 0
    for number, days in enumerate(lengths, start=1):
        after = (f"A{number - 1}",) if number > 1 else ()
        found.append(work(f"A{number}", start, days, after=after))
        start += days
    return found


def ahead(found, today, runs=10):
    return look_ahead(found, today, runs=runs)


def as_planned(item, today):
    """Reported as the plan has it on that day."""
    if item.finish_on < today:
        done = Reported(Status.DONE, item.start_on, item.finish_on)
        return replace(item, reported=done)
    if item.start_on < today:
        return replace(item, reported=Reported(Status.IN_PROGRESS, item.start_on))
    return item


lengths = st.lists(st.integers(1, 12), min_size=1, max_size=6)


@FEW
@given(lengths, st.integers(0, 60))
def test_slip_is_zero_when_all_goes_as_planned(lengths, passed):
    today = day(passed)
    found = ahead(under_way(*[as_planned(w, today) for w in chain(lengths)]), today)
    assert [e.slip.days for e in found.initiatives.values()] == [0] * len(lengths)
    assert found.whole[0].days == 0
    assert found.phases["P1"][1].days == 0


@FEW
@given(lengths, st.integers(0, 60), st.integers(1, 30), st.data())
def test_a_later_remaining_never_gives_an_earlier_finish(lengths, passed, more, data):
    today = day(passed)
    items = [as_planned(w, today) for w in chain(lengths)]
    open_ones = [n for n, w in enumerate(items) if w.is_open]
    if not open_ones:
        return
    which = data.draw(st.sampled_from(open_ones))
    said = data.draw(st.floats(0, 20))
    ends = []
    for remaining in (said, said + more):
        report = replace(items[which].reported, remaining_days=remaining)
        changed = [*items]
        changed[which] = replace(items[which], reported=report)
        found = ahead(under_way(*changed), today)
        ends.append([e.slip.expected for e in found.initiatives.values()])
    assert all(later >= sooner for sooner, later in zip(*ends, strict=True))


@FEW
@given(
    lengths,
    st.integers(-20, 90),
    st.lists(
        st.tuples(st.sampled_from(Status), st.integers(0, 60), st.integers(0, 100), st.booleans()),
        min_size=6,
        max_size=6,
    ),
)
def test_done_work_never_moves_and_nothing_is_expected_before_today(lengths, passed, reports):
    today = MONDAY + timedelta(days=passed)
    items = []
    for item, (status, at, percent, is_blocked) in zip(chain(lengths), reports, strict=False):
        on = MONDAY + timedelta(days=min(at, max(0, passed)))
        said = Reported(
            status,
            on if status in (Status.IN_PROGRESS, Status.DONE) else None,
            on if status is Status.DONE else None,
            percent,
            is_blocked=is_blocked and status is Status.IN_PROGRESS,
            blocked_on=on,
        )
        items.append(replace(item, reported=said))
    found = ahead(under_way(*items), today)
    for item in items:
        if item.status is Status.DROPPED:
            assert item.id not in found.initiatives
            continue
        expected = found.initiatives[item.id]
        if item.status is Status.DONE:
            assert expected.slip.actual == item.reported.finished_on == expected.slip.expected
            assert expected.likely.p95 == item.reported.finished_on
        else:
            assert expected.slip.expected >= today
            assert today <= expected.likely.p50 <= expected.likely.p80 <= expected.likely.p95
            if item.status is Status.NOT_STARTED:
                assert expected.start >= today


def test_days_left_rest_on_what_was_said():
    today = day(4)
    begun = Reported(Status.IN_PROGRESS, day(0))
    said = {
        By.ELAPSED: (begun, 6),
        By.PERCENT: (replace(begun, percent=80), 2),
        By.REMAINING: (replace(begun, percent=80, remaining_days=4), 8),
        By.PLAN: (Reported(), 10),
    }
    for by, (reported, days) in said.items():
        left = rest(under_way(work("A1", 0, 10, reported=reported)), today).left["A1"]
        assert (left.by, left.days) == (by, days)


def test_silent_work_past_its_days_keeps_a_tenth():
    begun = Reported(Status.IN_PROGRESS, day(0))
    left = rest(under_way(work("A1", 0, 20, reported=begun)), day(30)).left["A1"]
    assert (left.by, left.days) == (By.SILENT, 2)


def test_blocked_work_slides_with_every_day():
    blocked = Reported(Status.IN_PROGRESS, day(0), is_blocked=True, blocked_on=day(2))
    found = under_way(work("A1", 0, 5, reported=blocked))
    assert [ahead(found, day(n)).initiatives["A1"].slip.days for n in (2, 3, 9)] == [0, 1, 7]
    assert ahead(found, day(9)).initiatives["A1"].why.kind is Because.BLOCKED


def test_a_later_expected_day_counts_and_an_earlier_one_is_only_shown():
    begun = Reported(Status.IN_PROGRESS, day(0))
    late = work("A1", 0, 5, reported=replace(begun, expected_on=day(9)))
    after = work("A2", 5, 5, after=["A1"])
    found = ahead(under_way(late, after), day(2), runs=40)
    assert found.initiatives["A1"].slip.expected == day(9)
    assert found.initiatives["A1"].likely.p50 >= day(9)
    assert found.initiatives["A2"].start == day(10)
    early = work("A1", 0, 5, reported=replace(begun, expected_on=day(3)))
    found = ahead(under_way(early), day(2))
    assert found.initiatives["A1"].slip.expected == day(4)
    assert found.rest.left["A1"].hoped == day(3)


def test_an_expected_day_for_what_is_not_begun_counts_when_later():
    item = work("A1", 0, 5, reported=Reported(expected_on=day(20)))
    assert ahead(under_way(item), day(0)).initiatives["A1"].slip.expected == day(20)


def test_a_closed_gate_holds_what_is_behind_work_done_before_its_turn():
    done = Reported(Status.DONE, day(0), day(4))
    review = work("A1", 10, 5, kind="review", gate="G1")
    found = under_way(
        review,
        work("A2", 15, 5, after=["A1"], reported=done),
        work("A3", 20, 5, after=["A2"]),
        closed=frozenset({"G1"}),
    )
    expected = ahead(found, day(10)).initiatives
    assert expected["A3"].start > expected["A1"].slip.expected


def test_a_review_of_a_closed_gate_is_not_done():
    done = Reported(Status.DONE, day(0), day(4))
    review = work("A1", 0, 5, kind="review", gate="G1", reported=done)
    assert "A1" in rest(under_way(review, closed=frozenset({"G1"})), day(9)).open
    assert "A1" not in rest(under_way(review), day(9)).open


def test_who_waited_for_dropped_work_waits_for_what_it_waited_for():
    first, _second, third = chain([5, 5, 5])
    dropped = replace(_second, reported=Reported(Status.DROPPED))
    expected = ahead(under_way(first, dropped, third), day(0)).initiatives
    assert set(expected) == {"A1", "A3"}
    assert expected["A3"].start == day(5)


def test_work_started_before_its_predecessor_goes_on():
    first, second = chain([5, 5])
    begun = replace(second, reported=Reported(Status.IN_PROGRESS, day(0)))
    found = ahead(under_way(first, begun, amounts=100), day(2)).initiatives
    assert found["A2"].slip.expected == day(4)


def test_people_on_two_things_at_once_finish_one_after_the_other():
    begun = Reported(Status.IN_PROGRESS, day(0))
    items = [work(f"A{n}", 0, 5, reported=begun) for n in (1, 2)]
    found = ahead(under_way(*items, amounts=50), day(0)).initiatives
    assert sorted(e.slip.expected for e in found.values()) == [day(4), day(9)]


def test_more_under_way_than_the_limit_holds_back_only_what_is_new():
    begun = Reported(Status.IN_PROGRESS, day(0))
    items = [work(f"A{n}", 0, 5, reported=begun) for n in (1, 2, 3)]
    found = under_way(*items, work("A4", 5, 5), amounts=500, wip_limit=2)
    expected = ahead(found, day(1)).initiatives
    assert [expected[f"A{n}"].slip.days for n in (1, 2, 3)] == [0, 0, 0]
    assert expected["A4"].start == day(5)


def test_pushes_name_what_late_work_moves_and_by_how_much():
    items = chain([5, 5, 5])
    late = Reported(Status.IN_PROGRESS, day(0), remaining_days=5)
    free = replace(work("A9", 0, 5), shares={"SEC": 1.0})
    found = ahead(under_way(replace(items[0], reported=late), *items[1:], free), day(2))
    first = found.initiatives["A1"]
    assert first.push.moves == {"A2": 7, "A3": 7}
    assert first.push.whole == 7
    assert found.initiatives["A2"].why.about == "A1"
    assert not found.initiatives["A2"].push.moves


def test_what_was_finished_late_pushes_what_could_not_begin():
    first, second = chain([5, 5])
    done = replace(first, reported=Reported(Status.DONE, day(0), day(7)))
    found = ahead(under_way(done, second), day(8)).initiatives
    assert found["A1"].push.moves == {"A2": 3}
    assert found["A2"].why.kind is Because.AFTER_LATE


def test_a_deadline_is_passed_when_the_p80_is_later():
    for by, is_passed in ((day(2), True), (day(400), False)):
        stated = Constraints(deadlines=(Deadline(by, "A2"), Deadline(by, "X1")))
        found = ahead(under_way(*chain([5, 5]), constraints=stated), day(0), runs=40)
        assert [d.is_passed for d in found.deadlines] == [is_passed, False]
        assert found.deadlines[1].chance is None
    assert found.deadlines[0].chance == 1.0


def test_a_finished_roadmap_stands_as_it_was():
    items = [replace(w, reported=Reported(Status.DONE, day(0), day(20))) for w in chain([5, 5])]
    found = ahead(under_way(*items), day(30))
    assert found.whole[0].actual == day(20)
    made = document(found, lambda why: why.kind.value)
    assert made["finish"]["p80"] == day(20).isoformat()
    assert made["finish"]["slip"] == 11
    assert made["phases"]["P1"]["actual"] == day(20).isoformat()


def test_an_empty_roadmap_has_no_finish():
    assert document(ahead(under_way(), day(0)), str)["finish"] is None


@FEW
@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.sets(st.dates(date(2026, 1, 1), date(2030, 1, 1)), max_size=30),
    st.sets(st.integers(0, 6), min_size=1),
)
def test_slips_add_up_and_count_working_days(a, b, c, holidays, weekdays):
    days = WorkingDays(holidays, weekdays)
    assert days.slip(a, c) == days.slip(a, b) + days.slip(b, c)
    assert days.slip(a, b) == -days.slip(b, a)
    first, last = min(a, b), max(a, b)
    counted = work_calendar(first, holidays, weekdays).working_days(first, last)
    is_working = first.weekday() in weekdays and first not in holidays
    assert abs(days.slip(a, b)) == counted - is_working


def test_what_ends_on_a_weekend_ends_with_the_friday_before():
    days = WorkingDays()
    assert days.slip(day(4), day(4) + timedelta(days=1)) == 0
    assert days.slip(day(4), day(5)) == 1


def test_begun_work_goes_on_slower_with_fewer_people_and_is_not_put_aside():
    holidays = Freeze(day(7), day(60), "Holidays", kind=FreezeKind.REDUCED_STAFF, capacity=0.5)
    begun = work("A1", 0, 10, reported=Reported(Status.IN_PROGRESS, day(0), remaining_days=5))
    stated = Constraints(freezes=(holidays,))
    found = ahead(under_way(begun, constraints=stated), day(5), runs=60)
    expected = found.initiatives["A1"]
    assert day(14) < expected.slip.expected <= day(24)
    assert expected.likely.p95 < day(60)


def test_a_place_is_the_planned_one_while_there_is_room():
    assert Room({"OPS": [(0, 50)]}).place(7, {"OPS": 50}) == Place(0, 7, {"OPS": 50})
    later = Room({"OPS": [(0, 0), (4, 50)]}).place(7, {"OPS": 50})
    assert later == Place(4, 7, {"OPS": 50})
    slower = Room({"OPS": [(0, 25)]}).place(7, {"OPS": 50})
    assert slower == Place(0, 14, {"OPS": 25})


def test_work_nobody_is_there_for_keeps_its_length():
    assert Room({"OPS": [(0, 0)]}).place(7, {"OPS": 50}) == Place(0, 7, {"OPS": 50})


def test_running_work_says_that_its_people_take_longer_than_is_left():
    holidays = Freeze(day(5), day(60), "Holidays", kind=FreezeKind.REDUCED_STAFF, capacity=0.5)
    begun = work("A1", 0, 10, reported=Reported(Status.IN_PROGRESS, day(0), remaining_days=5))
    slow = ahead(under_way(begun, constraints=Constraints(freezes=(holidays,))), day(5))
    fast = ahead(under_way(begun), day(5))

    (why, other) = (found.initiatives["A1"].why for found in (slow, fast))
    entry = document(slow, lambda why: why.kind.value)["initiatives"]["A1"]

    assert (why.kind, why.days) == (Because.RUNNING, 10)
    assert why.on == slow.initiatives["A1"].slip.expected
    assert entry["takes_days"] > entry["left_days"] == 10
    assert other.on is None
    assert "takes_days" not in document(fast, lambda why: "")["initiatives"]["A1"]


def test_what_is_done_before_an_absence_stays_done():
    away = Freeze(day(8), day(12), "Course", kind=FreezeKind.REDUCED_STAFF, capacity=0.0)
    begun = work("A1", 0, 10, reported=Reported(Status.IN_PROGRESS, day(0), remaining_days=5))
    new = work("A2", 20, 3)
    there = under_way(begun, new, constraints=Constraints(freezes=(away,)))
    found = ahead(there, day(5)).initiatives

    # Ten days are left: three before the absence of five, and seven after it.
    assert found["A1"].slip.expected == day(19)
    assert found["A2"].start >= day(20)


def test_work_before_an_absence_takes_its_people_from_others():
    steps = {"OPS": ((0, 50), (3, 0), (8, 50))}
    room = Room(steps)
    place = room.place(7, {"OPS": 40})
    assert (place.start, place.days, place.before) == (8, 4, (Place(0, 3, {"OPS": 40}),))
    left = without(steps, place.before)
    assert left == {"OPS": ((0, 10), (3, 0), (8, 50))}
