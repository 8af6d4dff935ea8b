"""The explicit tables are complete: a module that stands in no table would be dead code that looks alive."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def modules(package: str) -> set[str]:
    folder = ROOT / package.replace(".", "/")
    return {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}


def table(package: str, name: str) -> ModuleType:
    module = importlib.import_module(package)
    assert hasattr(module, name)
    return module


def test_every_probe_file_is_in_the_table_under_its_own_name() -> None:
    probes = table("collector.probes", "PROBES").PROBES
    assert set(probes) == modules("collector.probes")
    assert all(kind == probe.kind for kind, probe in probes.items())


@pytest.mark.parametrize(
    ("package", "name"),
    [("alerts.rules", "GROUPS"), ("dashboards.boards", "BOARDS"), ("api.routes", "ROUTERS"), ("api.pages", "PAGES")],
)
def test_every_module_of_the_package_is_imported_by_its_table(package: str, name: str) -> None:
    source = (ROOT / package.replace(".", "/") / "__init__.py").read_text(encoding="utf-8")
    module = table(package, name)
    assert getattr(module, name)
    missing = {stem for stem in modules(package) if stem not in source}
    assert missing == set()


def test_every_default_probe_of_a_category_exists() -> None:
    probes = table("collector.probes", "PROBES").PROBES
    categories = table("inventory.assets.categories", "CATEGORIES").CATEGORIES
    named = {probe for category in categories.values() for probe in category.probes}
    assert named <= set(probes)
