import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families

from collector import metrics
from inventory.access.accounts import Role, Scope
from tests.support.api import Api
from tests.support.parts import need
from tests.support.world import build

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_page_of_series_parses_and_names_only_the_catalogue(api: Api) -> None:
    api.signed_in(Role.IT_STAFF).get("/api/v1/sites/none")
    page = api.with_token(Scope.SCRAPE).get("/metrics")
    assert page.status_code == 200
    families = {family.name: family for family in text_string_to_metric_families(page.text)}
    names = {name + ("_total" if family.type == "counter" else "") for name, family in families.items()}
    assert names <= set(metrics.BY_NAME)
    assert {"quang_api_requests_total", "quang_incidents_open", "quang_outbox_waiting"} <= names
    routes = {sample.labels["route"] for sample in families["quang_api_requests"].samples}
    assert "/api/v1/sites/{key}" in routes
    assert not any("none" in route for route in routes)
    for family in families.values():
        metric = metrics.BY_NAME[family.name + ("_total" if family.type == "counter" else "")]
        assert all(set(sample.labels) == set(metric.all_labels) for sample in family.samples)


@ONE_DATABASE
def test_promtool_has_nothing_to_say_about_the_page_of_series(api: Api) -> None:
    promtool = need("promtool")
    page = api.with_token(Scope.SCRAPE).get("/metrics")
    done = subprocess.run(
        [promtool, "check", "metrics"], input=page.text, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_series_count_what_stands_in_the_books(api: Api) -> None:
    build(api.books)
    page = api.with_token(Scope.SCRAPE).get("/metrics").text
    assert 'quang_assets{category="router",site="own",status="in_use"} 1.0' in page
    assert 'quang_incidents_open{severity="critical"} 2.0' in page
    assert 'quang_incidents_open{severity="info"} 0.0' in page
    assert "quang_outbox_oldest_seconds 0.0" in page
