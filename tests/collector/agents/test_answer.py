import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.agents.answer import status_of
from tests.support.hostile_agent import GET, Request, Rows, cell, respond

ASKED = Request(b"public", GET, 7, 0, ())


@given(st.integers(0, 127), st.integers(0, 30))
def test_status_and_number_of_values_are_read(status: int, count: int) -> None:
    rows: Rows = [((1, 3, 6, 1, row), cell("x" * 200)) for row in range(count)]
    name, values = status_of(respond(ASKED, rows, status=status))
    assert values == count
    assert bool(name) == bool(status)


@pytest.mark.parametrize(("status", "name"), [(0, ""), (1, "tooBig"), (5, "genErr"), (18, "inconsistentName")])
def test_an_error_has_the_name_of_the_standard(status: int, name: str) -> None:
    assert status_of(respond(ASKED, [], status=status))[0] == name


@given(st.binary(max_size=200))
def test_octets_that_are_no_snmp_are_refused_and_nothing_else_happens(packet: bytes) -> None:
    try:
        status_of(packet)
    except ValueError:
        return


@given(st.data())
def test_a_cut_packet_is_refused(data: st.DataObject) -> None:
    packet = respond(ASKED, [((1, 3, 6, 1, 1), cell("x" * 100))])
    with pytest.raises(ValueError, match=r".*"):
        status_of(packet[: data.draw(st.integers(0, len(packet) - 1))])
