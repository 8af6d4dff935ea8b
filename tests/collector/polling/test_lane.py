from hypothesis import given
from hypothesis import strategies as st

from collector.polling.lane import Lane

Key = tuple[str, str]


def test_no_more_run_at_once_than_the_window_allows_and_the_rest_start_in_order() -> None:
    lane = Lane(2, 2)
    keys = [(f"d{number}", "icmp") for number in range(5)]
    for key in keys:
        assert lane.offer(key, key[0], 1.0)
    started = [lane.start(), lane.start(), lane.start()]
    assert started == [(keys[0], 1.0), (keys[1], 1.0), None]
    lane.finish(keys[0])
    assert lane.start() == (keys[2], 1.0)
    assert (lane.running, lane.waiting) == (2, 2)


def test_a_target_that_waits_or_runs_is_not_taken_twice() -> None:
    lane = Lane(1, 1)
    assert lane.offer(("d", "icmp"), "s", 1.0)
    assert not lane.offer(("d", "icmp"), "s", 2.0)
    lane.start()
    assert not lane.offer(("d", "icmp"), "s", 3.0)
    lane.finish(("d", "icmp"))
    assert lane.offer(("d", "icmp"), "s", 4.0)


def test_a_full_site_does_not_hold_up_the_others() -> None:
    lane = Lane(10, 1)
    for key, site in ((("a1", "x"), "a"), (("a2", "x"), "a"), (("b1", "x"), "b")):
        lane.offer(key, site, 0.0)
    assert [started[0] for started in (lane.start(), lane.start()) if started] == [("a1", "x"), ("b1", "x")]
    assert lane.start() is None
    lane.finish(("a1", "x"))
    assert lane.start() == (("a2", "x"), 0.0)


def test_one_device_is_asked_one_thing_at_a_time_while_others_pass_by() -> None:
    lane = Lane(10, 10)
    for key in (("a", "x"), ("a", "y"), ("a", "z"), ("b", "x")):
        lane.offer(key, "s", 0.0, device=f"{key[0]}/snmp")
    assert [started[0] for started in (lane.start(), lane.start()) if started] == [("a", "x"), ("b", "x")]
    assert lane.start() is None
    assert (lane.running, lane.waiting) == (2, 2)
    for done, follows in ((("a", "x"), ("a", "y")), (("a", "y"), ("a", "z"))):
        lane.finish(done)
        assert lane.start() == (follows, 0.0)
    assert lane.start() is None


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1), st.booleans()), max_size=60))
def test_windows_hold_and_nothing_is_lost_whatever_the_order(acts: list[tuple[int, int, bool]]) -> None:
    lane, running, waiting = Lane(3, 2), [], set()
    for device, probe, finish in acts:
        key = (f"d{device}", f"p{probe}")
        if finish and running:
            lane.finish(running.pop(0))
        elif lane.offer(key, f"s{device % 2}", 0.0, f"d{device}" if device < 3 else None):
            waiting.add(key)
        while started := lane.start():
            waiting.discard(started[0])
            running.append(started[0])
        sites = [int(name[1:]) % 2 for name, _ in running]
        limited = [name for name, _ in running if int(name[1:]) < 3]
        assert len(limited) == len(set(limited)), "two polls of one device"
        assert len(running) <= 3
        assert max(sites.count(0), sites.count(1)) <= 2
        assert len(running) == len(set(running)) == lane.running
        assert lane.waiting == len(waiting)
    for key in running:
        lane.finish(key)
    while started := lane.start():
        waiting.discard(started[0])
        lane.finish(started[0])
    assert not waiting
