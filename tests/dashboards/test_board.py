from dataclasses import replace

import pytest

from alerts.rule import WrongThreshold
from alerts.thresholds import LINK_LOSS
from dashboards.board import Board, Bound, Panel, Query, uid
from inventory.text import Text, same

PANEL = Panel(
    kind="stat",
    title=Text(vi="Số điểm", en="Sites"),
    description=Text(vi="Bao nhiêu điểm.", en="How many sites."),
    queries=(Query("vector(1)", same("x")),),
)


def test_a_panel_without_a_question_is_refused() -> None:
    with pytest.raises(ValueError, match="Sites: a panel needs a question"):
        replace(PANEL, queries=())


@pytest.mark.parametrize("width", [0, -1, 25])
def test_a_panel_wider_than_the_board_or_without_width_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="1 to 24 columns"):
        replace(PANEL, width=width)


@pytest.mark.parametrize("width", [1, 24])
def test_the_narrowest_and_the_widest_panel_are_allowed(width: int) -> None:
    assert replace(PANEL, width=width).width == width


@pytest.mark.parametrize("slug", ["", "a", "Site", "my site", "site_1", "-site", "s" * 32])
def test_a_slug_that_would_not_make_a_stable_address_is_refused(slug: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        Board(slug=slug, title=same("x"), description=same("x"), rows=())


def test_a_board_has_one_stable_address_per_language() -> None:
    assert uid("district", "vi") == "quang-district-vi"
    assert uid("district", "en") == "quang-district-en"


def test_a_bound_takes_the_alerts_threshold_and_the_operators_value_before_it() -> None:
    bound = Bound("red", LINK_LOSS)
    assert bound.value({}) == LINK_LOSS.default
    assert bound.value({LINK_LOSS.name: 0.1}) == 0.1
    assert Bound("green").value({}) is None
    with pytest.raises(WrongThreshold):
        bound.value({LINK_LOSS.name: 2})
