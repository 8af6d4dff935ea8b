"""What holds for every rule of the table."""

import itertools
import re
from pathlib import Path

import pytest

from alerts.rule import SEVERITIES, Recording, Rule
from alerts.rules import GROUPS, RULES
from alerts.rules.services import SERVICE_PROBES
from alerts.thresholds import THRESHOLDS
from collector.metrics import BY_NAME
from collector.probes import PROBES
from tests.support.promql import series_of

ALL = [one for group in GROUPS for one in group.rules]
RECORDINGS = {one.name: one for one in ALL if isinstance(one, Recording)}
RULE_FOLDER = Path(__file__).parents[2] / "alerts" / "rules"


def test_every_module_of_the_folder_brings_one_group_to_the_table() -> None:
    modules = {path.stem for path in RULE_FOLDER.glob("*.py") if path.stem != "__init__"}
    assert modules == {group.name for group in GROUPS}


def test_no_two_groups_rules_or_recordings_have_the_same_name() -> None:
    names = [one.name for one in ALL]
    assert len(names) == len(set(names))
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_the_guard_itself_finds_the_names_of_series_and_nothing_else() -> None:
    expr = """max by (site, element) (label_replace(rate(ifHCInOctets{site="a b"}[5m]) * 8, "to", "x:$1", "site", ""))
      unless on (instance) quang:cause > bool 1.5e3 or avg_over_time(up[1h]) == inf"""
    assert series_of(expr) == {"ifHCInOctets", "quang:cause", "up"}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_series_that_is_read_stands_in_the_catalogue_or_is_recorded(one: Rule | Recording) -> None:
    read = series_of(one.promql()) | (series_of(one.value_expr) if isinstance(one, Rule) else set())
    assert read <= set(BY_NAME) | set(RECORDINGS)


def test_a_recording_stands_above_every_rule_that_reads_it() -> None:
    written: set[str] = set()
    for one in ALL:
        own = {one.name} if isinstance(one, Recording) else set()
        # A recording may read its own past; anything else must have been written before it.
        assert series_of(one.promql()) & set(RECORDINGS) <= written | own, one.name
        written |= own


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_says_in_both_languages_what_it_means_and_what_to_do_first(rule: Rule) -> None:
    texts = (rule.title, rule.summary, rule.value, rule.bound, rule.meaning, *rule.first_steps, rule.whom_to_call)
    assert all(text.vi.strip() and text.en.strip() for text in texts)
    sentences = (rule.summary, rule.meaning, *rule.first_steps, rule.whom_to_call)
    assert all(text.vi[-1] in ".?" and text.en[-1] in ".?" for text in sentences)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_has_a_help_page_and_a_severity_of_the_three(rule: Rule) -> None:
    assert rule.help_page == f"/help/rules/{rule.name}"
    assert rule.severity in SEVERITIES


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_place_is_filled_by_a_threshold_of_the_rule_and_none_is_idle(one: Rule | Recording) -> None:
    words = one.expr
    if isinstance(one, Rule):
        words += "".join((one.summary.vi, one.summary.en, one.value.en, one.bound.en))
    assert set(re.findall(r"@(\w+)@", words)) == {threshold.name for threshold in one.thresholds}


def test_every_threshold_is_used_and_none_is_named_twice() -> None:
    used = {threshold.name for one in ALL for threshold in one.thresholds}
    assert used == {threshold.name for threshold in THRESHOLDS}
    assert len(used) == len(THRESHOLDS)


def test_the_names_of_groups_fit_their_intervals() -> None:
    assert next(group for group in GROUPS if group.name == "reach").interval_s == 1
    assert all(1 <= group.interval_s <= 60 for group in GROUPS)


def test_no_two_rules_share_a_summary() -> None:
    assert all(a.summary != b.summary for a, b in itertools.combinations(RULES.values(), 2))


def test_every_probe_of_a_service_counts_for_its_service_being_down() -> None:
    assert {*SERVICE_PROBES} == {probe.kind for probe in PROBES.values() if probe.job == "services"}
