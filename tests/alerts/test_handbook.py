from pathlib import Path

from alerts.handbook import render_handbook
from alerts.rules import RULES
from alerts.thresholds import THRESHOLDS

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"


def test_the_committed_page_is_what_the_rules_say_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == render_handbook(), "run `make docs`"


def test_the_page_names_every_rule_and_every_threshold() -> None:
    page = render_handbook()
    assert all(f"### {name}\n" in page for name in RULES)
    assert all(f"| `{one.name}` |" in page for one in THRESHOLDS)
