"""How many devices lose the root when something is down: checked against walks of every path."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.books import Books
from inventory.columns import now
from inventory.db import reading
from inventory.network.topology import Graph, Line, Node, behind, read_graph
from tests.support.books import statements
from tests.support.network import District, book

RING = Graph(
    nodes=tuple(Node(name, number) for number, name in enumerate(["core", "a", "b", "c", "far"])),
    lines=(
        Line("core-a", "core", "a"),
        Line("a-b", "a", "b"),
        Line("b-c", "b", "c"),
        Line("c-core", "c", "core"),
        Line("b-far", "b", "far"),
    ),
    roots=frozenset({"core"}),
)


def test_a_cut_of_a_ring_leaves_everybody_connected() -> None:
    assert [behind(RING, f"link:{name}") for name in ("core-a", "a-b", "b-c", "c-core")] == [set()] * 4


def test_a_cut_of_the_only_line_counts_what_hangs_on_it() -> None:
    assert behind(RING, "link:b-far") == {"far"}


def test_a_dead_device_does_not_count_itself() -> None:
    assert behind(RING, "device:b") == {"far"}
    assert behind(RING, "device:far") == set()


def test_everything_is_behind_the_root() -> None:
    assert behind(RING, "device:core") == {"a", "b", "c", "far"}


def test_a_dark_site_counts_only_devices_of_other_sites() -> None:
    graph = Graph((*RING.nodes, Node("pc", 4)), (*RING.lines, Line("far-pc", "far", "pc")), RING.roots)
    assert behind(graph, "site:far", {"far": 4}) == set()
    assert behind(graph, "site:b", {"b": 2}) == {"far", "pc"}


def test_what_nobody_knows_has_nothing_behind_it() -> None:
    for element in ("link:none", "device:none", "site:none", "service:portal", "rule:Watchdog", "", ":", "device"):
        assert behind(RING, element, {"b": 2}) == set()


def test_rows_of_the_books_become_a_graph_and_a_link_without_its_end_is_left_out(books: Books) -> None:
    district = District(books)
    for row in (district.far_router, district.other_line):
        row.retired_at = now()
        book(books, row)
    with statements(books) as asked, reading(books.engine) as session:
        graph = read_graph(session)
    assert len(asked) == 2
    assert graph == Graph(
        tuple(Node(row.name, row.site_id) for row in (district.core, district.other_router, district.near_router)),
        (Line("viet-vinh", "core", "vv-r1"),),
        frozenset({"core"}),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    names = [f"n{number}" for number in range(draw(st.integers(1, 7)))]
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=12))
    roots = draw(st.sets(st.sampled_from(names), max_size=2))
    return Graph(
        tuple(Node(name, number % 3) for number, name in enumerate(names)),
        tuple(Line(f"l{number}", a, b) for number, (a, b) in enumerate(pairs)),
        frozenset(roots),
    )


def reaches(graph: Graph, start: str, down: set[str], passed: tuple[str, ...] = ()) -> bool:
    """Return whether any path without repeats leads from `start` to a root; every path is tried."""
    if start in down or start in passed:
        return False
    if start in graph.roots:
        return True
    steps = [
        (line.b if line.a == start else line.a)
        for line in graph.lines
        if start in (line.a, line.b) and line.name not in down
    ]
    return any(reaches(graph, step, down, (*passed, start)) for step in steps)


@given(graphs(), st.data())
def test_the_number_behind_equals_a_walk_of_every_path(graph: Graph, data: st.DataObject) -> None:
    devices = [(f"device:{node.name}", {node.name}) for node in graph.nodes]
    links = [(f"link:{line.name}", {line.name}) for line in graph.lines]
    sites = [(f"site:s{n}", {node.name for node in graph.nodes if node.site_id == n}) for n in range(3)]
    element, down = data.draw(st.sampled_from([*devices, *links, *sites]))
    lost = {
        node.name
        for node in graph.nodes
        if node.name not in down and reaches(graph, node.name, set()) and not reaches(graph, node.name, down)
    }
    assert behind(graph, element, {f"s{n}": n for n in range(3)}) == lost
