"""Alertmanager's webhook, version 4: what a notification holds, each alert checked by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from alerts.rule import SEVERITIES
from api.watch.alerting import Heard

MOST_ALERTS: Final = 1_000
"""Alerts of one notification."""

MOST_ANNOTATIONS: Final = 40
_MOST_TEXT: Final = 1_000
_NOT_YET: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _storable(value: object) -> object:
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


_Words = Annotated[str, BeforeValidator(_storable), AfterValidator(lambda text: text[:_MOST_TEXT])]
_Element = Annotated[str, Field(pattern=r"^[a-z]{1,15}:[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]


class _Labels(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    alertname: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    element: _Element | None = None
    site: Annotated[str, Field(max_length=64)] | None = None
    severity: str = "warning"


class _Alert(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    status: Literal["firing", "resolved"]
    labels: _Labels
    annotations: Annotated[dict[Annotated[str, Field(max_length=64)], _Words], Field(max_length=MOST_ANNOTATIONS)] = (
        Field(default_factory=dict)
    )
    started_at: AwareDatetime = Field(alias="startsAt")
    ended_at: AwareDatetime | None = Field(default=None, alias="endsAt")


@dataclass(slots=True)
class Notification:
    """What was understood of a notification.

    Attributes:
        alerts: In their order.
        refused: Number of the alert in the notification to why it is not understood.
    """

    alerts: list[Heard] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def read_notification(alerts: list[Any], now: datetime) -> Notification:
    """Return the alerts of a notification; a wrong one is named and does not hold up the others.

    Args:
        alerts: The member `alerts`, as parsed from JSON, at most `MOST_ALERTS`.
        now: Aware UTC; stands in for an end that is missing.
    """
    found = Notification()
    for number, raw in enumerate(alerts):
        try:
            found.alerts.append(_heard(_Alert.model_validate(raw), now))
        except ValidationError as error:
            fields = (".".join(map(str, one["loc"])) or one["type"] for one in error.errors(include_input=False))
            found.refused[number] = ", ".join(fields)[:300]
    return found


def _heard(alert: _Alert, now: datetime) -> Heard:
    labels = alert.labels
    ended = None
    if alert.status == "resolved":
        # Alertmanager writes the year 1 for an end that it does not know.
        ended = alert.ended_at if alert.ended_at and alert.ended_at > _NOT_YET else now
    return Heard(
        rule=labels.alertname,
        element=labels.element or f"rule:{labels.alertname}",
        severity=labels.severity if labels.severity in SEVERITIES else "warning",
        site=labels.site or None,
        started_at=alert.started_at.astimezone(UTC),
        ended_at=ended.astimezone(UTC) if ended else None,
        annotations=_annotations(alert.annotations),
    )


def _annotations(given: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in sorted(given.items()) if text.strip()}
