"""What has to be walked to learn of a vendor's modules, and how it is read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from collector.optics.module import Module
from collector.ports import Ports
from collector.snmp import Column

Columns = Mapping[str, Column]
"""Column by the name that the table gives it."""


@dataclass(frozen=True, slots=True)
class OpticsTable:
    """One MIB's table of optical modules.

    Attributes:
        name: Short name of the MIB.
        enterprises: Private enterprise numbers whose devices have it; empty for all.
        live: Name to object identifier of the columns that are read at each poll. The first tells whether the table is
            there at all.
        fixed: Likewise, of columns that change only with the hardware; read again each hour.
        decode: Turns both into modules. Pure.
    """

    name: str
    enterprises: tuple[int, ...]
    live: Mapping[str, str]
    decode: Callable[[Columns, Ports], Iterable[Module]]
    fixed: Mapping[str, str] = field(default_factory=dict)
