"""What a device's page says of its inside, asked of a real Prometheus."""

import time
from collections.abc import Iterator

import pytest

from alerts.printer_words import PROBLEMS
from api.settings import load
from api.views.device_health import Panel, _read
from api.views.states import State
from api.watch.prometheus import Prometheus
from collector.probes.snmp_printer import PROBLEMS as CODES
from tests.support.past import Sample, prometheus_with_past

DISK = 'hrStorageIndex="31",hrStorageDescr="{}",hrStorageType="1.3.6.1.2.1.25.2.1.4"'


def now_of(instance: str, *series: tuple[str, str, float]) -> Iterator[Sample]:
    for name, labels, value in series:
        # Once more in four minutes, for a machine on which all this takes so long.
        for at in (time.time() - 5, time.time() + 240):
            yield f'{name}{{instance="{instance}",site="c"{"," if labels else ""}{labels}}}', at, value


def samples() -> Iterator[Sample]:
    yield from now_of(
        "ups",
        ("quang_ups_on_battery", "", 1), ("quang_ups_on_battery_seconds", "", 95), ("quang_ups_battery_low", "", 0),
        ("quang_ups_battery_replace", "", 1), ("quang_ups_battery_charge_ratio", "", 0.2),
        ("quang_ups_battery_left_seconds", "", 240), ("quang_ups_load_ratio", 'line="1"', 0.4),
        ("quang_ups_load_ratio", 'line="2"', 0.5),
    )  # fmt: skip
    yield from now_of(
        "bad ups",
        ("quang_ups_on_battery", "", 0), ("quang_ups_on_bypass", "", 1), ("quang_ups_overload", "", 1),
        ("quang_ups_output_off", "", 0), ("quang_ups_test_failed", "", 1), ("quang_ups_fault", 'fault="charger"', 1),
        ("quang_ups_fault", 'fault="fan"', 0), ("quang_ups_fault", 'fault="bypass"', 1),
        ("quang_ups_output_watts", 'line="1"', 410),
        ("quang_ups_battery_replaced_timestamp_seconds", "", time.time() - 100 * 86_400),
    )  # fmt: skip
    yield from now_of(
        "router",
        ("quang_agent_uptime_seconds", "", 50_000_000),
        ("quang_processor_load_ratio", 'processor="FPC 0"', 0.1),
        ("quang_processor_load_ratio", 'processor="RE 0"', 0.85),
        ("quang_processor_limit_ratio", 'processor="RE 0"', 0.8), ("quang_memory_used_ratio", 'memory="RE 0"', 0.5),
        ("quang_memory_size_bytes", 'memory="RE 0"', 8e9),
    )  # fmt: skip
    yield from now_of(
        "small",
        ("quang_processor_load_ratio", 'processor="CPU"', 0.3), ("quang_memory_used_ratio", 'memory="memory"', 0.97),
    )  # fmt: skip
    yield from now_of(
        "host",
        ("hrSystemUptime", "", 360_000), ("hrProcessorLoad", 'hrDeviceIndex="1"', 90),
        ("hrProcessorLoad", 'hrDeviceIndex="2"', 98), ("quang_host_memory_size_bytes", "", 8e9),
        ("quang_host_memory_used_bytes", "", 2e9), ("hrStorageSize", DISK.format("/"), 1_000_000),
        ("hrStorageUsed", DISK.format("/"), 970_000), ("hrStorageAllocationUnits", DISK.format("/"), 4_096),
        ("hrStorageSize", DISK.format("/boot"), 1_000), ("hrStorageUsed", DISK.format("/boot"), 999),
        ("hrStorageAllocationUnits", DISK.format("/boot"), 4_096),
    )  # fmt: skip
    yield from now_of(
        "switch",
        ("quang_sensor_temperature_celsius", 'sensor="Inlet"', 31), ("quang_sensor_fan_rpm", 'sensor="Fan 1"', 4_600),
        ("quang_sensor_state", 'sensor="Inlet",kind="temperature"', 1),
        ("quang_sensor_state", 'sensor="PSU 2",kind="supply"', 3),
        ("quang_sensor_state", 'sensor="x",kind="module"', 0),
    )  # fmt: skip
    yield from now_of(
        "printer",
        ("prtMarkerLifeCount", 'hrDeviceIndex="1",prtMarkerIndex="1"', 48_211),
        ("quang_printer_supply_ratio", 'supply="Black",type="toner"', 0.05),
        ("quang_printer_tray_ratio", 'tray="Tray 2"', 0.5),
        ("quang_printer_problem", 'problem="jammed"', 1), ("quang_printer_problem", 'problem="offline"', 0),
    )  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus_with_past(tmp_path_factory.mktemp("health"), samples()) as address:
        yield address


def shown(panel: Panel) -> dict[str, tuple[float | str, State | None]]:
    return {
        one.label.en: (one.words.en if one.words else round(one.value or 0, 3), one.state) for one in panel.readings
    }


def panels(url: str, device: str) -> list[Panel]:
    door = Prometheus(url)
    try:
        return _read(door, load({}).limit, device)
    finally:
        door.close()


def test_a_power_supply_on_its_battery(url: str) -> None:
    (panel,) = panels(url, "ups")
    assert shown(panel) == {
        "Fed by": ("battery (mains gone)", State.WARNING), "Battery": ("to be replaced", State.WARNING),
        "Charge": (0.2, State.WARNING), "On battery for": (95, None), "Lasts for": (240, None),
        "Load 1": (0.4, None), "Load 2": (0.5, None),
    }  # fmt: skip


def test_a_power_supply_that_does_not_protect(url: str) -> None:
    (panel,) = panels(url, "bad ups")
    reports = [reading.words.en for reading in panel.readings if reading.label.en == "It reports" and reading.words]
    assert reports == ["bypassed: nothing is protected", "overloaded", "its self-test failed", "charger failed"]
    assert shown(panel)["Power"] == (410, None)
    age = next(reading.value or 0 for reading in panel.readings if reading.label.en == "Battery in use for")
    assert 99 < age / 86_400 < 101


def test_a_router_with_a_processor_above_its_own_limit(url: str) -> None:
    (panel,) = panels(url, "router")
    assert list(shown(panel).items()) == [
        ("Running for", (50_000_000, None)), ("Processor RE 0", (0.85, State.WARNING)),
        ("Processor FPC 0", (0.1, None)), ("Memory RE 0", (0.5, None)),
    ]  # fmt: skip
    assert panel.readings[-1].of_gb == 8


def test_the_only_processor_of_a_device_needs_no_name(url: str) -> None:
    (panel,) = panels(url, "small")
    assert shown(panel) == {"Processor": (0.3, None), "Memory": (0.97, State.WARNING)}


def test_a_host_with_a_full_disk_and_without_its_small_areas(url: str) -> None:
    (panel,) = panels(url, "host")
    assert shown(panel) == {
        "Running for": (3_600, None), "Processors": (0.94, State.WARNING), "Memory": (0.25, None),
        "/": (0.97, State.WARNING),
    }  # fmt: skip
    assert panel.readings[-1].of_gb == 4.1


def test_what_has_failed_stands_first(url: str) -> None:
    (panel,) = panels(url, "switch")
    assert list(shown(panel).items()) == [
        ("PSU 2", ("failed", State.DOWN)), ("Inlet", (31, State.OK)), ("Fan 1", (4_600, None)),
    ]  # fmt: skip


def test_a_printer_says_what_it_needs(url: str) -> None:
    (panel,) = panels(url, "printer")
    assert shown(panel) == {
        "It reports": ("paper jam", State.WARNING), "Black": (0.05, State.WARNING),
        "Paper in Tray 2": (0.5, None), "Pages printed": (48_211, None),
    }  # fmt: skip


@pytest.mark.parametrize("device", ["nobody", 'x"}', "x\\"])
def test_a_device_that_says_nothing_has_no_panels(url: str, device: str) -> None:
    assert panels(url, device) == []


def test_without_prometheus_there_are_no_panels() -> None:
    assert panels("http://127.0.0.1:9", "ups") == []


def test_every_problem_has_words() -> None:
    assert PROBLEMS.keys() == set(CODES)
