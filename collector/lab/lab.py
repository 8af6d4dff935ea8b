"""The whole simulation: devices, websites and faults, in the namespace in which it is started."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from collector.lab import control, routes, websites
from collector.lab.agent import Agent
from collector.lab.control import Answer
from collector.lab.district import COMMUNITY, District
from collector.lab.network import Network, NoFault
from collector.lab.views import mib_of
from inventory.text import Text

DIM_DB: Final = 16.0
"""Loss of a dimmed link if none is given: enough to fall below the limits of the modules on every line."""


class Lab:
    """A running simulation.

    Attributes:
        network: The devices and their faults.
    """

    def __init__(self, district: District) -> None:
        self.network = Network(district, time.time())
        self._hidden: set[str] = set()
        self._turn = asyncio.Lock()

    async def run(self, socket_file: Path, stop: asyncio.Event) -> None:
        """Serve until `stop` is set.

        Args:
            socket_file: Where faults are asked for.
            stop: Ends it.

        Raises:
            NoNetwork: The namespace's routes cannot be set.
            OSError: A port is taken, or the user may not bind it.
        """
        loop = asyncio.get_running_loop()
        await routes.lay()
        mibs = {box.device.address: mib for box in self.network.boxes.values() if (mib := mib_of(box))}
        agent = Agent(mibs, COMMUNITY)
        agent.start(loop)
        try:
            web = await websites.serve(websites.pages_of(self.network.district.websites))
            door = await control.serve(socket_file, self.act)
            async with web, door:
                await stop.wait()
        finally:
            agent.close(loop)
            socket_file.unlink(missing_ok=True)  # noqa: ASYNC240 - nobody is served any more

    async def act(self, question: Answer) -> Answer:
        """Make or end a fault, or tell what is wrong now.

        Args:
            question: `{"act": "cut"|"dim"|"power-off"|"restore"|"status", "where": site or link, "db": loss}`.

        Returns:
            `{"ok": true, "names": [...], "lost": [devices out of reach]}`, or `{"ok": false, "vi": why, "en": why}`.
        """
        async with self._turn:
            try:
                names = self._change(question)
                await self._route()
            except NoFault as error:
                return {"ok": False, "vi": error.reason.vi, "en": error.reason.en}
            except routes.NoNetwork as error:
                return {"ok": False, "vi": f"Không đặt được tuyến: {error}", "en": f"Routes cannot be set: {error}"}
            network = self.network
            faults = {
                "cut": sorted(network.cut),
                "dark": sorted(network.dark),
                "dim": dict(sorted(network.dim.items())),
            }
            return {"ok": True, "names": names, "lost": sorted(network.unreachable()), "faults": faults}

    def _change(self, question: Answer) -> list[str]:
        act, where, now = question.get("act"), question.get("where"), time.time()
        place = where if isinstance(where, str) else ""
        if act == "restore":
            return self.network.restore(place or None, now)
        if act == "status":
            return []
        acts: dict[object, Callable[[], str]] = {
            "cut": lambda: self.network.cut_line(place, now),
            "dim": lambda: self.network.dim_line(place, _decibels(question.get("db", DIM_DB)), now),
            "power-off": lambda: self.network.power_off(place, now),
        }
        if act not in acts:
            raise NoFault(
                Text(
                    vi="Chỉ có các lệnh cut, dim, power-off, restore, status.",
                    en="The acts are cut, dim, power-off, restore and status.",
                )
            )
        return [acts[act]()]

    async def _route(self) -> None:
        """Let the routes follow the faults."""
        hidden = {self.network.boxes[name].device.address for name in self.network.unreachable()}
        await routes.hide(sorted(hidden - self._hidden), sorted(self._hidden - hidden))
        self._hidden = hidden


def _decibels(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
