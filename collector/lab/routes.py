"""Routes to the simulated addresses, in the simulation's own network namespace.

The kernel treats the whole simulated network as its own (a `local` route), so it answers pings without any interface.
An unreachable address gets a more specific route into a line whose other end nobody reads: packets vanish without an
error, as they do behind a cut fibre. A `blackhole` route would report an error to the sender instead.
"""

import asyncio
import socket
from collections.abc import Iterable
from typing import Final

from collector.lab.district import NETWORK

OWN_ADDRESS: Final = "10.35.0.1"
"""Where packets to simulated devices come from; outside the simulated network, so that no fault takes it away."""

_HOLE: Final = "hole0"
_HOLE_END: Final = "hole1"
_IP_S: Final = 10.0


class NoNetwork(Exception):
    """The namespace's routes cannot be set; the text is what `ip` said."""


async def lay() -> None:
    """Bring the namespace into the state without faults; to be called again after a restart.

    Raises:
        NoNetwork: `ip` is missing, failed or took too long.
    """
    lines = [
        "link set lo up",
        f"address replace {OWN_ADDRESS}/32 dev lo",
        f"route replace local {NETWORK} dev lo table local src {OWN_ADDRESS}",
    ]
    if _HOLE in (name for _, name in socket.if_nameindex()):
        lines.append(f"route flush table local type unicast dev {_HOLE}")
    else:
        lines += [
            f"link add {_HOLE} type veth peer name {_HOLE_END}",
            f"link set {_HOLE} arp off up",
            f"link set {_HOLE_END} arp off up",
        ]
    await _ip(lines)


async def hide(lost: Iterable[str], found: Iterable[str]) -> None:
    """Make addresses unreachable, and others reachable again.

    Args:
        lost: Addresses that are reachable now and shall not be.
        found: Addresses that are not reachable now and shall be.

    Raises:
        NoNetwork: `ip` is missing, failed or took too long.
    """
    lines = [f"route add {address}/32 dev {_HOLE} table local src {OWN_ADDRESS}" for address in lost]
    lines += [f"route delete {address}/32 dev {_HOLE} table local" for address in found]
    if lines:
        await _ip(lines)


async def _ip(lines: Iterable[str]) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            "ip",
            "-batch",
            "-",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise NoNetwork(f"ip: {error.strerror}") from error
    try:
        async with asyncio.timeout(_IP_S):
            _, said = await process.communicate("".join(f"{line}\n" for line in lines).encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        raise NoNetwork("ip: no end within 10 s") from None
    if process.returncode:
        raise NoNetwork(said.decode(errors="replace").strip()[:500])
