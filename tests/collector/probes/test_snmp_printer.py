from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import metrics
from collector.probe import Result
from collector.probes.snmp_printer import (
    ALERT_CODE,
    ALERT_SEVERITY,
    ALERTS,
    ERROR_STATE,
    LIFE_COUNT,
    PROBLEMS,
    STATUS,
    SUPPLIES_MAX,
    SUPPLY_CAPACITY,
    SUPPLY_LEVEL,
    SUPPLY_NAME,
    SUPPLY_TYPE,
    SUPPLY_UNIT,
    TRAY_CAPACITY,
    TRAY_LEVEL,
    TRAY_NAME,
    TRAYS_MAX,
    left,
)
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.polling import PUBLIC, poll, values
from tests.support.snmpd import Snmpd

BASE = {
    SYS_UP_TIME: cell(9_000, hostile.TICKS), f"{LIFE_COUNT}.1.1": cell(48_211, hostile.COUNTER32),
    f"{STATUS}.1": cell(3), f"{ERROR_STATE}.1": cell(b"\x00\x00"),
}  # fmt: skip


def supply(index: int, name: str, kind: int, level: int, capacity: int, *, unit: int = 7) -> dict[str, Cell]:
    """Return one row of prtMarkerSuppliesTable."""
    return {
        f"{SUPPLY_TYPE}.1.{index}": cell(kind),
        f"{SUPPLY_NAME}.1.{index}": cell(name),
        f"{SUPPLY_UNIT}.1.{index}": cell(unit),
        f"{SUPPLY_CAPACITY}.1.{index}": cell(capacity),
        f"{SUPPLY_LEVEL}.1.{index}": cell(level),
    }


def read(table: Mapping[str, Cell]) -> Result:
    with HostileAgent(table) as agent:
        return poll("snmp_printer", PUBLIC, port=agent.port)


def test_pages_and_supplies_are_read() -> None:
    result = read(
        BASE | supply(1, "Black Cartridge", 21, 1_250, 5_000) | supply(2, "Waste Toner", 4, 80, 100)
        | supply(3, "Fuser Kit", 15, 30, -2, unit=19)
    )  # fmt: skip
    assert values(result, metrics.PRINTER_PAGES) == {("1", "1"): 48_211}
    assert values(result, metrics.PRINTER_STATUS) == {("1",): 3}
    assert values(result, metrics.PRINTER_SUPPLY) == {
        ("Black Cartridge", "toner"): 0.25,
        ("Waste Toner", "waste"): 0.8,
        ("Fuser Kit", "fuser"): 0.3,
    }
    assert values(result, metrics.PRINTER_LEVEL)[("1", "1", "21")] == 1_250
    assert values(result, metrics.PRINTER_CAPACITY)[("1", "3", "15")] == -2


def test_a_real_agent_that_serves_the_mib_is_read() -> None:
    lines = (
        f"override .{LIFE_COUNT}.1.1 counter 1234", f"override .{SUPPLY_TYPE}.1.1 integer 3",
        f"override .{SUPPLY_NAME}.1.1 octet_str Toner", f"override .{SUPPLY_UNIT}.1.1 integer 19",
        f"override .{SUPPLY_CAPACITY}.1.1 integer 100", f"override .{SUPPLY_LEVEL}.1.1 integer 7",
        f"override .{ALERT_SEVERITY}.1.1 integer 3", f"override .{ALERT_SEVERITY}.1.2 integer 4",
    )  # fmt: skip
    with Snmpd(config="\n".join(lines)) as agent:
        result = poll("snmp_printer", PUBLIC, port=agent.port)
    assert values(result, metrics.PRINTER_PAGES) == {("1", "1"): 1_234}
    assert values(result, metrics.PRINTER_SUPPLY) == {("Toner", "toner"): 0.07}
    assert values(result, metrics.PRINTER_ALERTS) == {("critical",): 1, ("warning",): 1}


@pytest.mark.parametrize(
    ("level", "capacity", "unit", "share"),
    [
        (-3, 100, 7, None),
        (-2, 100, 7, None),
        (-1, 100, 7, None),
        (50, -2, 7, None),
        (50, -1, 7, None),
        (50, 0, 7, None),
        (50, -2, 19, 0.5),
        (0, 100, 7, 0.0),
        (130, 100, 7, 1.0),
        (b"half", 100, 7, None),
        (50, None, None, None),
    ],
)
def test_numbers_below_zero_say_what_the_printer_does_not_know(
    level: int | bytes, capacity: int | None, unit: int | None, share: float | None
) -> None:
    assert left(level, capacity, unit) == share


@given(st.integers(), st.integers(), st.integers(0, 30))
def test_a_share_lies_between_nothing_and_all(level: int, capacity: int, unit: int) -> None:
    share = left(level, capacity, unit)
    assert share is None or 0 <= share <= 1


def test_a_level_that_only_says_some_is_kept_as_the_printer_sent_it() -> None:
    result = read(BASE | supply(1, "Toner", 3, -3, -2))
    assert values(result, metrics.PRINTER_LEVEL) == {("1", "1", "3"): -3}
    assert values(result, metrics.PRINTER_SUPPLY) == {}


def test_complaints_are_bits_from_the_left() -> None:
    result = read(BASE | {f"{ERROR_STATE}.1": cell(b"\x44\x04")})
    problems = values(result, metrics.PRINTER_PROBLEM)
    assert len(problems) == len(PROBLEMS)
    assert {labels[0] for labels, value in problems.items() if value} == {"paper_out", "jammed", "tray_empty"}


@pytest.mark.parametrize(
    ("code", "problem"), [(8, "jammed"), (3, "door_open"), (808, "tray_empty"), (1101, "toner_out"), (4, None)]
)
def test_an_alert_says_what_the_state_leaves_out(code: int, problem: str | None) -> None:
    result = read(BASE | {f"{ALERT_SEVERITY}.1.7": cell(3), f"{ALERT_CODE}.1.7": cell(code)})
    problems = values(result, metrics.PRINTER_PROBLEM)
    assert {labels[0] for labels, value in problems.items() if value} == ({problem} if problem else set())


def test_every_alert_that_is_known_is_a_problem_that_has_a_name() -> None:
    assert set(ALERTS.values()) <= set(PROBLEMS)


def tray(index: int, name: str, level: int, capacity: int) -> dict[str, Cell]:
    """Return one row of prtInputTable."""
    columns = {TRAY_NAME: cell(name), TRAY_CAPACITY: cell(capacity), TRAY_LEVEL: cell(level)}
    return {f"{column}.1.{index}": value for column, value in columns.items()}


def test_trays_are_read_where_the_printer_says_how_full_they_are() -> None:
    trays = tray(1, "Tray 1", 100, 250) | tray(2, "Tray 2", -3, 500) | tray(3, "", 0, 100) | tray(4, "Tray 1", 9, -2)
    assert values(read(BASE | trays), metrics.PRINTER_TRAY) == {("Tray 1",): 0.4, ("tray 3",): 0.0}


def test_no_more_trays_are_given_than_one_printer_may_have() -> None:
    table = dict(BASE)
    for index in range(1, TRAYS_MAX + 5):
        table |= tray(index, "Tray", 1, 10)
    assert len(values(read(table), metrics.PRINTER_TRAY)) == TRAYS_MAX


def test_a_printer_without_complaints_says_that_it_has_none() -> None:
    result = read(BASE)
    assert set(values(result, metrics.PRINTER_PROBLEM).values()) == {0}
    assert set(values(result, metrics.PRINTER_ALERTS).values()) == {0}


def test_two_supplies_of_one_name_are_told_apart_and_a_nameless_one_gets_its_number() -> None:
    result = read(BASE | supply(1, "Toner", 3, 1, 10) | supply(2, "Toner", 3, 2, 10) | supply(3, "", 99, 3, 10))
    assert list(values(result, metrics.PRINTER_SUPPLY)) == [
        ("Toner", "toner"), ("Toner#1.2", "toner"), ("supply 1.3", "other"),
    ]  # fmt: skip


def test_no_more_supplies_are_given_than_one_printer_may_have() -> None:
    table = dict(BASE)
    for index in range(1, SUPPLIES_MAX + 10):
        table |= supply(index, f"Supply {index}", 3, 1, 10)
    assert len(values(read(table), metrics.PRINTER_SUPPLY)) == SUPPLIES_MAX


def test_a_device_that_is_no_printer_says_so() -> None:
    result = read({SYS_UP_TIME: cell(9_000, hostile.TICKS)})
    assert (result.success, result.reason) == (False, "snmp_no_table")
