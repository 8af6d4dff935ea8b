"""The page docs/alerts.md: every rule and threshold, from the objects that Prometheus' rules are rendered from.

Written by `make docs`; a test fails if the page and the rules differ.
"""

from collections.abc import Iterator
from typing import Final

from alerts.rule import Group, Rule, Threshold
from alerts.rules import GROUPS
from alerts.thresholds import THRESHOLDS
from inventory.text import Text

_HEAD = """\
# Alerts · Cảnh báo

Written by `make docs` from `alerts/rules/`; do not edit. How to add one: [add-a-rule.md](add-a-rule.md).

Every alert carries exactly the labels `alertname`, `element`, `severity` and, where one place is meant, `site`.
Sentences, values and bounds stand in annotations, in both languages. Each rule has its own page in the program,
`/help/rules/<name>`.
"""


def render_handbook() -> str:
    """Return the whole page as Markdown."""
    blocks = [_HEAD, _overview(), *(block for group in GROUPS for block in _group(group)), _thresholds()]
    return "\n".join(blocks)


def _both(text: Text) -> str:
    return f"{text.vi}<br>*{text.en}*"


def _overview() -> str:
    lines = ["| Alert | | Severity | About | Waits | Checked every |", "|---|---|---|---|---|---|"]
    for group in GROUPS:
        lines += [
            f"| [{rule.name}](#{rule.name.lower()}) | {_both(rule.title)} | {rule.severity} | {rule.element}"
            f" | {rule.for_} | {group.interval_s} s |"
            for rule in group.alerts
        ]
    return "\n".join(lines) + "\n"


def _group(group: Group) -> Iterator[str]:
    yield f"## {group.title.vi} · {group.title.en}\n"
    for rule in group.alerts:
        yield _rule(rule)


def _rule(rule: Rule) -> str:
    lines = [f"### {rule.name}", "", f"**{rule.title.vi}** · {rule.title.en}", "", _both(rule.meaning), ""]
    lines += [f"{number}. {_both(step)}" for number, step in enumerate(rule.first_steps, 1)]
    lines += ["", f"Gọi · Call: {_both(rule.whom_to_call)}", ""]
    if rule.thresholds:
        lines += ["Ngưỡng · Thresholds: " + ", ".join(f"`{one.name}`" for one in rule.thresholds), ""]
    return "\n".join([*lines, "```promql", rule.promql(), "```", ""])


_TUNED: Final = (
    "Đổi trong `quang.toml`, mục `[thresholds]`, rồi khởi động lại.<br>"
    "*Changed in `quang.toml`, table `[thresholds]`; start again afterwards.*"
)


def _thresholds() -> str:
    lines = ["## Ngưỡng · Thresholds", "", _TUNED, "", "| Name | Default | Range | | Why |", "|---|---|---|---|---|"]
    lines += [_threshold(one) for one in THRESHOLDS]
    return "\n".join(lines) + "\n"


def _threshold(one: Threshold) -> str:
    span = f"{one.low:g} … {one.high:g} {one.unit}"
    return f"| `{one.name}` | {one.default:g} {one.unit} | {span} | {_both(one.text)} | {_both(one.source)} |"
