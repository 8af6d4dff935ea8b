import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from alerts.prometheus import JOBS, PrometheusPlan, render_prometheus, render_rules
from alerts.rule import WrongThreshold
from alerts.rules import GROUPS
from tests.support.parts import need


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run(
        [need("promtool"), *map(str, arguments)], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def jobs(plan: PrometheusPlan) -> dict[str, dict[str, object]]:
    return {job["job_name"]: job for job in yaml.safe_load(render_prometheus(plan))["scrape_configs"]}


def test_promtool_accepts_the_rules(rendered: Path) -> None:
    count = sum(len(group.rules) for group in GROUPS)
    assert f"{count} rules found" in promtool("check", "rules", rendered / "rules.yml")


def test_promtool_accepts_the_configuration(plan: PrometheusPlan, tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yml"
    config.write_text(render_prometheus(plan), encoding="utf-8")
    promtool("check", "config", config)


def test_both_files_are_the_same_byte_for_byte_each_time(plan: PrometheusPlan) -> None:
    assert render_rules() == render_rules()
    assert render_prometheus(plan) == render_prometheus(replace(plan))


def test_no_secret_is_written(plan: PrometheusPlan) -> None:
    assert "a-very-secret-token" not in render_prometheus(replace(plan, pages_token_file=plan.api_token_file))


def test_alerts_carry_exactly_the_labels_that_the_api_knows() -> None:
    for group in yaml.safe_load(render_rules())["groups"]:
        for rule in group["rules"]:
            assert set(rule.get("labels", {})) <= {"element", "severity"}


def test_reachability_is_read_each_second_and_the_rest_at_leisure(plan: PrometheusPlan) -> None:
    found = jobs(plan)
    assert found["reach"]["scrape_interval"] == "1s"
    assert found["reach"]["scrape_timeout"] == "1s"
    assert found["network"]["scrape_interval"] == found["services"]["scrape_interval"] == "10s"


def test_every_job_of_the_collectors_is_found_through_the_api_and_through_a_copy_on_disk(plan: PrometheusPlan) -> None:
    found = jobs(plan)
    for job in JOBS:
        assert found[job.name]["http_sd_configs"] == [
            {
                "url": f"http://127.0.0.1:9/api/v1/discovery/{job.name}",
                "refresh_interval": "5s",
                "authorization": {"type": "Bearer", "credentials_file": str(plan.api_token_file)},
            }
        ]
        assert found[job.name]["file_sd_configs"][0]["files"] == [str(plan.targets_folder / f"{job.name}.json")]
        assert found[job.name]["honor_labels"] is True


def test_the_three_servers_are_watched_too(plan: PrometheusPlan) -> None:
    found = jobs(replace(plan, api_url="https://quang.example:8443/office/"))
    assert found["api"]["scheme"] == "https"
    assert found["api"]["metrics_path"] == "/office/metrics"
    assert found["api"]["static_configs"] == [{"targets": ["quang.example:8443"]}]
    assert found["alertmanager"]["static_configs"] == [{"targets": ["127.0.0.1:19"]}]
    assert found["prometheus"]["static_configs"] == [{"targets": ["127.0.0.1:29"]}]


def test_pages_are_asked_with_a_token_only_where_there_is_one(plan: PrometheusPlan) -> None:
    assert "authorization" not in jobs(plan)["reach"]
    guarded = jobs(replace(plan, pages_token_file=Path("/run/pages")))
    assert guarded["reach"]["authorization"] == {"type": "Bearer", "credentials_file": "/run/pages"}


@pytest.mark.parametrize("url", ["", "127.0.0.1:8080", "unix:///run/quang.sock", "http://", "ftp://host"])
def test_an_address_that_is_no_web_address_is_refused(plan: PrometheusPlan, url: str) -> None:
    with pytest.raises(ValueError, match="http://"):
        replace(plan, api_url=url)


def test_an_operators_threshold_reaches_the_rule_and_its_sentence() -> None:
    text = render_rules(changes={"link_loss_ratio": 0.1})
    assert "quang:device_loss_ratio > 0.1" in text
    assert "{{ 0.1 | humanizePercentage }}" in text
    assert "0.05" not in text


def test_an_unknown_threshold_is_refused_by_name() -> None:
    with pytest.raises(WrongThreshold, match="no threshold link_los"):
        render_rules(changes={"link_los": 0.1})


def test_a_threshold_out_of_range_is_refused_with_the_range() -> None:
    with pytest.raises(WrongThreshold, match=r"link_loss_ratio must lie between 0\.005 and 0\.5"):
        render_rules(changes={"link_loss_ratio": 5})
