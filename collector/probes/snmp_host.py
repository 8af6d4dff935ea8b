"""Processors, memory, disks and uptime of computers and network devices.

Hosts provide them in HOST-RESOURCES-MIB (RFC 2790) and UCD-SNMP-MIB, network devices in their vendors' own MIBs.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from collector import metrics
from collector.agents.ports import Ports, number, text
from collector.agents.settings import CREDENTIALS, SnmpSettings
from collector.agents.system import SYS_OBJECT_ID
from collector.agents.tables import fixed_until, read_tables, tables_for
from collector.load import TABLES
from collector.load.reading import Kind, Load
from collector.metric import Metric
from collector.probe import Answer, Doors, Probe, ProbeFailure, Sample
from collector.snmp import SYS_UP_TIME, Agent, Column, Value
from collector.target import Credential, Target
from inventory.text import Text

HR_UPTIME: Final = "1.3.6.1.2.1.25.1.1.0"
HR_PROCESSES: Final = "1.3.6.1.2.1.25.1.6.0"
STORAGE: Final = "1.3.6.1.2.1.25.2.3.1"
STORAGE_TYPES: Final = "1.3.6.1.2.1.25.2.1"
PROCESSOR_LOAD: Final = "1.3.6.1.2.1.25.3.3.1.2"
FS_ACCESS: Final = "1.3.6.1.2.1.25.3.8.1.5"
FS_STORAGE: Final = "1.3.6.1.2.1.25.3.8.1.7"
UCD_MEMORY: Final = "1.3.6.1.4.1.2021.4"
LOAD_NAMES: Final = "1.3.6.1.4.1.2021.10.1.2"
LOADS: Final = "1.3.6.1.4.1.2021.10.1.5"

AREAS_MAX: Final = 500
"""Areas of storage of one host that are exposed; a host of containers has thousands that say nothing."""

LOADS_MAX: Final = 256
"""Processors and memories of one network device that are exposed."""

_OF_LOADS: Final[Mapping[Kind, tuple[Metric, Metric]]] = {
    "processor": (metrics.PROCESSOR_LOAD, metrics.PROCESSOR_LIMIT),
    "memory": (metrics.MEMORY_USED, metrics.MEMORY_LIMIT),
}
"""Family of the shares of a kind, and of their limits."""

_RAM: Final = f"{STORAGE_TYPES}.2"
_READ_ONLY: Final = 2
_TOTAL, _AVAILABLE, _BUFFERS, _CACHED = (f"{UCD_MEMORY}.{part}.0" for part in (5, 6, 14, 15))
_SCALARS: Final = (SYS_OBJECT_ID, HR_UPTIME, HR_PROCESSES, _TOTAL, _AVAILABLE, _BUFFERS, _CACHED)
_NOT_HELD: Final = frozenset({"memory buffers", "cached memory"})
_MEMORY: Final = "host"
_KIB: Final = 1_024
_WRAP: Final = 2**32

Area = tuple[str, str, str]
"""hrStorageIndex, hrStorageDescr, hrStorageType."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What changes only with the hardware; found out again after a restart, an hour, or when an area comes or goes."""

    areas: Mapping[str, Area]
    read_only: frozenset[str]
    processors: bool
    loads: Mapping[str, str]
    up_time: int
    until: float


async def run(target: Target, settings: SnmpSettings, credential: Credential | None, doors: Doors) -> Answer:
    """Read a host's resources, and a maker's own tables. A device that keeps none gives a success without samples.

    Raises:
        ProbeFailure: As `Agent.poll`; or the agent shows that it keeps the tables, but not what stands in them.
    """
    agent = doors.snmp.agent(target, credential, settings.port)
    now = asyncio.get_running_loop().time()
    scalars = await agent.get(_SCALARS)
    known = agent.memory.get(_MEMORY)
    if not isinstance(known, _Known) or known.until < now or number(scalars[SYS_UP_TIME]) < known.up_time:
        known = await _learn(agent, number(scalars[SYS_UP_TIME]), now)
    columns = await agent.walk(_wanted(known))
    if known.areas and columns[0].keys() != known.areas.keys():
        known = await _learn(agent, number(scalars[SYS_UP_TIME]), now)
        columns = await agent.walk(_wanted(known))
    agent.memory[_MEMORY] = replace(known, up_time=number(scalars[SYS_UP_TIME]))
    loads = await _loads(agent, scalars, now)
    if HR_UPTIME in scalars and not (known.areas or known.processors or loads):
        raise ProbeFailure("snmp_view", "hrStorage, hrProcessorLoad")
    return Answer((*_samples(scalars, known, iter(columns)), *_shares(loads)))


async def _loads(agent: Agent, scalars: Mapping[str, Value], now: float) -> list[Load]:
    """Read the tables of the device's maker; one whose tables nobody knows is not asked at all."""
    tables = tables_for(text(scalars.get(SYS_OBJECT_ID)), TABLES)
    nowhere = Ports(by_index={}, by_name={}, up_time=0, changed=None, read_at=now)
    found = await read_tables(agent, tables, nowhere, up_time=number(scalars[SYS_UP_TIME]), now=now)
    return found[:LOADS_MAX]


def _shares(loads: Iterable[Load]) -> Iterator[Sample]:
    """Give each load by a name of its own within its kind: the second of a name gets `#2` behind it, and so on."""
    seen: Counter[tuple[Kind, str]] = Counter()
    named = []
    for load in loads:
        seen[load.kind, load.name] += 1
        count = seen[load.kind, load.name]
        named.append((load.name if count == 1 else f"{load.name}#{count}", load))
    for kind, (share, limit) in _OF_LOADS.items():
        of_kind = [(name, load) for name, load in named if load.kind == kind]
        yield from (Sample(share, (name,), load.share) for name, load in of_kind)
        yield from (Sample(limit, (name,), load.limit) for name, load in of_kind if load.limit is not None)
    for name, load in named:
        if load.kind == "memory" and load.size_bytes is not None:
            yield Sample(metrics.MEMORY_SIZE, (name,), load.size_bytes)


async def _learn(agent: Agent, up_time: int, now: float) -> _Known:
    types, descriptions, access, places, processors, names = await agent.walk(
        (f"{STORAGE}.2", f"{STORAGE}.3", FS_ACCESS, FS_STORAGE, PROCESSOR_LOAD, LOAD_NAMES)
    )
    return _Known(
        areas={index: (index, text(descriptions.get(index)), text(kind)) for index, kind in types.items()},
        read_only=frozenset(str(places.get(index)) for index, value in access.items() if value == _READ_ONLY),
        processors=bool(processors),
        loads={index: text(name) for index, name in names.items()},
        up_time=up_time,
        until=fixed_until(up_time, now),
    )


def _wanted(known: _Known) -> tuple[str, ...]:
    areas = (f"{STORAGE}.4", f"{STORAGE}.5", f"{STORAGE}.6") if known.areas else ()
    return (*areas, *((PROCESSOR_LOAD,) if known.processors else ()), *((LOADS,) if known.loads else ()))


def _samples(scalars: Mapping[str, Value], known: _Known, columns: Iterator[Column]) -> Iterator[Sample]:
    for metric, oid in ((metrics.HR_UPTIME, HR_UPTIME), (metrics.HR_PROCESSES, HR_PROCESSES)):
        if (value := _count(scalars.get(oid))) is not None:
            yield Sample(metric, (), value)
    areas: dict[str, dict[str, int]] = {}
    if known.areas:
        areas = _areas(next(columns), next(columns), next(columns))
        yield from _storage(areas, known)
    yield from _memory(scalars, areas, known)
    if known.processors:
        for index, load in next(columns).items():
            if (value := _count(load)) is not None and value <= 100:
                yield Sample(metrics.HR_PROCESSOR_LOAD, (index,), value)
    if known.loads:
        for index, load in next(columns).items():
            if (value := _count(load)) is not None and index in known.loads:
                yield Sample(metrics.UCD_LOAD, (index, known.loads[index]), value)


def _areas(units: Column, sizes: Column, used: Column) -> dict[str, dict[str, int]]:
    """Return the areas that have a size; a drive without a medium has none."""
    found = {}
    for index in sizes:
        area = {"unit": _count(units.get(index)), "size": _wide(sizes[index]), "used": _wide(used.get(index))}
        if all(value is not None for value in area.values()) and area["unit"] and area["size"]:
            found[index] = {name: value for name, value in area.items() if value is not None}
    return found


def _storage(areas: Mapping[str, Mapping[str, int]], known: _Known) -> Iterator[Sample]:
    """Give each area but those that are full by nature: file systems that can only be read."""
    shown = [index for index in areas if index in known.areas and index not in known.read_only][:AREAS_MAX]
    for metric, part in (
        (metrics.HR_STORAGE_UNIT, "unit"),
        (metrics.HR_STORAGE_SIZE, "size"),
        (metrics.HR_STORAGE_USED, "used"),
    ):
        yield from (Sample(metric, known.areas[index], areas[index][part]) for index in shown)


def _memory(scalars: Mapping[str, Value], areas: Mapping[str, Mapping[str, int]], known: _Known) -> Iterator[Sample]:
    """Give the memory that programs hold: from UCD-SNMP-MIB, else from the areas of type RAM."""
    total, available = _count(scalars.get(_TOTAL)), _count(scalars.get(_AVAILABLE))
    if total and available is not None:
        free = available + sum(_count(scalars.get(oid)) or 0 for oid in (_BUFFERS, _CACHED))
        size, used = total * _KIB, max(total - free, 0) * _KIB
    else:
        size = sum(area["size"] * area["unit"] for index, area in areas.items() if known.areas[index][2] == _RAM)
        used = sum(area["used"] * area["unit"] for index, area in areas.items() if known.areas[index][2] == _RAM)
        used -= sum(
            area["used"] * area["unit"] for index, area in areas.items() if known.areas[index][1].lower() in _NOT_HELD
        )
    if size:
        yield Sample(metrics.HOST_MEMORY_SIZE, (), size)
        yield Sample(metrics.HOST_MEMORY_USED, (), max(used, 0))


def _count(value: Value | None) -> int | None:
    """Return a number that is not negative; nothing for whatever else an agent sends."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _wide(value: Value | None) -> int | None:
    """Return a size, whose type (Integer32) agents overflow beyond 2,147,483,647 units."""
    return value % _WRAP if isinstance(value, int) and value >= -_WRAP // 2 else _count(value)


PROBE: Final = Probe(
    kind="snmp_host",
    title=Text(vi="Bộ xử lý, bộ nhớ và ổ đĩa", en="Processors, memory and disks"),
    job="network",
    run=run,
    settings=SnmpSettings,
    needs=CREDENTIALS,
    interval_s=60.0,
    timeout_s=20.0,
    metrics=(
        metrics.HR_UPTIME, metrics.HR_PROCESSES, metrics.HR_PROCESSOR_LOAD, metrics.HR_STORAGE_UNIT,
        metrics.HR_STORAGE_SIZE, metrics.HR_STORAGE_USED, metrics.UCD_LOAD, metrics.HOST_MEMORY_SIZE,
        metrics.HOST_MEMORY_USED, metrics.PROCESSOR_LOAD, metrics.PROCESSOR_LIMIT, metrics.MEMORY_USED,
        metrics.MEMORY_LIMIT, metrics.MEMORY_SIZE,
    ),
)  # fmt: skip
