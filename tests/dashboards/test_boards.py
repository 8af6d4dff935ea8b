"""Every chart of every board shows something, asked of a real Prometheus that measures a small network."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from alerts.prometheus import PrometheusPlan, render_prometheus, render_rules
from dashboards.board import RATE, Board, Panel
from dashboards.boards import BOARDS
from tests.support.listener import Listener, listening
from tests.support.monitoring import prometheus, until
from tests.support.parts import free_port

CHOSEN = {"$site": "tq", "$link": "(bq-tq|bq-hn)", RATE: "10s"}
EVERY_PANEL = [pytest.param(panel, id=f"{board.slug}: {panel.title.en}") for board in BOARDS for panel in board.panels]

STILL = """\
quang_upstream_info{member="device:r1",via="bq-tq",element="link:bq-tq"} 1
quang_upstream_info{member="device:r1",via="bq-tq",element="device:core"} 1
quang_link_end_info{link="bq-tq",instance="core",ifName="sfp1"} 1
quang_link_end_info{link="bq-tq",instance="r1",ifName="wan"} 1
quang_link_end_info{link="bq-hn",instance="core",ifName="sfp2"} 1
probe_success{instance="core",site="c",probe="icmp"} 1
probe_success{instance="r1",site="tq",probe="icmp"} 1
probe_success{instance="web",site="tq",probe="http"} 1
quang_agent_uptime_seconds{instance="r1",site="tq"} 50000
quang_device_info{instance="r1",site="tq",sysName="r1",sysDescr="a router",sysObjectID="1.3.6.1.4.1.8072"} 1
probe_icmp_duration_seconds{instance="r1",site="tq",phase="rtt"} 0.004
quang_icmp_jitter_seconds{instance="r1",site="tq"} 0.001
probe_http_duration_seconds{instance="web",site="tq",phase="connect"} 0.1
probe_http_duration_seconds{instance="web",site="tq",phase="transfer"} 0.2
quang_stocktake_lines{site="tq",state="counted"} 3
quang_stocktake_lines{site="tq",state="left"} 1
probe_ssl_earliest_cert_expiry{instance="web",site="tq"} 4000000000
"""

DISK = 'instance="r1",site="tq",hrStorageIndex="1",hrStorageDescr="/",hrStorageType="1.3.6.1.2.1.25.2.1.4"'
STILL += f"""\
quang_ups_on_battery{{instance="ups",site="tq"}} 0
quang_ups_battery_charge_ratio{{instance="ups",site="tq"}} 1
quang_ups_battery_left_seconds{{instance="ups",site="tq"}} 2400
quang_ups_load_ratio{{instance="ups",site="tq",line="1"}} 0.3
quang_sensor_temperature_celsius{{instance="r1",site="tq",sensor="Inlet"}} 31
quang_sensor_state{{instance="r1",site="tq",sensor="Fan 1",kind="fan"}} 3
hrProcessorLoad{{instance="r1",site="tq",hrDeviceIndex="1"}} 12
quang_host_memory_size_bytes{{instance="r1",site="tq"}} 8000
quang_host_memory_used_bytes{{instance="r1",site="tq"}} 2000
hrStorageSize{{{DISK}}} 1000000
hrStorageUsed{{{DISK}}} 400000
hrStorageAllocationUnits{{{DISK}}} 4096
quang_ups_on_bypass{{instance="ups",site="tq"}} 0
quang_ups_output_watts{{instance="ups",site="tq",line="1"}} 410
quang_sensor_current_amperes{{instance="pdu",site="tq",sensor="bank 1"}} 4.5
quang_processor_load_ratio{{instance="r1",site="tq",processor="CPU"}} 0.3
quang_memory_used_ratio{{instance="r1",site="tq",memory="Processor"}} 0.5
quang_printer_problem{{instance="p1",site="tq",problem="jammed"}} 1
quang_printer_tray_ratio{{instance="p1",site="tq",tray="Tray 1"}} 0.5
quang_printer_supply_ratio{{instance="p1",site="tq",supply="Toner",type="toner"}} 0.4
quang_link_bandwidth_bps{{link="bq-tq"}} 100000000
"""

PORTS = (("core", "c", "sfp1", 1), ("core", "c", "sfp2", 2), ("r1", "tq", "wan", 1))
COUNTERS = ("ifHCInOctets", "ifHCOutOctets", "ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards")


def page(turn: int) -> str:
    """Return the page of a small network: two devices, a link that carries light and one that is cut, a web site."""
    lines = [STILL]
    for device, site, port, oper in PORTS:
        own = f'instance="{device}",site="{site}",ifIndex="1",ifName="{port}"'
        names = f'{own},ifDescr="",ifAlias=""'
        lines += [f"ifOperStatus{{{names}}} {oper}", f"ifAdminStatus{{{names}}} 1"]
        lines += [f"{counter}{{{names}}} {turn * 1000}" for counter in COUNTERS]
        lines += [f'quang_optical_{way}_dbm{{{own},lane="0"}} -12.5' for way in ("rx", "tx")]
        limit = f'{own},direction="rx",level="warn_low",source="module"'
        lines.append(f"quang_optical_threshold_dbm{{{limit}}} -23")
    lines.append('quang_optical_baseline_rx_dbm{instance="r1",site="tq",link="bq-tq",ifName="wan"} -11')
    lines.append(f'quang_icmp_sent_total{{instance="r1",site="tq"}} {turn * 50}')
    lines.append(f'prtMarkerLifeCount{{instance="p1",site="tq",hrDeviceIndex="1",prtMarkerIndex="1"}} {turn}')
    lines.append(f'quang_icmp_lost_total{{instance="r1",site="tq"}} {turn}')
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Prometheus on the page of a small network until the rules have recorded it."""
    folder = tmp_path_factory.mktemp("measured")
    port = free_port()
    with listening() as listener:
        config = _configure(folder, listener, port)
        with prometheus(config, folder, port) as url:
            turns = iter(range(1, 1000))

            def recorded() -> bool:
                listener.pages["/page"] = ("text/plain", page(next(turns)))
                series = ("quang:rx_drift_db", "quang:device_loss_ratio > 0", "quang:service_down", "ALERTS")
                return all(answer(url, one) for one in series)

            until(recorded, seconds=60, name="the recordings", pause_s=0.5)
            _let_rates_form(listener, turns)
            yield url


def _configure(folder: Path, listener: Listener, port: int) -> Path:
    (folder / "token").write_text("token", encoding="utf-8")
    # Each second, so that nobody waits a minute for what changes slowly.
    rules = re.sub(r"interval: \d+s", "interval: 1s", render_rules())
    (folder / "rules.yml").write_text(rules, encoding="utf-8")
    listener.pages["/page"] = ("text/plain", page(0))
    labels = {"__metrics_path__": "/page", "instance": "c1/reach/tq"}
    (folder / "reach.json").write_text(json.dumps([{"targets": [listener.address], "labels": labels}]), "utf-8")
    plan = PrometheusPlan(
        api_url="http://127.0.0.1:9",
        api_token_file=folder / "token",
        alertmanager="127.0.0.1:9",
        prometheus=f"127.0.0.1:{port}",
        rule_file=folder / "rules.yml",
        targets_folder=folder,
    )
    config = folder / "prometheus.yml"
    config.write_text(render_prometheus(plan), encoding="utf-8")
    return config


def _let_rates_form(listener: Listener, turns: Iterator[int]) -> None:
    for _ in range(6):
        listener.pages["/page"] = ("text/plain", page(next(turns)))
        time.sleep(0.5)


def answer(url: str, query: str) -> list[object]:
    """Return what Prometheus says, or fail with its complaint."""
    reply = httpx.get(f"{url}/api/v1/query", params={"query": query}, timeout=20)
    assert reply.status_code == 200, f"{query}\n{reply.text}"
    rows: list[object] = reply.json()["data"]["result"]
    return rows


@pytest.mark.parametrize("panel", EVERY_PANEL)
def test_every_question_is_understood_and_answered(panel: Panel, measured: str) -> None:
    for query in panel.queries:
        expr = query.expr
        for variable, value in CHOSEN.items():
            expr = expr.replace(variable, value)
        assert answer(measured, expr), expr


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.slug)
def test_every_choice_of_a_variable_has_values(board: Board, measured: str) -> None:
    for variable in board.variables:
        series, label = variable.query.removeprefix("label_values(").removesuffix(")").split(", ")
        assert answer(measured, f"count by ({label}) ({series})")
