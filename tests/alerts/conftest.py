"""The rendered files, as Prometheus and Alertmanager would be given them."""

from pathlib import Path

import pytest
import yaml

from alerts.prometheus import PrometheusPlan, render_rules


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `rules.yml`, and with `bare/rules.yml` without annotations.

    The tables of moments say which alerts fire with which labels; `promtool` would have each of them repeat all
    sentences in both languages. Those have a table of their own, `annotations.yaml`, which runs against the full file.
    """
    folder = tmp_path_factory.mktemp("rendered")
    text = render_rules()
    (folder / "rules.yml").write_text(text, encoding="utf-8")
    document = yaml.safe_load(text)
    for group in document["groups"]:
        for rule in group["rules"]:
            rule.pop("annotations", None)
    (folder / "bare").mkdir()
    (folder / "bare" / "rules.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder


@pytest.fixture
def plan(tmp_path: Path) -> PrometheusPlan:
    """Return a plan whose files stand in a folder of this test."""
    (tmp_path / "targets").mkdir()
    (tmp_path / "token").write_text("a-very-secret-token", encoding="utf-8")
    (tmp_path / "rules.yml").write_text(render_rules(), encoding="utf-8")
    return PrometheusPlan(
        api_url="http://127.0.0.1:9",
        api_token_file=tmp_path / "token",
        alertmanager="127.0.0.1:19",
        prometheus="127.0.0.1:29",
        rule_file=tmp_path / "rules.yml",
        targets_folder=tmp_path / "targets",
    )
