"""Walks of 116 real devices, each asked by every probe that it may be given: none makes one fall over."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from collector import metrics
from collector.agents.tables import Table
from collector.doors import OpenDoors
from collector.load import TABLES as LOADS
from collector.optics import TABLES as OPTICS
from collector.probe import Result, run
from collector.probes import PROBES
from collector.sensors import TABLES as SENSORS
from collector.series.results import Results
from collector.target import Target
from tests.support import dumps
from tests.support.polling import PUBLIC, values
from tests.support.walks import walks

# Unpacking 1.5 GB of walks takes 25 s of a processor, more by the clock of a busy machine.
pytestmark = pytest.mark.timeout(400)


def vendors_own(table: Table[Any]) -> set[str]:
    """Return the beginnings of what is read of a vendor's table."""
    columns = (*table.live.values(), *table.fixed.values())
    return {f"{oid.rpartition('.')[0]}." for oid in columns if oid.startswith("1.3.6.1.4.1.")}


UNDER = (
    *("1.0.8802.", "1.3.6.1.2.1.1.", "1.3.6.1.2.1.2.", "1.3.6.1.2.1.4.22.", "1.3.6.1.2.1.10.7.2.", "1.3.6.1.2.1.17."),
    *("1.3.6.1.2.1.25.1.", "1.3.6.1.2.1.25.2.", "1.3.6.1.2.1.25.3.", "1.3.6.1.2.1.31.", "1.3.6.1.2.1.33."),
    *("1.3.6.1.2.1.43.", "1.3.6.1.2.1.47.1.1.", "1.3.6.1.2.1.47.1.3.2.", "1.3.6.1.2.1.99."),
    *("1.3.6.1.4.1.9.9.13.", "1.3.6.1.4.1.9.9.23.", "1.3.6.1.4.1.318.1.1.1.", "1.3.6.1.4.1.2021."),
    *sorted({part for table in (*LOADS, *OPTICS, *SENSORS) for part in vendors_own(table)}),
)
"""What the probes look at."""

AT_ONCE = 24
TIMEOUT_S = 60.0
KINDS = tuple(kind for kind in PROBES if kind.startswith("snmp_") and kind != "snmp_link")

Key = tuple[str, str]


@pytest.fixture(scope="module")
def polled() -> dict[Key, Result]:
    """Return the result of each walk and kind of probe."""
    with walks(UNDER) as served:
        return asyncio.run(_poll_all(served.port, served.addresses))


async def _poll_all(port: int, addresses: dict[str, str]) -> dict[Key, Result]:
    gate, found = asyncio.Semaphore(AT_ONCE), {}

    async def one(name: str, address: str) -> None:
        async with gate:
            for kind in KINDS:
                found[name, kind] = await _poll(kind, address, {})
            names = _port_names(found[name, "snmp_interfaces"])
            if names:
                found[name, "snmp_link"] = await _poll("snmp_link", address, {"interfaces": names})

    async def _poll(kind: str, address: str, settings: dict[str, object]) -> Result:
        target = Target(
            instance="walk", site="walk", probe=kind, address=address, credential=None, interval_s=60,
            timeout_s=TIMEOUT_S, settings={"port": port, **settings},
        )  # fmt: skip
        return await run(PROBES[kind], target, PUBLIC, doors)

    async with OpenDoors() as doors:
        await asyncio.gather(*(one(name, address) for name, address in addresses.items()))
    return found


def _port_names(result: Result) -> list[str]:
    return list(dict.fromkeys(sample.labels[1] for sample in result.samples))[:3]


def of_kind(polled: dict[Key, Result], kind: str) -> Iterator[tuple[str, Result]]:
    return ((name, result) for (name, asked), result in polled.items() if asked == kind)


def test_every_walk_is_asked_by_every_kind_of_probe(polled: dict[Key, Result]) -> None:
    assert len(dumps.names()) == 116
    assert {name for name, _ in polled} == set(dumps.names())
    assert len(polled) >= 116 * len(KINDS)


@pytest.mark.parametrize("kind", [*KINDS, "snmp_link"])
def test_no_walk_makes_a_probe_fall_over(kind: str, polled: dict[Key, Result]) -> None:
    reasons = {name: (result.reason, result.detail) for name, result in of_kind(polled, kind) if not result.success}
    known = {"snmp_empty", "snmp_no_table", "snmp_view", "snmp_uneven", "snmp_circular", "snmp_endless"}
    assert {name: reason for name, reason in reasons.items() if reason[0] not in known} == {}


def test_every_sample_of_every_walk_stands_on_the_page(polled: dict[Key, Result]) -> None:
    results = Results()
    for result in polled.values():
        results.keep(result.target, "network")
        results.record(result)
        results.drop(result.target.key)
    assert (dict(results.refused), dict(results.duplicates)) == ({}, {})


HELD = (
    ("arista-dcs-7150s-52-cl", "snmp_sensors"), ("cisco-c3560", "snmp_sensors"), ("cisco-n5000", "snmp_sensors"),
    ("huawei-s12704", "snmp_sensors"), ("juniper-mx960-12-3r6-6", "snmp_sensors"), ("paloalto-pa-5000", "snmp_sensors"),
    ("cisco-unknown-01", "snmp_sensors"), ("ruijie-n18010", "snmp_sensors"), ("apc-8641", "snmp_sensors"),
    ("cisco-c3750", "snmp_optics"), ("h3c-comware-7-1-075", "snmp_optics"),
    ("huawei-s12704", "snmp_optics"), ("juniper-mx960-12-3r6-6", "snmp_optics"), ("eaton-93e-80", "snmp_ups"),
    ("server-2003-5-2", "snmp_host"), ("slackware", "snmp_host"), ("XP", "snmp_host"), ("01", "snmp_interfaces"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), HELD)
def test_what_a_walk_holds_is_found_beside_all_that_other_probes_read(
    name: str, kind: str, polled: dict[Key, Result]
) -> None:
    assert polled[name, kind].samples


LOADED = {
    # of each device: processors, the busiest; memories, the fullest; limits of processors
    "cisco-n5000": (1, 0.25, 1, 0.2944, 0),
    "cisco-unknown-01": (6, 0.64, 8, 0.2913, 0),
    "juniper-mx960-16-1r6-7-a": (6, 0.28, 10, 0.16, 0),
    "huawei-s12704": (7, 0.41, 7, 0.2, 7),
    "huawei-s5720": (1, 0.38, 1, 0.07, 1),
    "huawei-unknown-002": (11, 0.32, 11, 0.19, 9),
    "huawei-acu2": (1, 0.08, 1, 0.05, 1),
    "h3c-comware-7-1-075": (18, 0.24, 18, 0.55, 18),
    "h3c-comware-lsq1wcmd0-2509p61": (1, 0.21, 1, 0.39, 1),
    "ruijie-m18000": (1, 0.1, 1, 0.5, 1),
    "ruijie-n18010": (1, 0.21, 1, 0.36, 1),
}


@pytest.mark.parametrize("name", LOADED)
def test_a_network_device_tells_how_busy_it_is_and_how_full_its_memory(name: str, polled: dict[Key, Result]) -> None:
    result = polled[name, "snmp_host"]
    processors, memories = values(result, metrics.PROCESSOR_LOAD), values(result, metrics.MEMORY_USED)
    limits = values(result, metrics.PROCESSOR_LIMIT)
    found = (len(processors), max(processors.values()), len(memories), max(memories.values()), len(limits))
    assert found == LOADED[name]
