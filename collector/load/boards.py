"""Processors and memory per board, each with its configured limit: Huawei VRP, H3C and HPE Comware."""

from collections.abc import Iterator
from typing import Final

from collector.agents.entities import ENT_NAME
from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.load.reading import Load, LoadTable, all_rows, filled, limit_of, octets, share_of
from collector.sensors.boards import H3C_ENTITY, H3C_OLD_ENTITY, HUAWEI_ENTITY

HUAWEI_CPU: Final = "1.3.6.1.4.1.2011.6.3.4.1"
HUAWEI_STORE: Final = "1.3.6.1.4.1.2011.6.3.5.1.1"


def decode(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read the entities that have a processor. Sizes of more than 31 or 32 bits are not believed."""
    for index in working(columns):
        name = text(columns["name"].get(index)) or f"entity {index}"
        busy, used = share_of(columns["cpu"].get(index)), share_of(columns["memory"].get(index))
        if busy is not None:
            yield Load(name, "processor", busy, limit_of(columns["cpu_limit"].get(index)))
        if used:
            size = octets(columns["size"].get(index)) or None
            yield Load(name, "memory", used, limit_of(columns["memory_limit"].get(index)), size)


def working(columns: Columns) -> list[str]:
    """Return the entities with a processor: hundreds of ports and slots say 0 and have no limit either."""
    telling = ("cpu", "memory", "cpu_limit")
    rows = all_rows({part: columns[part] for part in telling})
    return [index for index in rows if any(share_of(columns[part].get(index)) for part in telling)]


def decode_processors(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read the mean of the last minute by frame, slot and number (HUAWEI-CPU-MIB)."""
    for index, value in columns["minute"].items():
        if (busy := share_of(value)) is not None:
            yield Load(f"CPU {index}", "processor", busy)


def decode_memory(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read size and free part in octets by frame, slot and number (HUAWEI-MEMORY-MIB)."""
    for index, value in columns["free"].items():
        free, size = octets(value), octets(columns["size"].get(index))
        used = None if free is None or size is None or free > size else size - free
        yield from filled(f"memory {index}", used, size)


def _table(name: str, enterprise: int, base: str, cpu: int, *instead_of: str) -> LoadTable:
    """Return the table of one maker; both have the same columns in the same order."""
    return LoadTable(
        name=name,
        enterprises=(enterprise,),
        live={"cpu": f"{base}.{cpu}", "memory": f"{base}.{cpu + 2}"},
        decode=decode,
        fixed={
            "cpu_limit": f"{base}.{cpu + 1}",
            "memory_limit": f"{base}.{cpu + 3}",
            "size": f"{base}.{cpu + 4}",
            "name": ENT_NAME,
        },
        instead_of=instead_of,
        rows=working,
    )


HUAWEI: Final = _table("HUAWEI-ENTITY-EXTENT-MIB", 2011, HUAWEI_ENTITY, 5)
H3C: Final = _table("HH3C-ENTITY-EXT-MIB", 25506, H3C_ENTITY, 6)
H3C_OLD: Final = _table("H3C-ENTITY-EXT-MIB", 25506, H3C_OLD_ENTITY, 6, H3C.name)
HUAWEI_PROCESSOR: Final = LoadTable(
    name="HUAWEI-CPU-MIB",
    enterprises=(2011,),
    live={"minute": f"{HUAWEI_CPU}.3"},
    decode=decode_processors,
    instead_of=(HUAWEI.name,),
    rows=all_rows,
)
HUAWEI_MEMORY: Final = LoadTable(
    name="HUAWEI-MEMORY-MIB",
    enterprises=(2011,),
    live={"free": f"{HUAWEI_STORE}.3"},
    decode=decode_memory,
    fixed={"size": f"{HUAWEI_STORE}.2"},
    instead_of=(HUAWEI.name,),
    rows=all_rows,
)
