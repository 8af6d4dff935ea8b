import pytest

from collector import metrics
from collector.agents.system import SYS_OBJECT_ID
from collector.load import TABLES
from collector.probe import Result
from collector.probes.snmp_host import (
    AREAS_MAX,
    FS_ACCESS,
    FS_STORAGE,
    HR_UPTIME,
    LOAD_NAMES,
    LOADS,
    LOADS_MAX,
    PROCESSOR_LOAD,
    STORAGE,
    STORAGE_TYPES,
    UCD_MEMORY,
)
from collector.snmp import SYS_UP_TIME
from tests.support import dumps
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, HostileAgent, cell
from tests.support.namespace import alone
from tests.support.polling import PUBLIC, Poller, poll, polling, values
from tests.support.snmpd import Snmpd

FIXED_DISK, RAM = f"{STORAGE_TYPES}.4", f"{STORAGE_TYPES}.2"
UPTIME = {SYS_UP_TIME: cell(9_000, hostile.TICKS), HR_UPTIME: cell(90_000, hostile.TICKS)}


def area(index: int, name: str, size: int, used: int, *, unit: int = 4_096, kind: str = FIXED_DISK) -> dict[str, Cell]:
    """Return one row of hrStorageTable."""
    return {
        f"{STORAGE}.2.{index}": (hostile.OID, hostile.path(hostile.key(kind))),
        f"{STORAGE}.3.{index}": cell(name),
        f"{STORAGE}.4.{index}": cell(unit),
        f"{STORAGE}.5.{index}": cell(size),
        f"{STORAGE}.6.{index}": cell(used),
    }


def read(table: dict[str, Cell]) -> Result:
    with HostileAgent(table) as agent:
        return poll("snmp_host", PUBLIC, port=agent.port)


def names(result: Result) -> list[str]:
    return [labels[1] for labels in values(result, metrics.HR_STORAGE_SIZE)]


def test_disks_memory_and_load_are_those_that_net_snmp_reads() -> None:
    def both() -> tuple[Result, list[dict[str, str]]]:
        with Snmpd() as agent:
            result = poll("snmp_host", PUBLIC, port=agent.port)
            return result, [agent.walk(oid) for oid in (f"{STORAGE}.5", f"{STORAGE}.3", f"{UCD_MEMORY}.5.0")]

    # Nothing is mounted in between by another test.
    result, (sizes, descriptions, total) = alone(both, mounts=True)
    assert result.success
    theirs = {
        (oid.rpartition(".")[2], descriptions[f"{STORAGE}.3.{oid.rpartition('.')[2]}"]): int(size)
        for oid, size in sizes.items()
    }
    found = {labels[:2]: value for labels, value in values(result, metrics.HR_STORAGE_SIZE).items()}
    assert found.items() <= theirs.items()
    assert any(labels[2] == FIXED_DISK for labels in values(result, metrics.HR_STORAGE_SIZE))
    assert values(result, metrics.HOST_MEMORY_SIZE)[()] == int(total[f"{UCD_MEMORY}.5.0"]) * 1_024
    assert 0 < values(result, metrics.HOST_MEMORY_USED)[()] < values(result, metrics.HOST_MEMORY_SIZE)[()]
    assert {labels[1] for labels in values(result, metrics.UCD_LOAD)} == {"Load-1", "Load-5", "Load-15"}
    assert values(result, metrics.HR_UPTIME)[()] > 0


def test_a_view_as_debian_ships_it_is_told_apart_from_a_host_without_disks() -> None:
    narrow = "view systemonly included .1.3.6.1.2.1.1\nview systemonly included .1.3.6.1.2.1.25.1\n"
    with Snmpd(community="narrow", config=f"{narrow}rocommunity public default -V systemonly") as agent:
        result = poll("snmp_host", PUBLIC, port=agent.port)
    assert (result.success, result.reason, result.samples) == (False, "snmp_view", ())


def test_a_device_that_keeps_none_of_these_tables_is_no_failure() -> None:
    result = read({SYS_UP_TIME: cell(9_000, hostile.TICKS)})
    assert (result.success, result.samples) == (True, ())


WALKS = {
    # name: (processors, areas, bytes of memory, bytes in use)
    "slackware": (2, 8, 1_046_503_424, 744_603_648),
    "server-2003-5-2": (4, 3, 2_146_828_288, 1_602_486_272),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_real_host_is_read(name: str) -> None:
    with HostileAgent(dumps.dump(name, ("1.3.6.1.2.1.1.", "1.3.6.1.2.1.25.", "1.3.6.1.4.1.2021."))) as agent:
        result = poll("snmp_host", PUBLIC, port=agent.port)
    processors, areas, size, used = WALKS[name]
    assert len(values(result, metrics.HR_PROCESSOR_LOAD)) == processors
    assert len(values(result, metrics.HR_STORAGE_SIZE)) == areas
    assert values(result, metrics.HOST_MEMORY_SIZE) == {(): size}
    assert values(result, metrics.HOST_MEMORY_USED) == {(): used}


def test_memory_of_a_host_without_ucd_leaves_out_what_caches_take() -> None:
    table = UPTIME | area(1, "Physical memory", 1_000, 900, unit=1_024, kind=RAM)
    table |= area(2, "Cached memory", 500, 500, unit=1_024, kind=f"{STORAGE_TYPES}.1")
    result = read(table)
    assert values(result, metrics.HOST_MEMORY_SIZE) == {(): 1_024_000}
    assert values(result, metrics.HOST_MEMORY_USED) == {(): 400 * 1_024}


def test_a_size_that_overflowed_its_type_is_read_as_the_agent_meant_it() -> None:
    result = read(UPTIME | area(1, "/srv", -294_967_296, -1_294_967_296))
    assert list(values(result, metrics.HR_STORAGE_SIZE).values()) == [4_000_000_000]
    assert list(values(result, metrics.HR_STORAGE_USED).values()) == [3_000_000_000]


def test_a_drive_without_a_medium_and_a_file_system_that_can_only_be_read_are_left_out() -> None:
    table = UPTIME | area(1, "/", 100, 50) | area(2, "A:\\", 0, 0, unit=0) | area(3, "/snap/core", 100, 100)
    table |= {
        f"{FS_ACCESS}.8": cell(2),
        f"{FS_STORAGE}.8": cell(3),
        f"{FS_ACCESS}.9": cell(1),
        f"{FS_STORAGE}.9": cell(1),
    }
    assert names(read(table)) == ["/"]


@pytest.mark.parametrize("load", [-1, 101])
def test_a_load_that_cannot_be_is_unknown(load: int) -> None:
    table = UPTIME | area(1, "/", 100, 50) | {f"{PROCESSOR_LOAD}.1": cell(load), f"{PROCESSOR_LOAD}.2": cell(100)}
    assert values(read(table), metrics.HR_PROCESSOR_LOAD) == {("2",): 100}


def test_text_where_numbers_must_be_is_unknown() -> None:
    table = UPTIME | area(1, "/", 100, 50) | {f"{LOAD_NAMES}.1": cell("Load-1"), f"{LOADS}.1": cell("many")}
    table |= {f"{STORAGE}.6.1": cell("half")}
    result = read(table)
    assert result.success
    assert values(result, metrics.UCD_LOAD) == values(result, metrics.HR_STORAGE_USED) == {}


def test_a_disk_that_comes_is_named_in_the_poll_that_first_shows_it() -> None:
    async def twice(poller: Poller) -> tuple[list[str], list[str]]:
        first = await poller("snmp_host", PUBLIC, port=agent.port)
        agent.load(UPTIME | area(1, "/", 100, 50) | area(2, "/srv", 100, 50))
        return names(first), names(await poller("snmp_host", PUBLIC, port=agent.port))

    with HostileAgent(UPTIME | area(1, "/", 100, 50)) as agent:
        assert polling(twice) == (["/"], ["/", "/srv"])


def test_no_more_areas_are_given_than_one_host_may_have() -> None:
    table = dict(UPTIME)
    for index in range(1, AREAS_MAX + 20):
        table |= area(index, f"/mnt/{index}", 100, 50)
    assert len(names(read(table))) == AREAS_MAX


NETWORK = {
    # of each device: processors, the busiest; memories, the fullest; limits of processors
    "cisco-c3560": (1, 0.58, 2, 0.434, 0),
    "cisco-c3750": (1, 0.64, 2, 0.7078, 0),
    "cisco-unknown-01": (6, 0.64, 8, 0.2913, 0),
    "cisco-unmarked-0": (1, 0.13, 2, 0.1403, 0),
    "juniper-mx960-12-3r6-6": (5, 0.29, 8, 0.14, 0),
    "h3c-wx6103": (1, 0.12, 1, 0.23, 1),
    "fortinet-xcu": (1, 0.05, 1, 0.19, 0),
    "ruijie-s5750-24gt12sfp": (1, 0.39, 1, 0.5, 1),
    "hpe-procurve-516733-b21": (1, 0.97, 1, 0.0829, 0),
    "brocade-icx6430-24": (1, 0.01, 1, 0.59, 0),
    "aruba-7210": (9, 0.08, 1, 0.5069, 0),
}


@pytest.mark.parametrize("name", NETWORK)
def test_a_real_network_device_tells_its_load_in_its_makers_own_way(name: str) -> None:
    starts = {oid.rpartition(".")[0] for table in TABLES for oid in (*table.live.values(), *table.fixed.values())}
    walk = {**dumps.dump(name, ("1.3.6.1.2.1.1.2.", *starts)), SYS_UP_TIME: cell(9_000, hostile.TICKS)}
    result = read(walk)
    assert (result.success, result.detail) == (True, "")
    processors, memories = values(result, metrics.PROCESSOR_LOAD), values(result, metrics.MEMORY_USED)
    limits = values(result, metrics.PROCESSOR_LIMIT)
    assert (
        len(processors), max(processors.values()), len(memories), max(memories.values()), len(limits)
    ) == NETWORK[name]  # fmt: skip
    assert all(2**20 < size < 2**36 for size in values(result, metrics.MEMORY_SIZE).values())


def test_a_network_device_that_counts_its_uptime_as_a_host_needs_no_disks() -> None:
    walk = dumps.dump("fortinet-xcu", ("1.3.6.1.2.1.1.2.", "1.3.6.1.4.1.12356.101.4.1."))
    assert values(read({**walk, **UPTIME}), metrics.PROCESSOR_LOAD) == {("CPU",): 0.05}


def test_two_boards_of_one_name_are_told_apart() -> None:
    result = read(
        dumps.dump("h3c-comware-7-1-075", ("1.3.6.1.2.1.1.", "1.3.6.1.2.1.47.1.1.1.1.7.", "1.3.6.1.4.1.25506.2.6."))
    )
    names = {labels[0] for labels in values(result, metrics.PROCESSOR_LOAD)}
    assert {"Board 0", "Board 0#2"} <= names


def test_no_more_processors_are_given_than_one_device_may_have() -> None:
    oid = "1.3.6.1.4.1.11863.6.4.1.1.1.1.3"
    table = {**UPTIME, SYS_OBJECT_ID: (hostile.OID, hostile.path(hostile.key("1.3.6.1.4.1.11863.1")))}
    table |= {f"{oid}.{index}": cell(5) for index in range(1, LOADS_MAX + 20)}
    assert len(values(read(table), metrics.PROCESSOR_LOAD)) == LOADS_MAX
