"""A simulated device while it runs: its ports, their optical power and their counters."""

import math
from dataclasses import dataclass, field
from typing import Final, Literal

from collector.lab.district import Device, District, Link
from collector.lab.traffic import Flow

UP: Final = 1
DOWN: Final = 2
LOWER_LAYER_DOWN: Final = 7

NO_LIGHT_DBM: Final = -40.0
"""What modules report without light."""

TX_DBM: Final = -5.0
_FIBRE_DB_PER_KM: Final = 0.35
_CONNECTORS_DB: Final = 2.5
_BREATHING_DB: Final = 0.15

State = Literal[1, 2, 7]


@dataclass(slots=True)
class Port:
    """A port.

    Attributes:
        index: Its ifIndex.
        name: Its ifName.
        alias: What an administrator wrote on it.
        speed_mbps: Speed in units of 1,000,000 bit/s.
        optical: Whether it takes an optical module.
        link: Name of the link that ends here; empty if none does.
        length_m: Metres of fibre on it; 0 if none.
        state: `UP`, `DOWN` or `LOWER_LAYER_DOWN`, as ifOperStatus has it.
        changed_at: When `state` last changed (Unix seconds).
        dim_db: How much light a fault takes away.
        received: Traffic that comes in.
        sent: Traffic that goes out.
    """

    index: int
    name: str
    alias: str
    speed_mbps: int
    optical: bool
    link: str
    length_m: int
    state: State
    changed_at: float
    received: Flow
    sent: Flow
    dim_db: float = 0.0

    def turn(self, state: State, now: float) -> None:
        """Set the state; counters stand still while it is not `UP`."""
        if state != self.state:
            self.state, self.changed_at = state, now
        for flow in (self.received, self.sent):
            if state == UP:
                flow.start(now)
            else:
                flow.stop(now)

    def rx_dbm(self, now: float) -> float:
        """Return the received power at a moment: it breathes a little with the temperature of the day."""
        if self.state != UP or not self.link:
            return NO_LIGHT_DBM
        loss = _CONNECTORS_DB + self.length_m / 1000 * _FIBRE_DB_PER_KM
        breath = _BREATHING_DB * math.sin(2 * math.pi * now / 86_400 + self.index)
        return TX_DBM - loss + breath - self.dim_db


def expected_rx_dbm(link: Link) -> float:
    """Return the received power of a healthy link, the same at both ends, rounded to 0.1 dBm."""
    return round(TX_DBM - _CONNECTORS_DB - link.length_m / 1000 * _FIBRE_DB_PER_KM, 1)


@dataclass(slots=True)
class Box:
    """A device while it runs.

    Attributes:
        device: What stands in the district.
        booted_at: When it was switched on last (Unix seconds).
        ports: Its ports by name, in their order.
    """

    device: Device
    booted_at: float
    ports: dict[str, Port] = field(default_factory=dict)

    def boot(self, now: float) -> None:
        """Start anew: the clock and all counters begin at 0."""
        self.booted_at = now
        for port in self.ports.values():
            port.received.reset(now)
            port.sent.reset(now)
            port.changed_at = now


def make_box(device: Device, district: District, booted_at: float) -> Box:
    """Return a running device with the ports that its links and its offices use."""
    ends: dict[str, tuple[Link, str]] = {}
    for link in district.links:
        if link.a == device.name:
            ends[link.a_port] = (link, link.b)
        if link.b == device.name and link.b_port:
            ends[link.b_port] = (link, link.a)
    box = Box(device, booted_at)
    for place, name in enumerate(device.ports):
        box.ports[name] = _make_port(device, place, ends.get(name), booted_at)
    return box


def _make_port(device: Device, place: int, end: tuple[Link, str] | None, booted_at: float) -> Port:
    name, optical = device.ports[place], place < device.optical
    in_use = end is not None or (not optical and place < device.optical + 3)
    weight = 1 + sum(map(ord, device.name + name)) % 7
    mean = 6e6 * weight if end else 1.5e6 * weight
    port = Port(
        index=place + (6 if device.vendor == "huawei" else 1),
        name=name,
        alias=f"{end[0].name} -> {end[1]}" if end else "LAN" if in_use else "",
        speed_mbps=10_000 if name.startswith("Ten") else 100 if name.startswith("Ethernet") else 1_000,
        optical=optical,
        link=end[0].name if end else "",
        length_m=end[0].length_m if end else 0,
        state=UP if in_use else DOWN,
        changed_at=booted_at,
        received=Flow(mean, booted_at),
        sent=Flow(mean * 0.3, booted_at),
    )
    if not in_use:
        port.received.mean_bps = port.sent.mean_bps = 0.0
    return port
