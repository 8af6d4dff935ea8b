from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.upstream.cache import Cached, load, save

CACHED = Cached(
    b'{"scope": "main", "community": "plantedsecret"}', '"tag"', datetime(2026, 1, 1, tzinfo=UTC), ("a", "b")
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roster"


def test_what_is_saved_is_read_back(path: Path) -> None:
    save(path, CACHED, "token")
    assert load(path, ["token"]) == CACHED


def test_the_file_says_nothing_and_only_its_owner_may_read_it(path: Path) -> None:
    save(path, CACHED, "token")
    assert b"plantedsecret" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_two_files_of_one_roster_share_no_salt(path: Path) -> None:
    save(path, CACHED, "token")
    first = path.read_bytes()
    save(path, CACHED, "token")
    assert path.read_bytes()[15:31] != first[15:31]


def test_while_tokens_are_changed_both_are_tried(path: Path) -> None:
    save(path, CACHED, "old")
    assert load(path, ["new", "old"]) == CACHED


def test_a_missing_file_is_no_roster(path: Path) -> None:
    assert load(path, ["token"]) is None


def test_a_file_of_another_token_is_set_aside(path: Path) -> None:
    save(path, CACHED, "token")
    assert load(path, ["other"]) is None
    assert not path.exists()
    assert path.with_name("roster.damaged").exists()


@given(st.data())
def test_any_change_to_the_file_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("cache") / "roster"
    save(path, CACHED, "token")
    raw = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(raw[: data.draw(st.sampled_from([len(raw), place, 20]))])
    assert load(path, ["token"]) is None
    assert path.with_name("roster.damaged").exists()


def test_a_disk_that_fills_up_leaves_the_file_of_before(path: Path) -> None:
    save(path, CACHED, "token")
    (path.with_name("roster.new")).mkdir()
    with pytest.raises(OSError, match="directory"):
        save(path, CACHED, "token")
    path.with_name("roster.new").rmdir()
    assert load(path, ["token"]) == CACHED
