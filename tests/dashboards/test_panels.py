"""What holds for every board of the table, as Grafana will be given it."""

import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from alerts.rule import WrongThreshold
from alerts.rules import GROUPS
from alerts.thresholds import LINK_LOSS
from collector.metrics import BY_NAME
from dashboards.board import WIDTH, Board, Bound, Column, Panel, Query, Row, uid
from dashboards.boards import BOARDS
from dashboards.panels import DATASOURCE, drawn
from inventory.text import LANGUAGES, Language, Text, same
from tests.support.promql import series_of

RECORDED = {one.name for group in GROUPS for one in group.recordings}
EVERY = [pytest.param(board, language, id=uid(board.slug, language)) for board in BOARDS for language in LANGUAGES]
EVERY_PANEL = [pytest.param(panel, id=f"{board.slug}: {panel.title.en}") for board in BOARDS for panel in board.panels]


def document(board: Board, language: Language, **changes: float) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(drawn(board, language, all_boards=BOARDS, changes=changes))
    return parsed


def strings(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from strings(value)


@pytest.mark.parametrize(("board", "language"), EVERY)
def test_a_board_is_the_same_text_each_time(board: Board, language: Language) -> None:
    assert drawn(board, language, all_boards=BOARDS) == drawn(replace(board), language, all_boards=BOARDS)


def test_a_board_is_the_same_text_in_another_process() -> None:
    code = (
        "from dashboards.boards import BOARDS; from dashboards.panels import drawn; import sys;"
        "sys.stdout.write(drawn(BOARDS[0], 'vi', all_boards=BOARDS))"
    )
    command = [sys.executable, "-W", "error", "-X", "utf8", "-c", code]
    other = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=110)
    assert other.stdout == drawn(BOARDS[0], "vi", all_boards=BOARDS)


def test_every_address_is_unique() -> None:
    uids = [document(board, language)["uid"] for board in BOARDS for language in LANGUAGES]
    assert len(uids) == len(set(uids)) == len(BOARDS) * len(LANGUAGES)


@pytest.mark.parametrize(("board", "language"), EVERY)
def test_no_panel_lies_over_another_or_beyond_the_edge(board: Board, language: Language) -> None:
    places = [panel["gridPos"] for panel in document(board, language)["panels"]]
    assert all(p["x"] >= 0 and p["x"] + p["w"] <= WIDTH and p["h"] > 0 for p in places)
    for a, b in itertools.combinations(places, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        below = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert beside or below, (a, b)


@pytest.mark.parametrize(("board", "language"), EVERY)
def test_every_panel_has_its_own_number_a_title_and_our_data_source(board: Board, language: Language) -> None:
    panels = document(board, language)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["title"].strip() for panel in panels)
    charts = [panel for panel in panels if panel["type"] != "row"]
    assert [panel["title"] for panel in charts] == [panel.title.to(language) for panel in board.panels]
    assert all(target["datasource"] == DATASOURCE for panel in charts for target in panel["targets"])
    assert all(panel["description"].strip() for panel in charts)


@pytest.mark.parametrize("panel", EVERY_PANEL)
def test_every_panel_reads_only_series_of_the_catalogue_and_recordings(panel: Panel) -> None:
    for query in panel.queries:
        assert series_of(query.expr)
        assert series_of(query.expr) <= set(BY_NAME) | RECORDED


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_the_board_speaks_one_language_at_a_time(board: Board) -> None:
    shown = {language: set(strings(document(board, language))) for language in LANGUAGES}
    for panel in board.panels:
        assert panel.title.vi in shown["vi"]
        assert panel.title.en in shown["en"]
        if panel.title.vi != panel.title.en:
            assert panel.title.en not in shown["vi"]
            assert panel.title.vi not in shown["en"]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_every_variable_that_a_question_holds_can_be_chosen(board: Board) -> None:
    names = {variable.name for variable in board.variables}
    used = {
        name
        for panel in board.panels
        for query in panel.queries
        for name in re.findall(r"\$(?!__)([a-z]\w*)", query.expr)
    }
    assert used <= names
    assert bool(names) == bool(used)


@pytest.mark.parametrize(("board", "language"), EVERY)
def test_a_board_links_to_the_others_and_to_itself_in_the_other_language(board: Board, language: Language) -> None:
    urls = {link["url"] for link in document(board, language)["links"]}
    others = {f"/d/{uid(one.slug, language)}" for one in BOARDS if one is not board}
    same_board = {f"/d/{uid(board.slug, one)}" for one in LANGUAGES if one != language}
    assert urls == others | same_board


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_a_cell_that_opens_a_board_opens_one_that_exists_with_a_variable_that_it_has(board: Board) -> None:
    targets = {one.slug: {variable.name for variable in one.variables} for one in BOARDS}
    for column in (column for panel in board.panels for column in panel.columns):
        if column.opens:
            assert column.opens_with in targets[column.opens]


def test_the_line_of_a_chart_is_drawn_at_the_alerts_threshold() -> None:
    site = next(board for board in BOARDS if board.slug == "site")
    for changes, value in (({}, LINK_LOSS.default), ({LINK_LOSS.name: 0.2}, 0.2)):
        panel = next(one for one in document(site, "en", **changes)["panels"] if one["title"] == "Loss")
        steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        assert steps == [{"color": "green", "value": None}, {"color": "red", "value": value}]
        assert panel["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"] == {"mode": "line"}


def test_a_threshold_outside_its_range_is_refused() -> None:
    with pytest.raises(WrongThreshold):
        document(BOARDS[0], "en", **{LINK_LOSS.name: 7})


def test_a_table_hides_what_is_no_column_and_colours_what_has_bounds() -> None:
    panel = Panel(
        kind="table",
        title=Text(vi="Bảng", en="Table"),
        description=Text(vi="Một bảng.", en="A table."),
        queries=(Query("up", same("x")), Query("vector(1)", same("x"))),
        columns=(
            Column("instance", Text(vi="Máy", en="Machine")),
            Column("Value #A", Text(vi="Trị số", en="Value"), unit="s", bounds=(Bound("red"), Bound("green", 1))),
        ),
    )
    board = Board(slug="one", title=same("x"), description=same("x"), rows=(Row(same("r"), (panel,)),))
    table = document(board, "en")["panels"][1]
    assert [step["id"] for step in table["transformations"]] == ["merge", "filterFieldsByName", "organize"]
    assert table["transformations"][1]["options"]["include"]["names"] == ["instance", "Value #A"]
    assert {target["format"] for target in table["targets"]} == {"table"}
    assert [target["refId"] for target in table["targets"]] == ["A", "B"]
    named = {
        one["matcher"]["options"]: {p["id"] for p in one["properties"]} for one in table["fieldConfig"]["overrides"]
    }
    assert named == {"Machine": {"unit"}, "Value": {"unit", "thresholds", "custom.displayMode"}}
