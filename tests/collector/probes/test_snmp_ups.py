from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import metrics
from collector.metric import Metric
from collector.probe import Result
from collector.probes import snmp_ups
from collector.probes.snmp_ups import ALARM_BATTERY_BAD, ALARMS, APC, UPS, WELL_KNOWN
from collector.snmp import SYS_UP_TIME, Value
from tests.support import dumps
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.polling import PUBLIC, poll, values
from tests.support.snmpd import Snmpd

BASE = {SYS_UP_TIME: cell(9_000, hostile.TICKS)}
STANDARD = BASE | {
    f"{UPS}.2.1.0": cell(2), f"{UPS}.2.2.0": cell(0), f"{UPS}.2.3.0": cell(42), f"{UPS}.2.4.0": cell(97),
    f"{UPS}.2.5.0": cell(273), f"{UPS}.2.7.0": cell(28), f"{UPS}.4.1.0": cell(3), f"{UPS}.3.3.1.3.1": cell(221),
    f"{UPS}.4.4.1.2.1": cell(229), f"{UPS}.4.4.1.5.1": cell(35), f"{UPS}.6.1.0": cell(0),
}  # fmt: skip
SMART = BASE | {
    f"{APC}.2.1.1.0": cell(2), f"{APC}.2.1.2.0": cell(0, hostile.TICKS), f"{APC}.2.2.1.0": cell(88, hostile.GAUGE32),
    f"{APC}.2.2.2.0": cell(31, hostile.GAUGE32), f"{APC}.2.2.3.0": cell(252_000, hostile.TICKS),
    f"{APC}.2.2.4.0": cell(1), f"{APC}.2.2.8.0": cell(27), f"{APC}.3.2.1.0": cell(222, hostile.GAUGE32),
    f"{APC}.4.1.1.0": cell(2), f"{APC}.4.2.1.0": cell(230, hostile.GAUGE32),
    f"{APC}.4.2.3.0": cell(41, hostile.GAUGE32),
}  # fmt: skip

SAYS = (metrics.UPS_ON_BYPASS, metrics.UPS_OFF, metrics.UPS_OVERLOAD, metrics.UPS_TEST_FAILED, metrics.UPS_FAULT)
"""Families of what the UPS says of itself beside its measurements."""


def read(table: Mapping[str, Cell]) -> Result:
    with HostileAgent(table) as agent:
        return poll("snmp_ups", PUBLIC, port=agent.port)


def single(result: Result, metric: Metric) -> float | None:
    return values(result, metric).get(())


def test_the_standard_mib_is_read_in_plain_units() -> None:
    result = read(STANDARD)
    assert {sample.metric.name: sample.value for sample in result.samples if sample.metric not in SAYS} == {
        "quang_ups_on_battery": 0, "quang_ups_on_battery_seconds": 0, "quang_ups_battery_low": 0,
        "quang_ups_battery_replace": 0, "quang_ups_battery_charge_ratio": 0.97, "quang_ups_battery_left_seconds": 2_520,
        "quang_ups_battery_volts": 27.3, "quang_ups_battery_celsius": 28, "quang_ups_load_ratio": 0.35,
        "quang_ups_input_volts": 221, "quang_ups_output_volts": 229,
    }  # fmt: skip


def test_apcs_own_mib_gives_the_same_series() -> None:
    result = read(SMART)
    assert {sample.metric.name: sample.value for sample in result.samples if sample.metric not in SAYS} == {
        "quang_ups_on_battery": 0, "quang_ups_on_battery_seconds": 0, "quang_ups_battery_low": 0,
        "quang_ups_battery_replace": 0, "quang_ups_battery_charge_ratio": 0.88, "quang_ups_battery_left_seconds": 2_520,
        "quang_ups_battery_volts": 27, "quang_ups_battery_celsius": 31, "quang_ups_load_ratio": 0.41,
        "quang_ups_input_volts": 222, "quang_ups_output_volts": 230,
    }  # fmt: skip


def test_a_real_agent_that_serves_the_mib_is_read() -> None:
    lines = (
        "override .1.3.6.1.2.1.33.1.2.1.0 integer 3", "override .1.3.6.1.2.1.33.1.2.2.0 integer 95",
        "override .1.3.6.1.2.1.33.1.2.3.0 integer 4", "override .1.3.6.1.2.1.33.1.2.4.0 integer 19",
        "override .1.3.6.1.2.1.33.1.4.1.0 integer 5", "override .1.3.6.1.2.1.33.1.4.4.1.5.1 integer 60",
        f"override .{ALARMS}.1 object_id .{ALARM_BATTERY_BAD}",
    )  # fmt: skip
    with Snmpd(config="\n".join(lines)) as agent:
        result = poll("snmp_ups", PUBLIC, port=agent.port)
    assert single(result, metrics.UPS_ON_BATTERY) == 1
    assert single(result, metrics.UPS_ON_BATTERY_SECONDS) == 95
    assert single(result, metrics.UPS_BATTERY_LOW) == 1
    assert single(result, metrics.UPS_REPLACE) == 1
    assert single(result, metrics.UPS_SECONDS_LEFT) == 240
    assert values(result, metrics.UPS_LOAD) == {("1",): 0.6}


@pytest.mark.parametrize(
    ("oid", "value", "metric", "expected"),
    [
        (f"{APC}.4.1.1.0", 3, metrics.UPS_ON_BATTERY, 1),
        (f"{APC}.4.1.1.0", 1, metrics.UPS_ON_BATTERY, None),
        (f"{APC}.4.1.1.0", 12, metrics.UPS_ON_BATTERY, 0),
        (f"{APC}.2.1.1.0", 3, metrics.UPS_BATTERY_LOW, 1),
        (f"{APC}.2.1.1.0", 1, metrics.UPS_BATTERY_LOW, None),
        (f"{APC}.2.1.1.0", 4, metrics.UPS_REPLACE, 1),
        (f"{APC}.2.2.4.0", 2, metrics.UPS_REPLACE, 1),
    ],
)
def test_states_of_apc(oid: str, value: int, metric: Metric, expected: int | None) -> None:
    assert single(read(SMART | {oid: cell(value)}), metric) == expected


@pytest.mark.parametrize(
    ("oid", "value", "metric", "expected"),
    [
        (f"{UPS}.4.1.0", 5, metrics.UPS_ON_BATTERY, 1),
        (f"{UPS}.4.1.0", 4, metrics.UPS_ON_BATTERY, 0),
        (f"{UPS}.2.1.0", 4, metrics.UPS_BATTERY_LOW, 1),
        (f"{UPS}.2.1.0", 1, metrics.UPS_BATTERY_LOW, None),
        (f"{UPS}.2.4.0", -1, metrics.UPS_CHARGE, None),
        (f"{UPS}.2.3.0", -1, metrics.UPS_SECONDS_LEFT, None),
        (f"{UPS}.2.3.0", 0, metrics.UPS_SECONDS_LEFT, None),
        (f"{UPS}.2.7.0", -1, metrics.UPS_BATTERY_CELSIUS, None),
    ],
)
def test_states_of_the_standard_and_numbers_that_say_unknown(
    oid: str, value: int, metric: Metric, expected: int | None
) -> None:
    assert single(read(STANDARD | {oid: cell(value)}), metric) == expected


def test_no_minutes_left_are_believed_while_the_battery_feeds() -> None:
    result = read(STANDARD | {f"{UPS}.4.1.0": cell(5), f"{UPS}.2.3.0": cell(0)})
    assert single(result, metrics.UPS_SECONDS_LEFT) == 0


def test_a_ups_that_does_not_tell_its_source_is_on_battery_while_it_counts_the_seconds() -> None:
    table = {oid: value for oid, value in STANDARD.items() if oid != f"{UPS}.4.1.0"}
    assert single(read(table), metrics.UPS_ON_BATTERY) == 0
    assert single(read(table | {f"{UPS}.2.2.0": cell(7)}), metrics.UPS_ON_BATTERY) == 1


def test_a_device_that_is_no_ups_says_so() -> None:
    result = read(BASE | {"1.3.6.1.2.1.1.1.0": cell("a switch")})
    assert (result.success, result.reason) == (False, "snmp_no_table")


def faults(result: Result) -> set[str]:
    return {labels[0] for labels, value in values(result, metrics.UPS_FAULT).items() if value}


@pytest.mark.parametrize(
    ("number", "metric", "fault"),
    [
        (5, None, "battery_hot"),
        (7, None, "output"),
        (8, metrics.UPS_OVERLOAD, None),
        (9, metrics.UPS_ON_BYPASS, None),
        (13, None, "charger"),
        (16, None, "fan"),
        (17, None, "fuse"),
        (18, None, "general"),
        (19, metrics.UPS_TEST_FAILED, None),
        (20, None, "communication"),
        (2, None, None),
        (24, None, None),
    ],
)
def test_alarms_of_the_standard_are_told_apart(number: int, metric: Metric | None, fault: str | None) -> None:
    alarm = (hostile.OID, hostile.path(hostile.key(f"{WELL_KNOWN}.{number}")))
    result = read(STANDARD | {f"{ALARMS}.7": alarm, f"{UPS}.7.3.0": cell(1)})
    told = (metrics.UPS_OVERLOAD, metrics.UPS_ON_BYPASS, metrics.UPS_TEST_FAILED)
    assert {one.name for one in told if single(result, one)} == ({metric.name} if metric else set())
    assert faults(result) == ({fault} if fault else set())


@pytest.mark.parametrize(
    ("source", "bypass", "off"), [(3, 0, 0), (4, 1, 0), (2, 0, 1), (5, 0, 0), (1, 0, 0), (9, 0, None)]
)
def test_what_feeds_the_load(source: int, bypass: int, off: int | None) -> None:
    result = read(STANDARD | {f"{UPS}.4.1.0": cell(source)})
    assert (single(result, metrics.UPS_ON_BYPASS), single(result, metrics.UPS_OFF)) == (bypass, off)


@pytest.mark.parametrize(("code", "failed"), [(1, 0), (2, 0), (3, 1), (4, None), (5, None), (6, None)])
def test_the_last_self_test(code: int, failed: int | None) -> None:
    assert single(read(STANDARD | {f"{UPS}.7.3.0": cell(code)}), metrics.UPS_TEST_FAILED) == failed


def flags(*places: int) -> Cell:
    return cell("".join("1" if place in places else "0" for place in range(1, 65)))


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ((4, 6, 19), set()),
        ((4, 25), {"charger"}),
        ((4, 26), {"battery_hot"}),
        ((4, 33), {"battery_missing"}),
        ((14, 16), {"general", "fan"}),
        ((4, 21), {"communication"}),
    ],
)
def test_flags_of_apc(places: tuple[int, ...], found: set[str]) -> None:
    result = read(SMART | {f"{APC}.11.1.1.0": flags(*places)})
    assert faults(result) == found
    assert single(result, metrics.UPS_OVERLOAD) == 0


def test_an_apc_card_without_a_word_from_its_ups_says_nothing_of_faults() -> None:
    result = read(SMART | {f"{APC}.11.1.1.0": flags()})
    assert (values(result, metrics.UPS_FAULT), single(result, metrics.UPS_OVERLOAD)) == ({}, None)


def test_an_apc_says_that_it_carries_too_much_and_that_its_test_failed() -> None:
    result = read(SMART | {f"{APC}.11.1.1.0": flags(4, 9), f"{APC}.7.2.3.0": cell(2), f"{APC}.4.2.8.0": cell(410)})
    assert single(result, metrics.UPS_OVERLOAD) == single(result, metrics.UPS_TEST_FAILED) == 1
    assert values(result, metrics.UPS_OUTPUT_WATTS) == {("1",): 410}


@pytest.mark.parametrize(
    ("status", "bypass", "off"), [(2, 0, 0), (6, 1, 0), (9, 1, 0), (10, 1, 0), (7, 0, 1), (15, 0, 0), (1, 0, 0)]
)
def test_what_an_apc_feeds(status: int, bypass: int, off: int) -> None:
    result = read(SMART | {f"{APC}.4.1.1.0": cell(status)})
    assert (single(result, metrics.UPS_ON_BYPASS), single(result, metrics.UPS_OFF)) == (bypass, off)


@pytest.mark.parametrize(
    ("date", "year"),
    [("03/15/2024", 2024), ("03/15/24", 2024), ("15/03/2024", None), ("2024-03-15", None), ("", None)],
)
def test_the_date_of_the_battery_is_read_in_its_two_ways(date: str, year: int | None) -> None:
    found = single(read(SMART | {f"{APC}.2.1.3.0": cell(date)}), metrics.UPS_REPLACED)
    assert found == (None if year is None else datetime(year, 3, 15, tzinfo=UTC).timestamp())


def test_no_watts_of_a_line_that_carries_something_are_not_measured() -> None:
    table = {f"{UPS}.4.4.1.4.1": cell(0), f"{UPS}.4.4.1.4.2": cell(0), f"{UPS}.4.4.1.5.2": cell(0)}
    assert values(read(STANDARD | table), metrics.UPS_OUTPUT_WATTS) == {("2",): 0}


WALKS = {
    # name: (charge, seconds left, load of the first line, volts of the mains)
    "eaton-93e-80": (1.0, 65_520, 0.21, 227),
    "huawei-gse200m": (None, None, 0.08, 236.9),
    "eastpower-istars-swv053": (1.0, None, 0.20, 236),
    "phoenixtec-power": (1.0, None, 0.0, 238),
    "ingrasys-power-switch": (1.0, None, 0.33, 228),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_real_ups_is_read(name: str) -> None:
    result = read(dumps.dump(name, ("1.3.6.1.2.1.1.", f"{UPS}.")))
    charge, left, load, mains = WALKS[name]
    assert single(result, metrics.UPS_ON_BATTERY) == 0
    assert single(result, metrics.UPS_BATTERY_LOW) == 0
    assert single(result, metrics.UPS_CHARGE) == charge
    assert single(result, metrics.UPS_SECONDS_LEFT) == left
    assert values(result, metrics.UPS_LOAD)[("1",)] == load
    assert values(result, metrics.UPS_INPUT_VOLTS).get(("1",)) == mains


ODD: st.SearchStrategy[Value] = st.one_of(st.integers(-(2**63), 2**64), st.floats(), st.binary(max_size=9), st.text())


@given(st.dictionaries(st.sampled_from(snmp_ups._STANDARD + snmp_ups._OF_APC), ODD), ODD)
def test_whatever_an_agent_sends_stays_within_what_a_ups_can_be(scalars: dict[str, Value], value: Value) -> None:
    columns = [{"1": value, "2.0": value}] * 5
    for found in (snmp_ups._of_apc(scalars), snmp_ups._of_standard(scalars, columns)):
        for sample in snmp_ups._samples(found):
            assert 0 <= sample.value <= (4e9 if sample.metric is metrics.UPS_REPLACED else 10_000_000)
            if sample.metric.name.endswith("_ratio"):
                assert sample.value <= 3
