"""The network as a graph: devices, the links between them, and the roots from which reachability is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from inventory.network.devices import Device
from inventory.network.links import Link


@dataclass(frozen=True, slots=True)
class Node:
    """A device.

    Attributes:
        name: Its stable name.
        site_id: Where it stands.
    """

    name: str
    site_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """A link between two devices, in no direction."""

    name: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Devices, links and roots.

    Attributes:
        nodes: Every device, each name once.
        lines: Every link, each name once; one whose ends are not both among the nodes carries nothing.
        roots: Names of the devices that count as reachable by definition.
    """

    nodes: tuple[Node, ...] = ()
    lines: tuple[Line, ...] = ()
    roots: frozenset[str] = frozenset()


def read_graph(session: Session) -> Graph:
    """Return the graph of all devices and links in use, by two statements; a link with a retired end is left out."""
    names: dict[int, str] = {}
    nodes: list[Node] = []
    roots: set[str] = set()
    devices = select(Device.id, Device.name, Device.site_id, Device.is_root).where(col(Device.retired_at).is_(None))
    for number, name, site_id, is_root in session.exec(devices.order_by(Device.name)):
        names[number or 0] = name
        nodes.append(Node(name, site_id))
        if is_root:
            roots.add(name)
    links = select(Link.name, Link.a_device_id, Link.b_device_id).where(col(Link.retired_at).is_(None))
    return Graph(
        nodes=tuple(nodes),
        lines=tuple(
            Line(name, names[a], names[b])
            for name, a, b in session.exec(links.order_by(Link.name))
            if a in names and b in names
        ),
        roots=frozenset(roots),
    )


def behind(graph: Graph, element: str, sites: Mapping[str, int] | None = None) -> frozenset[str]:
    """Return which devices lose every root when an element is down, by name.

    Devices that reach no root anyhow do not count, nor does what is itself the element: the device, or the devices of
    the site.

    Args:
        graph: The whole network.
        element: `link:NAME`, `device:NAME` or `site:SLUG`; anything else, and any unknown name, has nothing behind it.
        sites: Number of each site by slug, needed for `site:SLUG` alone.
    """
    kind, _, name = element.partition(":")
    if kind == "link":
        lines = tuple(line for line in graph.lines if line.name != name)
        return frozenset(_reached(graph, graph.lines, frozenset()) - _reached(graph, lines, frozenset()))
    if kind == "device":
        down = frozenset({name})
    elif kind == "site" and sites and name in sites:
        down = frozenset(node.name for node in graph.nodes if node.site_id == sites[name])
    else:
        return frozenset()
    return frozenset(_reached(graph, graph.lines, frozenset()) - _reached(graph, graph.lines, down) - down)


def _reached(graph: Graph, lines: tuple[Line, ...], down: frozenset[str]) -> set[str]:
    """Return every device that reaches a root over `lines` without what is down."""
    beside: dict[str, list[str]] = {node.name: [] for node in graph.nodes if node.name not in down}
    for line in lines:
        if line.a in beside and line.b in beside:
            beside[line.a].append(line.b)
            beside[line.b].append(line.a)
    seen = {root for root in graph.roots if root in beside}
    waiting = list(seen)
    while waiting:
        for other in beside[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
