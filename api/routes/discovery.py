"""Where Prometheus finds the collectors' pages (`http_sd`)."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request

from api.house import house_of
from api.http.auth import actor
from api.polling.discovery import Job, TargetGroup, target_groups
from inventory.access.rights import Act, Actor, check
from inventory.db import reading

ROUTER: Final = APIRouter(prefix="/api/v1/discovery", tags=["discovery"])


@ROUTER.get("/{job}")
def discovery(request: Request, job: Job, asking: Annotated[Actor, Depends(actor)]) -> list[TargetGroup]:
    """Return the pages of one job. Without an answer Prometheus keeps those that it knows."""
    check(asking, Act.SCRAPE, "discovery")
    with reading(house_of(request).books.engine) as session:
        return target_groups(session, job)
