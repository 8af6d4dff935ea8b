"""Processors and memory of Juniper's boards: JUNIPER-MIB, jnxOperatingTable."""

from collections.abc import Iterator
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.load.reading import Load, LoadTable, octets, share_of
from collector.sensors.juniper import BASE

_MIB: Final = 1_048_576


def decode(columns: Columns, _: Ports) -> Iterator[Load]:
    """Read the boards that have memory of their own; 0 is "unavailable or inapplicable" in every column.

    A processor's mean of the last minute goes before what it does now. Beside the buffers a packet engine has a heap.
    """
    for index in boards(columns):
        name = text(columns["name"].get(index)) or f"board {index}"
        now, minute = share_of(columns["now"].get(index)), share_of(columns["minute"].get(index))
        if (busy := minute or now) is not None:
            yield Load(name, "processor", busy)
        size = octets(columns["size"].get(index), _MIB) or None
        for part, behind in (("buffers", ""), ("heap", " heap")):
            if used := share_of(columns[part].get(index)):
                yield Load(name + behind, "memory", used, size_bytes=None if behind else size)


def boards(columns: Columns) -> list[str]:
    """Return the rows that have a processor: they have memory, or say that they work."""
    return [index for index, now in columns["now"].items() if octets(columns["size"].get(index)) or share_of(now)]


OPERATING: Final = LoadTable(
    name="JUNIPER-MIB",
    enterprises=(2636,),
    live={"now": f"{BASE}.8", "minute": f"{BASE}.23", "buffers": f"{BASE}.11", "heap": f"{BASE}.12"},
    decode=decode,
    fixed={"name": f"{BASE}.5", "size": f"{BASE}.15"},
    rows=boards,
)
