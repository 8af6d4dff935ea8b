import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from alerts.alertmanager import MAILED, AlertmanagerPlan, MailPlan, render_alertmanager
from alerts.rules import RULES
from tests.support.parts import need

MAIL = MailPlan(smarthost="mail.example:587", sender="quang@example.vn", recipients=("a@example.vn", "b@example.vn"))


@pytest.fixture
def plan(tmp_path: Path) -> AlertmanagerPlan:
    (tmp_path / "token").write_text("a-very-secret-token", encoding="utf-8")
    return AlertmanagerPlan(
        webhook_url="http://127.0.0.1:9/api/v1/alertmanager", webhook_token_file=tmp_path / "token", mail=MAIL
    )


def amtool(*arguments: str | Path) -> str:
    done = subprocess.run(
        [need("amtool"), *map(str, arguments)], capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "mail", [None, MAIL, replace(MAIL, user="quang", password_file=Path("/run/password"), require_tls=False)]
)
def test_amtool_accepts_the_configuration(plan: AlertmanagerPlan, mail: MailPlan | None, tmp_path: Path) -> None:
    config = tmp_path / "alertmanager.yml"
    config.write_text(render_alertmanager(replace(plan, mail=mail)), encoding="utf-8")
    assert "SUCCESS" in amtool("check-config", config)


@pytest.mark.parametrize("name", sorted(RULES))
def test_everything_goes_to_the_api_and_only_three_alerts_by_mail_as_well(
    plan: AlertmanagerPlan, name: str, tmp_path: Path
) -> None:
    config = tmp_path / "alertmanager.yml"
    config.write_text(render_alertmanager(plan), encoding="utf-8")
    routed = amtool("config", "routes", "test", f"--config.file={config}", f"alertname={name}", "element=x:y").split()
    mailed = name in {rule.name for rule in MAILED}
    assert routed[0].split(",") == (["api", "mail"] if mailed else ["api"])


def test_the_rules_that_are_mailed_are_the_three_that_would_keep_the_api_from_telling() -> None:
    assert {rule.name for rule in MAILED} == {"APIDown", "WebhookFailing", "Watchdog"}


def test_each_fault_has_its_own_group_and_waits_for_no_other(plan: AlertmanagerPlan) -> None:
    route = yaml.safe_load(render_alertmanager(plan))["route"]
    assert route["group_by"] == ["alertname", "element"]
    assert (route["group_wait"], route["group_interval"], route["repeat_interval"]) == ("1s", "2s", "24h")


def test_nothing_is_inhibited(plan: AlertmanagerPlan) -> None:
    assert "inhibit_rules" not in yaml.safe_load(render_alertmanager(plan))


def test_no_secret_is_written(plan: AlertmanagerPlan) -> None:
    assert "a-very-secret-token" not in render_alertmanager(plan)


def test_the_file_is_the_same_byte_for_byte_each_time(plan: AlertmanagerPlan) -> None:
    assert render_alertmanager(plan) == render_alertmanager(replace(plan))


def test_mail_without_a_recipient_is_refused() -> None:
    with pytest.raises(ValueError, match="recipient"):
        replace(MAIL, recipients=())


@pytest.mark.parametrize("login", [{"user": "quang"}, {"password_file": Path("/run/password")}])
def test_half_a_login_is_refused(login: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="both a user and a password"):
        replace(MAIL, **login)
