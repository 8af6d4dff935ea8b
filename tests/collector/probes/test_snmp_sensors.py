import pytest

from collector import metrics
from collector.agents.system import SYS_OBJECT_ID
from collector.probe import Result
from collector.probes.snmp_sensors import SENSORS_MAX
from collector.snmp import SYS_UP_TIME
from tests.support import dumps
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.polling import PUBLIC, Poller, poll, polling, values
from tests.support.snmpd import Snmpd

ENTITY = "1.3.6.1.2.1.99.1.1.1"
NAME = "1.3.6.1.2.1.47.1.1.1.1.7"
BASE = {SYS_UP_TIME: cell(9_000, hostile.TICKS)}
PARTS = ("1.3.6.1.2.1.1.", "1.3.6.1.2.1.2.", "1.3.6.1.2.1.31.", "1.3.6.1.2.1.47.", "1.3.6.1.2.1.99.")
VENDORS = (
    "1.3.6.1.4.1.9.9.13.", "1.3.6.1.4.1.9.9.91.", "1.3.6.1.4.1.2636.3.1.13.", "1.3.6.1.4.1.2011.5.25.31.1.1.",
    "1.3.6.1.4.1.25506.2.6.", "1.3.6.1.4.1.9.9.117.1.", "1.3.6.1.4.1.9.9.500.1.2.1.", "1.3.6.1.4.1.2636.3.1.15.",
    "1.3.6.1.4.1.2636.3.4.2.", "1.3.6.1.4.1.2011.10.2.6.", "1.3.6.1.4.1.11.2.14.11.1.2.6.",
    "1.3.6.1.4.1.12356.101.4.3.", "1.3.6.1.4.1.318.1.1.12.2.3.",
)  # fmt: skip


def sensor(index: int, name: str, value: int, *, kind: int = 8) -> dict[str, Cell]:
    """Return one row of entPhySensorTable, in whole units."""
    columns = {1: kind, 2: 9, 3: 0, 4: value, 5: 1}
    return {f"{ENTITY}.{column}.{index}": cell(number) for column, number in columns.items()} | {
        f"{NAME}.{index}": cell(name)
    }


def walked(name: str) -> Result:
    with HostileAgent(dumps.dump(name, (*PARTS, *VENDORS))) as agent:
        return poll("snmp_sensors", PUBLIC, timeout_s=120, port=agent.port)


WALKS = {
    # of each device: temperatures, fans, supplies, voltages, and what is in trouble
    "cisco-c3560": (1, 1, 1, 0, 1),
    "cisco-c3750": (0, 1, 1, 0, 0),
    "cisco-n5000": (1, 6, 2, 0, 0),
    "arista-dcs-7150s-52-cl": (8, 0, 0, 32, 0),
    "paloalto-pa-5000": (4, 10, 0, 0, 0),
    "juniper-mx960-12-3r6-6": (38, 26, 4, 0, 0),
    "huawei-s5720": (1, 1, 0, 0, 0),
    "huawei-s12704": (7, 4, 0, 0, 0),
    "h3c-comware-7-1-075": (70, 2, 12, 0, 0),
    "h3c-wx6103": (1, 1, 2, 0, 1),
    "fortinet-xcu": (2, 10, 2, 0, 0),
    "hpe-procurve-516733-b21": (0, 1, 2, 0, 0),
    "apc-7902b": (0, 0, 0, 0, 0),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_real_device_gives_what_it_measures(name: str) -> None:
    result = walked(name)
    assert result.success
    heat = values(result, metrics.SENSOR_TEMPERATURE)
    states = values(result, metrics.SENSOR_STATE)
    fans = {labels[0] for labels in values(result, metrics.SENSOR_FAN)} | {
        name for name, kind in states if kind == "fan"
    }
    supplies = [labels for labels in states if labels[1] == "supply"]
    troubled = [labels for labels, state in states.items() if state > 1]
    volts = values(result, metrics.SENSOR_VOLTAGE)
    assert (len(heat), len(fans), len(supplies), len(volts), len(troubled)) == WALKS[name]
    assert all(5 < degrees < 80 for degrees in heat.values())


def test_a_supply_without_power_and_the_load_of_a_rack_are_told() -> None:
    assert values(walked("h3c-wx6103"), metrics.SENSOR_STATE)[("PSU2", "supply")] == 3
    assert values(walked("apc-7902b"), metrics.SENSOR_CURRENT) == {("phase 1",): 1.6, ("bank 1",): 0, ("bank 2",): 1.1}


def test_the_state_of_a_supply_is_no_part_of_its_name() -> None:
    assert ("Sw1, PS1, RPS", "supply") in values(walked("cisco-c3750"), metrics.SENSOR_STATE)


def test_a_sensor_that_says_its_limit_is_exposed_with_it() -> None:
    result = walked("cisco-c3560")
    assert values(result, metrics.SENSOR_TEMPERATURE_LIMIT) == {("SW#1, Sensor#1", "alarm_high"): 66}
    assert values(result, metrics.SENSOR_STATE)[("SW#1, Sensor#1", "temperature")] == 2


def test_a_real_agent_that_serves_the_mib_is_read() -> None:
    lines = [
        f"override .{ENTITY}.{column}.1 integer {value}" for column, value in ((1, 8), (2, 9), (3, 1), (4, 415), (5, 1))
    ]
    with Snmpd(config="\n".join([*lines, f"override .{NAME}.1 octet_str Inlet"])) as agent:
        result = poll("snmp_sensors", PUBLIC, port=agent.port)
    assert values(result, metrics.SENSOR_TEMPERATURE) == {("Inlet",): 41.5}


def test_a_device_without_ports_may_have_sensors_and_one_without_sensors_is_no_failure() -> None:
    with HostileAgent(BASE | sensor(1, "Cabinet", 31)) as agent:
        assert values(poll("snmp_sensors", PUBLIC, port=agent.port), metrics.SENSOR_TEMPERATURE) == {("Cabinet",): 31}
    with HostileAgent(BASE) as agent:
        result = poll("snmp_sensors", PUBLIC, port=agent.port)
    assert (result.success, result.samples) == (True, ())


def test_two_sensors_of_one_name_are_told_apart() -> None:
    with HostileAgent(BASE | sensor(1, "Board", 31) | sensor(2, "Board", 35) | sensor(3, "Board", 9, kind=10)) as agent:
        result = poll("snmp_sensors", PUBLIC, port=agent.port)
    assert values(result, metrics.SENSOR_TEMPERATURE) == {("Board",): 31, ("Board#2",): 35}
    assert values(result, metrics.SENSOR_FAN) == {("Board",): 9}


def test_values_are_read_anew_and_what_seldom_changes_is_not() -> None:
    async def three(poller: Poller) -> list[dict[tuple[str, ...], float]]:
        seen = []
        for table in (sensor(1, "Inlet", 31), sensor(1, "Outlet", 33), sensor(1, "Outlet", 33)):
            uptime = {SYS_UP_TIME: cell(9_000 if len(seen) < 2 else 5, hostile.TICKS)}
            agent.load(table | uptime)
            seen.append(values(await poller("snmp_sensors", PUBLIC, port=agent.port), metrics.SENSOR_TEMPERATURE))
        return seen

    with HostileAgent(BASE) as agent:
        assert polling(three) == [{("Inlet",): 31}, {("Inlet",): 33}, {("Outlet",): 33}]


def test_what_another_probe_found_in_tables_of_the_same_names_is_not_mixed_up() -> None:
    with HostileAgent(dumps.dump("cisco-n5000", (*PARTS, *VENDORS))) as agent:

        async def all_of_one_device(poll: Poller) -> list[Result]:
            kinds = ("snmp_optics", "snmp_sensors", "snmp_optics")
            return [await poll(kind, PUBLIC, timeout_s=120, port=agent.port) for kind in kinds]

        results = polling(all_of_one_device)
    assert [result.success for result in results] == [True, True, True]
    assert len(values(results[1], metrics.SENSOR_TEMPERATURE)) == 1


def test_no_more_sensors_are_given_than_one_device_may_have() -> None:
    table = dict(BASE)
    for index in range(1, SENSORS_MAX + 20):
        table |= sensor(index, f"Sensor {index}", 30)
    with HostileAgent(table) as agent:
        result = poll("snmp_sensors", PUBLIC, timeout_s=120, port=agent.port)
    assert len(values(result, metrics.SENSOR_TEMPERATURE)) == SENSORS_MAX


def test_of_more_sensors_than_one_device_may_have_those_in_trouble_are_given() -> None:
    base = "1.3.6.1.4.1.9.9.117.1.2.1.1.2"
    table = {**BASE, SYS_OBJECT_ID: (hostile.OID, hostile.path(hostile.key("1.3.6.1.4.1.9.12.3")))}
    for index in range(1, SENSORS_MAX):
        table[f"{base}.{index}"] = cell(2)
    for index in range(1, 20):
        table |= {f"1.3.6.1.4.1.9.9.117.1.4.1.1.1.{index}": cell(3 if index == 19 else 2)}
    with HostileAgent(table) as agent:
        states = values(poll("snmp_sensors", PUBLIC, timeout_s=120, port=agent.port), metrics.SENSOR_STATE)
    assert len(states) == SENSORS_MAX
    assert [labels for labels, state in states.items() if state == 3] == [("fan 19", "fan")]
