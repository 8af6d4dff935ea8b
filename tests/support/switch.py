"""The tables of a small switch, for `tests.support.hostile_agent`."""

from collector.agents.ports import IF_ALIAS, IF_NAME, IF_NUMBER, IF_TABLE_LAST_CHANGE
from collector.probes.snmp_interfaces import COLUMNS
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, cell


def device(*names: str, up_time: int = 9_000, changed: int = 1) -> dict[str, Cell]:
    """Return the tables of a switch whose ports are numbered from 1; each counter reads 100 times the ifIndex."""
    table = {
        SYS_UP_TIME: cell(up_time, hostile.TICKS),
        IF_NUMBER: cell(len(names)),
        IF_TABLE_LAST_CHANGE: cell(changed, hostile.TICKS),
    }
    for index, name in enumerate(names, 1):
        table |= {f"{oid}.{index}": cell(100 * index, hostile.COUNTER64) for _, oid in COLUMNS}
        table |= {
            f"1.3.6.1.2.1.2.2.1.2.{index}": cell(f"port {index}"),
            f"{IF_NAME}.{index}": cell(name),
            f"{IF_ALIAS}.{index}": cell(""),
        }
    return table
