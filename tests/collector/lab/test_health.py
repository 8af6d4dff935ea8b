"""What the simulated devices show of their inside is what the probes make of it."""

import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from collector import metrics
from collector.lab.district import COMMUNITY, PRINTER, UPS, district
from collector.lab.network import Network
from collector.lab.views import mib_of
from collector.probe import Result
from collector.target import SnmpV2c
from tests.support.polling import poll, values
from tests.support.simulated import answering

NAMES = {
    "127.34.1.1": "bq-core",
    "127.34.1.2": "vinh-tuy-r1",
    "127.34.1.3": "vinh-hao-r1",
    "127.34.1.4": UPS,
    "127.34.1.5": PRINTER,
}
ADDRESSES = {name: address for address, name in NAMES.items()}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    boxes = Network(district(), time.time()).boxes
    with answering({address: mib for address, name in NAMES.items() if (mib := mib_of(boxes[name]))}) as number:
        yield number


def ask(kind: str, device: str, port: int) -> Result:
    return poll(kind, SnmpV2c(community=SecretStr(COMMUNITY)), address=ADDRESSES[device], port=port)


@pytest.mark.parametrize("device", ["bq-core", "vinh-tuy-r1", "vinh-hao-r1"])
def test_every_router_is_warm_and_none_is_in_trouble(device: str, port: int) -> None:
    result = ask("snmp_sensors", device, port)
    heat = values(result, metrics.SENSOR_TEMPERATURE)
    assert heat
    assert all(15 < degrees < 60 for degrees in heat.values())
    assert set(values(result, metrics.SENSOR_STATE).values()) <= {1}


def test_a_router_tells_its_processor_and_memory(port: int) -> None:
    result = ask("snmp_host", "vinh-hao-r1", port)
    assert all(0 <= load <= 20 for load in values(result, metrics.HR_PROCESSOR_LOAD).values())
    assert 0 < values(result, metrics.HOST_MEMORY_USED)[()] < values(result, metrics.HOST_MEMORY_SIZE)[()]


@pytest.mark.parametrize("device", ["bq-core", "vinh-tuy-r1"])
def test_routers_of_other_makers_tell_theirs_in_their_makers_way(device: str, port: int) -> None:
    result = ask("snmp_host", device, port)
    assert result.success
    assert all(0 < busy < 0.3 for busy in values(result, metrics.PROCESSOR_LOAD).values())
    assert values(result, metrics.MEMORY_USED)
    assert all(0 < used < 0.8 for used in values(result, metrics.MEMORY_USED).values())


def test_the_power_supply_is_on_the_mains_and_full(port: int) -> None:
    result = ask("snmp_ups", UPS, port)
    assert values(result, metrics.UPS_ON_BATTERY) == {(): 0}
    assert values(result, metrics.UPS_CHARGE) == {(): 1}
    assert 200 < values(result, metrics.UPS_INPUT_VOLTS)[("1",)] < 250
    assert 700 < values(result, metrics.UPS_OUTPUT_WATTS)[("1",)] < 1_100
    assert values(result, metrics.UPS_TEST_FAILED) == values(result, metrics.UPS_ON_BYPASS) == {(): 0}


def test_the_printer_has_toner_and_no_complaint(port: int) -> None:
    result = ask("snmp_printer", PRINTER, port)
    assert values(result, metrics.PRINTER_SUPPLY)[("Hộp mực đen", "toner")] == 0.62
    assert values(result, metrics.PRINTER_TRAY) == {("Khay 1",): 0.72}
    assert not any(values(result, metrics.PRINTER_PROBLEM).values())
