import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.keys import BadKey, Keys
from tests.support.threads import together

KEYS = Keys(b"\x01" * 32)


def test_a_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "home" / "key"
    first = Keys.from_file(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keys.from_file(file).chain_key == first.chain_key
    assert [path.name for path in file.parent.iterdir()] == ["key"]


def test_two_first_starts_at_once_have_one_key(tmp_path: Path) -> None:
    made = together(*[lambda: Keys.from_file(tmp_path / "key").chain_key] * 8)
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hello",
        "quang-key-1:",
        "quang-key-1:AAAA",
        "quang-key-1:!!!!",
        "quang-key-2:" + "A" * 44,
        "\xff",
    ],
)
def test_a_file_that_is_no_key_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key"
    file.write_text(content, encoding="latin-1")
    file.chmod(0o600)
    with pytest.raises(BadKey) as caught:
        Keys.from_file(file)
    assert str(file) in caught.value.reason.vi


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key"
    Keys.from_file(file)
    file.chmod(mode)
    with pytest.raises(BadKey) as caught:
        Keys.from_file(file)
    assert "chmod 600" in caught.value.first_step.en


@given(text=st.text(max_size=200))
def test_what_is_sealed_opens_again_and_shows_nothing(text: str) -> None:
    sealed = KEYS.seal(text)
    assert KEYS.open(sealed) == text
    assert KEYS.seal(text) != sealed
    if len(text) > 9:
        assert text not in sealed


@given(text=st.text(min_size=1, max_size=50), at=st.integers(0, 60))
def test_a_sealed_text_that_was_changed_does_not_open(text: str, at: int) -> None:
    sealed = KEYS.seal(text)
    at %= len(sealed.rstrip("=")) - 2
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    for wrong in (changed, sealed[:-8], ""):
        with pytest.raises(BadKey):
            KEYS.open(wrong)
    with pytest.raises(BadKey):
        Keys(b"\x02" * 32).open(sealed)


def test_no_key_stands_in_a_repr() -> None:
    assert repr(KEYS) == "Keys(...)"


def test_a_key_is_known_again_by_a_fingerprint_that_is_none_of_its_keys() -> None:
    assert KEYS.fingerprint == Keys(b"\x01" * 32).fingerprint != Keys(b"\x02" * 32).fingerprint
    assert len(bytes.fromhex(KEYS.fingerprint)) == 16
    for key in (KEYS.chain_key, KEYS.cursor_key, KEYS.configuration_key):
        assert not key.hex().startswith(KEYS.fingerprint)
