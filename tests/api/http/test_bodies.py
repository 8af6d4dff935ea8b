import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.bodies import LARGEST_NUMBER, parsed
from api.http.refusals import Malformed
from inventory.errors import Invalid


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b"\xff\xfe{}",
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\xc3"}',
        b"{'a': 1}",
    ],
)
def test_what_is_no_plain_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        parsed(body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": "\\ud800"}', "name"),
        (b'{"deep": [{"name": "\\udfff"}]}', "deep.0.name"),
        (b'{"\\u0000": 1}', ""),
        (b'{"count": 9007199254740992}', "count"),
        (b'{"count": 1e308}', "count"),
        (b'{"count": -1e999}', "count"),
    ],
)
def test_what_no_database_can_hold_is_named(body: bytes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parsed(body)
    assert [problem.field for problem in refused.value.problems] == [field]


letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
plain = st.dictionaries(
    letters,
    letters | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | st.booleans() | st.none() | st.lists(letters, max_size=3),
)


@given(plain)
def test_a_plain_object_is_read_as_it_was_written(value: dict[str, object]) -> None:
    assert parsed(json.dumps(value).encode()) == value


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(Malformed, Invalid):
        assert isinstance(parsed(body), dict)
