import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import encoder
from pyasn1.type import univ

from collector.traps.envelope import Envelope, Malformed, open_envelope

OCTETS = st.binary(max_size=300)


def community_message(version: int, community: bytes) -> bytes:
    message = univ.Sequence()
    message[0], message[1], message[2] = univ.Integer(version), univ.OctetString(community), univ.Null("")
    return bytes(encoder.encode(message))


def user_message(engine: bytes, user: bytes) -> bytes:
    inner = univ.Sequence()
    for number, part in enumerate((univ.OctetString(engine), univ.Integer(7), univ.Integer(9), univ.OctetString(user))):
        inner[number] = part
    header, message = univ.Sequence(), univ.Sequence()
    header[0] = univ.Integer(1)
    for number, part in enumerate((univ.Integer(3), header, univ.OctetString(encoder.encode(inner)), univ.Null(""))):
        message[number] = part
    return bytes(encoder.encode(message))


@given(st.sampled_from([0, 1]), OCTETS)
def test_a_community_is_read_as_it_was_written(version: int, community: bytes) -> None:
    envelope = open_envelope(community_message(version, community))
    assert (envelope.version, envelope.community) == (("v1", "v2c")[version], community)


@given(st.binary(max_size=32), st.binary(max_size=255))
def test_engine_and_user_are_read_as_they_were_written(engine: bytes, user: bytes) -> None:
    envelope = open_envelope(user_message(engine, user))
    assert (envelope.version, envelope.engine, envelope.user) == ("v3", engine, user)


@given(st.binary(max_size=200))
def test_any_octets_are_an_envelope_or_malformed(packet: bytes) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(open_envelope(packet), Envelope)


@given(st.integers(min_value=0, max_value=1_000), OCTETS)
def test_a_message_cut_short_or_followed_by_more_is_malformed(cut: int, community: bytes) -> None:
    packet = community_message(1, community)
    with pytest.raises(Malformed):
        open_envelope(packet[: cut % len(packet)])
    with pytest.raises(Malformed):
        open_envelope(packet + b"\0")


@pytest.mark.parametrize(
    "packet",
    [
        community_message(2, b"public"),
        community_message(300, b"public"),
        user_message(b"e" * 33, b"u"),
        user_message(b"e", b"u" * 256),
        b"\x30\x80\x02\x01\x01\x04\x00\x00\x00",
        b"\x30\x85\x01\x00\x00\x00\x00",
    ],
    ids=["version 2", "version 300", "a long engine", "a long user", "an indefinite length", "a length of 5 octets"],
)
def test_what_no_agent_sends_is_malformed(packet: bytes) -> None:
    with pytest.raises(Malformed):
        open_envelope(packet)


def test_a_community_never_shows_in_a_representation() -> None:
    assert "public" not in repr(open_envelope(community_message(1, b"public")))
