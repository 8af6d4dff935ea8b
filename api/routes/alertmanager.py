"""Where Alertmanager hands over alerts: they become incidents and messages at once."""

import logging
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from api.house import House, house_of
from api.http.auth import actor
from api.watch.alerting import Heard, hear, is_sign_of_life
from api.watch.evidence import Watched, good_now
from api.watch.webhook import MOST_ALERTS, read_notification
from inventory.access.rights import Act, Actor, check
from inventory.columns import now
from inventory.errors import QuangError

log = logging.getLogger(__name__)

ROUTER: Final = APIRouter(prefix="/api/v1/alertmanager", tags=["alertmanager"])

_EXAMPLE: Final = {
    "version": "4",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "LinkDown", "element": "link:viet-vinh", "severity": "critical"},
            "annotations": {"summary_vi": "Đường truyền viet-vinh bị đứt.", "summary_en": "Link viet-vinh is down."},
            "startsAt": "2018-12-03T01:02:03.456Z",
            "endsAt": "0001-01-01T00:00:00Z",
        }
    ],
}


class WebhookRequest(BaseModel):
    """A notification of Alertmanager, webhook version 4; each of its alerts is checked by itself."""

    model_config = ConfigDict(extra="ignore")

    version: str = Field(default="4", max_length=8)
    alerts: Annotated[list[Any], Field(max_length=MOST_ALERTS)]


class WebhookAnswer(BaseModel):
    """What became of a notification.

    Attributes:
        taken: Alerts that were understood.
        news: How many of them people are told of.
        refused: Number of an alert to why it is not understood.
    """

    taken: int
    news: int
    refused: dict[int, str]


@ROUTER.post("")
def take_alerts(
    request: Request,
    body: Annotated[WebhookRequest, Body(examples=[_EXAMPLE])],
    asking: Annotated[Actor, Depends(actor)],
) -> WebhookAnswer:
    """Take alerts. Whatever is delivered again changes nothing; an end without a good sample resolves nothing."""
    check(asking, Act.INGEST, "alertmanager")
    house = house_of(request)
    found = read_notification(body.alerts, now())
    for number, why in found.refused.items():
        log.warning("alert %d of a notification is not understood: %s", number, why)
    alerts = [alert for alert in found.alerts if not is_sign_of_life(alert.rule)]
    outcomes = hear(house, alerts, _good(house, alerts)) if alerts else []
    news = sum(outcome.news is not None for outcome in outcomes)
    return WebhookAnswer(taken=len(found.alerts), news=news, refused=found.refused)


def _good(house: House, alerts: list[Heard]) -> set[Watched]:
    """Return which of those that ended are well by a fresh sample; none if Prometheus cannot be asked."""
    ended = {alert.watched for alert in alerts if alert.ended_at is not None}
    try:
        return good_now(house.prometheus, ended)
    except QuangError as error:
        log.warning("whether the end of an alert is good cannot be told now: %s", error)
        return set()
