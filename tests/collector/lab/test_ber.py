"""The codec: what is written is read again, and nothing that comes in over the network can hurt it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.lab import ber

oids = st.tuples(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**32 - 1), max_size=40)).map(
    lambda parts: (parts[0], parts[1], *parts[2])
)


def encoded(kind: int, community: bytes, numbers: tuple[int, int, int], asked: list[ber.Oid]) -> bytes:
    rows = b"".join(ber.tlv(ber.SEQUENCE, ber.object_id(oid) + ber.empty(ber.NULL)) for oid in asked)
    body = b"".join(ber.integer(number) for number in numbers) + ber.tlv(ber.SEQUENCE, rows)
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.octets(community) + ber.tlv(kind, body))


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_whole_number_is_read_as_it_was_written(value: int) -> None:
    tag, content, end = ber.read(ber.integer(value))
    assert (tag, ber.whole(content), end) == (ber.INTEGER, value, len(ber.integer(value)))


@given(oids)
def test_an_object_identifier_is_read_as_it_was_written(oid: ber.Oid) -> None:
    assert ber.arcs(ber.read(ber.object_id(oid))[1]) == oid


@given(st.binary(max_size=70_000))
def test_an_element_of_any_size_is_read_as_it_was_written(content: bytes) -> None:
    data = ber.tlv(ber.OCTETS, content)
    assert ber.read(data) == (ber.OCTETS, content, len(data))


@given(
    st.sampled_from([ber.GET, ber.GET_NEXT, ber.GET_BULK]),
    st.binary(max_size=60),
    st.tuples(st.integers(-(2**31), 2**31 - 1), st.integers(0, 100), st.integers(0, 100)),
    st.lists(oids, max_size=20),
)
def test_a_request_is_read_as_it_was_written(
    kind: int, community: bytes, numbers: tuple[int, int, int], asked: list[ber.Oid]
) -> None:
    request = ber.parse(encoded(kind, community, numbers, asked))
    assert request == ber.Request(community, kind, *numbers, tuple(asked))


@given(st.binary(max_size=300))
def test_rubbish_is_refused_and_never_breaks_the_reader(data: bytes) -> None:
    try:
        ber.parse(data)
    except ber.Malformed:
        return


@given(st.integers(0, 400))
def test_a_request_that_is_cut_off_is_refused(size: int) -> None:
    whole = encoded(ber.GET, b"public", (1, 0, 0), [(1, 3, 6, 1, 2, 1, 1, 3, 0)] * 12)
    if size < len(whole):
        with pytest.raises(ber.Malformed):
            ber.parse(whole[:size])


def test_a_request_for_too_many_variables_is_refused() -> None:
    most = [(1, 3, 6, 1)] * ber.MOST_BINDINGS
    assert len(ber.parse(encoded(ber.GET, b"x", (1, 0, 0), most)).oids) == ber.MOST_BINDINGS
    with pytest.raises(ber.Malformed):
        ber.parse(encoded(ber.GET, b"x", (1, 0, 0), [*most, (1, 3, 6, 1)]))


def test_a_request_that_writes_or_speaks_another_version_is_refused() -> None:
    with pytest.raises(ber.Malformed, match="reads"):
        ber.parse(encoded(0xA3, b"x", (1, 0, 0), []))
    with pytest.raises(ber.Malformed, match="2c"):
        ber.parse(ber.tlv(ber.SEQUENCE, ber.integer(0) + ber.octets(b"x") + ber.tlv(ber.GET, b"")))


@pytest.mark.parametrize(
    ("encode", "largest"), [(ber.counter32, 2**32 - 1), (ber.counter64, 2**64 - 1), (ber.gauge32, 2**32 - 1)]
)
def test_unsigned_numbers_stay_unsigned(encode: object, largest: int) -> None:
    assert callable(encode)
    content = ber.read(encode(largest))[1]
    assert int.from_bytes(content, "big") == largest
    assert content[0] == 0


def test_a_counter_wraps_and_a_gauge_stops_at_its_end() -> None:
    assert ber.whole(ber.read(ber.counter32(2**32 + 5))[1]) == 5
    assert ber.gauge32(2**40) == ber.gauge32(2**32 - 1)
    assert ber.ticks(1.5) == ber.integer(150, ber.TIME_TICKS)


@pytest.mark.parametrize("oid", [(), (1,), (3, 1), (1, 40)])
def test_what_is_no_object_identifier_is_not_written(oid: ber.Oid) -> None:
    with pytest.raises(ValueError, match="no object identifier"):
        ber.object_id(oid)


@pytest.mark.parametrize("value", [-(2**63), -(2**15), -129, -128, -1, 0, 127, 128, 2**31, 2**63 - 1])
def test_a_whole_number_takes_the_fewest_octets(value: int) -> None:
    content = ber.read(ber.integer(value))[1]
    assert ber.whole(content) == value
    assert len(content) == 1 or content[0] not in {0x00, 0xFF} or (content[0] ^ content[1]) & 0x80
