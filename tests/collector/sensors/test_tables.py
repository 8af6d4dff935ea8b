from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.ports import Ports
from collector.agents.tables import tables_for
from collector.sensors import TABLES, boards, cisco, entity, juniper, mikrotik
from collector.sensors.reading import PLAUSIBLE, Sensor, SensorTable, State
from collector.snmp import Column, Value

PORTS = Ports(
    by_index={"5": ("5", "Gi1/5", "", "")}, by_name={"Gi1/5": "5"}, up_time=0, changed=None, read_at=0.0
)  # fmt: skip
ANY_VALUE = st.one_of(st.integers(-(2**63), 2**64), st.floats(), st.binary(max_size=40), st.text(max_size=40))


def read(table: SensorTable, columns: Mapping[str, Mapping[str, Value]]) -> list[Sensor]:
    """Decode `columns`; those that are not given are empty."""
    full: dict[str, Column] = {name: {} for name in (*table.live, *table.fixed)}
    full |= {name: dict(column) for name, column in columns.items()}
    return list(table.decode(full, PORTS))


def entity_columns(name: str, kind: int, value: int, **more: int) -> dict[str, Column]:
    part = {"scale": 9, "precision": 0, "status": 1} | more
    return {"name": {"7": name.encode()}, "type": {"7": kind}, "value": {"7": value}} | {
        column: {"7": number} for column, number in part.items()
    }


def test_the_tables_of_a_device_follow_its_vendor_and_the_standard_comes_last() -> None:
    assert tables_for("1.3.6.1.4.1.14988.1", TABLES) == (mikrotik.HEALTH, entity.ENTITY_SENSOR)
    assert tables_for("1.3.6.1.4.1.2011.2.224.279", TABLES) == (
        boards.HUAWEI, boards.HUAWEI_FANS, boards.HUAWEI_SUPPLIES, entity.ENTITY_SENSOR,
    )  # fmt: skip
    assert tables_for("", TABLES) == (entity.ENTITY_SENSOR,)
    assert len({table.name for table in TABLES}) == len(TABLES)


@pytest.mark.parametrize(
    ("columns", "sensor"),
    [
        (entity_columns("Inlet", 8, 282, precision=1), Sensor("Inlet", "temperature", 28.2, State.GOOD)),
        (entity_columns("Rail 5V", 4, 4_930, scale=8), Sensor("Rail 5V", "voltage", 4.93, State.GOOD)),
        (entity_columns("Mains", 3, 2_301, precision=1), Sensor("Mains", "voltage", 230.1, State.GOOD)),
        (entity_columns("PSU current", 5, 1_250, scale=8), Sensor("PSU current", "current", 1.25, State.GOOD)),
        (entity_columns("PSU power", 6, 74), Sensor("PSU power", "power", 74.0, State.GOOD)),
        (entity_columns("Fan #1", 10, 4_618), Sensor("Fan #1", "fan", 4_618.0, State.GOOD)),
        (entity_columns("Room", 9, 455, precision=1), Sensor("Room", "humidity", 0.455, State.GOOD)),
        (entity_columns("Inlet", 8, 28, status=2), Sensor("Inlet", "temperature", None, None)),
        (entity_columns("Inlet", 8, 28, status=3), Sensor("Inlet", "temperature", None, State.UNKNOWN)),
        (entity_columns("Inlet", 8, 28, precision=99), Sensor("Inlet", "temperature", 28.0, State.GOOD)),
        (entity_columns("Inlet", 8, 2_147_483_647), Sensor("Inlet", "temperature", None, State.GOOD)),
    ],
)
def test_a_sensor_of_the_entity_tree_is_read_in_one_unit(columns: dict[str, Column], sensor: Sensor) -> None:
    assert read(entity.ENTITY_SENSOR, columns) == [sensor]


@pytest.mark.parametrize(
    "columns",
    [
        entity_columns("Gi1/5 Transceiver Temperature Sensor", 8, 41),
        entity_columns("XcvrSlot lane 3 bias", 5, 6),
        entity_columns("", 8, 41),
        entity_columns("Clock", 7, 50),
        entity_columns("Door", 12, 1),
        entity_columns("Gi1/5 heat", 8, 30),
        entity_columns("heat", 8, 30) | {"within": {"7": 3}, "alias": {"3.0": "1.3.6.1.2.1.2.2.1.1.5"}},
    ],
)
def test_what_belongs_to_a_port_or_has_no_name_or_no_unit_is_left_out(columns: dict[str, Column]) -> None:
    assert read(entity.ENTITY_SENSOR, columns) == []


def test_cisco_limits_are_named_by_severity_and_relation() -> None:
    columns = entity_columns("Module-1, Outlet", 8, 60) | {
        "bound_severity": {"7.1": 10, "7.2": 20, "7.3": 1},
        "bound_relation": {"7.1": 4, "7.2": 4, "7.3": 1},
        "bound_value": {"7.1": 58, "7.2": 67, "7.3": 99},
    }
    (sensor,) = read(entity.CISCO, columns)
    assert sensor.limits == {"warn_high": 58.0, "alarm_high": 67.0}
    assert sensor.judged == State.WARNING


@pytest.mark.parametrize(
    ("code", "state"),
    [(1, State.GOOD), (2, State.WARNING), (3, State.BAD), (4, State.BAD), (6, State.BAD), (99, State.UNKNOWN)],
)
def test_cisco_states(code: int, state: State) -> None:
    (sensor,) = read(cisco.FAN, {"descr": {"1": b"Fan 1"}, "state": {"1": code}})
    assert sensor == Sensor("Fan 1", "fan", None, state)


def test_a_part_that_is_not_there_is_none_of_ciscos_sensors() -> None:
    assert read(cisco.SUPPLY, {"descr": {"1": b"Power Supply 2"}, "state": {"1": 5}}) == []


def test_the_state_in_the_name_of_a_catalyst_sensor_is_no_part_of_its_name() -> None:
    columns: dict[str, Column] = {
        "descr": {"1": b"SW#1, Sensor#1, YELLOW "},
        "state": {"1": 2},
        "value": {"1": 61},
        "alarm_high": {"1": 66},
    }
    assert read(cisco.TEMPERATURE, columns) == [
        Sensor("SW#1, Sensor#1", "temperature", 61.0, State.WARNING, {"alarm_high": 66.0})
    ]


def test_cisco_voltages_are_in_thousandths() -> None:
    columns: dict[str, Column] = {"descr": {"1": b"+12 V"}, "state": {"1": 1}, "value": {"1": 11_900}}
    columns |= {"alarm_low": {"1": 10_800}, "alarm_high": {"1": 13_200}}
    (sensor,) = read(cisco.VOLTAGE, columns)
    assert (sensor.value, sensor.limits) == (11.9, {"alarm_low": 10.8, "alarm_high": 13.2})


def test_juniper_gives_a_temperature_where_there_is_one_and_a_state_where_it_is_known() -> None:
    columns: dict[str, Column] = {
        "descr": {"1.0": b"PEM 0", "2.0": b"Top Tray Fan 1", "3.0": b"FPC: MPC Type 2", "4.0": b"midplane"},
        "state": {"1.0": 2, "2.0": 6, "3.0": 5, "4.0": 1},
        "temperature": {"1.0": 35, "2.0": 0, "3.0": 0, "4.0": 0},
    }
    assert read(juniper.OPERATING, columns) == [
        Sensor("PEM 0", "temperature", 35.0),
        Sensor("PEM 0", "supply", None, State.GOOD),
        Sensor("Top Tray Fan 1", "fan", None, State.BAD),
        Sensor("FPC: MPC Type 2", "module", None, State.WARNING),
    ]


def test_an_older_mikrotik_gives_tenths_and_zeros_for_what_it_lacks() -> None:
    health: Column = {"8.0": 243, "10.0": 330, "11.0": 0, "13.0": 640, "17.0": 3_600, "15.0": 1, "16.0": 0}
    assert read(mikrotik.HEALTH, {"health": health}) == [
        Sensor("voltage", "voltage", 24.3),
        Sensor("temperature", "temperature", 33.0),
        Sensor("current", "current", 0.64),
        Sensor("fan1-speed", "fan", 3_600.0),
        Sensor("psu1-state", "supply", None, State.GOOD),
        Sensor("psu2-state", "supply", None, State.BAD),
    ]


def test_a_newer_mikrotik_gives_a_table_that_goes_before_the_single_values() -> None:
    health: Column = {
        "8.0": 0, "10.0": 990,
        "100.1.2.13": b"voltage", "100.1.2.14": b"cpu-temperature", "100.1.2.7": b"fan1-speed",
        "100.1.2.9": b"psu-state",
        "100.1.3.13": 242, "100.1.3.14": 47, "100.1.3.7": 0, "100.1.3.9": 0,
        "100.1.4.13": 3, "100.1.4.14": 1, "100.1.4.7": 2, "100.1.4.9": 6,
    }  # fmt: skip
    assert read(mikrotik.HEALTH, {"health": health}) == [
        Sensor("voltage", "voltage", 24.2),
        Sensor("cpu-temperature", "temperature", 47.0),
        Sensor("fan1-speed", "fan", 0.0),
    ]


def test_huawei_and_h3c_give_a_temperature_to_the_entities_that_have_one() -> None:
    columns: dict[str, Column] = {
        "name": {"3": b"MPU Board 0", "4": b"Ethernet0/0/1"},
        "value": {"3": 42, "4": 0, "5": 65_535},
        "limit": {"3": 56, "4": 0, "5": 65_535},
    }
    expected = [Sensor("MPU Board 0", "temperature", 42.0, None, {"alarm_high": 56.0})]
    assert read(boards.HUAWEI, columns) == read(boards.H3C, columns) == expected


def test_huawei_fans_and_supplies_work_or_do_not_and_an_empty_slot_is_none() -> None:
    columns: dict[str, Column] = {
        "state": {"0.1": 1, "0.2": 2, "0.3": 7, "0.4": 2}, "present": {"0.1": 1, "0.2": 1, "0.4": 2},
    }  # fmt: skip
    assert read(boards.HUAWEI_FANS, columns) == [
        Sensor("fan 0.1", "fan", None, State.GOOD),
        Sensor("fan 0.2", "fan", None, State.BAD),
        Sensor("fan 0.3", "fan", None, State.UNKNOWN),
    ]
    assert read(boards.HUAWEI_SUPPLIES, {"state": {"0.1": 3}}) == [Sensor("supply 0.1", "supply", None, State.GOOD)]


@pytest.mark.parametrize(
    ("part", "code", "sensor"),
    [
        (7, 2, Sensor("part", "fan", None, State.GOOD)),
        (7, 41, Sensor("part", "fan", None, State.BAD)),
        (6, 2, Sensor("part", "supply", None, State.GOOD)),
        (6, 51, Sensor("part", "supply", None, State.BAD)),
        (9, 71, Sensor("part", "module", None, State.BAD)),
        (9, 2, None),
        (6, 4, None),
        (6, 1, None),
        (10, 31, None),
        (11, 22, None),
    ],
)
def test_comware_names_fans_and_supplies_and_whatever_fails(part: int, code: int, sensor: Sensor | None) -> None:
    found = read(boards.H3C_STATES, {"state": {"4": code}, "class": {"4": part}, "name": {"4": b"part"}})
    assert found == ([] if sensor is None else [sensor])


def test_only_entities_with_a_state_and_sensors_outside_of_optics_are_asked_again() -> None:
    states: dict[str, Column] = {"state": {"1": 2, "2": 1, "3": 4, "4": 41, "5": 2}, "class": {"1": 6, "4": 7, "5": 10}}
    assert boards.judged(states) == ["1", "4"]
    sensors = entity_columns("Inlet", 8, 30)
    for index, name, kind in (("8", "Gi1/5 Transceiver Temperature", 8), ("9", "Clock", 7), ("10", "", 8)):
        sensors["name"][index], sensors["type"][index], sensors["value"][index] = name.encode(), kind, 30
    assert entity.measuring(sensors | {"descr": {}}) == ["7"]


def test_only_entities_with_a_thermometer_are_asked_again() -> None:
    assert boards.warm({"value": {"3": 42, "4": 0, "5": 65_535, "6": 2_147_483_647}}) == ["3"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(value=ANY_VALUE, index=st.sampled_from(["1", "8.0", "100.1.3.1", "1.2.3"]))
def test_no_value_makes_a_decoder_fail(table: SensorTable, value: Value, index: str) -> None:
    columns = {name: {index: value} for name in (*table.live, *table.fixed)}
    for sensor in table.decode(columns, PORTS):
        if sensor.value is not None:
            least, most = PLAUSIBLE[sensor.kind]
            assert least <= sensor.value <= most
