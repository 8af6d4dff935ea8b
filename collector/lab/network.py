"""The simulated network and its faults: cut or dimmed links, sites without power, and who is still reachable."""

from collections.abc import Mapping
from typing import Final

from collector.lab.box import DOWN, LOWER_LAYER_DOWN, UP, Box, State, make_box
from collector.lab.district import CENTRE, CORE, District, Link, Site
from inventory.text import Text

AGE_S: Final = 45 * 86_400.0
"""How long the devices have been running when the simulation starts."""

MOST_DIM_DB: Final = 30.0


class NoFault(Exception):
    """The fault cannot be made.

    Attributes:
        reason: Why, and what to do instead.
    """

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Network:
    """All devices of the district while they run.

    Attributes:
        boxes: Running devices by name.
        cut: Links that carry no light.
        dark: Sites without power.
        dim: Decibels that a link loses, by name.
    """

    def __init__(self, district: District, now: float) -> None:
        self.district = district
        self.boxes: Mapping[str, Box] = {
            device.name: make_box(device, district, now - AGE_S - 3600.0 * place)
            for place, device in enumerate(district.devices)
        }
        self.cut: set[str] = set()
        self.dark: set[str] = set()
        self.dim: dict[str, float] = {}
        self._links = {link.name: link for link in district.links}
        self._sites = {site.slug: site for site in district.sites}

    def cut_line(self, where: str, now: float) -> str:
        """Cut a link, or the uplink of a site, and return the link's name.

        Raises:
            NoFault: There is no such link or site.
        """
        link = self._line(where)
        self.cut.add(link.name)
        self._settle(now)
        return link.name

    def dim_line(self, where: str, decibels: float, now: float) -> str:
        """Take light from a link, or from the uplink of a site, and return the link's name.

        Raises:
            NoFault: There is no such link or site, or `decibels` is not above 0 and at most `MOST_DIM_DB`.
        """
        link = self._line(where)
        if not 0 < decibels <= MOST_DIM_DB:
            raise NoFault(
                Text(
                    vi="Mức suy hao phải lớn hơn 0 và không quá {most:g} dB.",
                    en="The loss must be above 0 and at most {most:g} dB.",
                ).fill(most=MOST_DIM_DB)
            )
        self.dim[link.name] = decibels
        self._settle(now)
        return link.name

    def power_off(self, where: str, now: float) -> str:
        """Take the power from a site and return its slug.

        Raises:
            NoFault: There is no such site, or it is the centre, where the collector itself stands.
        """
        site = self._site(where)
        if site.slug == CENTRE:
            raise NoFault(
                Text(
                    vi="Trung tâm huyện là nơi đặt bộ thu thập nên không thể tắt điện. Hãy chọn một xã.",
                    en="The collector stands at the centre, so that cannot lose power. Choose a commune.",
                )
            )
        self.dark.add(site.slug)
        self._settle(now)
        return site.slug

    def restore(self, where: str | None, now: float) -> list[str]:
        """End the faults of a link, of a site and its links, or all of them; return the names of what had one.

        Raises:
            NoFault: There is no such link or site.
        """
        names = self._names_of(where)
        ended = sorted((self.cut | self.dark | set(self.dim)) & names)
        for slug in self.dark & names:
            for box in self.boxes.values():
                if box.device.site == slug:
                    box.boot(now)
        self.cut -= names
        self.dark -= names
        self.dim = {name: loss for name, loss in self.dim.items() if name not in names}
        self._settle(now)
        return ended

    def unreachable(self) -> frozenset[str]:
        """Return the names of the devices that the centre does not reach."""
        near: dict[str, list[str]] = {}
        for link in self.district.links:
            if link.name not in self.cut:
                near.setdefault(link.a, []).append(link.b)
                near.setdefault(link.b, []).append(link.a)
        reached, waiting = {CORE}, [CORE]
        while waiting:
            for name in near.get(waiting.pop(), ()):
                if name not in reached and self.boxes[name].device.site not in self.dark:
                    reached.add(name)
                    waiting.append(name)
        return frozenset(set(self.boxes) - reached)

    def _settle(self, now: float) -> None:
        """Bring every port into the state that the faults leave it in."""
        for link in self.district.links:
            cut, loss = link.name in self.cut, self.dim.get(link.name, 0.0)
            ends: tuple[tuple[str, str, State], ...] = (
                (link.a, link.a_port, LOWER_LAYER_DOWN),
                (link.b, link.b_port, DOWN),
            )
            for name, port_name, without_light in ends:
                if port := self.boxes[name].ports.get(port_name):
                    port.dim_db = loss
                    port.turn(without_light if cut else UP, now)

    def _line(self, where: str) -> Link:
        if where in self._links:
            return self._links[where]
        return self.uplink(self._site(where))

    def uplink(self, site: Site) -> Link:
        """Return the line over which a site hangs: the one that ends there, or for the centre its first one."""
        names = {device.name for device in self.district.devices if device.site == site.slug}
        ending = [link for link in self.district.links if link.b in names and link.b_port]
        return (ending or [link for link in self.district.links if link.a in names])[0]

    def _site(self, where: str) -> Site:
        if where not in self._sites:
            raise NoFault(
                Text(
                    vi="Không có đơn vị hay đường truyền nào tên “{name}”. Ví dụ: {some}.",
                    en="There is no site or link “{name}”. For example: {some}.",
                ).fill(name=where[:80], some=", ".join(list(self._sites)[1:6]))
            )
        return self._sites[where]

    def _names_of(self, where: str | None) -> set[str]:
        if where is None:
            return set(self._sites) | set(self._links)
        if where in self._links:
            return {where}
        site = self._site(where)
        names = {device.name for device in self.district.devices if device.site == site.slug}
        return {site.slug} | {link.name for link in self.district.links if names & {link.a, link.b}}
