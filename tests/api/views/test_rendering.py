"""Where a page may lead back to."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.views.rendering import local_path


@given(st.text(max_size=60) | st.sampled_from(["//a", "/\\a", "http://a", "javascript:0", "/a\nb", "/\t/a", "///a"]))
def test_an_address_to_go_back_to_never_leaves_this_site(given: str) -> None:
    path = local_path(given)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isprintable()
    assert not urlsplit(path).netloc


@pytest.mark.parametrize("path", ["/", "/links?q=a%20b", "/sites/tan-lap#map"])
def test_an_address_of_this_site_is_kept(path: str) -> None:
    assert local_path(path) == path
