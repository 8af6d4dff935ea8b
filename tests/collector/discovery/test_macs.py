import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.discovery.macs import mac_in_index, mac_of


@given(st.binary(min_size=6, max_size=6))
def test_an_address_of_one_machine_is_written_with_colons(octets: bytes) -> None:
    mac = mac_of(octets)
    assert mac == "" or (bytes.fromhex(mac.replace(":", "")) == octets and not octets[0] & 1)
    assert mac_in_index([str(octet) for octet in octets]) == mac


@pytest.mark.parametrize(
    "value",
    [
        None, "00:11:22:33:44:55", 7, b"", b"\0" * 5, b"\0" * 6, b"\xff" * 6, b"\x01\x00\x5e\x00\x00\x01",
        b"\x00\x00\x5e\x00\x01\x07", b"\x00\x00\x0c\x07\xac\x01", b"\0" * 8,
        b"\x00\x00\x0c\x9f\xf0\x01", b"\x00\x05\x73\xa0\x00\x01", b"\x00\x07\xb4\x00\x01\x02",
    ],
)  # fmt: skip
def test_what_belongs_to_no_single_machine_is_left_out(value: object) -> None:
    assert mac_of(value) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize("parts", [[], ["1"] * 5, ["1"] * 7, ["256"] * 6, ["x"] * 6, ["-1"] * 6])
def test_an_index_that_is_no_address_is_left_out(parts: list[str]) -> None:
    assert mac_in_index(parts) == ""
