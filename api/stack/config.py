"""The files that Prometheus and Alertmanager read, written anew at each start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alerts.alertmanager import AlertmanagerPlan, MailPlan, render_alertmanager
from alerts.prometheus import PrometheusPlan, render_prometheus, render_rules
from api.settings import Settings

PROMETHEUS_FILE: Final = "prometheus.yml"
ALERTMANAGER_FILE: Final = "alertmanager.yml"
RULES_FILE: Final = "rules/quang.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the parts are.

    Attributes:
        api: `http://host:port`, as programs of this machine reach it.
        prometheus: `host:port`.
        alertmanager: `host:port`.
    """

    api: str
    prometheus: str
    alertmanager: str


def render(
    folder: Path,
    addresses: Addresses,
    tokens: Path,
    targets: Path,
    *,
    mail: MailPlan | None,
    thresholds: Mapping[str, float],
) -> list[Path]:
    """Write the configuration of Prometheus, its rules, and the configuration of Alertmanager.

    Args:
        folder: Where they are written.
        addresses: Where the parts are.
        tokens: Folder of the token files.
        targets: Folder of the copies of discovery answers.
        mail: How Alertmanager mails what would keep the API from telling; `None` = not at all.
        thresholds: Limits of the rules that differ from their defaults, by name.

    Returns:
        The files, in that order.
    """
    rules = folder / RULES_FILE
    prometheus = PrometheusPlan(
        api_url=addresses.api,
        api_token_file=tokens / "scrape",
        alertmanager=addresses.alertmanager,
        prometheus=addresses.prometheus,
        rule_file=rules,
        targets_folder=targets,
    )
    alertmanager = AlertmanagerPlan(
        webhook_url=f"{addresses.api}/api/v1/alertmanager", webhook_token_file=tokens / "alertmanager", mail=mail
    )
    files: Mapping[Path, str] = {
        folder / PROMETHEUS_FILE: render_prometheus(prometheus),
        rules: render_rules(changes=thresholds),
        folder / ALERTMANAGER_FILE: render_alertmanager(alertmanager),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def mail_plan(settings: Settings, recipients: tuple[str, ...]) -> MailPlan | None:
    """Return how Alertmanager mails, or `None` without a mail server, a sender or anybody to tell.

    A server that speaks TLS from the first octet on is found by Alertmanager by its port 465.
    """
    mail = settings.mail
    if not (mail.host and mail.sender and recipients):
        return None
    with_login = bool(mail.username and mail.password_file)
    return MailPlan(
        smarthost=f"{mail.host}:{mail.port}",
        sender=mail.sender,
        recipients=recipients,
        user=mail.username if with_login else None,
        password_file=Path(mail.password_file) if with_login else None,
        require_tls=mail.security == "starttls",
    )
