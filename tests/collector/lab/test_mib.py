"""The table of a device: get, get-next and get-bulk as RFC 3416 wants them, within one datagram."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.lab import ber
from collector.lab.mib import MOST_OCTETS, Mib

ROOT = (1, 3, 6, 1)


def rows_of(answer: bytes) -> tuple[int, list[tuple[ber.Oid, int, bytes]]]:
    """Return the error status and the variables of a response."""
    _, message, _ = ber.read(answer)
    _, _, at = ber.read(message)
    _, _, at = ber.read(message, at)
    _, body, _ = ber.read(message, at)
    _, _, at = ber.read(body)
    _, status, at = ber.read(body, at)
    _, _, at = ber.read(body, at)
    _, listed, _ = ber.read(body, at)
    rows, at = [], 0
    while at < len(listed):
        _, row, at = ber.read(listed, at)
        _, name, end = ber.read(row)
        tag, value, _ = ber.read(row, end)
        rows.append((ber.arcs(name), tag, value))
    return ber.whole(status), rows


def ask(mib: Mib, kind: int, *oids: ber.Oid, first: int = 0, second: int = 0) -> list[tuple[ber.Oid, int, bytes]]:
    status, rows = rows_of(mib.answer(ber.Request(b"c", kind, 7, first, second, oids), now=0.0))
    assert status == 0
    return rows


@given(st.sets(st.integers(0, 200), min_size=1), st.integers(1, 60))
def test_a_walk_by_bulk_meets_every_variable_once_and_in_order(numbers: set[int], repetitions: int) -> None:
    mib = Mib([((*ROOT, number), ber.integer(number)) for number in numbers])
    found: list[ber.Oid] = []
    at: ber.Oid = ROOT
    while True:
        rows = ask(mib, ber.GET_BULK, at, second=repetitions)
        found += [oid for oid, tag, _ in rows if tag != ber.END_OF_MIB_VIEW]
        if rows[-1][1] == ber.END_OF_MIB_VIEW:
            break
        at = rows[-1][0]
    assert found == [(*ROOT, number) for number in sorted(numbers)]


def test_what_is_missing_is_named_as_missing() -> None:
    mib = Mib([((*ROOT, 1), ber.integer(1))])
    assert ask(mib, ber.GET, (*ROOT, 2)) == [((*ROOT, 2), ber.NO_SUCH_INSTANCE, b"")]
    assert ask(mib, ber.GET_NEXT, (*ROOT, 1)) == [((*ROOT, 1), ber.END_OF_MIB_VIEW, b"")]


def test_non_repeaters_are_answered_once() -> None:
    mib = Mib([((*ROOT, column, row), ber.integer(row)) for column in (1, 2) for row in range(5)])
    rows = ask(mib, ber.GET_BULK, (*ROOT, 1), (*ROOT, 2), first=1, second=3)
    assert [oid[4:] for oid, _, _ in rows] == [(1, 0), (2, 0), (2, 1), (2, 2)]


def test_a_value_may_change_with_time() -> None:
    mib = Mib([((*ROOT, 1), lambda now: ber.integer(int(now)))])
    request = ber.Request(b"c", ber.GET, 7, 0, 0, ((*ROOT, 1),))
    assert [rows_of(mib.answer(request, now))[1][0][2] for now in (3.0, 9.0)] == [b"\3", b"\t"]


def test_a_long_answer_is_given_in_part_and_never_larger_than_a_datagram_may_be() -> None:
    mib = Mib([((*ROOT, number), ber.octets("x" * 200)) for number in range(100)])
    answer = mib.answer(ber.Request(b"c", ber.GET_BULK, 7, 0, 100, (ROOT,)), now=0.0)
    assert len(answer) <= MOST_OCTETS
    assert 10 < len(rows_of(answer)[1]) < 100


def test_a_get_that_does_not_fit_is_too_big() -> None:
    mib = Mib([((*ROOT, number), ber.octets("x" * 200)) for number in range(100)])
    asked = tuple((*ROOT, number) for number in range(100))
    assert rows_of(mib.answer(ber.Request(b"c", ber.GET, 7, 0, 0, asked), now=0.0)) == (1, [])


def test_a_variable_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Mib([(ROOT, ber.integer(1)), (ROOT, ber.integer(2))])
