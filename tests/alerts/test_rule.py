import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rule import Group, Recording, Rule, Threshold, WrongThreshold, fill
from alerts.rules import RULES
from inventory.text import Text, same

LIMIT = Threshold(
    name="some_limit_s", unit="s", default=60, low=30, high=3600, text=same("limit"), source=same("a guess")
)
LINK_DOWN = RULES["LinkDown"]


def test_a_threshold_leaves_a_place_that_its_default_fills() -> None:
    assert fill(f"x > {LIMIT}", (LIMIT,)) == "x > 60.0"


def test_an_operators_value_takes_the_place_of_the_default() -> None:
    assert fill(f"x > {LIMIT}", (LIMIT,), {"some_limit_s": 90}) == "x > 90.0"


@given(st.floats(min_value=30, max_value=3600))
def test_every_value_within_the_range_is_written_so_that_it_reads_back_the_same(value: float) -> None:
    assert float(fill(str(LIMIT), (LIMIT,), {LIMIT.name: value})) == value


@pytest.mark.parametrize("value", [29.999, 3600.001, -1, math.nan, math.inf, -math.inf])
def test_a_value_outside_the_range_is_refused_with_the_range(value: float) -> None:
    with pytest.raises(WrongThreshold, match="some_limit_s must lie between 30 and 3600 s"):
        fill(str(LIMIT), (LIMIT,), {LIMIT.name: value})


@pytest.mark.parametrize("value", [30, 3600])
def test_the_ends_of_the_range_belong_to_it(value: float) -> None:
    assert LIMIT.checked(value) == value


def test_a_default_outside_its_own_range_is_refused() -> None:
    with pytest.raises(WrongThreshold):
        replace(LIMIT, default=1)


def test_a_place_that_no_threshold_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("x > @unknown_limit@", (LIMIT,))


def test_a_recording_is_read_by_a_selector_that_knows_its_labels() -> None:
    recording = Recording(name="quang:x", what="a thing", expr="y", labels=("site",))
    assert recording() == "quang:x"
    assert recording("5m", site="=~a.*") == 'quang:x{site=~"a.*"}[5m]'
    with pytest.raises(KeyError, match="instance"):
        recording(instance="r1")


@pytest.mark.parametrize(
    "name", ["device_down", "quang:", "quang:Down", "quang:" + "a" * 64, "quang:a-b", "other:down"]
)
def test_a_recording_must_be_named_as_one_of_ours(name: str) -> None:
    with pytest.raises(ValueError, match="quang:lower_case"):
        Recording(name=name, what="a thing", expr="y", labels=())


@pytest.mark.parametrize("name", ["linkDown", "Link Down", "X", "Link_Down", ""])
def test_a_rule_must_be_named_in_camel_case(name: str) -> None:
    with pytest.raises(ValueError, match="CamelCase"):
        replace(LINK_DOWN, name=name)


@pytest.mark.parametrize("wait", ["", "5", "5 s", "-5s", "1.5m", "5s5s"])
def test_a_rule_must_wait_a_duration_of_prometheus(wait: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        replace(LINK_DOWN, for_=wait)


def test_a_rule_without_first_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="first"):
        replace(LINK_DOWN, first_steps=())


def test_a_rule_about_the_house_names_itself_as_the_element() -> None:
    assert RULES["APIDown"].labels == {"element": "rule:APIDown", "severity": "critical"}
    assert LINK_DOWN.labels == {"severity": "critical"}


def test_annotations_carry_both_languages_and_the_help_page() -> None:
    annotations = RULES["LinkLossy"].annotations({"link_loss_ratio": 0.1})
    assert set(annotations) == {
        *(f"{key}_{language}" for key in ("summary", "value", "bound") for language in ("vi", "en")),
        "help_page",
    }
    assert annotations["bound_en"] == "{{ 0.1 | humanizePercentage }}"
    assert annotations["help_page"] == "/help/rules/LinkLossy"


def test_a_group_tells_its_alerts_from_its_recordings() -> None:
    recording = Recording(name="quang:x", what="a thing", expr="y", labels=())
    group = Group(name="g", title=Text(vi="nhóm", en="group"), interval_s=1, rules=(recording, LINK_DOWN))
    assert group.alerts == (LINK_DOWN,)
    assert group.recordings == (recording,)


def test_the_value_of_one_element_is_asked_with_its_name_escaped() -> None:
    rule: Rule = LINK_DOWN
    assert 'label_replace(vector(1), "element", "link:a\\"b$$1\\\\", "", "")' in rule.value_of('link:a"b$1\\')
