"""Parts that their makers call sound or not: which states are faults, and which are meant so."""

from collections.abc import Mapping

import pytest

from collector.agents.ports import Ports
from collector.sensors import cisco_parts, juniper, parts
from collector.sensors.reading import Kind, Sensor, SensorTable, State
from collector.snmp import Column, Value

NOWHERE = Ports(by_index={}, by_name={}, up_time=0, changed=None, read_at=0.0)


def read(table: SensorTable, columns: Mapping[str, Mapping[str, Value]]) -> list[Sensor]:
    """Decode `columns`; those that are not given are empty."""
    full: dict[str, Column] = {name: {} for name in (*table.live, *table.fixed)}
    full |= {name: dict(column) for name, column in columns.items()}
    return list(table.decode(full, NOWHERE))


@pytest.mark.parametrize(
    ("wanted", "state", "expected"),
    [
        (1, 2, State.GOOD),
        (1, 3, State.GOOD),
        (1, 1, State.BAD),
        (1, 5, State.BAD),
        (1, 8, State.BAD),
        (1, 9, State.BAD),
        (1, 77, State.UNKNOWN),
        (2, 5, State.GOOD),
    ],
)
def test_a_supply_of_cisco_that_is_switched_off_is_no_fault(wanted: int, state: int, expected: State) -> None:
    columns: dict[str, Column] = {"state": {"470": state}, "wanted": {"470": wanted}, "class": {"470": 6}}
    columns["name"] = {"470": b"PowerSupply-1"}
    assert read(cisco_parts.SUPPLY, columns) == [Sensor("PowerSupply-1", "supply", None, expected)]


def test_a_port_that_may_feed_a_telephone_and_feeds_none_is_no_supply() -> None:
    columns: dict[str, Column] = {"state": {"18": 2, "1005": 1}, "class": {"18": 6, "1005": 10}, "wanted": {"1005": 3}}
    assert cisco_parts.supplies(columns) == ["18"]
    assert [sensor.name for sensor in read(cisco_parts.SUPPLY, columns)] == ["power supply 18"]


@pytest.mark.parametrize(
    ("wanted", "state", "expected"),
    [
        (1, 2, State.GOOD),
        (1, 7, State.BAD),
        (1, 8, State.BAD),
        (1, 11, State.BAD),
        (1, 17, State.BAD),
        (1, 4, State.WARNING),
        (1, 5, State.WARNING),
        (1, 13, State.GOOD),
        (1, 15, State.UNKNOWN),
        (2, 7, State.GOOD),
        (4, 7, State.GOOD),
    ],
)
def test_a_module_of_cisco_that_an_administrator_has_put_away_is_no_fault(
    wanted: int, state: int, expected: State
) -> None:
    columns: dict[str, Column] = {"state": {"1000": state}, "wanted": {"1000": wanted}, "name": {"1000": b"1"}}
    assert read(cisco_parts.MODULE, columns) == [Sensor("module 1", "module", None, expected)]


@pytest.mark.parametrize(("code", "state"), [(1, State.UNKNOWN), (2, State.GOOD), (3, State.BAD), (4, State.WARNING)])
def test_fan_trays_of_cisco(code: int, state: State) -> None:
    assert read(cisco_parts.FAN_TRAY, {"state": {"534": code}, "descr": {"534": b"FanModule-1"}}) == [
        Sensor("FanModule-1", "fan", None, state)
    ]


def test_a_place_in_the_stack_that_is_kept_for_a_switch_is_no_member() -> None:
    columns: dict[str, Column] = {"state": {"1001": 4, "2001": 9, "3001": 6}, "number": {"1001": 1, "3001": 3}}
    assert read(cisco_parts.MEMBER, columns) == [
        Sensor("switch 1", "module", None, State.GOOD),
        Sensor("switch 3", "module", None, State.BAD),
    ]


@pytest.mark.parametrize(
    ("state", "reason", "fault"),
    [
        (8, 3, True),
        (8, 4, True),
        (8, 10, True),
        (8, 18, True),
        (8, 5, False),
        (8, 7, False),
        (8, 8, False),
        (8, 13, False),
        (2, 3, False),
        (6, 3, False),
        (10, 2, False),
    ],
)
def test_a_part_of_juniper_is_missed_only_if_nobody_has_put_it_offline(state: int, reason: int, fault: bool) -> None:
    columns: dict[str, Column] = {"state": {"7.1": state}, "reason": {"7.1": reason}, "name": {"7.1": b"FPC 0"}}
    assert read(juniper.PARTS, columns) == ([Sensor("FPC 0", "module", None, State.BAD)] if fault else [])


def test_empty_slots_of_juniper_are_not_asked_again() -> None:
    assert juniper.fitted({"state": {"7.1": 6, "7.2": 2, "7.3": 8}}) == ["7.1", "7.3"]


def test_the_lamps_of_juniper_are_parts() -> None:
    assert read(juniper.LAMP, {"yellow": {"0": 3}, "red": {"0": 2}}) == [
        Sensor("yellow alarm lamp", "module", None, State.WARNING),
        Sensor("red alarm lamp", "module", None, State.GOOD),
    ]


def test_parts_of_hpe_and_ruijie_that_are_not_there_are_left_out() -> None:
    hpe: dict[str, Column] = {
        "state": {"1": 4, "2": 2, "3": 5, "4": 3},
        "name": {"1": b"Fan Sensor", "2": b"Power Supply 1 Sensor", "4": b"Over-temperature Sensor"},
    }
    assert read(parts.HPE_CHASSIS, hpe) == [
        Sensor("Fan Sensor", "fan", None, State.GOOD),
        Sensor("Power Supply 1 Sensor", "supply", None, State.BAD),
        Sensor("Over-temperature Sensor", "temperature", None, State.WARNING),
    ]
    assert read(parts.RUIJIE_SUPPLY, {"state": {"1": 4, "2": 1, "3": 2, "4": 6}}) == [
        Sensor("supply 1", "supply", None, State.GOOD),
        Sensor("supply 3", "supply", None, State.BAD),
        Sensor("supply 4", "supply", None, State.UNKNOWN),
    ]
    assert read(parts.RUIJIE_FAN, {"state": {"1": 5}, "name": {"1": b"fan1"}}) == [
        Sensor("fan1", "fan", None, State.BAD)
    ]


def test_fortinet_gives_alarms_and_values_only_where_the_name_says_their_unit() -> None:
    columns: dict[str, Column] = {
        "alarm": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0},
        "value": {"1": b"2900", "2": b"71", "3": b"0.99", "4": b"50", "5": b"-1"},
        "name": {"1": b"FAN1", "2": b"PS1 Temp", "3": b"MAC_AVS 1V", "4": b"TD1"},
    }
    assert read(parts.FORTINET_HARDWARE, columns) == [
        Sensor("FAN1", "fan", 2_900.0, State.GOOD),
        Sensor("PS1 Temp", "temperature", 71.0, State.BAD),
        Sensor("MAC_AVS 1V", "voltage", None, State.GOOD),
        Sensor("TD1", "module", None, State.GOOD),
    ]


@pytest.mark.parametrize(
    ("name", "kind"), [("PS2 Status", "supply"), ("+12V", "voltage"), ("PVDDQ AB", "voltage"), ("DTS CPU0", "module")]
)
def test_what_a_part_is_stands_in_its_name(name: str, kind: Kind) -> None:
    assert parts.kind_of(name) == kind


def test_a_rack_power_unit_says_how_much_it_carries_and_whether_that_is_too_much() -> None:
    columns: dict[str, Column] = {
        "current": {"1": 16, "2": 155, "3": 11}, "state": {"1": 2, "2": 4, "3": 3},
        "phase": {"1": 1, "2": 0, "3": 0}, "bank": {"1": 0, "2": 1, "3": 2},
    }  # fmt: skip
    assert read(parts.APC_RACK, columns) == [
        Sensor("phase 1", "current", 1.6, State.GOOD),
        Sensor("bank 1", "current", 15.5, State.BAD),
        Sensor("bank 2", "current", 1.1, State.WARNING),
    ]
    newer: dict[str, Column] = {"current": {"1": 65}, "state": {"1": 2}, "phase": {"1": 1}}
    assert read(parts.APC_RACK_2, newer) == [Sensor("phase 1", "current", 6.5, State.GOOD)]
