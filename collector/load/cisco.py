"""Processors and memory of Cisco: CISCO-PROCESS-MIB, OLD-CISCO-CPU-MIB and the memory pool MIBs."""

from collections.abc import Iterator
from typing import Final

from collector.agents.entities import ENT_NAME
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.load.reading import Load, LoadTable, all_rows, filled, octets, share_of

PROCESS: Final = "1.3.6.1.4.1.9.9.109.1.1.1.1"
OLD_BUSY: Final = "1.3.6.1.4.1.9.2.1"
POOLS: Final = "1.3.6.1.4.1.9.9.48.1.1.1"
ENHANCED_POOLS: Final = "1.3.6.1.4.1.9.9.221.1.1.1.1"

_KIB: Final = 1_024
_BY_NATURE_FULL: Final = ("lsmpi_io", "reserve")
"""Beginnings of the names of pools that IOS XE fills on purpose, and keeps full."""

_POOLS: Final = frozenset({"1", "2"})
"""CiscoMemoryPoolTypes of what programs and packets use: processor, I/O."""

_ENHANCED_KINDS: Final = frozenset({2, 3})
"""cempMemPoolType: the same two."""

_MINUTE: Final = ("minute", "five_minutes")
"""What stands for the last minute, the best first."""


def decode_processors(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read how busy each processor was within the last minute; within five where that is not told."""
    for index in dict.fromkeys(index for part in _MINUTE for index in columns[part]):
        shares = (share_of(columns[part].get(index)) for part in _MINUTE)
        share = next((one for one in shares if one is not None), None)
        if share is not None:
            yield Load(_name(columns, index), "processor", share)


def decode_oldest(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read avgBusy1 of OLD-CISCO-CPU-MIB, which knows one processor."""
    for value in columns["minute"].values():
        if (share := share_of(value)) is not None:
            yield Load("CPU", "processor", share)


def decode_processor_memory(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read the memory that belongs to a processor, in KiB: all that the system has, where there is no pool for it."""
    for index, value in columns["used"].items():
        used, free = octets(value, _KIB), octets(columns["free"].get(index), _KIB)
        yield from filled(_name(columns, index), used, _sum(used, free))


def decode_pools(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read the pools of processors and of packets, in octets; others are full by nature."""
    for index, value in columns["used"].items():
        name = text(columns["name"].get(index))
        if index not in _POOLS or name.lower().startswith(_BY_NATURE_FULL):
            continue
        used, free = octets(value), octets(columns["free"].get(index))
        yield from filled(name or f"pool {index}", used, _sum(used, free))


def decode_enhanced(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read the same two pools of each board, from counters of 64 bits where there are any."""
    boards = {index.split(".")[0] for index in columns["used"]}
    for index in columns["used"]:
        pool = text(columns["name"].get(index))
        if columns["kind"].get(index) not in _ENHANCED_KINDS or pool.lower().startswith(_BY_NATURE_FULL):
            continue
        used, free = (_wide(columns, part, index) for part in ("used", "free"))
        board = text(columns["entity"].get(index.split(".")[0])) if len(boards) > 1 else ""
        yield from filled(f"{board} {pool}".strip() or f"pool {index}", used, _sum(used, free))


def _wide(columns: Columns, part: str, index: str) -> float | None:
    return octets(columns[f"{part}_wide"].get(index)) or octets(columns[part].get(index))


def _sum(used: float | None, free: float | None) -> float | None:
    return None if used is None or free is None else used + free


def _name(columns: Columns, index: str) -> str:
    """Return the name of the entity that a processor is; `CPU` where it is none (entity 0)."""
    entity = columns["entity"].get(index, 0)
    return text(columns["name"].get(str(entity))) or ("CPU" if len(columns["entity"]) < 2 else f"CPU {index}")


_PROCESS: Final = {"entity": f"{PROCESS}.2", "name": ENT_NAME}

PROCESSOR: Final = LoadTable(
    name="CISCO-PROCESS-MIB",
    enterprises=(9,),
    live={"minute": f"{PROCESS}.7", "five_minutes": f"{PROCESS}.8"},
    decode=decode_processors,
    fixed=_PROCESS,
    rows=all_rows,
)
OLD_PROCESSOR: Final = LoadTable(
    name="CISCO-PROCESS-MIB before 2001",
    enterprises=(9,),
    live={"minute": f"{PROCESS}.4", "five_minutes": f"{PROCESS}.5"},
    decode=decode_processors,
    fixed=_PROCESS,
    instead_of=(PROCESSOR.name,),
    rows=all_rows,
)
OLDEST_PROCESSOR: Final = LoadTable(
    name="OLD-CISCO-CPU-MIB",
    enterprises=(9,),
    live={"minute": f"{OLD_BUSY}.57"},
    decode=decode_oldest,
    instead_of=(PROCESSOR.name, OLD_PROCESSOR.name),
    rows=all_rows,
)
ENHANCED_POOL: Final = LoadTable(
    name="CISCO-ENHANCED-MEMPOOL-MIB",
    enterprises=(9,),
    live={
        "used": f"{ENHANCED_POOLS}.7",
        "free": f"{ENHANCED_POOLS}.8",
        "used_wide": f"{ENHANCED_POOLS}.18",
        "free_wide": f"{ENHANCED_POOLS}.20",
    },
    decode=decode_enhanced,
    fixed={"kind": f"{ENHANCED_POOLS}.2", "name": f"{ENHANCED_POOLS}.3", "entity": ENT_NAME},
    rows=all_rows,
)
POOL: Final = LoadTable(
    name="CISCO-MEMORY-POOL-MIB",
    enterprises=(9,),
    live={"used": f"{POOLS}.5", "free": f"{POOLS}.6"},
    decode=decode_pools,
    fixed={"name": f"{POOLS}.2"},
    instead_of=(ENHANCED_POOL.name,),
    rows=all_rows,
)
PROCESSOR_MEMORY: Final = LoadTable(
    name="CISCO-PROCESS-MIB memory",
    enterprises=(9,),
    live={"used": f"{PROCESS}.12", "free": f"{PROCESS}.13"},
    decode=decode_processor_memory,
    fixed=_PROCESS,
    rows=all_rows,
)
