import json
import os
from pathlib import Path

import pytest
import yaml

from alerts.rule import WrongThreshold
from dashboards.boards import BOARDS
from dashboards.panels import DATASOURCE
from dashboards.provisioning import GrafanaPlan
from dashboards.render import rendered, write
from inventory.text import LANGUAGES

PLAN = GrafanaPlan(prometheus_url="http://127.0.0.1:9090", boards_folder=Path("/srv/boards"))


def test_every_board_is_written_in_every_language_and_parses(tmp_path: Path) -> None:
    paths = write(tmp_path, PLAN)
    boards = {path.relative_to(tmp_path).as_posix() for path in paths if path.suffix == ".json"}
    assert boards == {f"boards/{language}/{board.slug}.json" for board in BOARDS for language in LANGUAGES}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    paths = write(tmp_path, PLAN)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(paths)


def test_a_file_that_is_already_right_is_left_untouched(tmp_path: Path) -> None:
    first = write(tmp_path, PLAN)[0]
    os.utime(first, (1, 1))
    write(tmp_path, PLAN)
    assert first.stat().st_mtime == 1


def test_a_file_that_somebody_changed_is_put_right(tmp_path: Path) -> None:
    first = write(tmp_path, PLAN)[0]
    first.write_text("changed", encoding="utf-8")
    write(tmp_path, PLAN)
    assert first.read_text(encoding="utf-8") == rendered(PLAN)["provisioning/datasources/quang.yml"]


def test_grafana_finds_the_data_source_that_the_boards_name() -> None:
    source = yaml.safe_load(rendered(PLAN)["provisioning/datasources/quang.yml"])["datasources"][0]
    assert {"type": source["type"], "uid": source["uid"]} == DATASOURCE
    assert source["url"] == "http://127.0.0.1:9090"


def test_each_language_has_its_own_folder() -> None:
    providers = yaml.safe_load(rendered(PLAN)["provisioning/dashboards/quang.yml"])["providers"]
    assert [one["options"]["path"] for one in providers] == ["/srv/boards/vi", "/srv/boards/en"]
    assert len({one["folder"] for one in providers}) == len(LANGUAGES)


def test_a_wrong_threshold_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(WrongThreshold):
        write(tmp_path / "new", PLAN, {"link_loss_ratio": 9})
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written_is_an_error_not_silence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        write(tmp_path / "file", PLAN)
