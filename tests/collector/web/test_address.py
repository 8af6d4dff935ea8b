from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.web.address import ascii_address, location


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("https://a.vn/x?y#z", "https://a.vn/x?y#z"),
        ("https://tân.vn:8443/ủ%20?ý=%", "https://xn--tn-pia.vn:8443/%E1%BB%A7%20?%C3%BD=%"),
        ("https://[::1]:8443/ủ", "https://[::1]:8443/%E1%BB%A7"),
    ],
)
def test_names_and_paths_become_ascii(written: str, asked: str) -> None:
    assert ascii_address(written) == asked


@given(st.text(st.characters(min_codepoint=0x21), max_size=30))
def test_whatever_is_written_becomes_ascii_of_the_same_kind_or_is_refused(text: str) -> None:
    try:
        found = ascii_address(f"https://a.vn/{text}")
    except ValueError:
        return
    assert found.isascii()
    assert urlsplit(found).hostname == "a.vn"


@given(st.binary(max_size=40))
def test_a_redirect_is_read_whatever_its_octets(value: bytes) -> None:
    assert " " not in location(value)
