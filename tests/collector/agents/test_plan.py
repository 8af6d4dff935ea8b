from hypothesis import given
from hypothesis import strategies as st

from collector.agents.plan import ANSWER_MAX, ANSWER_MIN, packets
from collector.probes.snmp_interfaces import COLUMNS
from collector.snmp import SYS_UP_TIME
from tests.support import hostile_agent as hostile
from tests.support.hostile_agent import Cell, Request

UDP_MAX = 1_472
"""What an Ethernet frame holds of a datagram over IPv4."""

SCALARS = ("1.3.6.1.2.1.31.1.5.0", "1.3.6.1.2.1.2.1.0")
OIDS = tuple(oid for _, oid in COLUMNS)

indexes = st.lists(st.integers(1, 2**31 - 1).map(str), max_size=60, unique=True).map(tuple)


def largest(oid: str) -> Cell:
    """Return the most that a cell can hold."""
    wide = oid.startswith("1.3.6.1.2.1.31.1.1.1.")
    return hostile.cell(2**64 - 1, hostile.COUNTER64) if wide else hostile.cell(2**32 - 1, hostile.COUNTER32)


@given(indexes)
def test_no_answer_about_cells_is_sent_in_parts_whatever_the_ports_are_numbered_and_have_counted(
    rows: tuple[str, ...],
) -> None:
    for packet in packets(SCALARS, OIDS, rows, ANSWER_MAX):
        request = Request(b"c" * 32, hostile.GET, 2**31 - 1, 0, ())
        assert len(hostile.respond(request, [(hostile.key(oid), largest(oid)) for oid in packet])) <= UDP_MAX


@given(indexes, st.integers(ANSWER_MIN, ANSWER_MAX))
def test_every_cell_is_asked_once_and_in_order_beside_the_time_since_the_start(
    rows: tuple[str, ...], size: int
) -> None:
    asked = packets(SCALARS, OIDS, rows, size)
    assert all(packet[0] == SYS_UP_TIME for packet in asked)
    wanted = [*SCALARS, *(f"{column}.{row}" for column in OIDS for row in rows)]
    assert [oid for packet in asked for oid in packet[1:]] == wanted


def test_24_ports_take_five_packets() -> None:
    assert len(packets(SCALARS, OIDS, tuple(map(str, range(1, 25))), ANSWER_MAX)) == 5
