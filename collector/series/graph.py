"""From the booked network to the series that suppress alerts behind a fault.

For each member (a monitored device or a link) there is one `via` per neighbour that still reaches a root without it,
with the elements that would break this path: the link to the neighbour and the neighbour itself. A member is behind a
fault when all its paths are broken. An unmonitored node cannot be seen to fail, so a path leads through it to the next
monitored one. Whether a neighbour reaches a root without the member is answered for all members by one depth-first
search (low points: Hopcroft and Tarjan, 1973), so the cost grows linearly with the number of links.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final, NamedTuple

from collector.metrics import LINK_BANDWIDTH, LINK_END, UPSTREAM
from collector.probe import Sample
from collector.target import Graph

MOST_WAYS: Final = 64
"""Ways up of one member that are told apart. A member with more counts as never shadowed: unknown means reachable."""

MOST_HOPS: Final = 16
"""Unmonitored nodes in a row that a way is followed through."""

_ROOT: Final = "\0root"


class Way(NamedTuple):
    """One way up.

    Attributes:
        name: Unique within the member: the link, and where it leads through unmonitored nodes, the nodes after it.
        elements: What breaks it.
    """

    name: str
    elements: tuple[str, ...]


class _Edge(NamedTuple):
    number: int
    link: str
    to: str


class _Unsure(Exception):
    """There are more ways than are followed."""


class Network:
    """A graph prepared for questions of the kind "does A reach a root without B?"."""

    def __init__(self, graph: Graph) -> None:
        self._monitored = {node.name for node in graph.nodes if node.monitored} | set(graph.roots)
        self._roots = frozenset(graph.roots)
        self._edges: dict[str, list[_Edge]] = {node.name: [] for node in graph.nodes}
        self._ends: dict[str, tuple[int, str, str]] = {}
        self._up: dict[str, list[_Edge]] = {}
        for number, link in enumerate(graph.links):
            a, b = (end.device for end in link.ends)
            self._ends[link.name] = (number, a, b)
            self._edges.setdefault(a, []).append(_Edge(number, link.name, b))
            self._edges.setdefault(b, []).append(_Edge(number, link.name, a))
        for number, root in enumerate(sorted(self._roots)):
            self._edges.setdefault(root, []).append(_Edge(-1 - number, "", _ROOT))
        self._edges[_ROOT] = [_Edge(-1 - number, "", root) for number, root in enumerate(sorted(self._roots))]
        self._sort_edges()
        self._search()

    def _sort_edges(self) -> None:
        """Let each node's edges end with the one that is nearest to a root, so that searches find one at once."""
        hops, queue = {_ROOT: 0}, deque([_ROOT])
        while queue:
            node = queue.popleft()
            for edge in self._edges[node]:
                if edge.to not in hops:
                    hops[edge.to] = hops[node] + 1
                    queue.append(edge.to)
        for edges in self._edges.values():
            edges.sort(key=lambda edge: -hops.get(edge.to, len(hops)))

    def _search(self) -> None:
        """Number the nodes depth first from the roots; `low` is the smallest number that a subtree sees past itself."""
        self._first: dict[str, int] = {_ROOT: 0}
        self._last: dict[str, int] = {}
        self._low: dict[str, int] = {_ROOT: 0}
        self._branches: dict[str, list[str]] = {_ROOT: []}
        self._by: dict[str, int] = {}
        stack = [(_ROOT, iter(self._edges[_ROOT]))]
        while stack:
            node, edges = stack[-1]
            for edge in edges:
                if edge.number == self._by.get(node):
                    continue
                if edge.to in self._first:
                    self._low[node] = min(self._low[node], self._first[edge.to])
                    continue
                self._by[edge.to] = edge.number
                self._first[edge.to] = self._low[edge.to] = len(self._first)
                self._branches[edge.to] = []
                self._branches[node].append(edge.to)
                stack.append((edge.to, iter(self._edges[edge.to])))
                break
            else:
                stack.pop()
                self._last[node] = len(self._first) - 1
                if stack:
                    above = stack[-1][0]
                    self._low[above] = min(self._low[above], self._low[node])

    def _reaches_without_node(self, start: str, without: str) -> bool:
        if start == without or start not in self._first:
            return False
        if without not in self._first or not self._is_below(start, without):
            return True
        return self._low[self._branch(without, start)] < self._first[without]

    def _reaches_without_link(self, start: str, number: int) -> bool:
        if start not in self._first:
            return False
        # Only the edge by which the search came to a node can be a bridge; what is below it is then cut off.
        return not (self._by.get(start) == number and self._low[start] == self._first[start])

    def _is_below(self, node: str, above: str) -> bool:
        return self._first[above] < self._first[node] <= self._last[above]

    def _branch(self, above: str, below: str) -> str:
        branches = self._branches[above]
        place, low, high = self._first[below], 0, len(branches) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._first[branches[middle]] <= place else (low, middle - 1)
        return branches[low]

    def _reaches(self, start: str, without: tuple[str, ...], cut: int | None) -> bool:
        """Answer the general question by a search that stops at the first root."""
        blocked, stack = {*without, start}, [start]
        while stack:
            node = stack.pop()
            if node == _ROOT:
                return True
            for edge in self._edges[node]:
                if edge.to not in blocked and edge.number != cut:
                    blocked.add(edge.to)
                    stack.append(edge.to)
        return False

    def device_ways(self, device: str) -> list[Way]:
        """Return the ways up of a device; none for a root, and for one that reaches no root at all."""
        return [] if device in self._roots else self._bounded(device, (), None)

    def link_ways(self, link: str) -> list[Way]:
        """Return the ways up of a link: one per end that still reaches a root without it."""
        number, *ends = self._ends[link]
        ways: list[Way] = []
        for end in dict.fromkeys(ends):
            if self._reaches_without_link(end, number):
                if end in self._monitored:
                    ways.append(Way(end, (f"device:{end}",)))
                else:
                    ways += [Way(f"{end}/{way.name}", way.elements) for way in self._bounded(end, (), number)]
        return ways if len(ways) <= MOST_WAYS else [_never_broken(link)]

    def _bounded(self, start: str, without: tuple[str, ...], cut: int | None) -> list[Way]:
        ways: list[Way] = []
        try:
            for way in self._ways(start, without, cut):
                ways.append(way)
                if len(ways) > MOST_WAYS:
                    return [_never_broken(start)]
        except _Unsure:
            return [_never_broken(start)]
        return ways

    def _ways(self, start: str, without: tuple[str, ...], cut: int | None) -> Iterator[Way]:
        if len(without) > MOST_HOPS:
            raise _Unsure
        passed = (*without, start)
        for edge in self._edges_up(start):
            if edge.number == cut or edge.to in passed or not self._leads_up(edge.to, passed, cut):
                continue
            if edge.to in self._monitored:
                yield Way(edge.link, (f"link:{edge.link}", f"device:{edge.to}"))
                continue
            for way in self._ways(edge.to, passed, cut):
                yield Way(f"{edge.link}/{way.name}", (f"link:{edge.link}", *way.elements))

    def _edges_up(self, node: str) -> list[_Edge]:
        """Return the edges to neighbours that reach a root without the node itself; found once per node."""
        found = self._up.get(node)
        if found is None:
            edges = (edge for edge in self._edges[node] if edge.number >= 0)
            self._up[node] = found = [edge for edge in edges if self._reaches_without_node(edge.to, node)]
        return found

    def _leads_up(self, node: str, passed: tuple[str, ...], cut: int | None) -> bool:
        """Say whether a neighbour up from the last node passed also reaches a root without those before it.

        The low points answer for one node left out, and rule out most of the rest before a search is made.
        """
        if not all(self._reaches_without_node(node, other) for other in passed[:-1]):
            return False
        return (cut is None and len(passed) == 1) or self._reaches(node, passed, cut)

    def members(self) -> Iterator[tuple[str, list[Way]]]:
        """Yield every monitored device and every link with its ways up."""
        for device in self._edges:
            if device in self._monitored and device not in self._roots:
                yield f"device:{device}", self.device_ways(device)
        for link in self._ends:
            yield f"link:{link}", self.link_ways(link)


def upstream(graph: Graph) -> list[Sample]:
    """Return one `quang_upstream_info` per member, way and element."""
    return [
        Sample(UPSTREAM, (member, way.name, element), 1.0)
        for member, ways in Network(graph).members()
        for way in ways
        for element in dict.fromkeys(way.elements)
    ]


def link_ends(graph: Graph) -> list[Sample]:
    """Return where the state of each link's ends is read; an end without SNMP or without an interface has no row."""
    rows = {
        (link.name, end.device, end.interface): None
        for link in graph.links
        for end in link.ends
        if end.kind == "snmp" and end.interface
    }
    return [Sample(LINK_END, row, 1.0) for row in rows]


def link_bandwidths(graph: Graph) -> list[Sample]:
    """Return the contracted bandwidth of each link of which it is known."""
    known = {link.name: link.bandwidth_bps for link in graph.links if link.bandwidth_bps}
    return [Sample(LINK_BANDWIDTH, (name,), bandwidth) for name, bandwidth in known.items()]


def _never_broken(name: str) -> Way:
    """Return a way that no element can break, since nothing says that it is down."""
    return Way("unknown", (f"unknown:{name}",))
