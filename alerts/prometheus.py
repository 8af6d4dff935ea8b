"""The configuration of Prometheus: the rules, and where to find every page.

Nothing is read from the environment and no secret is written: tokens are in files that Prometheus reads itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from alerts.rule import Group, Recording, Rule, Threshold, WrongThreshold
from alerts.rules import GROUPS
from alerts.thresholds import THRESHOLDS
from alerts.yaml import written

HEAD: Final = "Written by quang; changes are lost at the next start."


@dataclass(frozen=True, slots=True)
class Job:
    """Pages that Prometheus reads at one pace.

    Attributes:
        name: The label `job`, the last part of the discovery address, and the stem of the file of targets.
        interval_s: Seconds between two readings.
    """

    name: str
    interval_s: int


JOBS: Final = (Job("reach", 1), Job("network", 10), Job("services", 10), Job("collector", 5))
"""The collectors' pages. `collector` is each collector's own health, with `instance` set to its name."""

FLAGS: Final = ("--rules.alert.resend-delay=15s",)
"""What the program must be started with besides its files.

An alert that is sent before Alertmanager is found, or while it restarts, is sent again after this delay (a minute
unless told otherwise). Four times the delay is also how long Alertmanager keeps an alert firing when Prometheus falls
silent, so a shorter one would turn a restart of Prometheus into a false "resolved".
"""

SET_BACK: Final = "3h"
"""How far the clock may be set back: samples that are older than the newest one by more are refused, and Prometheus is
blind until the old time has come again (`out_of_order_time_window`, from version 2.39 on)."""

HEALTH_INTERVAL_S: Final = 5
DISCOVERY_REFRESH_S: Final = 5
PAGE_LIMIT: Final = "64MB"
SERIES_LIMIT: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusPlan:
    """All that the configuration of one Prometheus depends on.

    Attributes:
        api_url: Base address of the API, `http://127.0.0.1:8080`.
        api_token_file: File with the API's bearer token of scope `scrape`.
        alertmanager: `host:port`.
        prometheus: Its own `host:port`.
        rule_file: The rendered rules.
        targets_folder: Where `<job>.json` copies of the discovery answers stand, for a start without the API.
        pages_token_file: File with the bearer token of the collectors' pages, where they ask for one.

    Raises:
        ValueError: `api_url` is not an http or https address of a host.
    """

    api_url: str
    api_token_file: Path
    alertmanager: str
    prometheus: str
    rule_file: Path
    targets_folder: Path
    pages_token_file: Path | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.api_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError(f"the API's address must start with http:// or https://, not {self.api_url!r}")


def render_rules(groups: Sequence[Group] = GROUPS, changes: Mapping[str, float] | None = None) -> str:
    """Return the rules file.

    Args:
        groups: In the order in which they are written.
        changes: Name of a threshold to the operator's value.

    Raises:
        WrongThreshold: A name is unknown or a value outside its range.
    """
    _check_names(changes or {}, THRESHOLDS)
    return written({"groups": [_group(group, changes) for group in groups]}, head=HEAD)


def render_prometheus(plan: PrometheusPlan) -> str:
    """Return `prometheus.yml`."""
    document = {
        "global": {"scrape_interval": "10s", "scrape_timeout": "5s", "evaluation_interval": "10s"},
        "storage": {"tsdb": {"out_of_order_time_window": SET_BACK}},
        "rule_files": [str(plan.rule_file)],
        "alerting": {
            "alertmanagers": [
                {"api_version": "v2", "timeout": "5s", "static_configs": [{"targets": [plan.alertmanager]}]}
            ]
        },
        "scrape_configs": [_collector_job(job, plan) for job in JOBS] + _health_jobs(plan),
    }
    return written(document, head=HEAD)


def _check_names(changes: Mapping[str, float], known: Sequence[Threshold]) -> None:
    unknown = set(changes) - {one.name for one in known}
    if unknown:
        raise WrongThreshold(f"there is no threshold {', '.join(sorted(unknown))}")


def _group(group: Group, changes: Mapping[str, float] | None) -> dict[str, object]:
    rules = [_rule(one, changes) if isinstance(one, Rule) else _recording(one, changes) for one in group.rules]
    return {"name": group.name, "interval": f"{group.interval_s}s", "rules": rules}


def _recording(recording: Recording, changes: Mapping[str, float] | None) -> dict[str, object]:
    return {"record": recording.name, "expr": recording.promql(changes)}


def _rule(rule: Rule, changes: Mapping[str, float] | None) -> dict[str, object]:
    return {
        "alert": rule.name,
        "expr": rule.promql(changes),
        "for": rule.for_,
        "labels": rule.labels,
        "annotations": rule.annotations(changes),
    }


def _bearer(token_file: Path) -> dict[str, object]:
    return {"authorization": {"type": "Bearer", "credentials_file": str(token_file)}}


def _limits(interval_s: int) -> dict[str, object]:
    # A page that is not read within its interval is late already; at 1 s the timeout leaves no room for less.
    return {
        "scrape_interval": f"{interval_s}s",
        "scrape_timeout": f"{min(interval_s, 5)}s",
        "body_size_limit": PAGE_LIMIT,
        "sample_limit": SERIES_LIMIT,
    }


def _collector_job(job: Job, plan: PrometheusPlan) -> dict[str, object]:
    refresh = f"{DISCOVERY_REFRESH_S}s"
    discovery = {"url": f"{plan.api_url.rstrip('/')}/api/v1/discovery/{job.name}", "refresh_interval": refresh}
    return {
        "job_name": job.name,
        # The pages name the device and the site themselves.
        "honor_labels": True,
        **_limits(job.interval_s),
        **(_bearer(plan.pages_token_file) if plan.pages_token_file else {}),
        "http_sd_configs": [discovery | _bearer(plan.api_token_file)],
        "file_sd_configs": [{"files": [str(plan.targets_folder / f"{job.name}.json")], "refresh_interval": refresh}],
    }


def _health_jobs(plan: PrometheusPlan) -> list[dict[str, object]]:
    address = urlsplit(plan.api_url)
    api = {"job_name": "api", "honor_labels": True, **_limits(HEALTH_INTERVAL_S), "scheme": address.scheme}
    path = {"metrics_path": f"{address.path.rstrip('/')}/metrics"}
    return [
        api | path | _bearer(plan.api_token_file) | _static(address.netloc),
        {"job_name": "alertmanager", **_limits(HEALTH_INTERVAL_S), **_static(plan.alertmanager)},
        {"job_name": "prometheus", **_limits(HEALTH_INTERVAL_S), **_static(plan.prometheus)},
    ]


def _static(address: str) -> dict[str, object]:
    return {"static_configs": [{"targets": [address]}]}
