"""The ports of a device as it counts them now, for its page."""

from dataclasses import dataclass, field
from typing import Final

from anyio import move_on_after
from anyio.to_thread import run_sync

from api.house import House
from api.views.states import State
from api.watch.prometheus import Prometheus, Value, WrongQuery
from collector.metrics import (
    IF_ADMIN_STATUS,
    IF_HC_IN_OCTETS,
    IF_HC_OUT_OCTETS,
    IF_HIGH_SPEED,
    IF_IN_ERRORS,
    IF_OPER_STATUS,
    IF_OUT_ERRORS,
    OPTICAL_RX,
    Metric,
)
from inventory.errors import Unavailable

_PATIENCE_S: Final = 4.0
_OVER: Final = "5m"
_UP: Final = 1.0


def possible_rate(octets: Metric, window: str, **port: str) -> str:
    """Return PromQL for the bit/s of a counter of octets, without what the port cannot carry.

    A counter that goes on from another value after a restart would otherwise show thousands of times its real traffic.

    Args:
        octets: `IF_HC_IN_OCTETS` or `IF_HC_OUT_OCTETS`.
        window: Over how long, as PromQL writes it.
        port: Labels of the port or the device.
    """
    rate = f"8 * rate({octets(window, **port)})"
    return f"({rate}) unless ({rate} > 1.1e6 * ({IF_HIGH_SPEED(**port)} > 0))"


@dataclass(slots=True)
class Port:
    """One port.

    Attributes:
        name: ifName.
        alias: What the administrator of the device wrote at it.
        state: Up, down, or switched off by the administrator (not watched).
        speed_bps: 0 if the device does not say.
        in_bps: Received over the last five minutes; `None` if not measured.
        errors: Packets with errors within the last hour, both ways.
        rx_dbm: Received optical power; `None` without an optic that says.
    """

    name: str
    alias: str = ""
    state: State = State.UNKNOWN
    speed_bps: float = 0.0
    in_bps: float | None = None
    out_bps: float | None = None
    errors: float = 0.0
    rx_dbm: float | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of a device, in the device's own order.

    Attributes:
        available: Whether Prometheus answered.
    """

    available: bool
    rows: list[Port] = field(default_factory=list)


async def ports_of(house: House, device: str) -> Ports:
    """Return the ports; when Prometheus is down or late that is told, not raised."""
    with move_on_after(_PATIENCE_S):
        return await run_sync(_read, house.prometheus, device, abandon_on_cancel=True)
    return Ports(available=False)


def _read(prometheus: Prometheus, device: str) -> Ports:
    asked = {
        "oper": IF_OPER_STATUS(instance=device),
        "admin": IF_ADMIN_STATUS(instance=device),
        "speed": IF_HIGH_SPEED(instance=device),
        "in": possible_rate(IF_HC_IN_OCTETS, _OVER, instance=device),
        "out": possible_rate(IF_HC_OUT_OCTETS, _OVER, instance=device),
        "errors": f"increase({IF_IN_ERRORS('1h', instance=device)}) + increase({IF_OUT_ERRORS('1h', instance=device)})",
        "rx": OPTICAL_RX(instance=device),
    }
    try:
        found = {name: _by_port(prometheus.query(expr)) for name, expr in asked.items()}
    except (Unavailable, WrongQuery):
        return Ports(available=False)
    names = {port: value for values in found.values() for port, value in values.items()}
    order = sorted(names, key=lambda port: (_index(names[port]), port))
    return Ports(available=True, rows=[_port(name, found) for name in order])


def _port(name: str, found: dict[str, dict[str, Value]]) -> Port:
    def of(what: str) -> float | None:
        value = found[what].get(name)
        return None if value is None else value.value

    said = next(
        (values[name].labels for values in found.values() if name in values and "ifAlias" in values[name].labels), {}
    )
    admin, oper = of("admin"), of("oper")
    state = State.UNKNOWN
    if admin is not None and admin != _UP:
        state = State.UNWATCHED
    elif oper is not None:
        state = State.OK if oper == _UP else State.DOWN
    return Port(
        name=name,
        alias=said.get("ifAlias", ""),
        state=state,
        speed_bps=(of("speed") or 0.0) * 1e6,
        in_bps=of("in"),
        out_bps=of("out"),
        errors=of("errors") or 0.0,
        rx_dbm=of("rx"),
    )


def _by_port(values: list[Value]) -> dict[str, Value]:
    return {value.labels["ifName"]: value for value in values if value.labels.get("ifName")}


def _index(value: Value) -> int:
    index = value.labels.get("ifIndex", "")
    return int(index) if index.isascii() and index.isdigit() else 0
