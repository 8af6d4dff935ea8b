import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest

from collector.metrics import IF_ADMIN_STATUS, IF_OPER_STATUS
from collector.probe import Observation, Result, Sample
from collector.reasons import NOT_THE_TARGETS
from collector.target import Graph, Link, LinkEnd, Target
from collector.upstream.reports import Reporter, moment

NOW = datetime(2026, 1, 1, 7, 30, tzinfo=UTC)
GRAPH = Graph(
    links=(
        Link(name="la", ends=(LinkEnd(device="core", interface="ge0"), LinkEnd(device="r1", interface="sfp1"))),
        Link(name="lo", ends=(LinkEnd(device="core", interface="ge9"), LinkEnd(device="o", kind="ont", interface="x"))),
    )
)


def result(
    probe: str = "icmp", success: bool = True, at: datetime = NOW, instance: str = "r1", **more: object
) -> Result:
    of = Target(instance=instance, site="vinh-tuy", probe=probe, interval_s=1, timeout_s=1)
    return Result(of, at, 0.1, success, **more)  # type: ignore[arg-type]


def ends(oper: int, admin: int = 1, port: str = "sfp1", instance: str = "r1") -> Result:
    labels = ("3", port, port, "")
    samples = (Sample(IF_OPER_STATUS, labels, float(oper)), Sample(IF_ADMIN_STATUS, labels, float(admin)))
    return result("snmp_link", samples=samples, instance=instance)


@pytest.fixture
def reporter() -> Reporter:
    made = Reporter()
    made.learn(GRAPH)
    return made


def test_a_change_of_state_is_told_once_with_the_time_of_the_poll(reporter: Reporter) -> None:
    reporter.reports(result(), "reach")
    later = NOW + timedelta(seconds=9, milliseconds=250)
    down = result(success=False, at=later, reason="icmp_lost", detail="10 of 10")
    [told] = reporter.reports(down, "reach")
    uid = told.pop("uid")
    assert len(uid or "") == 32
    assert told == {
        "kind": "transition",
        "element": "device:r1",
        "instance": "r1",
        "site": "vinh-tuy",
        "probe": "icmp",
        "state": "down",
        "reason": "icmp_lost",
        "detail": "10 of 10",
        "at": "2026-01-01T07:30:09.250Z",
    }
    assert reporter.reports(down, "reach") == []
    assert [report["state"] for report in reporter.reports(result(), "reach")] == ["up"]


@pytest.mark.parametrize("reason", sorted(NOT_THE_TARGETS))
def test_a_fault_of_the_collector_itself_is_no_change_of_state(reporter: Reporter, reason: str) -> None:
    reporter.reports(result(), "reach")
    assert reporter.reports(result(success=False, reason=reason), "reach") == []


def test_the_first_state_is_told_and_so_is_the_first_after_the_target_was_away(reporter: Reporter) -> None:
    assert [report["state"] for report in reporter.reports(result(), "reach")] == ["up"]
    reporter.forget(result().target.key)
    assert [report["state"] for report in reporter.reports(result(), "reach")] == ["up"]


def test_services_are_elements_of_their_own_and_slow_network_polls_are_none(reporter: Reporter) -> None:
    [told] = reporter.reports(result("http", instance="portal"), "services")
    assert told["element"] == "service:portal"
    assert reporter.reports(result("snmp_system", success=False, reason="snmp_no_answer"), "network") == []


@pytest.mark.parametrize(("oper", "admin", "state"), [(1, 1, "up"), (2, 1, "down"), (7, 1, "down")])
def test_the_end_of_a_link_tells_its_state(reporter: Reporter, oper: int, admin: int, state: str) -> None:
    [told] = reporter.reports(ends(oper, admin), "reach")
    assert (told["element"], told["instance"], told["state"]) == ("link:la", "r1", state)


@pytest.mark.parametrize(("oper", "admin"), [(2, 2), (7, 2), (3, 1), (4, 1), (5, 1), (6, 1)])
def test_a_port_that_is_switched_off_or_says_nothing_clear_is_no_change(
    reporter: Reporter, oper: int, admin: int
) -> None:
    reporter.reports(ends(1), "reach")
    assert reporter.reports(ends(oper, admin), "reach") == []


def test_a_failed_poll_says_nothing_of_the_link(reporter: Reporter) -> None:
    reporter.reports(ends(1), "reach")
    assert reporter.reports(result("snmp_link", success=False, reason="snmp_no_answer"), "reach") == []


def test_a_port_that_is_no_link_and_an_end_without_snmp_are_no_elements(reporter: Reporter) -> None:
    assert reporter.reports(ends(2, port="ge5"), "reach") == []
    assert reporter.reports(ends(2, port="x", instance="o"), "reach") == []


def test_a_fact_is_told_when_it_is_new_or_changed_and_once_a_day(reporter: Reporter) -> None:
    def seen(serial: str, after_h: float) -> list[str | None]:
        facts = (Observation("serial", "chassis", serial),)
        told = reporter.reports(result("snmp_system", at=NOW + timedelta(hours=after_h), observations=facts), "network")
        return [report["value"] for report in told]

    assert seen("A1", 0) == ["A1"]
    assert seen("A1", 1) == []
    assert seen("B2", 2) == ["B2"]
    assert seen("B2", 24) == []
    assert seen("B2", 26) == ["B2"]


def test_facts_that_are_gone_for_long_are_forgotten(reporter: Reporter) -> None:
    def seen(first: int, after_h: float) -> None:
        facts = tuple(Observation("port", f"mac-{n}", "gi1") for n in range(first, first + 400))
        reporter.reports(result("snmp_fdb", at=NOW + timedelta(hours=after_h), observations=facts), "network")

    for day in range(10):
        seen(day * 400, day * 24)
    assert max(len(facts) for facts in reporter._facts.values()) <= 3 * 400


def test_long_texts_are_cut(reporter: Reporter) -> None:
    [told] = reporter.reports(result("x", observations=(Observation("name", "s" * 5000, "v" * 5000),)), "network")
    assert (len(told["subject"] or ""), len(told["value"] or "")) == (1000, 1000)


def test_a_change_is_logged_once(reporter: Reporter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(3):
        reporter.reports(result(success=False, reason="icmp_lost"), "reach")
    assert caplog.messages == ["device:r1 is down, seen at r1 (icmp_lost)"]


def test_a_moment_is_written_in_utc() -> None:
    assert moment(datetime(2026, 1, 1, 14, 30, tzinfo=timezone(timedelta(hours=7)))) == "2026-01-01T07:30:00.000Z"
