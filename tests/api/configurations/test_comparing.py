from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.configurations.archive import Archive, Copy
from api.configurations.comparing import CONTEXT, MOST_COMPARED, MOST_SHOWN, difference, shown
from inventory.keys import Keys

AT = datetime(2026, 11, 23, tzinfo=UTC)
ARCHIVE = Archive(Path("/nowhere"), Keys(bytes(32)))


def copy(*lines: str) -> Copy:
    return Copy("sw", "0" * 40, "ios", AT, "\n".join(lines))


def test_a_changed_line_stands_among_its_neighbours() -> None:
    before = [f"line {number}" for number in range(20)]
    after = [*before[:10], "changed", *before[11:]]
    found = difference(ARCHIVE, copy(*before), copy(*after))
    assert (found.added, found.removed, found.left_out) == (1, 1, 0)
    assert [(line.sign, line.text) for line in found.lines] == [
        ("gap", ""), *(("same", f"line {number}") for number in range(10 - CONTEXT, 10)),
        ("removed", "line 10"), ("added", "changed"),
        *(("same", f"line {number}") for number in range(11, 11 + CONTEXT)), ("gap", ""),
    ]  # fmt: skip
    assert [line.number for line in found.lines if line.sign != "gap"] == [8, 9, 10, 11, 11, 12, 13, 14]


def test_a_changed_secret_is_a_difference_that_shows_neither() -> None:
    found = difference(ARCHIVE, copy("hostname sw", "password PLANTED1"), copy("hostname sw", "password PLANTED2"))
    assert (found.added, found.removed) == (1, 1)
    assert "PLANTED" not in repr(found)


def test_the_same_is_no_difference() -> None:
    found = difference(ARCHIVE, copy("a", "b"), copy("a", "b"))
    assert (found.lines, found.added, found.removed) == ((), 0, 0)


def test_the_first_copy_is_all_new() -> None:
    found = difference(ARCHIVE, None, copy("a", "b"))
    assert [(line.sign, line.number, line.text) for line in found.lines] == [("added", 1, "a"), ("added", 2, "b")]


def test_a_difference_beyond_all_measure_is_bounded() -> None:
    count = MOST_COMPARED + 500
    before = copy(*(f"old {number}" for number in range(count)))
    found = difference(ARCHIVE, before, copy(*(f"new {number}" for number in range(count))))
    assert (found.added, found.removed) == (count, count)
    assert len(found.lines) == MOST_SHOWN
    assert found.left_out == 2 * count - MOST_SHOWN


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_a_difference_leads_from_the_older_to_the_newer(before: list[str], after: list[str]) -> None:
    found = difference(ARCHIVE, copy(*before), copy(*after))
    assert found.added - found.removed == len(shown(ARCHIVE, copy(*after))) - len(shown(ARCHIVE, copy(*before)))
    for line in found.lines:
        if line.sign in {"same", "added"}:
            assert shown(ARCHIVE, copy(*after))[line.number - 1] == line.text
        if line.sign == "removed":
            assert shown(ARCHIVE, copy(*before))[line.number - 1] == line.text


@pytest.mark.parametrize("lines", [("",), ("a",), ("a", "", "b")])
def test_what_is_shown_has_the_lines_of_the_copy(lines: tuple[str, ...]) -> None:
    assert shown(ARCHIVE, copy(*lines)) == [line for line in lines if line or len(lines) > 1]
