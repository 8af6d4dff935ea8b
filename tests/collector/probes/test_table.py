from pathlib import Path

import pytest

import collector.probes
from collector.metrics import CATALOGUE
from collector.probe import Probe
from collector.probes import PROBES

FOLDER = Path(collector.probes.__file__).parent


def test_each_file_is_a_line_of_the_table() -> None:
    assert {file.stem for file in FOLDER.glob("*.py")} - {"__init__"} == PROBES.keys()


@pytest.mark.parametrize("probe", PROBES.values(), ids=lambda probe: probe.kind)
def test_each_entry_is_complete(probe: Probe) -> None:
    assert PROBES[probe.kind] is probe
    assert probe.metrics
    assert set(probe.metrics) <= set(CATALOGUE)
    assert all(metric.of_target for metric in probe.metrics)
    assert 1 <= probe.interval_s <= 86_400
    assert 0 < probe.timeout_s < 3_600
    assert set(probe.needs) <= {"snmp_v2c", "snmp_v3", "snmp_several", "http", "ssh"}


@pytest.mark.parametrize("probe", PROBES.values(), ids=lambda probe: probe.kind)
def test_each_setting_refuses_what_it_does_not_know(probe: Probe) -> None:
    assert probe.settings.model_config["extra"] == "forbid"
    assert probe.settings.model_config["frozen"]
