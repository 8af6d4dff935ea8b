"""Every alert at a moment when it fires and at one when it must stay silent, as real promtool evaluates them."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml

from alerts.rules import GROUPS, RULES
from tests.support.parts import need

HERE = Path(__file__).parent
TABLES = sorted(HERE.glob("*.yaml"))
ALWAYS_FIRING = {"Watchdog"}


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_promtool_agrees_with_the_table(table: Path, rendered: Path, tmp_path: Path) -> None:
    rules = rendered if table.stem == "annotations" else rendered / "bare"
    shutil.copy(rules / "rules.yml", tmp_path / "rules.yml")
    # Groups see what those above them recorded, as in Prometheus; promtool alone evaluates them in any order.
    order = ", ".join(group.name for group in GROUPS)
    moments = table.read_text(encoding="utf-8")
    (tmp_path / table.name).write_text(f"group_eval_order: [{order}]\n{moments}", encoding="utf-8")
    done = subprocess.run(
        [need("promtool"), "test", "rules", table.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def moments() -> dict[str, set[bool]]:
    """Return for each alert whether some moment expects it to fire, and some other nothing."""
    seen: dict[str, set[bool]] = {}
    for table in TABLES:
        for test in yaml.safe_load(table.read_text(encoding="utf-8"))["tests"]:
            for moment in test.get("alert_rule_test", []):
                seen.setdefault(moment["alertname"], set()).add(bool(moment["exp_alerts"]))
    return seen


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_tables_hold_a_moment_of_fire_and_a_moment_of_silence(name: str) -> None:
    assert moments()[name] == ({True} if name in ALWAYS_FIRING else {True, False})


def test_the_tables_name_no_alert_that_does_not_exist() -> None:
    assert set(moments()) <= set(RULES)
