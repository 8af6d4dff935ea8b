"""The configuration of Alertmanager: it groups and delivers alerts; the API decides who is notified.

There is one group per (alertname, element), so no fault waits for another's interval. Everything goes to the API's
webhook. Alertmanager itself mails only alerts about the API being unable to notify: APIDown, WebhookFailing, and the
Watchdog once a day as a sign of life. Nothing is inhibited here: the rules know the graph, Alertmanager does not.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from alerts.prometheus import HEAD
from alerts.rules.house import API_IS_DOWN, WATCHDOG, WEBHOOK_IS_FAILING
from alerts.yaml import written

MAILED: Final = (API_IS_DOWN, WEBHOOK_IS_FAILING, WATCHDOG)
"""The rules whose news Alertmanager sends by itself."""

GROUP_WAIT: Final = "1s"
GROUP_INTERVAL: Final = "2s"
REPEAT: Final = "24h"
WATCHDOG_REPEAT: Final = "1m"
"""How often the webhook hears the Watchdog; a webhook that refuses shows within a minute even when nothing is wrong."""

_WEBHOOK: Final = "api"
_MAIL: Final = "mail"

_SUBJECT: Final = (
    '{{ if eq .Status "resolved" }}[Đã hết / Resolved] {{ end }}'
    "{{ with index .Alerts 0 }}{{ .Annotations.summary_vi }} / {{ .Annotations.summary_en }}{{ end }}"
)
_BODY: Final = """\
{{ range .Alerts -}}
{{ .Annotations.summary_vi }}
Từ lúc / Since: {{ .StartsAt.Local.Format "02/01/2006 15:04:05" }}{{ if eq .Status "resolved" }}
Hết lúc / Ended: {{ .EndsAt.Local.Format "02/01/2006 15:04:05" }}{{ end }}

{{ .Annotations.summary_en }}
{{ end }}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlan:
    """How Alertmanager reaches the mail server.

    Attributes:
        smarthost: `host:port` of the SMTP server.
        sender: Address in From.
        recipients: Addresses, at least one.
        user: Name for SMTP login; `None` for no login.
        password_file: File with the password of `user`.
        require_tls: Whether to refuse a server without STARTTLS.

    Raises:
        ValueError: There is no recipient, or a user without a password file.
    """

    smarthost: str
    sender: str
    recipients: tuple[str, ...]
    user: str | None = None
    password_file: Path | None = field(default=None, repr=False)
    require_tls: bool = True

    def __post_init__(self) -> None:
        if not self.recipients:
            raise ValueError("mail needs at least one recipient")
        if (self.user is None) != (self.password_file is None):
            raise ValueError("mail needs both a user and a password file, or neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertmanagerPlan:
    """All that the configuration of one Alertmanager depends on.

    Attributes:
        webhook_url: Where the API takes alerts.
        webhook_token_file: File with the API's bearer token of scope `alertmanager`.
        mail: The mail server, if one is set.
    """

    webhook_url: str
    webhook_token_file: Path
    mail: MailPlan | None = None


def render_alertmanager(plan: AlertmanagerPlan) -> str:
    """Return `alertmanager.yml`."""
    receivers = [_webhook(plan)] + ([_mail(plan.mail)] if plan.mail else [])
    document = {
        "global": {"resolve_timeout": "5m"},
        "route": {
            "receiver": _WEBHOOK,
            "group_by": ["alertname", "element"],
            "group_wait": GROUP_WAIT,
            "group_interval": GROUP_INTERVAL,
            "repeat_interval": REPEAT,
            "routes": _routes(with_mail=plan.mail is not None),
        },
        "receivers": receivers,
    }
    return written(document, head=HEAD)


def _routes(*, with_mail: bool) -> list[dict[str, object]]:
    always = f'alertname="{WATCHDOG.name}"'
    routes: list[dict[str, object]] = [
        {"receiver": _WEBHOOK, "matchers": [always], "repeat_interval": WATCHDOG_REPEAT, "continue": True},
        {"receiver": _WEBHOOK, "matchers": [always.replace("=", "!=")], "continue": True},
    ]
    if with_mail:
        names = "|".join(rule.name for rule in MAILED)
        routes.append({"receiver": _MAIL, "matchers": [f'alertname=~"{names}"']})
    return routes


def _webhook(plan: AlertmanagerPlan) -> dict[str, object]:
    authorization = {"type": "Bearer", "credentials_file": str(plan.webhook_token_file)}
    hook = {
        "url": plan.webhook_url,
        "send_resolved": True,
        "max_alerts": 0,
        "http_config": {"authorization": authorization, "follow_redirects": False},
    }
    return {"name": _WEBHOOK, "webhook_configs": [hook]}


def _mail(mail: MailPlan) -> dict[str, object]:
    login: dict[str, object] = {}
    if mail.user is not None:
        login = {"auth_username": mail.user, "auth_password_file": str(mail.password_file)}
    message = {
        "to": ", ".join(mail.recipients),
        "from": mail.sender,
        "smarthost": mail.smarthost,
        **login,
        "require_tls": mail.require_tls,
        "send_resolved": True,
        "headers": {"Subject": _SUBJECT},
        "text": _BODY,
        "html": "",
    }
    return {"name": _MAIL, "email_configs": [message]}
