"""The decoder against what net-snmp really sends."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from collector.target import SnmpV2c, SnmpV3
from collector.traps.decoder import Decoder, Dropped, Notice
from tests.support import notifier
from tests.support.polling import PUBLIC, v3

OPS = v3("ops", "authpass1", "privpass1")


@pytest.fixture(scope="module")
def catch() -> Iterator[Callable[[Callable[[int], bool]], bytes]]:
    """Return what catches the first packet of a notification."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(60)

        def caught(send: Callable[[int], bool]) -> bytes:
            send(sock.getsockname()[1])
            return sock.recv(9_000)

        yield caught


@pytest.fixture(scope="module")
def trap_v2c(catch: Callable[[Callable[[int], bool]], bytes]) -> bytes:
    return catch(lambda port: notifier.send(port, notifier.v2c()))


@pytest.fixture(scope="module")
def trap_v3(catch: Callable[[Callable[[int], bool]], bytes]) -> bytes:
    return catch(lambda port: notifier.send(port, notifier.v3()))


def broken(packet: bytes) -> bytes:
    """Return a packet whose last octet is another one; what it is by itself, encryption decides."""
    return packet[:-1] + bytes([packet[-1] ^ 1])


def refused(packet: bytes, *credentials: SnmpV2c | SnmpV3) -> str:
    with pytest.raises(Dropped) as caught:
        Decoder("edge").read(packet, credentials)
    return caught.value.reason


@pytest.mark.parametrize(
    ("generic", "kind"),
    [(0, "cold_start"), (1, "warm_start"), (2, "link_down"), (3, "link_up"), (4, "authentication_failure"),
     (5, "other"), (6, "other")],
)  # fmt: skip
def test_a_trap_of_v1_is_known_by_its_generic_number(
    catch: Callable[[Callable[[int], bool]], bytes], generic: int, kind: str
) -> None:
    packet = catch(lambda port: notifier.send_v1(port, generic))
    assert Decoder("edge").read(packet, [PUBLIC]) == Notice("v1", kind)


def test_a_trap_of_v2c_is_known_by_its_object_identifier(
    catch: Callable[[Callable[[int], bool]], bytes], trap_v2c: bytes
) -> None:
    other = catch(lambda port: notifier.send(port, notifier.v2c(), notifier.OTHER))
    assert Decoder("edge").read(trap_v2c, [OPS, PUBLIC]) == Notice("v2c", "link_down")
    assert Decoder("edge").read(other, [PUBLIC]) == Notice("v2c", "other")


def test_a_trap_of_v3_is_decrypted_with_keys_made_for_its_sender(trap_v3: bytes) -> None:
    decoder = Decoder("edge")
    assert [decoder.read(trap_v3, [PUBLIC, OPS]) for _ in range(2)] == [Notice("v3", "link_down")] * 2


@pytest.mark.parametrize("auth", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_every_way_to_authenticate_is_understood(catch: Callable[[Callable[[int], bool]], bytes], auth: str) -> None:
    name = (
        auth.upper().replace("SHA1", "SHA").replace("SHA2", "SHA-2").replace("SHA3", "SHA-3").replace("SHA5", "SHA-5")
    )
    options = [name if word == "SHA-256" else word for word in notifier.v3()]
    packet = catch(lambda port: notifier.send(port, options))
    assert Decoder("edge").read(packet, [v3("ops", "authpass1", "privpass1", auth=auth)]).kind == "link_down"


def test_a_wrong_community_user_or_key_is_refused(trap_v2c: bytes, trap_v3: bytes) -> None:
    private = SnmpV2c(community=SecretStr("private"))
    assert refused(trap_v2c, private, OPS) == "wrong_credential"
    assert refused(trap_v3, PUBLIC) == "wrong_credential"
    assert refused(trap_v3, v3("boss", "authpass1", "privpass1")) == "wrong_credential"
    assert refused(trap_v3, v3("ops", "authpass2", "privpass1")) == "wrong_credential"
    assert refused(trap_v3) == "wrong_credential"


def test_a_trap_with_less_security_than_is_booked_is_refused(catch: Callable[[Callable[[int], bool]], bytes]) -> None:
    for level in ("noAuthNoPriv", "authNoPriv"):
        packet = catch(lambda port, level=level: notifier.send(port, notifier.v3(level=level)))  # type: ignore[misc]
        assert refused(packet, OPS) == "wrong_credential"


def test_keys_are_not_kept_for_a_sender_that_is_not_authentic(trap_v3: bytes) -> None:
    decoder = Decoder("edge")
    for _ in range(3):
        with pytest.raises(Dropped):
            decoder.read(broken(trap_v3), [OPS])
    assert decoder.read(trap_v3, [OPS]).kind == "link_down"


def test_unknown_engines_are_bounded(trap_v3: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.traps.decoder.NEW_BURST", 1.0)
    monkeypatch.setattr("collector.traps.decoder.NEW_PER_S", 1e-6)
    decoder = Decoder("edge")
    with pytest.raises(Dropped):
        decoder.read(broken(trap_v3), [OPS])
    with pytest.raises(Dropped) as caught:
        decoder.read(trap_v3, [OPS])
    assert caught.value.reason == "unknown_engine"


@pytest.mark.parametrize("generic", ["0101ff", "02087fffffffffffffff", "020c" + "80" + "00" * 11])
def test_a_generic_number_that_nobody_has_is_no_fault(generic: str) -> None:
    kind = bytes.fromhex(generic)
    inside = bytes.fromhex("06062b0601040109" + "400401020304") + kind + bytes.fromhex("020100" + "430101" + "3000")
    body = bytes.fromhex("020100" + "04067075626c6963") + bytes((0xA4, len(inside))) + inside
    with contextlib.suppress(Dropped):
        assert Decoder("edge").read(bytes((0x30, len(body))) + body, [PUBLIC]).kind == "other"


def test_a_question_is_no_notification() -> None:
    get = bytes.fromhex("302902010104067075626c6963a01c02047f000001020100020100300e300c06082b060102010103000500")
    assert refused(get, PUBLIC) == "no_notification"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_notification_is_taken_or_dropped_but_never_a_fault(
    trap_v2c: bytes, trap_v3: bytes, data: st.DataObject
) -> None:
    packet = bytearray(data.draw(st.sampled_from([trap_v2c, trap_v3])))
    for place, octet in data.draw(
        st.lists(st.tuples(st.integers(0, len(packet) - 1), st.integers(0, 255)), max_size=6)
    ):
        packet[place] = octet
    with contextlib.suppress(Dropped):
        assert isinstance(_LASTING.read(bytes(packet), [PUBLIC, OPS]), Notice)


_LASTING = Decoder("edge")


def test_a_user_that_fails_for_ever_does_not_fill_the_memory(trap_v3: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.traps.decoder.FAILURES_MOST", 3)
    decoder = Decoder("edge")
    for _ in range(6):
        with pytest.raises(Dropped):
            decoder.read(broken(trap_v3), [OPS])
    assert decoder.read(trap_v3, [OPS]).kind == "link_down"


def test_no_secret_shows_in_a_failure(trap_v3: bytes) -> None:
    with pytest.raises(Dropped) as caught:
        Decoder("edge").read(trap_v3, [v3("ops", "planted-secret-1", "planted-secret-2")])
    assert "planted" not in repr(caught.value) + repr(vars(caught.value))
