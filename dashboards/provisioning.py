"""Grafana's provisioning: where Prometheus is, and where the boards are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alerts.yaml import written
from dashboards.panels import DATASOURCE
from inventory.text import LANGUAGES, Language

HEAD: Final = "Written by quang; changes are lost at the next start."

SLOWEST_PAGE_S: Final = 10
"""Pace of the slowest pages: Grafana makes no rate of a range that holds less than four readings."""

FOLDERS: Final[dict[Language, str]] = {"vi": "Mạng cáp quang", "en": "Fibre network"}
"""Folder of the boards in Grafana, by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaPlan:
    """All that Grafana's provisioning depends on.

    Attributes:
        prometheus_url: As Grafana reaches Prometheus.
        boards_folder: Where the boards lie as Grafana sees it; one folder per language below.
    """

    prometheus_url: str
    boards_folder: Path


def render_datasources(plan: GrafanaPlan) -> str:
    """Return `provisioning/datasources/quang.yml`."""
    source = {
        "name": "quang",
        "uid": DATASOURCE["uid"],
        "type": DATASOURCE["type"],
        "access": "proxy",
        "url": plan.prometheus_url,
        "isDefault": True,
        "editable": False,
        "jsonData": {"httpMethod": "POST", "timeInterval": f"{SLOWEST_PAGE_S}s"},
    }
    return written({"apiVersion": 1, "datasources": [source]}, head=HEAD)


def render_providers(plan: GrafanaPlan) -> str:
    """Return `provisioning/dashboards/quang.yml`."""
    return written({"apiVersion": 1, "providers": [_provider(plan, one) for one in LANGUAGES]}, head=HEAD)


def _provider(plan: GrafanaPlan, language: Language) -> dict[str, object]:
    return {
        "name": f"quang-{language}",
        "folder": FOLDERS[language],
        "folderUid": f"quang-{language}",
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 30,
        "options": {"path": str(plan.boards_folder / language)},
    }
