"""Files are put in their places all together or not at all."""

from pathlib import Path

import pytest

from api.backup.moving import Moves, all_or_nothing


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_what_is_in_the_way_moves_aside(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("new")
    (tmp_path / "there").write_text("old")
    moves = Moves("now")
    with all_or_nothing(moves):
        moves.put(tmp_path / "new", tmp_path / "there")
    assert files(tmp_path) == {"there": "new", "before-restore-now/there": "old"}
    assert moves.aside == [(tmp_path / "there", tmp_path / "before-restore-now" / "there")]


def put_both(folder: Path) -> None:
    moves = Moves("now")
    with all_or_nothing(moves):
        moves.put(folder / "new", folder / "there")
        moves.put(folder / "missing", folder / "forms")


def test_a_move_that_fails_undoes_those_before_it(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("new")
    (tmp_path / "there").write_text("old")
    (tmp_path / "forms").write_text("forms")
    before = files(tmp_path)
    with pytest.raises(FileNotFoundError):
        put_both(tmp_path)
    assert files(tmp_path) == before
    assert not (tmp_path / "before-restore-now").exists()
