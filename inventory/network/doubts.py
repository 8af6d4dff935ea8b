"""Which findings the books may not explain: those that they do explain are set aside, until what explains them changes.

A district has a hundred thousand things on its network, and its books explain nearly all of them. To ask for each of
them on every page would take longer than all the rest of the page. So a finding is doubtful when it is new, and again
when it, or what was booked or told of it, changes; `inventory.network.settling` sets aside what is explained. All that
is unknown is doubtful at every moment. Whether a doubtful one is unknown is asked each time, so nothing is told that is
not so.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, event, exists, inspect, select, text, update
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel

from inventory.assets.assets import Asset
from inventory.columns import column
from inventory.network.devices import Device
from inventory.network.findings import Finding, FindingState
from inventory.network.observations import Observation

SWEEP: Final = "sweep"
"""The source whose addresses count at their own site alone."""

_LOCK: Final = 0x7175616E67_05
_ROWS: Final = 400
_KNOWN: Final = {name: text(f"finding.{name} <> ''") for name in ("mac", "serial", "address")}


def explanations() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of which each alone means that the books explain a finding.

    By its MAC or its serial number as an asset's, by its address as a device's, or by its MAC as one that a device
    tells of its own ports. An address that a sweep found counts only at the device's own site, because offices use the
    same private ranges. Each is answered from an index; joined by "or" they would read every asset for every finding.
    """
    mac, address, serial = (column(Finding, name) for name in ("mac", "address", "serial"))
    booked = column(Asset, "retired_at").is_(None)
    near = (column(Device, "site_id") == column(Finding, "site_id")) | (column(Finding, "source") != SWEEP)
    return (
        exists().where(booked, mac != "", column(Asset, "mac") == mac),
        exists().where(booked, serial != "", column(Asset, "serial") == serial),
        exists().where(
            column(Device, "retired_at").is_(None), address != "", column(Device, "address") == address, near
        ),
        exists().where(mac != "", column(Observation, "fact") == "mac", column(Observation, "value") == mac),
    )


def is_settled() -> ColumnElement[bool]:
    """Return the condition under which nobody has decided about a finding and it is not doubtful."""
    return (column(Finding, "state") == FindingState.OPEN.value) & ~column(Finding, "doubtful")


def lock(connection: Connection) -> None:
    """Make this the only transaction that writes several findings, until it ends; behind `history.alone`, if both.

    Two that write the same ones in another order would wait for each other for ever.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def doubt(
    connection: Connection, *, macs: Iterable[str] = (), serials: Iterable[str] = (), addresses: Iterable[str] = ()
) -> None:
    """Have the undecided findings with one of these doubtful again: what may have explained them is another now."""
    given = (("mac", macs), ("serial", serials), ("address", addresses))
    numbers = sorted({number for name, values in given for number in _settled(connection, name, values)})
    if not numbers:
        return
    lock(connection)
    for start in range(0, len(numbers), _ROWS):
        some = column(Finding, "id").in_(numbers[start : start + _ROWS])
        connection.execute(update(SQLModel.metadata.tables["finding"]).where(some).values(doubtful=True))


def _settled(connection: Connection, name: str, values: Iterable[str]) -> Iterable[int]:
    wanted = sorted({value for value in values if value})
    for start in range(0, len(wanted), _ROWS):
        same = column(Finding, name).in_(wanted[start : start + _ROWS])
        statement = select(column(Finding, "id")).where(same, _KNOWN[name], is_settled())
        yield from connection.scalars(statement)


def _asset_changes(_mapper: Mapper[Any], connection: Connection, asset: Asset) -> None:
    if _changed(asset, "mac", "serial", "retired_at"):
        doubt(connection, macs=_both(asset, "mac"), serials=_both(asset, "serial"))


def _device_changes(_mapper: Mapper[Any], connection: Connection, device: Device) -> None:
    if _changed(device, "address", "site_id", "retired_at"):
        doubt(connection, addresses=_both(device, "address"))


def _finding_changes(_mapper: Mapper[Any], _connection: Connection, finding: Finding) -> None:
    swept = _changed(finding, "source") and finding.source == SWEEP
    if finding.state != FindingState.OPEN:
        finding.doubtful = False
    elif swept or _changed(finding, "mac", "serial", "address", "site_id", "state"):
        finding.doubtful = True


def _changed(row: SQLModel, *names: str) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].load_history().has_changes() for name in names)


def _both(row: SQLModel, name: str) -> set[str]:
    """Return what a column holds and what it held before."""
    return {str(value) for value in inspect(row).attrs[name].load_history().sum() if value}


event.listen(Asset, "before_update", _asset_changes)
event.listen(Device, "before_update", _device_changes)
event.listen(Finding, "before_insert", _finding_changes)
event.listen(Finding, "before_update", _finding_changes)
