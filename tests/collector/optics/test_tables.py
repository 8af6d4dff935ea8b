from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import metrics
from collector.agents.ports import Ports
from collector.agents.values import INVALID
from collector.optics import TABLES, cisco_sb, huawei, huawei_olt, juniper, mikrotik, sensors, tables_of
from collector.optics.by_port import ARUBA_CX, H3C, HPE, RUIJIE, TP_LINK
from collector.optics.module import BRIGHT_DBM, DARK_DBM, Lane, Module, from_watts
from collector.optics.table import OpticsTable
from collector.probe import Result
from collector.snmp import Column, Value
from tests.support import dumps
from tests.support.hostile_agent import HostileAgent
from tests.support.polling import PUBLIC, poll, values

PORTS = Ports(
    by_index={str(index): (str(index), f"port{index}", "", "") for index in range(1, 9)},
    by_name={f"port{index}": str(index) for index in range(1, 9)},
    up_time=0,
    changed=None,
    read_at=0.0,
)

ANY_VALUE = st.one_of(
    st.integers(-(2**63), 2**64),
    st.floats(),
    st.binary(max_size=40),
    st.text(max_size=40),
    st.sampled_from(list(INVALID)),
)
OPTICS = (
    *("1.3.6.1.2.1.1.", "1.3.6.1.2.1.2.", "1.3.6.1.2.1.31.", "1.3.6.1.2.1.47.", "1.3.6.1.2.1.99."),
    *(f"{next(iter(table.live.values())).rpartition('.')[0]}." for table in TABLES),
)
"""What of a walk the probe may look at."""


def read(table: OpticsTable, columns: Mapping[str, Mapping[str, Value]]) -> list[Module]:
    """Decode `columns`; those that are not given are empty."""
    full: dict[str, Column] = {name: {} for name in (*table.live, *table.fixed)}
    full |= {name: dict(column) for name, column in columns.items()}
    return list(table.decode(full, PORTS))


def walked(name: str) -> Result:
    """Poll the walk of a real device, served over UDP."""
    with HostileAgent(dumps.dump(name, OPTICS)) as agent:
        return poll("snmp_optics", PUBLIC, timeout_s=120, port=agent.port)


# -- vendors -----------------------------------------------------------------------------------------------------------


def test_the_tables_of_a_device_follow_its_vendor_and_the_standard_comes_last() -> None:
    assert tables_of("1.3.6.1.4.1.14988.1") == (mikrotik.TABLE, sensors.ENTITY_SENSOR)
    assert tables_of("1.3.6.1.4.1.9.1.516") == (sensors.CISCO, cisco_sb.TABLE, sensors.ENTITY_SENSOR)
    assert tables_of("1.3.6.1.4.1.99999.1") == tables_of("") == tables_of("x.y") == (sensors.ENTITY_SENSOR,)
    assert len({table.name for table in TABLES}) == len(TABLES)


def test_mikrotik_is_read_by_name_in_thousandths_and_zeros_are_an_empty_cage() -> None:
    columns: dict[str, Column] = {
        "name": {"1": b"port3", "2": b"port4", "3": b"unheard-of"},
        "rx": {"1": -18_730, "2": 0, "3": -5_000},
        "tx": {"1": -5_120, "2": 0, "3": -5_000},
        "temperature": {"1": 41, "2": 0, "3": 30},
        "volts": {"1": 3_300, "2": 0, "3": 3_300},
    }
    assert read(mikrotik.TABLE, columns) == [Module("3", (Lane(1, -18.73, -5.12, 41.0),)), Module("4")]


def test_a_module_that_receives_no_light_is_present_with_an_unknown_power() -> None:
    columns: dict[str, Column] = {
        "name": {"1": b"port3"},
        "rx": {"1": 0},
        "tx": {"1": -5_120},
        "temperature": {"1": 41},
    }
    assert read(mikrotik.TABLE, columns) == [Module("3", (Lane(1, None, -5.12, 41.0),))]


def huawei_row(**values: Value) -> dict[str, Column]:
    return {"alias": {"67.1": "1.3.6.1.2.1.2.2.1.1.5"}, **{name: {"67": value} for name, value in values.items()}}


def test_huawei_gives_hundredths_of_a_dbm_when_negative() -> None:
    assert read(huawei.TABLE, huawei_row(rx=-801, tx=-227)) == [Module("5", (Lane(1, -8.01, -2.27),))]


def test_huawei_gives_microwatts_when_positive() -> None:
    (module,) = read(huawei.TABLE, huawei_row(rx=331, tx=578))
    assert module.lanes == (Lane(1, -4.802, -2.381),)


def test_huawei_lanes_go_before_the_single_number() -> None:
    (module,) = read(huawei.TABLE, huawei_row(rx=331, tx=578, rx_lanes=b"-480.00,-510.00", tx_lanes=b"-238.00"))
    assert module.lanes == (Lane(1, -4.8, -2.38), Lane(2, -5.1, None))


@pytest.mark.parametrize(("rx", "lanes"), [(0, b"-4000.00"), (2_147_483_647, b""), (0, b"")])
def test_huawei_darkness_is_unknown(rx: int, lanes: bytes) -> None:
    (module,) = read(huawei.TABLE, huawei_row(rx=rx, tx=578, rx_lanes=lanes))
    assert module.lanes[0].rx_dbm is None


def test_huawei_minus_one_is_no_module() -> None:
    assert read(huawei.TABLE, huawei_row(rx=-1, tx=-1)) == [Module("5")]


def test_huawei_finds_the_port_by_name_where_there_is_no_alias() -> None:
    columns: dict[str, Column] = {"name": {"67": b"port2"}, "rx": {"67": -801, "68": -1}, "tx": {"67": -227}}
    assert [module.port for module in read(huawei.TABLE, columns)] == ["2"]


def test_juniper_lanes_replace_the_sum_where_there_are_several() -> None:
    columns: dict[str, Column] = {
        "rx": {"1": -300, "2": -865, "3": 0},
        "tx": {"1": -200, "2": -712, "3": 0},
        "temperature": {"1": 30, "2": 28, "3": 0},
        "rx_alarm_high": {"1": 250, "2": -199, "3": 0},
        "lane_rx": {"1.0": -910, "1.1": -920, "2.0": -865, "3.0": 0},
        "lane_tx": {"1.0": -110, "1.1": -120, "2.0": -712, "3.0": 0},
    }
    assert read(juniper.TABLE, columns) == [
        Module("1", (Lane(1, -9.1, -1.1, 30.0), Lane(2, -9.2, -1.2, 30.0))),
        Module("2", (Lane(1, -8.65, -7.12, 28.0),)),
        Module("3"),
    ]


def test_juniper_that_lost_the_sign_is_read_as_negative() -> None:
    levels: dict[str, Column] = {
        "rx_alarm_high": {"1": 2_100},
        "rx_alarm_low": {"1": 496},
        "rx_warn_high": {"1": 2_000},
        "rx_warn_low": {"1": 785},
    }
    (module,) = read(juniper.TABLE, {"rx": {"1": 1_755}, "tx": {"1": -206}, "temperature": {"1": 22}, **levels})
    assert module.lanes == (Lane(1, -17.55, -2.06, 22.0),)
    assert module.limits == {
        ("rx", "alarm_low"): -21.0,
        ("rx", "warn_low"): -20.0,
        ("rx", "warn_high"): -7.85,
        ("rx", "alarm_high"): -4.96,
    }


def sensor_columns(
    name: str, kind: int, value: int, *, scale: int, precision: int, status: int = 1
) -> dict[str, Column]:
    return {
        "type": {"30": kind},
        "scale": {"30": scale},
        "precision": {"30": precision},
        "value": {"30": value},
        "status": {"30": status},
        "name": {"30": name.encode()},
        "within": {"30": 20, "20": 10},
        "alias": {"20.0": "1.3.6.1.2.1.2.2.1.1.5"},
    }


@pytest.mark.parametrize(
    ("sensor", "lane"),
    [
        (("Transceiver Rx Power", 6, 7, 1, 3_310), Lane(1, rx_dbm=-4.802)),
        (("port5 Receive Power Sensor", 14, 9, 1, -60), Lane(1, rx_dbm=-6.0)),
        (("port5 Lane 3 Transmit Power Sensor", 14, 8, 0, -1_931), Lane(3, tx_dbm=-1.931)),
        (("optics output power", 6, 6, 0, 500_000), Lane(1, tx_dbm=-3.01)),
    ],
)
def test_a_sensor_of_the_entity_tree_is_read_in_its_own_unit(
    sensor: tuple[str, int, int, int, int], lane: Lane
) -> None:
    name, kind, scale, precision, value = sensor
    columns = sensor_columns(name, kind, value, scale=scale, precision=precision)
    assert read(sensors.ENTITY_SENSOR, columns) == [Module("5", (lane,))]


def test_a_sensor_that_does_not_work_is_unknown() -> None:
    columns = sensor_columns("Transceiver Rx Power", 6, 3_310, scale=7, precision=1, status=3)
    assert read(sensors.ENTITY_SENSOR, columns) == [Module("5", (Lane(1),))]


@pytest.mark.parametrize("name", ["Chassis power", "Intake temperature", "Fan input rpm"])
def test_sensors_of_other_things_are_no_modules(name: str) -> None:
    assert read(sensors.ENTITY_SENSOR, sensor_columns(name, 8, 30, scale=9, precision=0)) == []


def test_an_entity_tree_in_a_circle_ends() -> None:
    columns = sensor_columns("Transceiver Rx Power", 6, 3_310, scale=7, precision=1) | {
        "within": {"30": 20, "20": 30},
        "alias": {},
    }
    assert read(sensors.ENTITY_SENSOR, columns) == []


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (4, 3, 2, 1)])
def test_cisco_limits_are_named_by_size_when_there_are_four(order: tuple[int, ...]) -> None:
    columns = sensor_columns("port5 Receive Power Sensor", 14, -2_456, scale=8, precision=0)
    stated = dict(zip(order, (1_699, -1_301, -7_304, -11_307), strict=True))
    columns |= {
        "bound_severity": {f"30.{row}": 1 for row in stated},
        "bound_relation": {f"30.{row}": 1 for row in stated},
        "bound_value": {f"30.{row}": value for row, value in stated.items()},
    }
    (module,) = read(sensors.CISCO, columns)
    assert module.limits == {
        ("rx", "alarm_low"): pytest.approx(-11.307),
        ("rx", "warn_low"): pytest.approx(-7.304),
        ("rx", "warn_high"): pytest.approx(-1.301),
        ("rx", "alarm_high"): pytest.approx(1.699),
    }


def test_cisco_limits_are_named_by_severity_and_relation_when_there_are_fewer() -> None:
    columns = sensor_columns("port5 Receive Power Sensor", 14, -100, scale=9, precision=1)
    columns |= {
        "bound_severity": {"30.1": 30, "30.2": 10},
        "bound_relation": {"30.1": 1, "30.2": 1},
        "bound_value": {"30.1": -230, "30.2": -200},
    }
    (module,) = read(sensors.CISCO, columns)
    assert module.limits == {("rx", "alarm_low"): -23.0, ("rx", "warn_low"): -20.0}


def test_cisco_small_business_is_read_in_the_unit_that_it_states() -> None:
    columns: dict[str, Column] = {
        "value": {"4.8": -5_120, "4.9": -187, "5.8": 0, "5.9": 0, "6.1": 30, "77.9": -100},
        "unit": {"4.8": 17, "4.9": 16, "5.8": 17, "5.9": 17},
    }
    assert read(cisco_sb.TABLE, columns) == [Module("4", (Lane(1, -18.7, -5.12),)), Module("5")]


def test_other_vendors_are_read_by_port() -> None:
    row: dict[str, Column] = {"rx": {"4": -254}, "tx": {"4": 2_147_483_647}}
    assert read(H3C, row) == [Module("4", (Lane(1, -2.54, None),))]
    assert read(HPE, {"rx": {"4": -99_999_999}, "tx": {"4": -99_999_999}}) == [Module("4")]
    assert read(TP_LINK, {"rx": {"4": b"0.331"}, "tx": {"4": b"0.000"}}) == [Module("4", (Lane(1, -4.802, None),))]
    assert read(H3C, {"rx": {"77": -254}}) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(value=ANY_VALUE, index=st.sampled_from(["1", "1.0", "77", "1.2.3"]))
def test_no_value_makes_a_decoder_fail(table: OpticsTable, value: Value, index: str) -> None:
    columns = {name: {index: value} for name in (*table.live, *table.fixed)}
    for module in table.decode(columns, PORTS):
        for lane in module.lanes:
            for dbm in (lane.rx_dbm, lane.tx_dbm):
                assert dbm is None or DARK_DBM < dbm < BRIGHT_DBM


def test_an_olt_tells_what_it_receives_of_each_terminal_and_what_each_receives() -> None:
    columns: dict[str, Column] = {
        "olt_rx": {"4.0": 7_756, "4.1": 2_147_483_647, "4.7": 7_321, "77.0": 7_756},
        "ont_rx": {"4.0": -1_934, "4.1": 2_147_483_647, "4.7": 0},
    }
    assert read(huawei_olt.TABLE, columns) == [
        Module("4", (Lane(0, -22.44, far_rx_dbm=-19.34), Lane(7, -26.79, far_rx_dbm=None)))
    ]


def test_an_olt_without_terminals_says_nothing_of_its_ports() -> None:
    unheard = {"4.0": 2_147_483_647}
    assert read(huawei_olt.TABLE, {"olt_rx": unheard, "ont_rx": unheard}) == []


FACTS = [
    # what each vendor's table gives for one row, and for the row of a port without a module or without light
    (H3C, {"rx": -254, "tx": -300}, (-2.54, -3.0)),
    (H3C, {"rx": 2_147_483_647, "tx": 2_147_483_647}, (None, None)),
    (HPE, {"rx": -5_120, "tx": -4_000}, (-5.12, -4.0)),
    (HPE, {"rx": -99_999_999, "tx": -4_000}, (None, -4.0)),
    (ARUBA_CX, {"rx": b"0.331", "tx": b"0.578"}, (-4.802, -2.381)),
    (ARUBA_CX, {"rx": b"0", "tx": b"0.578"}, (None, -2.381)),
    (TP_LINK, {"rx": b"0.331", "tx": b"0.578"}, (-4.802, -2.381)),
    (TP_LINK, {"rx": b"--", "tx": b"--"}, (None, None)),
    (RUIJIE, {"rx": -1_873, "tx": -512}, (-18.73, -5.12)),
    (RUIJIE, {"rx": b"NA", "tx": b"NA"}, (None, None)),
    (mikrotik.TABLE, {"name": b"port4", "rx": -18_730, "tx": -5_120, "temperature": 41}, (-18.73, -5.12)),
    (mikrotik.TABLE, {"name": b"port4", "rx": 0, "tx": 0, "temperature": 0, "volts": 0}, (None, None)),
    (huawei.TABLE, {"name": b"port4", "rx": -801, "tx": -227}, (-8.01, -2.27)),
    (huawei.TABLE, {"name": b"port4", "rx": 331, "tx": 578}, (-4.802, -2.381)),
    (huawei.TABLE, {"name": b"port4", "rx": -1, "tx": -1}, (None, None)),
    (huawei.TABLE, {"name": b"port4", "rx": 2_147_483_647, "tx": -227}, (None, -2.27)),
    (juniper.TABLE, {"rx": -865, "tx": -712, "temperature": 28}, (-8.65, -7.12)),
    (juniper.TABLE, {"rx": 0, "tx": 0, "temperature": 0}, (None, None)),
    (huawei_olt.TABLE, {"olt_rx": 7_756}, None),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "powers"), FACTS)
def test_one_row_of_each_vendor_is_read_in_dbm(
    table: OpticsTable, row: dict[str, Value], powers: tuple[float | None, float | None] | None
) -> None:
    columns: dict[str, Column] = {name: {"4": value} for name, value in row.items()}
    found = read(table, columns)
    lane = found[0].lanes[0] if found and found[0].lanes else None
    assert ((lane.rx_dbm, lane.tx_dbm) if lane else (None, None)) == (powers or (None, None))


def test_every_table_of_a_vendor_has_a_row_among_the_facts() -> None:
    entity = {sensors.CISCO.name, sensors.ENTITY_SENSOR.name, cisco_sb.TABLE.name}
    assert {table.name for table, _, _ in FACTS} | entity == {table.name for table in TABLES}


# -- walks of real devices ---------------------------------------------------------------------------------------------

WALKS = {
    # name: (ports with a module, ports without, received powers, limits)
    "cisco-c3750": (2, 0, 2, 0),
    "juniper-mx960-12-3r6-6": (8, 8, 7, 64),
    "juniper-mx960-13-3r9-13": (6, 2, 4, 48),
    "huawei-s12704": (13, 32, 10, 104),
    "huawei-s5720": (0, 33, 0, 0),
    "h3c-comware-7-1-075": (20, 1, None, None),
    "hpe-procurve-516733-b21": (0, 0, 0, 0),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_real_device_gives_plausible_power_or_no_module(name: str) -> None:
    result = walked(name)
    assert result.success
    present = values(result, metrics.OPTICAL_PRESENT)
    received = values(result, metrics.OPTICAL_RX)
    limits_found = values(result, metrics.OPTICAL_THRESHOLD)
    ports, empty, powers, bounds = WALKS[name]
    assert sum(present.values()) == ports
    assert len(present) - sum(present.values()) == empty
    assert powers is None or len(received) == powers
    assert bounds is None or len(limits_found) == bounds
    assert all(-35 < dbm < 5 for dbm in received.values())
    assert all(-40 <= dbm <= 10 for dbm in limits_found.values())


def test_a_real_module_in_microwatts_agrees_with_its_own_lane_in_dbm() -> None:
    received = values(walked("huawei-s12704"), metrics.OPTICAL_RX)
    assert received[("18", "XGigabitEthernet2/0/0", "1")] == -4.8
    assert from_watts(331e-6) == pytest.approx(-4.8, abs=0.01)


# -- what the books add ------------------------------------------------------------------------------------------------


def test_an_operators_limit_replaces_all_that_the_module_states_for_that_direction() -> None:
    limit = {"interface": "ge-0/0/1", "level": "warn_low", "dbm": -18.5}
    with HostileAgent(dumps.dump("juniper-mx960-13-3r9-13", OPTICS)) as agent:
        plain = poll("snmp_optics", PUBLIC, timeout_s=120, port=agent.port)
        name = next(iter(values(plain, metrics.OPTICAL_RX)))[1]
        ours = poll("snmp_optics", PUBLIC, timeout_s=120, port=agent.port, limits=[limit | {"interface": name}])
    before = {key: dbm for key, dbm in values(plain, metrics.OPTICAL_THRESHOLD).items() if key[1] == name}
    after = {key: dbm for key, dbm in values(ours, metrics.OPTICAL_THRESHOLD).items() if key[1] == name}
    assert {key[4] for key in before} == {"module"}
    assert len(before) == 8
    assert {key[2:]: dbm for key, dbm in after.items() if key[2] == "rx"} == {("rx", "warn_low", "operator"): -18.5}
    assert {key[4] for key in after if key[2] == "tx"} == {"module"}


def test_an_accepted_power_is_exposed_for_ports_that_are_there() -> None:
    baselines = [
        {"link": "bac-quang-tan-quang", "interface": "Gi1/0/1", "rx_dbm": -6.5},
        {"link": "bac-quang-dong-yen", "interface": "Gi9/9/9", "rx_dbm": -7.0},
    ]
    with HostileAgent(dumps.dump("cisco-c3750", OPTICS)) as agent:
        result = poll("snmp_optics", PUBLIC, timeout_s=120, port=agent.port, baselines=baselines)
    assert values(result, metrics.OPTICAL_BASELINE) == {("bac-quang-tan-quang", "Gi1/0/1"): -6.5}


@pytest.mark.parametrize("dbm", [-61, 21])
def test_a_limit_beyond_any_module_is_refused_by_name(dbm: int) -> None:
    result = poll("snmp_optics", PUBLIC, limits=[{"interface": "a", "level": "warn_low", "dbm": dbm}])
    assert (result.reason, result.detail) == ("settings", "limits.0.dbm")
