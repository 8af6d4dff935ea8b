"""Writes the pages of `docs/` that are made from the code. Run by `make docs`; guard tests find an outdated page."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from alerts.handbook import render_handbook
from api.settings_page import page

PAGES: Final[Mapping[str, Callable[[], str]]] = {"alerts.md": render_handbook, "settings.md": page}
"""File below `docs/` to what renders it."""


def write(folder: Path) -> None:
    """Write every generated page into a folder."""
    for name, render in PAGES.items():
        (folder / name).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parents[1] / "docs")
