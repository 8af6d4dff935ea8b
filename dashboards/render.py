"""Writes everything that Grafana needs into one folder."""

from collections.abc import Mapping
from pathlib import Path

from dashboards.boards import BOARDS
from dashboards.panels import drawn
from dashboards.provisioning import GrafanaPlan, render_datasources, render_providers
from inventory.text import LANGUAGES


def rendered(plan: GrafanaPlan, changes: Mapping[str, float] | None = None) -> dict[str, str]:
    """Return every file as relative path to text.

    Args:
        plan: What the provisioning depends on.
        changes: Name of an alert's threshold to the operator's value.

    Raises:
        WrongThreshold: A value lies outside its threshold's range.
    """
    files = {
        "provisioning/datasources/quang.yml": render_datasources(plan),
        "provisioning/dashboards/quang.yml": render_providers(plan),
    }
    for language in LANGUAGES:
        for board in BOARDS:
            text = drawn(board, language, all_boards=BOARDS, changes=changes)
            files[f"boards/{language}/{board.slug}.json"] = text
    return files


def write(folder: Path, plan: GrafanaPlan, changes: Mapping[str, float] | None = None) -> list[Path]:
    """Write every file below `folder`, leaving those that are already right untouched; return their paths.

    Grafana reads a board again when its file changes, so each is replaced whole.

    Raises:
        OSError: The folder cannot be written.
        WrongThreshold: A value lies outside its threshold's range.
    """
    paths = []
    for name, text in rendered(plan, changes).items():
        path = folder / name
        paths.append(path)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    return paths
