import math
from collections import Counter
from itertools import pairwise

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from collector.polling.schedule import FIRST_S, Schedule, Slot
from collector.polling.shard import fraction

KEY = ("r1", "icmp")


def test_the_first_poll_comes_soon_even_of_a_daily_target() -> None:
    schedule = Schedule()
    schedule.add(KEY, 86_400, 1_000.0)
    due = schedule.next_due()
    assert due is not None
    assert 1_000 <= due <= 1_000 + FIRST_S


def test_polls_stand_on_a_grid_that_a_late_poll_does_not_move() -> None:
    schedule = Schedule()
    schedule.add(KEY, 10, 0.0)
    list(schedule.due(10.0))
    starts = []
    now = 10.0
    for late in (0.0, 3.0, 9.0, 0.5):
        due = schedule.next_due()
        assert due is not None
        now = due + late
        starts += [point for _, point, _ in schedule.due(now)]
    phase = fraction(*KEY) * 10
    assert all(
        math.isclose((start - phase) % 10, 0, abs_tol=1e-6) or math.isclose((start - phase) % 10, 10)
        for start in starts
    )


def test_a_stall_drops_the_missed_points_and_counts_them() -> None:
    schedule = Schedule()
    schedule.add(KEY, 1, 0.0)
    list(schedule.due(5.0))
    due = schedule.next_due()
    assert due is not None
    [(key, point, missed)] = list(schedule.due(due + 30.5))
    assert (key, point, missed) == (KEY, due, 30)
    assert list(schedule.due(due + 30.5)) == []


def test_a_removed_target_is_never_due() -> None:
    schedule = Schedule()
    schedule.add(KEY, 1, 0.0)
    schedule.remove(KEY)
    schedule.remove(KEY)
    assert list(schedule.due(100.0)) == []
    assert schedule.next_due() is None
    assert KEY not in schedule


def test_a_target_that_comes_back_has_the_same_phase() -> None:
    schedule, other = Schedule(), Schedule()
    schedule.add(KEY, 60, 0.0)
    schedule.remove(KEY)
    schedule.add(KEY, 60, 0.0)
    other.add(KEY, 60, 0.0)
    assert schedule.next_due() == other.next_due()


def test_put_off_and_hurried_targets_have_one_next_poll_only() -> None:
    schedule = Schedule()
    schedule.add(KEY, 10, 0.0)
    schedule.defer(KEY, 0.0, 8)
    deferred = schedule.next_due()
    schedule.hurry(KEY, 1e9)
    assert schedule.next_due() == deferred
    schedule.hurry(KEY, 2.0)
    assert schedule.next_due() == 2.0
    assert len(list(schedule.due(3.0))) == 1
    schedule.defer(("nobody", "icmp"), 0.0, 2)
    schedule.hurry(("nobody", "icmp"), 0.0)
    assert len(schedule) == 1


def test_dead_entries_are_forgotten_once_they_are_most() -> None:
    schedule = Schedule()
    keys = [(f"d{number}", "icmp") for number in range(500)]
    for key in keys:
        schedule.add(key, 60, 0.0)
    for key in keys[1:]:
        schedule.remove(key)
    assert schedule._entries < 130
    assert [key for key, _, _ in schedule.due(1_000.0)] == [keys[0]]


def test_a_daily_target_that_is_often_hurried_leaves_no_trail() -> None:
    schedule = Schedule()
    schedule.add(KEY, 86_400, 0.0)
    list(schedule.due(FIRST_S))
    for second in range(20, 10_020):
        schedule.hurry(KEY, float(second))
        assert len(list(schedule.due(float(second)))) == 1
    assert schedule._entries < 130
    assert sum(map(len, schedule._points.values())) == schedule._entries
    assert len(list(schedule.due(2 * 86_400.0))) == 1


def test_targets_of_a_coarse_schedule_come_due_together_and_evenly() -> None:
    schedule = Schedule(grain_s=0.1)
    for number in range(6_000):
        schedule.add((f"r{number}", "snmp"), 60 if number % 2 else 30, 0.0)
    list(schedule.due(60.0))
    points = Counter(due for _, due, _ in schedule.due(90.0 + 1e-6))
    assert len(points) <= 300
    assert all(math.isclose(point * 10, round(point * 10), abs_tol=1e-6) for point in points)
    assert max(points.values()) < 40


@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "defer", "hurry", "due"]), st.integers(0, 5)), max_size=60))
def test_whatever_is_done_each_target_is_planned_exactly_once(acts: list[tuple[str, int]]) -> None:
    schedule, wanted, now = Schedule(grain_s=0.1), set(), 0.0
    for act, number in acts:
        key = (f"r{number}", "snmp")
        if act == "add":
            schedule.add(key, 10, now)
            wanted.add(key)
        elif act == "remove":
            schedule.remove(key)
            wanted.discard(key)
        elif act == "defer":
            schedule.defer(key, now, 3)
        elif act == "hurry":
            schedule.hurry(key, now)
        else:
            now += 7.0
            found = [key for key, _, _ in schedule.due(now)]
            assert len(found) == len(set(found))
    assert Counter(key for key, _, _ in schedule.due(now + 1_000)) == Counter(wanted)


@given(
    interval=st.floats(1, 86_400),
    share=st.floats(0, 0.999),
    now=st.floats(0, 1e9),
    stretch=st.sampled_from([1.0, 2.0, 32.0]),
)
def test_a_target_that_is_put_off_waits_almost_the_whole_time_and_keeps_its_grid(
    interval: float, share: float, now: float, stretch: float
) -> None:
    schedule = Schedule()
    schedule.add(KEY, interval, now)
    slot = schedule._slots[KEY]
    slot.phase_s = share * interval
    schedule.defer(KEY, now, stretch)
    slack = interval * 1e-6 + now * 1e-9 + 1e-6
    assert now + (stretch - 1) * interval - slack < slot.due <= now + stretch * interval + slack
    assert slot.due == Slot(KEY, interval, share * interval).after(slot.due - interval / 2) or interval < slack * 4


@given(st.floats(0, 1e6), st.floats(0.1, 1e4), st.lists(st.sampled_from([1, 5, 60, 86_400]), min_size=1, max_size=20))
def test_after_a_standstill_each_target_is_planned_once_and_none_twice_within_its_interval(
    began: float, stood_s: float, intervals: list[float]
) -> None:
    schedule = Schedule()
    for number, interval in enumerate(intervals):
        schedule.add((f"r{number}", "icmp"), interval, began)
    now = began + FIRST_S + stood_s
    dropped = dict(schedule.resume(now))
    assert list(schedule.due(now)) == []
    for number, interval in enumerate(intervals):
        key = (f"r{number}", "icmp")
        slot = schedule._slots[key]
        if dropped.get(key):
            assert now < slot.due <= now + interval * 1.001
            assert math.isclose(
                dropped[key], (now - slot.phase_s) / interval - (began - slot.phase_s) / interval, abs_tol=2
            )
        elif key in dropped:
            assert now < slot.due <= now + FIRST_S * 1.001


def test_a_standstill_of_two_minutes_is_followed_by_an_even_minute_and_no_burst() -> None:
    schedule = Schedule()
    for number in range(6_000):
        schedule.add((f"r{number}", "snmp"), 60, 0.0)
    list(schedule.due(FIRST_S))
    list(schedule.resume(200.0))
    seconds = [sum(1 for _ in schedule.due(200.0 + second)) for second in range(61)]
    assert sum(seconds) == 6_000
    assert max(seconds) < 160


@given(st.floats(-7200, 7200))
def test_a_day_of_polls_keeps_its_grid_whatever_the_wall_clock_does(step_s: float) -> None:
    schedule = Schedule()
    schedule.add(KEY, 60, 0.0)
    points = []
    with time_machine.travel(1_800_000_000) as clock:
        for now in range(0, 3_600, 5):
            if now == 1_800:
                clock.shift(step_s)
            points += [point for _, point, _ in schedule.due(float(now))]
    assert len(points) in {60, 61}
    assert all(math.isclose(later - earlier, 60) for earlier, later in pairwise(points[1:]))
