"""The table of boards: every module of this folder stands in it."""

from typing import Final

from dashboards.board import Board
from dashboards.boards.devices import DEVICES
from dashboards.boards.district import DISTRICT
from dashboards.boards.fibre import FIBRE
from dashboards.boards.power import POWER
from dashboards.boards.site import SITE

BOARDS: Final[tuple[Board, ...]] = (DISTRICT, SITE, FIBRE, DEVICES, POWER)
"""In the order in which they link to each other."""
