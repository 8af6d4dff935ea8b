"""Vendors whose MIBs hold only a percentage or a size: Fortinet, Ruijie, HPE, Aruba, Brocade, TP-Link."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from collector.agents.ports import Ports, text
from collector.agents.tables import Columns
from collector.load.reading import Kind, Load, LoadTable, all_rows, filled, limit_of, octets, share_of

_NAMES: Final[Mapping[Kind, str]] = {"processor": "CPU", "memory": "memory"}
_KIB: Final = 1_024


def decode_percent(columns: Columns, _: Ports, *, kind: Kind, unit: int = 1) -> Iterator[Load]:
    """Read a share in percent of each row, with its limit and size where the MIB has them."""
    for index, value in columns["percent"].items():
        if (share := share_of(value)) is not None:
            size = octets(columns.get("size", {}).get(index), unit) or None
            limit = limit_of(columns.get("limit", {}).get(index))
            yield Load(_name(columns, "percent", index, kind), kind, share, limit, size)


def decode_sizes(columns: Columns, _: Ports, *, unit: int) -> Iterator[Load]:
    """Read used part and size of each row."""
    for index, value in columns["used"].items():
        size = octets(columns["size"].get(index), unit)
        yield from filled(_name(columns, "used", index, "memory"), octets(value, unit), size)


def decode_both(columns: Columns, ports: Ports, *, unit: int) -> Iterator[Load]:
    """Read a processor and a memory that are single instances, in percent."""
    yield from decode_percent({"percent": columns["cpu"]}, ports, kind="processor")
    memory = {"percent": columns["memory"], "size": columns["size"]}
    yield from decode_percent(memory, ports, kind="memory", unit=unit)


def _name(columns: Columns, part: str, index: str, kind: Kind) -> str:
    several = len(columns[part]) > 1
    return text(columns.get("name", {}).get(index)) or (f"{_NAMES[kind]} {index}" if several else _NAMES[kind])


def _percent(
    name: str, enterprise: int, kind: Kind, percent: str, fixed: Mapping[str, str] | None = None, *, unit: int = 1
) -> LoadTable:
    return LoadTable(
        name=name,
        enterprises=(enterprise,),
        live={"percent": percent},
        decode=partial(decode_percent, kind=kind, unit=unit),
        fixed=fixed or {},
        rows=all_rows,
    )


def _sizes(name: str, enterprise: int, used: str, size: str, *, unit: int) -> LoadTable:
    return LoadTable(
        name=name,
        enterprises=(enterprise,),
        live={"used": used},
        decode=partial(decode_sizes, unit=unit),
        fixed={"size": size},
        rows=all_rows,
    )


def _both(name: str, enterprise: int, cpu: str, memory: str, size: str, *, unit: int) -> LoadTable:
    return LoadTable(
        name=name,
        enterprises=(enterprise,),
        live={"cpu": cpu, "memory": memory},
        decode=partial(decode_both, unit=unit),
        fixed={"size": size},
        rows=all_rows,
    )


_FORTINET: Final = "1.3.6.1.4.1.12356.101.4.1"
_RUIJIE_CPU: Final = "1.3.6.1.4.1.4881.1.1.10.2.36.1.1"
_RUIJIE_POOL: Final = "1.3.6.1.4.1.4881.1.1.10.2.35.1.1.1"
_HPE: Final = "1.3.6.1.4.1.11.2.14.11.5.1"
_ARUBA: Final = "1.3.6.1.4.1.14823.2.2.1.2.1"
_FOUNDRY: Final = "1.3.6.1.4.1.1991.1.1.2.1"
_TP_LINK: Final = "1.3.6.1.4.1.11863.6.4.1"

FORTINET: Final = _both(
    "FORTINET-FORTIGATE-MIB", 12356, f"{_FORTINET}.3", f"{_FORTINET}.4", f"{_FORTINET}.5", unit=_KIB
)
"""fgSysCpuUsage, fgSysMemUsage, fgSysMemCapacity (KiB)."""

RUIJIE: Final = _percent("RUIJIE-PROCESS-MIB", 4881, "processor", f"{_RUIJIE_CPU}.2", {"limit": f"{_RUIJIE_CPU}.5"})
"""ruijieCPUUtilization1Min, ruijieCPUUtilizationCritical."""

RUIJIE_MEMORY: Final = _percent(
    "RUIJIE-MEMORY-MIB",
    4881,
    "memory",
    f"{_RUIJIE_POOL}.3",
    {"limit": f"{_RUIJIE_POOL}.10", "size": f"{_RUIJIE_POOL}.6", "name": f"{_RUIJIE_POOL}.2"},
    unit=_KIB,
)
"""ruijieMemoryPoolCurrentUtilization, ruijieMemoryPoolCritical, ruijieMemoryPoolSize (KiB)."""

HPE: Final = _percent("STATISTICS-MIB", 11, "processor", f"{_HPE}.9.6.1")
"""hpSwitchCpuStat of ProCurve and ArubaOS-Switch."""

HPE_MEMORY: Final = _sizes("NETSWITCH-MIB", 11, f"{_HPE}.1.2.1.1.1.7", f"{_HPE}.1.2.1.1.1.5", unit=1)
"""hpLocalMemAllocBytes, hpLocalMemTotalBytes."""

ARUBA: Final = _percent("WLSX-SYSTEMEXT-MIB", 14823, "processor", f"{_ARUBA}.13.1.3", {"name": f"{_ARUBA}.13.1.2"})
"""sysExtProcessorLoad of wireless controllers."""

ARUBA_MEMORY: Final = _sizes("WLSX-SYSTEMEXT-MIB memory", 14823, f"{_ARUBA}.15.1.3", f"{_ARUBA}.15.1.2", unit=_KIB)
"""sysExtMemoryUsed, sysExtMemorySize."""

FOUNDRY: Final = _both("FOUNDRY-SN-AGENT-MIB", 1991, f"{_FOUNDRY}.52", f"{_FOUNDRY}.53", f"{_FOUNDRY}.54", unit=1)
"""snAgGblCpuUtil1MinAvg, snAgGblDynMemUtil, snAgGblDynMemTotal (octets) of Brocade's and Ruckus' switches."""

TP_LINK: Final = _percent("TPLINK-SYSMONITOR-MIB", 11863, "processor", f"{_TP_LINK}.1.1.1.3")
"""tpSysMonitorCpu1Minute."""

TP_LINK_MEMORY: Final = _percent("TPLINK-SYSMONITOR-MIB memory", 11863, "memory", f"{_TP_LINK}.2.1.1.2")
"""tpSysMonitorMemoryUtilization."""
